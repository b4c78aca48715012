"""Who knows someone, who knows two people at once, and what says so."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from connections.in_common import KnownPeople, between
from networkcrm.partial_dates import PartialDate
from tests.factories import (
    ContactFactory,
    EventFactory,
    InteractionFactory,
    IntroductionFactory,
    OriginFactory,
    RelationshipFactory,
)
from tests.owner_watch import owner_watch


@pytest.fixture
def people(user):
    names = ("Maya", "Tom", "Lena", "Ana", "Uma", "Vic", "Wei")
    return {name: ContactFactory(owner=user, full_name=name) for name in names}


@pytest.fixture
def maya(people):
    return people["Maya"]


def known(user, *contacts, **more):
    """{name: what says that they know each of these}."""
    people = KnownPeople(user, list(contacts), **more)
    return {
        one.contact.full_name: [words for _contact, words in one.why]
        for one in people[people.start : people.start + 25]
    }


def made(user, introducer, a, b):
    row = IntroductionFactory(owner=user, introducer=introducer, a=a, b=b)
    now = timezone.now()
    user.introductions.filter(pk=row.pk).update(
        state="made", made_at=now, on=PartialDate(2024)
    )
    return row


def test_each_kind_of_evidence_has_its_words(user, maya, people):
    me = user.contacts.get(is_me=True)
    RelationshipFactory(
        owner=user,
        from_contact=people["Tom"],
        to_contact=maya,
        kind=user.relationshipkinds.get(name="mentor"),
        since=PartialDate(2019),
    )
    OriginFactory(contact=maya, introducer=people["Lena"], on=PartialDate(2026, 10))
    OriginFactory(contact=people["Ana"], introducer=maya, on=None)
    made(user, people["Uma"], maya, people["Ana"])
    made(user, me, maya, people["Vic"])
    InteractionFactory(owner=user, with_contacts=[maya, people["Wei"]])

    assert known(user, maya) == {
        "Ana": [["came to you through Maya", "introduced to Maya by Uma, 2024"]],
        "Tom": [["Maya’s mentor since 2019"]],
        "Lena": [["brought you Maya, Oct 2026"]],
        "Uma": [["introduced Maya to Ana, 2024"]],
        "Vic": [["introduced to Maya by you, 2024"]],
        "Wei": [["coffee with Maya, 2 Nov 2026"]],
    }
    assert known(user, people["Uma"]) == {
        "Ana": [["introduced to Maya by Uma, 2024"]],
        "Maya": [["introduced to Ana by Uma, 2024"]],
    }


def test_a_small_dinner_says_more_than_a_conference(user, maya, people):
    march = datetime(2025, 3, 4, tzinfo=UTC)
    dinner = EventFactory(owner=user, name="Dinner", starts_at=march)
    fair = EventFactory(owner=user, name="Fair")
    crowd = ContactFactory.create_batch(30, owner=user)
    for event, there in ((dinner, ["Tom"]), (fair, ["Lena"])):
        guests = [maya, *(people[name] for name in there)]
        guests += crowd if event == fair else []
        for guest in guests:
            InteractionFactory(
                owner=user, kind="event", event=event, with_contacts=[guest]
            )
    OriginFactory(contact=people["Ana"], how="event", event=dinner)

    found = known(user, maya)

    assert list(found)[:2] == ["Ana", "Tom"]
    assert found["Tom"] == [["at Dinner, where Maya was too, Mar 2025"]]
    assert len(known(user, maya, page=2)) == 33 - 25
    assert KnownPeople(user, [maya], "len").total == 1


def test_what_ends_this_year_lasts(user, maya, people):
    year = timezone.localdate().year
    for name, until in (("Ana", PartialDate(year)), ("Lena", PartialDate(year - 1))):
        RelationshipFactory(
            owner=user, from_contact=maya, to_contact=people[name], until=until
        )

    # By name Lena would stand before Uma.
    RelationshipFactory(
        owner=user, from_contact=maya, to_contact=people["Uma"], strength=2
    )
    assert list(known(user, maya)) == ["Ana", "Uma", "Lena"]


def test_what_does_not_count(user, stranger, maya, people):
    idea = IntroductionFactory(owner=user, introducer=people["Lena"], a=maya,
                               b=people["Tom"])  # fmt: skip
    InteractionFactory(owner=user, kind="mention", with_contacts=[maya, people["Uma"]])
    InteractionFactory(
        owner=user, on=PartialDate(2200), with_contacts=[maya, people["Uma"]]
    )
    crowd = ContactFactory.create_batch(12, owner=user)
    InteractionFactory(owner=user, with_contacts=[maya, *crowd])
    RelationshipFactory(owner=user, from_contact=maya, to_contact=people["Vic"])
    people["Vic"].trash()
    RelationshipFactory(
        owner=user, from_contact=maya, to_contact=user.contacts.get(is_me=True)
    )

    assert idea.state == "idea"
    assert known(user, maya) == {}


def test_both_and_each_other(client, user, maya, people):
    tom, lena, ana = people["Tom"], people["Lena"], people["Ana"]
    for one in (maya, tom):
        RelationshipFactory(owner=user, from_contact=lena, to_contact=one, strength=5)
    RelationshipFactory(owner=user, from_contact=ana, to_contact=maya)
    OriginFactory(contact=tom, introducer=ana)
    RelationshipFactory(owner=user, from_contact=people["Uma"], to_contact=maya)

    assert known(user, maya, tom) == {
        "Lena": [["Maya’s colleague"], ["Tom’s colleague"]],
        "Ana": [["Maya’s colleague"], ["brought you Tom"]],
    }
    assert between(user, maya, tom) == []
    RelationshipFactory(owner=user, from_contact=tom, to_contact=maya)
    assert between(user, maya, tom) == ["Maya’s colleague"]
    assert set(known(user, maya, tom)) == {"Lena", "Ana"}
    url = reverse("contact_in_common", args=[maya.pk])
    for said in (str(tom.pk), "tom"):
        response = client.get(url, {"with": said})
        assert response.context["other"] == tom
        assert "They know each other" in response.text


def test_choosing_the_second_person(client, user, maya, people, stranger):
    url = reverse("contact_in_common", args=[maya.pk])
    namesake = ContactFactory(owner=user, full_name="Tom", city="Oslo")
    theirs = ContactFactory(owner=stranger)

    both = client.get(url, {"with": "tom"})

    assert both.context["other"] is None
    assert {one.pk for one in both.context["candidates"]} == {
        people["Tom"].pk,
        namesake.pk,
    }
    again = client.get(url, {"with": "Tom", "was": namesake.pk, "q": ""})
    assert again.context["other"] == namesake
    alien = client.get(url, {"with": theirs.full_name, "was": theirs.pk})
    assert alien.context["other"] is None
    assert "You know nobody called “Zoë”" in client.get(url, {"with": "Zoë"}).text
    assert "That is the same person" in client.get(url, {"with": "Maya"}).text
    assert client.get(url, {"with": theirs.pk}).status_code == 404
    assert client.get(url, {"with": maya.pk}).status_code == 404
    assert client.get(url, {"page": "99999999999", "q": "%"}).status_code == 200


def test_it_names_the_owner(user, maya, people):
    OriginFactory(contact=maya, event=EventFactory(owner=user))
    made(user, people["Uma"], maya, people["Ana"])

    with owner_watch(user) as wrong:
        known(user, maya, people["Uma"])
        between(user, maya, people["Uma"])

    assert wrong == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same(
    client, user, maya, people, count, django_assert_num_queries
):
    for name in ("Ana", "Uma", "Vic")[:count]:
        RelationshipFactory(owner=user, from_contact=maya, to_contact=people[name])
        OriginFactory(contact=people[name], introducer=people["Tom"])
    url = reverse("contact_in_common", args=[maya.pk])
    client.get(url)

    with django_assert_num_queries(5):
        client.get(url)
    with django_assert_num_queries(7):
        client.get(url, {"with": people["Tom"].pk})
