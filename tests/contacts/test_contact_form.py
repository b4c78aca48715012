import re

import pytest
from django.urls import reverse

from contacts.models import Contact
from networkcrm.partial_dates import PartialDate
from tests.factories import CircleFactory, ContactFactory, ContactMethodFactory

pytestmark = pytest.mark.django_db


def rows(prefix, *given, initial=0):
    """What a browser sends for the rows of a form."""
    sent = {f"{prefix}-TOTAL_FORMS": len(given), f"{prefix}-INITIAL_FORMS": initial}
    for number, row in enumerate(given):
        sent |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return sent


def sent_by_browser(response):
    """Everything the shown forms would send if nothing were typed."""
    forms = [response.context[name] for name in ("form", "methods", "dates")]
    sent = {}
    for form in forms:
        fields = [f for sub in getattr(form, "forms", [form]) for f in sub]
        fields += list(getattr(form, "management_form", []))
        for bound in fields:
            value = bound.value()
            if value is not None and value is not False:
                sent[bound.html_name] = str(value) if value is not True else "on"
    return sent


def test_a_name_is_enough(client, user):
    response = client.post(reverse("contact_create"), {"full_name": "  Mo  "})

    contact = user.contacts.others().get()
    assert response.url == contact.get_absolute_url()
    assert contact.full_name == "Mo"


def test_everything_can_be_given_at_once(client, user):
    client.post(
        reverse("contact_create"),
        {
            "full_name": "Nguyễn Thị Minh Khai",
            "organization_name": "Lumen Candles",
            "tag_names": "choir, Boston, choir",
            "birthday": "3 May",
        }
        | rows(
            "methods",
            {"type": "email", "value": "khai@example.org", "preferred": "on"},
            {"type": "handle:mastodon", "value": "@khai@social.example"},
            {"type": "", "value": ""},
        )
        | rows("dates", {"kind": "anniversary", "on": "June 2019", "label": "wedding"}),
    )

    contact = user.contacts.others().get()
    assert contact.sort_key == "nguyen thi minh khai"
    assert contact.organization.name == "Lumen Candles"
    assert sorted(tag.name for tag in contact.tags.all()) == ["Boston", "choir"]
    assert contact.birthday == PartialDate(None, 5, 3)
    assert list(
        contact.methods.order_by("position").values_list("service", "normalized")
    ) == [
        ("", "khai@example.org"),
        ("mastodon", "khai@social.example"),
    ]
    assert [str(date.on) for date in contact.dates.all()] == ["2019-06"]


def test_phones_are_kept_as_typed_and_normalized_in_the_owners_country(client, user):
    user.phone_region = "US"
    user.save()

    client.post(
        reverse("contact_create"),
        {"full_name": "Ben"}
        | rows("methods", {"type": "phone", "value": "(617) 555-0137"}),
    )

    method = user.contactmethods.get()
    assert (method.value, method.normalized) == ("(617) 555-0137", "+16175550137")


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"full_name": ""}, "This field is required."),
        ({"full_name": "x" * 301}, "at most 300 characters"),
        ({"full_name": "Mo", "birthday": "31 February"}, "For example 2019"),
        ({"full_name": "Mo", "birthday": "5/6/2019"}, "day first or month first"),
        (
            {"full_name": "Mo"}
            | rows("methods", {"type": "email", "value": "nonsense"}),
            "looks like ana@example.org",
        ),
        (
            {"full_name": "Mo"} | rows("methods", {"type": "", "value": "nonsense"}),
            "Say what this is.",
        ),
        (
            {"full_name": "Mo"} | rows("dates", {"kind": "other", "label": "wedding"}),
            "Which day is it?",
        ),
        ({"full_name": "Mo", "cadence_days": "0"}, "greater than or equal to 1"),
        ({"full_name": "Mo\0"}, "Null characters are not allowed."),
    ],
)
def test_mistakes_are_named_and_nothing_is_saved(client, user, sent, sentence):
    response = client.post(reverse("contact_create"), sent)

    assert sentence in response.content.decode()
    assert not user.contacts.others().exists()


def test_a_second_of_the_same_name_is_asked_about(client, user):
    """So a double click on Save does not make two."""
    client.post(reverse("contact_create"), {"full_name": "Maya Lindqvist"})

    again = client.post(reverse("contact_create"), {"full_name": "maya  lindqvist"})
    assert "You already have Maya Lindqvist" in again.content.decode()
    assert user.contacts.others().count() == 1

    meant = {"full_name": "Maya Lindqvist", "same_name": "on"}
    client.post(reverse("contact_create"), meant)
    assert user.contacts.others().count() == 2


def test_saving_an_unchanged_form_changes_nothing(client, user):
    contact = ContactFactory(
        owner=user,
        full_name="Łukasz",
        about="# Notes",
        birthday=PartialDate(1980),
        extra=["GENDER:M"],
        uid="urn:x",
    )
    ContactMethodFactory(contact=contact, label="home")
    url = reverse("contact_edit", args=[contact.pk])
    before = [*user.contacts.values(), *user.contactmethods.values()]

    client.post(url, sent_by_browser(client.get(url)))

    after = [*user.contacts.values(), *user.contactmethods.values()]
    for row in before + after:
        row.pop("updated_at")
    assert after == before


