"""What came of it: written down, found, counted, credited and taken back."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from connections.forms.outcomes import read_amount
from connections.models import Outcome
from contacts.purging import purge
from contacts.search import search
from networkcrm.partial_dates import PartialDate
from tests.factories import (
    ContactFactory,
    EventFactory,
    IntroductionFactory,
    OriginFactory,
    OutcomeFactory,
)

ADD = "/outcomes/add/"
LIST = "/outcomes/"


@pytest.fixture
def maya(user):
    return ContactFactory(owner=user, full_name="Maya Lindqvist")


@pytest.fixture
def chain(user, maya):
    """Lena, who brought Maya, who brought Tom."""
    lena = ContactFactory(owner=user, full_name="Lena Brandt")
    tom = ContactFactory(owner=user, full_name="Tom Okafor")
    OriginFactory(contact=lena)
    OriginFactory(contact=maya, introducer=lena)
    OriginFactory(contact=tom, introducer=maya)
    return lena, maya, tom


def sent(**more):
    return {"kind": "talk", "title": "A guest lecture", "on": "Nov 2026"} | more


def shown(form, **changes):
    """What the browser sends for this form, untouched but for the changes."""
    values = {name: form[name].value() for name in form.fields}
    values = {
        name: form.fields[name].prepare_value(value)
        for name, value in values.items()
        if value is not None
    }
    return {**values, "contact": [str(pk) for pk in form.ticked], **changes}


def page(outcome):
    return reverse("outcome_edit", args=[outcome.pk])


def titles(client, query=""):
    return [row.title for row in client.get(f"{LIST}?{query}").context["page"]]


def found(user, text):
    return {
        hit.contact.full_name: [f"{r.label} {r.text}".strip() for r in hit.reasons]
        for hit in search(user, text).hits
    }


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1250", "1250"),
        ("1,250.50", "1250.50"),
        ("1.250,50", "1250.50"),
        ("1 250,5", "1250.50"),
        ("1\u202f250", "1250"),
        ("1'250.50", "1250.50"),
        ("1’250", "1250"),
        ("12,50", "12.50"),
        ("12.50", "12.50"),
        ("1.250", "1250"),
        ("1,250,000", "1250000"),
        ("1.250.000,75", "1250000.75"),
        ("0.5", "0.50"),
        ("0", "0"),
    ],
)
def test_an_amount_is_read_as_people_write_it(typed, value):
    assert read_amount(typed) == Decimal(value)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("-5", "below zero"),
        ("1,2500", "in digits"),
        ("1,25,000", "in digits"),
        ("0.250", "in digits"),
        ("1.250.50", "in digits"),
        ("about 100", "in digits"),
        ("12345678901", "more than can be written"),
        ("1e5", "in digits"),
        ("NaN", "in digits"),
    ],
)
def test_other_amounts_are_refused_with_a_sentence(client, maya, typed, sentence):
    response = client.post(ADD, sent(contact=maya.pk, value=typed, currency="EUR"))

    assert sentence in response.context["form"].errors["value"][0]
    assert not Outcome.objects.exists()


def test_from_a_contacts_page(client, user, maya):
    response = client.post(
        ADD,
        sent(
            contact=maya.pk,
            **{"from": maya.pk, "with-0": "Tom Okafor"},
            value="1.250,50",
            currency="eur",
            event="Autumn mixer",
            text="Forty people came.",
        ),
    )

    outcome = Outcome.objects.get()
    assert response.url == f"{maya.get_absolute_url()}#outcomes"
    assert [one.full_name for one in outcome.people] == ["Maya Lindqvist", "Tom Okafor"]
    assert (outcome.value, outcome.currency) == (Decimal("1250.50"), "EUR")
    assert (outcome.on, outcome.event.name) == (PartialDate(2026, 11), "Autumn mixer")
    panel = client.get(maya.get_absolute_url()).text.partition('id="outcomes"')[2]
    assert "A guest lecture" in panel
    assert "Talk · Nov 2026 · with Tom Okafor · Autumn mixer" in panel
    assert "1,250.50 EUR" in panel


def test_the_credit_is_said_on_the_page(client, user, chain):
    lena, maya, tom = chain
    OutcomeFactory(owner=user, title="A lecture", with_contacts=[maya])
    OutcomeFactory(owner=user, title="A job", with_contacts=[tom, maya])
    OutcomeFactory(owner=user, title="A client", with_contacts=[tom])

    def panel(contact):
        text = client.get(contact.get_absolute_url()).text
        text = text.partition('id="outcomes"')[2].partition("</section>")[0]
        return " ".join(text.split())

    on_toms = panel(tom)
    assert "Credit goes up the chain:" in on_toms
    assert on_toms.index(">Maya</a>,") < on_toms.index(">Lena</a>.")
    assert "And through Maya: 1 more" in panel(maya)
    assert "Through Lena: 3 things came of it" in panel(lena)
    assert sorted(titles(client, f"through={lena.pk}")) == [
        "A client",
        "A job",
        "A lecture",
    ]
    maya.trash()
    assert ">Maya</a>" not in panel(tom)
    assert "Through Lena: 2 things came of it" in panel(lena)


def test_of_an_introduction_and_of_an_event(client, user, maya):
    event = EventFactory(owner=user, name="Autumn mixer")
    tom = ContactFactory(owner=user, full_name="Tom Okafor")
    introduction = IntroductionFactory(owner=user, a=maya, b=tom)
    url = f"{ADD}?introduction={introduction.pk}&event={event.pk}"

    form = client.get(url).context["form"]
    client.post(url, shown(form, title="They founded a company"))

    outcome = Outcome.objects.get()
    assert (outcome.introduction, outcome.event) == (introduction, event)
    assert [one.full_name for one in outcome.people] == ["Maya Lindqvist", "Tom Okafor"]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"title": " "}, "title", "This field is required."),
        ({"value": "5", "currency": ""}, "currency", "In which currency? Three"),
        ({"currency": "euros"}, "currency", "In which currency? Three letters"),
        ({"on": "3 May"}, "on", "Please add the year"),
        ({"contact": []}, "__all__", "Who had a share in it? Choose or type"),
        ({"kind": "bribe"}, "kind", "Select a valid choice."),
        ({"through": "nonsense"}, "through", "Select a valid choice."),
    ],
)
def test_what_cannot_be_is_said_at_its_field(client, maya, changes, field, sentence):
    response = client.post(ADD, sent(contact=maya.pk) | changes)

    assert response.context["form"].errors[field][0].startswith(sentence)
    assert not Outcome.objects.exists()


def test_a_stranger_is_not_linked(client, user, stranger, maya):
    theirs = ContactFactory(owner=stranger, full_name="Mallory's friend")
    introduction = IntroductionFactory(owner=stranger)
    event = EventFactory(owner=stranger)

    links = f"?contact={theirs.pk}&introduction={introduction.pk}&event={event.pk}"
    form = client.get(f"{ADD}{links}").context["form"]
    refused = client.post(ADD, sent(contact=[maya.pk, theirs.pk]))

    assert (form.people, form.instance.event, form.instance.introduction) == (
        [],
        None,
        None,
    )
    assert refused.context["form"].errors
    for name, pk in (("through", theirs.pk), ("contact", theirs.pk),
                     ("event", event.pk), ("began_at", event.pk)):  # fmt: skip
        assert client.get(f"{LIST}?{name}={pk}").status_code == 404


def test_one_more_row_judges_nothing(client, maya):
    response = client.post(ADD, {"contact": maya.pk, "with-0": "Tom", "add_row": "1"})

    form = response.context["form"]
    assert not form.errors
    assert [row.name for row in form.rows] == ["with-0", "with-1"]


def test_editing_keeps_what_is_there(client, user, maya):
    outcome = OutcomeFactory(
        owner=user, value=1250, currency="EUR", with_contacts=[maya]
    )
    form = client.get(page(outcome)).context["form"]

    client.post(page(outcome), shown(form, title="Two guest lectures"))

    changed = Outcome.objects.get()
    assert (changed.title, changed.value) == ("Two guest lectures", Decimal(1250))
    assert changed.people == [maya]


def test_edited_twice_at_once(client, user, maya):
    outcome = OutcomeFactory(owner=user, with_contacts=[maya])
    form = client.get(page(outcome)).context["form"]
    outcome.title = "Changed elsewhere"
    outcome.save()

    response = client.post(page(outcome), shown(form, title="Mine"))

    assert response.context["form"].seen_elsewhere
    assert Outcome.objects.get().title == "Changed elsewhere"


def test_the_currency_of_last_time_is_offered(client, user, maya):
    OutcomeFactory(owner=user, value=5, currency="CHF")

    assert client.get(ADD).context["form"]["currency"].value() == "CHF"


def test_deleting_and_taking_it_back(client, user, maya):
    event = EventFactory(owner=user, name="Autumn mixer")
    outcome = OutcomeFactory(owner=user, event=event, with_contacts=[maya])
    before = Outcome.objects.filter(pk=outcome.pk).values().get()
    url = reverse("outcome_delete", args=[outcome.pk])

    response = client.post(url, {"from": maya.pk}, follow=True)

    assert response.redirect_chain[-1][0] == f"{maya.get_absolute_url()}#outcomes"
    assert found(user, "lecture") == {}
    [message] = response.context["messages"]
    client.post(message.extra_tags)
    after = Outcome.objects.filter(pk=outcome.pk).values().get()
    assert {**after, "updated_at": None} == {**before, "updated_at": None}
    assert Outcome.objects.get().people == [maya]
    assert set(found(user, "lecture")) == {"Maya Lindqvist"}


def test_found_by_what_came_of_it(client, user, maya):
    outcome = OutcomeFactory(owner=user, text="At the school.", with_contacts=[maya])

    assert found(user, "lecture school") == {
        "Maya Lindqvist": [
            "what came of it, talk, Nov 2026: A guest <mark>lecture</mark>"
            " · At the <mark>school</mark>."
        ]
    }
    form = client.get(page(outcome)).context["form"]
    client.post(page(outcome), shown(form, title="A workshop"))
    assert found(user, "lecture") == {}
    assert set(found(user, "workshop")) == {"Maya Lindqvist"}


def test_who_is_gone_leaves_it_as_it_is(client, user, maya):
    outcome = OutcomeFactory(owner=user, with_contacts=[maya])
    maya.trash()
    assert "Maya" not in client.get(LIST).text
    form = client.get(page(outcome)).context["form"]
    client.post(page(outcome), shown(form, title="Still there"))
    maya.restore()
    assert Outcome.objects.get().people == [maya]

    maya.trash()
    purge(user, [maya.pk])

    assert titles(client) == ["Still there"]
    form = client.get(page(outcome)).context["form"]
    client.post(page(outcome), shown(form, title="And can be edited"))
    assert titles(client) == ["And can be edited"]


@pytest.fixture
def some(user, chain):
    lena, maya, tom = chain
    mixer = EventFactory(owner=user, name="Autumn mixer")
    OutcomeFactory(owner=user, title="A", kind="client", on=PartialDate(2024, 5),
                   value="1000.50", currency="EUR", with_contacts=[tom])  # fmt: skip
    OutcomeFactory(owner=user, title="B", on=PartialDate(2026), event=mixer,
                   value=20, currency="USD", with_contacts=[maya])  # fmt: skip
    OutcomeFactory(owner=user, title="C", kind="job", on=None, value=500,
                   currency="EUR", with_contacts=[lena, maya])  # fmt: skip
    return mixer


@pytest.mark.parametrize(
    ("query", "those"),
    [
        ("", "BAC"),
        ("sort=earliest", "ABC"),
        ("sort=value", "ACB"),
        ("sort=title", "ABC"),
        ("sort=nonsense", "BAC"),
        ("kind=client", "A"),
        ("year=2026", "B"),
        ("person=MAYA", "BC"),
        ("introduced_by=lena", "BAC"),
        ("introduced_by=maya", "A"),
        ("at=mixer", "B"),
        ("q=okafor", "A"),
        ("q=autumn", "B"),
        ("person=maya&kind=job", "C"),
        ("q=nothing", ""),
    ],
)
def test_the_list_is_narrowed_and_sorted(client, some, query, those):
    assert "".join(titles(client, query)) == those


def test_links_of_other_pages_narrow_it(client, user, chain, some):
    lena, maya, _tom = chain
    user.origins.filter(contact=lena).update(event=some)

    assert "".join(titles(client, f"through={lena.pk}")) == "BAC"
    assert "".join(titles(client, f"through={maya.pk}&kind=talk")) == ""
    assert "".join(titles(client, f"contact={maya.pk}")) == "BC"
    assert "".join(titles(client, f"event={some.pk}")) == "B"
    assert "".join(titles(client, f"began_at={some.pk}")) == "BAC"
    assert "".join(titles(client, "through=nonsense")) == "BAC"
    text = client.get(f"{LIST}?through={lena.pk}&kind=talk").text
    assert "came through Lena Brandt" in text
    assert 'href="?kind=talk"' in text


def test_on_the_page_of_the_event(client, user, chain, some):
    lena, _maya, _tom = chain
    user.origins.filter(contact=lena).update(event=some)

    text = client.get(some.get_absolute_url()).text.partition('id="outcomes"')[2]

    assert 'aria-label="Add what came of this event"' in text
    assert "20 USD" in text
    assert f'href="{LIST}?began_at={some.pk}">3 things came of it</a>' in text
    some.name = "Winter mixer"
    some.save()
    assert "Winter mixer" in client.get(LIST).text


def test_the_sums_are_of_what_is_shown(client, some):
    assert client.get(LIST).context["sums"] == [
        ("EUR", Decimal("1500.50")),
        ("USD", Decimal(20)),
    ]
    assert "worth 1,500.50 EUR and 20 USD" in client.get(LIST).text
    assert client.get(f"{LIST}?kind=job").context["sums"] == [("EUR", Decimal(500))]


def test_the_list_shows_only_mine(client, user, stranger):
    OutcomeFactory(owner=user, title="Mine")
    OutcomeFactory(owner=stranger, title="Theirs", value=5, currency="EUR")

    response = client.get(LIST)

    assert [row.title for row in response.context["page"]] == ["Mine"]
    assert response.context["sums"] == []


def test_only_the_list_is_sent_to_htmx(client, user, htmx):
    OutcomeFactory(owner=user)

    text = client.get(f"{LIST}?q=guest", headers=htmx("section#results")).text

    assert text.lstrip().startswith('<section id="results"')


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same(client, user, count, django_assert_num_queries):
    for _ in range(count):
        people = ContactFactory.create_batch(2, owner=user)
        event = EventFactory(owner=user)
        OutcomeFactory(owner=user, event=event, with_contacts=people)
    client.get(LIST)

    with django_assert_num_queries(9):
        client.get(LIST)


@pytest.mark.parametrize("count", [1, 3])
def test_the_form_costs_the_same(client, user, count, django_assert_num_queries):
    people = ContactFactory.create_batch(count, owner=user)
    for person in people:
        IntroductionFactory(owner=user, a=person)
    user.introductions.update(state="made", made_at=timezone.now())
    outcome = OutcomeFactory(owner=user, with_contacts=people)
    client.get(page(outcome))

    with django_assert_num_queries(9):
        client.get(page(outcome))
