"""Who is here twice: finding the pairs, and the pages that make them one."""

import pytest
from django.db import connection
from django.urls import reverse

from contacts.duplicates import Pairs
from networkcrm import kept, revisions
from networkcrm.partial_dates import PartialDate
from tests.contacts.test_merging import take_back
from tests.factories import (
    ContactFactory,
    ContactMethodFactory,
    DistinctFactory,
    InteractionFactory,
    OrganizationFactory,
    OriginFactory,
)

MISSING = "0199a0b1-0000-7000-8000-000000000000"


def called(user, *names, **extra):
    return [ContactFactory(owner=user, full_name=name, **extra) for name in names]


def found(user):
    people = {contact.pk: contact.full_name for contact in user.contacts.all()}
    return [(people[p.keep], people[p.gone], p.why) for p in Pairs(user)[:100]]


def reaching(contact, value, **extra):
    return ContactMethodFactory(contact=contact, value=value, **extra)


def merge_page(keep, gone=None):
    address = reverse("contact_merge", args=[keep.pk])
    return f"{address}?with={gone.pk}" if gone else address


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("Ana Ruiz", "ana  RUÍZ", "the same name"),
        ("Ana Ruiz", "Ruiz, Ana", "the same name"),
        ("Ana Ruiz", "A. Ruiz", "very like names"),
        ("Ana Ruiz", "Ana Maria Ruiz", "very like names"),
        ("Tom Okafor", "Tom Okafr", "very like names"),
        ("Daniel Weiss", "Danjel Weiss", "very like names"),
        ("Ana", "Ana", "the same name"),
        ("李小龍", "李小龍", "the same name"),
    ],
)
def test_names_that_are_one(user, stranger, one, other, why):
    called(user, one, other, "Somebody Else")
    called(stranger, one)

    assert found(user) == [(one, other, why)]


@pytest.mark.parametrize(
    "names",
    [
        ("Ana Ruiz", "Ana Lopez"),
        ("Peter Miller", "Petra Miller"),
        ("John Smith", "John Smith Jr."),
        ("Mario Costa", "Maria Costa", "Maria Lopez", "Mario Ruiz"),
        ("Jo Li", "Jo Lu"),
        ("Ana", "Ana Ruiz"),
    ],
)
def test_names_that_are_two(user, names):
    called(user, *names)

    assert found(user) == []


@pytest.mark.parametrize(
    ("kind", "value", "other", "why"),
    [
        (
            "email",
            "ana@example.org",
            "ANA@example.org",
            "the same e-mail address, ana@",
        ),
        ("phone", "+1 617 555 0137", "+16175550137", "the same phone number, +1617"),
        ("handle", "@ana", "ana", "the same profile, ana"),
    ],
)
def test_who_is_reached_the_same_way(user, kind, value, other, why):
    ana, nickname = called(user, "Ana Ruiz", "Nana")
    service = "bluesky" if kind == "handle" else ""
    reaching(ana, value, kind=kind, service=service)
    reaching(nickname, other, kind=kind, service=service)

    ((keep, gone, told),) = found(user)

    assert (keep, gone) == ("Ana Ruiz", "Nana")
    assert told.startswith(why)


def test_one_handle_on_two_services_is_nothing(user):
    ana, ben = called(user, "Ana Ruiz", "Ben Katz")
    reaching(ana, "ana", kind="handle", service="x")
    reaching(ben, "ana", kind="handle", service="mastodon")

    assert found(user) == []


def test_the_likeliest_stand_first(user):
    lumen = OrganizationFactory(owner=user)
    called(user, "Tom Okafor", "Tom Okafr")
    called(user, "Zoe Park", "Zoe Park", organization=lumen)
    ana, other = called(user, "Ana Ruiz", "A. Ruiz")
    for contact in (ana, other):
        reaching(contact, "ana@example.org")

    assert [(keep, why) for keep, _gone, why in found(user)] == [
        ("Ana Ruiz", "the same e-mail address, ana@example.org; very like names"),
        ("Zoe Park", "the same name and organization"),
        ("Tom Okafor", "very like names"),
    ]


