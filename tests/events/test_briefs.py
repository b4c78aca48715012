"""The brief: one page before an event, on paper or without a signal."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from networkcrm.partial_dates import PartialDate
from tests.factories import (
    AttendanceFactory,
    CardOfferFactory,
    ContactFactory,
    ContactTagFactory,
    EventFactory,
    FactFactory,
    FollowUpFactory,
    GoalFactory,
    InteractionFactory,
    OriginFactory,
    TagFactory,
)

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def event(user):
    return EventFactory(owner=user, name="Founders’ mixer", purpose="Find a buyer")


def expected(event, name, **more):
    contact = ContactFactory(owner=event.owner, full_name=name)
    return AttendanceFactory(event=event, contact=contact, **more)


def brief(client, event):
    return client.get(reverse("event_brief", args=[event.pk]))


@time_machine.travel(NOW)
def test_all_that_is_good_to_know(client, user, event):
    ana = expected(event, "Ana Ruiz", talking_points="The grant").contact
    lena = ContactFactory(owner=user, full_name="Lena Brandt")
    OriginFactory(contact=ana, how="introduction", introducer=lena)
    for day, title in ((2, "Coffee in May"), (9, "Lunch"), (27, "Planned dinner")):
        InteractionFactory(
            owner=user,
            title=title,
            on=PartialDate(2026, 11, day),
            with_contacts=[ana],
        )
    FactFactory(contact=ana, kind="need", text="a retail buyer")
    FactFactory(contact=ana, kind="need", text="a flat", state="met")
    FactFactory(contact=ana, kind="offer", text="knows florists")
    FollowUpFactory(contact=ana, title="Send the list", due_on=date(2026, 11, 30))
    FollowUpFactory(contact=ana, title="Done long ago", done_at=NOW)

    page = brief(client, event)

    (person,) = page.context["people"]
    assert str(person.last) == "Lunch"
    assert [fact.text for fact in person.facts] == ["a retail buyer", "knows florists"]
    assert [one.title for one in person.promises] == ["Send the list"]
    for words in ("Lena Brandt", "The grant", "Find a buyer", "30 Nov 2026"):
        assert words in page.text
    for words in ("a flat", "Done long ago", "Planned dinner"):
        assert words not in page.text


def test_the_wanted_stand_first_and_only_those_to_look_for(client, event):
    expected(event, "Ana Ruiz")
    expected(event, "Cy Diaz", state="wanted")
    expected(event, "Met Already", state="met")
    expected(event, "Missed", state="missed")
    expected(event, "Thrown Away").contact.trash()

    people = brief(client, event).context["people"]

    assert [str(p.attendance.contact) for p in people] == ["Cy Diaz", "Ana Ruiz"]


def test_the_question_that_is_missing_most(client, event):
    row = expected(event, "Ana Ruiz")
    asked = [brief(client, event).context["people"][0].to_ask]

    for kind in ("works_on", "need", "offer"):
        FactFactory(contact=row.contact, kind=kind)
        asked.append(brief(client, event).context["people"][0].to_ask)

    assert asked == [
        "What are they working on?",
        "What do they need, and who could help?",
        "What could they offer others?",
        "",
    ]


def test_what_i_have_for_them(client, user, event):
    founder = expected(event, "Ana Ruiz").contact
    expected(event, "Ben Katz")
    tag = TagFactory(owner=user, name="Founder")
    ContactTagFactory(contact=founder, tag=tag)
    offer = CardOfferFactory(owner=user, audience="founders")

    people = brief(client, event).context["people"]

    assert [person.offers for person in people] == [[offer], []]


def test_nothing_on_it_is_fetched_from_elsewhere(client, event):
    expected(event, "Ana Ruiz")

    text = brief(client, event).text

    loaded = re.findall(r'<(?:img|script|link|iframe)[^>]+(?:src|href)="([^"]+)"', text)
    assert loaded
    assert [url for url in loaded if not url.startswith("/")] == []


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same(client, user, event, count, django_assert_num_queries):
    CardOfferFactory(owner=user)
    for number in range(count):
        contact = expected(event, f"Ana {number}").contact
        OriginFactory(contact=contact, introducer=ContactFactory(owner=user))
        InteractionFactory(owner=user, with_contacts=[contact])
        FactFactory(contact=contact)
        FollowUpFactory(contact=contact)
        tag = ContactTagFactory(contact=contact, tag=TagFactory(owner=user)).tag
        GoalFactory(event=event, tag=tag)

    with django_assert_num_queries(15):
        brief(client, event)