def test_a_form_never_blanks_what_it_does_not_show(client, user):
    contact = ContactFactory(
        owner=user, full_name="Ana", about="likes maps", city="Rome"
    )
    ContactMethodFactory(contact=contact, value="ana@example.org")

    client.post(reverse("contact_edit", args=[contact.pk]), {"city": "Milan"})

    contact.refresh_from_db()
    assert (contact.full_name, contact.about, contact.city) == (
        "Ana",
        "likes maps",
        "Milan",
    )
    assert [method.value for method in contact.methods.all()] == ["ana@example.org"]


def test_the_second_of_two_tabs_is_told_and_overwrites_nothing(client, user):
    contact = ContactFactory(owner=user, full_name="Ana")
    url = reverse("contact_edit", args=[contact.pk])
    first, second = sent_by_browser(client.get(url)), sent_by_browser(client.get(url))

    client.post(url, first | {"city": "Rome"})
    response = client.post(url, second | {"city": "Milan", "about": "much text"})

    contact.refresh_from_db()
    assert contact.city == "Rome"
    assert "Nothing was overwritten" in response.content.decode()
    assert "much text" in response.content.decode()


def test_rows_are_added_without_javascript(client, user):
    response = client.post(
        reverse("contact_create"),
        {"full_name": "", "add_method": "1"}
        | rows("methods", {"type": "email", "value": "ana@example.org"}),
    )

    page = response.content.decode()
    assert len(re.findall(r'name="methods-\d+-value"', page)) == 2
    assert 'value="ana@example.org"' in page
    assert "This field is required" not in page
    assert not user.contacts.others().exists()


def test_rows_are_changed_and_removed(client, user):
    contact = ContactFactory(owner=user)
    one, two = (ContactMethodFactory(contact=contact, position=n) for n in range(2))

    client.post(
        reverse("contact_edit", args=[contact.pk]),
        rows(
            "methods",
            {"row": one.pk, "type": "email", "value": "new@example.org"},
            {"row": two.pk, "type": "email", "value": two.value, "remove": "on"},
            initial=2,
        ),
    )

    assert list(contact.methods.values_list("pk", "value")) == [
        (one.pk, "new@example.org")
    ]


def test_a_row_of_somebody_else_is_not_taken(client, user, stranger):
    theirs = ContactMethodFactory(
        contact=ContactFactory(owner=stranger), value="m@x.org"
    )
    contact = ContactFactory(owner=user)

    client.post(
        reverse("contact_edit", args=[contact.pk]),
        rows(
            "methods", {"row": theirs.pk, "type": "email", "value": "mine@example.org"}
        ),
    )

    theirs.refresh_from_db()
    assert theirs.value == "m@x.org"
    assert [method.value for method in contact.methods.all()] == ["mine@example.org"]


def test_a_full_circle_asks_who_leaves_and_keeps_the_rest(client, user):
    circle = CircleFactory(owner=user, name="Rowers", seats=1)
    ContactFactory(owner=user, circle=circle)
    contact = ContactFactory(owner=user)
    url = reverse("contact_edit", args=[contact.pk])

    response = client.post(url, {"circle": circle.pk, "city": "Oslo"})

    room = reverse("circle_room", args=[circle.pk])
    assert response.url == f"{room}?contact={contact.pk}"
    contact.refresh_from_db()
    assert (contact.circle, contact.city) == (None, "Oslo")


def test_nobody_loses_their_seat_by_an_edit(client, user):
    circle = CircleFactory(owner=user, seats=1)
    contact = ContactFactory(owner=user, circle=circle)

    client.post(reverse("contact_edit", args=[contact.pk]), {"circle": circle.pk})

    contact.refresh_from_db()
    assert contact.circle == circle


@pytest.mark.parametrize("name", ["", "O", "山田", "J. R. R.", "x" * 300, "👩‍🚀"])
def test_any_name_has_initials_and_a_page(client, user, name):
    contact = ContactFactory(owner=user, full_name=name or "?")

    response = client.get(contact.get_absolute_url())

    assert response.status_code == 200
    assert (name or "?") in response.content.decode()


def test_an_older_copy_does_not_overwrite_what_is_derived(user):
    contact = ContactFactory(owner=user)
    user.contacts.filter(pk=contact.pk).update(chain_depth=4)

    contact.city = "Rome"
    contact.save()

    assert Contact.objects.get(pk=contact.pk).chain_depth == 4


def test_phones_are_read_anew_when_the_country_is_set(client, user):
    contact = ContactFactory(owner=user)
    phone = ContactMethodFactory(contact=contact, kind="phone", value="030 1234567")

    client.post(
        reverse("settings"),
        {"time_zone": "Europe/Berlin", "phone_region": "DE", "theme": "system"},
    )

    phone.refresh_from_db()
    assert phone.normalized == "+49301234567"


def test_a_handle_of_a_thousand_digits_is_kept(client, user):
    given = {"type": "handle:whatsapp", "value": "1" * 1000}

    client.post(reverse("contact_create"), {"full_name": "Mo"} | rows("methods", given))

    assert user.contactmethods.get().value == "1" * 1000