def test_the_address_of_a_team_makes_nobody_the_same(user):
    for number in range(12):
        (one,) = called(user, f"{'ABCDEFGHIJKL'[number]}nna Person{number}x{number}")
        reaching(one, "info@example.org")
    twice = called(user, "Mia Berg", "Mia Berg")
    for contact in twice:
        reaching(contact, "info@example.org")

    assert [(keep, gone) for keep, gone, _why in found(user)] == [("Mia Berg",) * 2]


def test_one_name_in_two_organizations_is_two_people_where_it_is_common(user):
    common = ["Ana Ruiz", "Ana Lopez", "Tom Ruiz", "Ana Berg", "Zoe Ruiz"]
    called(user, *common)
    called(user, "Ana Ruiz", organization=OrganizationFactory(owner=user))

    assert found(user) == []


def test_trashed_and_distinct_are_left_out_and_me_is_kept(user):
    me = user.contacts.get(is_me=True)
    early = ContactFactory(owner=user, full_name=me.full_name)
    user.contacts.filter(pk=me.pk).update(full_name="Ada", sort_key="ada")
    user.contacts.filter(pk=early.pk).update(full_name="ADA", sort_key="ada")
    trashed, _other = called(user, "Ben Katz", "Ben Katz")
    trashed.trash()
    one, other = called(user, "Zoe Park", "Zoe Park")
    DistinctFactory(owner=user, one=other, other=one)

    assert found(user) == [("Ada", "ADA", "the same name")]


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same(client, user, count, django_assert_num_queries):
    for number in range(count):
        called(user, f"Ana{number} Ruiz", f"Ana{number} Ruiz")

    # Session, user, few or many; methods, names, distinct; the contacts and their
    # organizations.
    with django_assert_num_queries(7):
        response = client.get(reverse("duplicate_list"))

    assert len(response.context["rows"]) == count
    assert "The same name" in response.text


def test_from_pair_to_pair(client, user):
    called(user, "Ana Ruiz", "Ana Ruiz", "Tom Okafor", "Tom Okafor")

    page = client.get(reverse("duplicate_list"))
    left = client.post(page.context["rows"][0]["url"], follow=True)

    assert [row["keep"].full_name for row in left.context["rows"]] == ["Tom Okafor"]


def test_what_is_kept_of_a_large_network_is_not_offered_once_it_is_answered(
    client, user, monkeypatch
):
    monkeypatch.setattr(kept, "LIVE", 0)
    one, other, gone, _left = called(user, "Ana", "ANA", "Tom", "TOM")
    called(user, "Zoe", "ZOE")
    client.get(reverse("duplicate_list"))

    DistinctFactory(owner=user, one=one, other=other)
    gone.trash()
    revisions.move([user.pk], connection)
    page = client.get(reverse("duplicate_list"))

    assert [row["keep"].full_name for row in page.context["rows"]] == ["Zoe"]
    assert "being counted anew" in page.text


def test_nobody_is_here_twice(client, user):
    assert "Nobody is here twice" in client.get(reverse("duplicate_list")).text


def test_not_the_same_is_remembered_and_taken_back(client, user, stranger):
    one, other = called(user, "Ana Ruiz", "Ana Ruiz")
    theirs = ContactFactory(owner=stranger)
    address = reverse("distinct_create")

    response = client.post(address, {"one": other.pk, "other": one.pk}, follow=True)
    client.post(address, {"one": one.pk, "other": other.pk})
    refused = client.post(address, {"one": one.pk, "other": theirs.pk})

    assert found(user) == []
    assert refused.status_code == 404
    assert client.post(address, {"one": "x"}).status_code == 404
    (message,) = response.context["messages"]
    assert str(message) == "Ana Ruiz and Ana Ruiz are two people."
    assert take_back(user, message.extra_tags) == "They may be the same again."
    assert len(found(user)) == 1


def test_the_page_asks_what_differs_and_merges(client, user):
    maya, double = called(user, "Maya Lindqvist", "Maja Berg")
    user.contacts.filter(pk=maya.pk).update(city="Malmö", birthday="1980")
    user.contacts.filter(pk=double.pk).update(city="Oslo", birthday="1980-05-03")
    OriginFactory(contact=maya, on=PartialDate(2025))
    OriginFactory(contact=double, how="work", on=PartialDate(2024))
    InteractionFactory(owner=user, with_contacts=[double])
    reaching(double, "maja@example.org")

    page = client.get(merge_page(maya, double))
    response = client.post(
        merge_page(maya, double), {"full_name": "keep", "place": "gone"}, follow=True
    )

    form = page.context["form"]
    assert {name: field.initial for name, field in form.fields.items()} == {
        "full_name": "keep",
        "place": "keep",
        "origin": "gone",
    }
    assert "1 way to reach them and 1 thing that happened" in page.context["adds"]
    maya.refresh_from_db()
    assert (maya.full_name, maya.city) == ("Maya Lindqvist", "Oslo")
    assert maya.origin.how == "work"
    (message,) = response.context["messages"]
    assert str(message) == "Maja Berg and Maya Lindqvist are one now. Nothing is lost."
    assert response.redirect_chain == [(maya.get_absolute_url(), 302)]
    take_back(user, message.extra_tags)
    assert user.contacts.filter(pk=double.pk).exists()


def test_a_double_click_is_told(client, user):
    maya, double = called(user, "Maya", "Maya")
    client.post(merge_page(maya, double))

    response = client.post(merge_page(maya, double), follow=True)

    assert "not there any more" in response.text
    assert response.status_code == 200


def test_what_cannot_be_merged(client, user, stranger):
    me = user.contacts.get(is_me=True)
    maya, trashed = called(user, "Maya", "Maya")
    trashed.trash()
    theirs = ContactFactory(owner=stranger)

    assert client.get(merge_page(maya, theirs)).status_code == 404
    assert client.get(merge_page(theirs, maya)).status_code == 404
    assert client.get(merge_page(trashed, maya)).status_code == 404
    assert client.get(f"{merge_page(maya)}?with=x").status_code == 404
    assert client.get(f"{merge_page(maya)}?with={MISSING}").status_code == 404
    same = client.post(merge_page(maya, maya), follow=True)
    assert "merged with themselves" in same.text
    gone = client.post(merge_page(maya, trashed), follow=True)
    assert "is in the trash" in gone.text
    turned = client.get(merge_page(maya, me))
    assert turned.url == merge_page(me, maya)
    # A stranger's id is answered as one that never was.
    assert client.post(merge_page(maya, theirs)).url == maya.get_absolute_url()
    assert user.contacts.count() == 3


def test_the_other_is_chosen_by_name(client, user, stranger):
    maya, like, mail, zoe = called(user, "Maya Berg", "M. Berg", "Nana", "Zoe Park")
    called(stranger, "Maya Berg")
    for contact in (maya, mail):
        reaching(contact, "maya@example.org")

    first = client.get(merge_page(maya))
    searched = client.get(merge_page(maya), {"q": "zoe"})

    assert first.context["people"][0] == (mail, "the same e-mail address")
    assert like in [other for other, _reason in first.context["people"]]
    assert searched.context["people"] == [(zoe, "")]
    assert f"?with={zoe.pk}" in searched.text


@pytest.mark.parametrize("count", [1, 3])
def test_choosing_costs_the_same(client, user, count, django_assert_num_queries):
    maya, *_others = called(user, *["Maya Berg"] * (count + 1))
    ContactMethodFactory(contact=maya)

    with django_assert_num_queries(12):
        client.get(merge_page(maya))


@pytest.mark.parametrize("count", [1, 3])
def test_comparing_costs_the_same(client, user, count, django_assert_num_queries):
    maya, double = called(user, "Maya Berg", "Maja Berg")
    for _number in range(count):
        reaching(double, "maja@example.org")
        InteractionFactory(owner=user, with_contacts=[double])

    with django_assert_num_queries(16):
        client.get(merge_page(maya, double))


def test_from_the_list_two_are_merged(client, user):
    maya, double, third = called(user, "Maya", "Maya", "Maya")
    bulk = reverse("contact_bulk")

    two = client.post(bulk, {"action": "merge", "contact": [double.pk, maya.pk]})
    three = client.post(
        bulk,
        {"action": "merge", "contact": [maya.pk, double.pk, third.pk]},
        follow=True,
    )

    assert two.url == merge_page(maya, double)
    assert "Tick the two who are one person" in three.text
