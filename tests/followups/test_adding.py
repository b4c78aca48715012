"""One line, and what is understood of it."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from followups.understanding import mentioned
from tests.factories import (
    ContactFactory,
    EventFactory,
    IntroductionFactory,
)

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)  # A Wednesday.


@pytest.fixture(autouse=True)
def wednesday():
    with time_machine.travel(NOW, tick=False):
        yield


def add(client, line, query="", **data):
    return client.post(f"{reverse('followup_create')}{query}", {"line": line} | data)


@pytest.fixture
def ana(user):
    return ContactFactory(owner=user, full_name="Ana Ruiz")


def test_one_line_says_what_when_and_to_whom(client, user, ana):
    response = add(client, "send Ana the grant list friday")

    followup = user.followups.get()
    assert response.url == reverse("followup_list")
    assert (followup.title, followup.due_on, followup.contact) == (
        "Send Ana the grant list",
        date(2026, 11, 27),
        ana,
    )


def test_without_a_word_of_whose_it_is_it_is_mine(client, user, ana):
    add(client, "send Ana the list friday", promised_by="")

    assert user.followups.get().promised_by == "me"


def test_what_was_understood_is_told_and_can_be_taken_back(client, user, ana):
    add(client, "send Ana the list friday", promised_by="them")
    messages = list(client.get(reverse("followup_list")).context["messages"])

    assert user.followups.get().promised_by == "them"
    told = "Written down: “Send Ana the list”, on Friday, with Ana Ruiz."
    assert str(messages[0]) == told

    client.post(messages[0].extra_tags)
    assert not user.followups.exists()


def test_the_day_is_the_owners(client, user):
    user.time_zone = "Pacific/Auckland"
    user.save()

    add(client, "write tomorrow")

    # There it is Thursday already.
    assert user.followups.get().due_on == date(2026, 11, 27)


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("follow up 31 february", "line"),
        ("tomorrow", "line"),
        ("", "line"),
        ("   \0 ", "line"),
        ("x" * 501, "line"),
        ("write 2026-11-24", "due_on"),
    ],
)
def test_what_is_unclear_is_asked_and_nothing_is_lost(client, user, line, field):
    response = add(client, line)

    form = response.context["form"]
    assert list(form.errors) == [field]
    assert form["line"].value() == line
    assert not user.followups.exists()


def test_a_chosen_day_mends_one_that_does_not_exist(client, user):
    add(client, "follow up 31 february", due_on="2027-02-28")

    followup = user.followups.get()
    assert (followup.title, followup.due_on) == (
        "Follow up 31 february",
        date(2027, 2, 28),
    )


def test_a_past_day_is_taken_when_it_is_meant(client, user):
    asked = add(client, "write 2026-11-24")

    add(client, "write 2026-11-24", past=asked.context["form"].past.isoformat())

    assert user.followups.get().due_on == date(2026, 11, 24)


def test_of_two_of_that_name_one_is_asked_for(client, user, ana):
    other = ContactFactory(owner=user, full_name="Ana Katz")

    asked = add(client, "call Ana")
    add(client, "call Ana", person=str(other.pk))
    add(client, "call Ana", person="nobody")

    assert list(asked.context["form"].errors) == ["person"]
    assert {row.contact for row in user.followups.all()} == {other, None}


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Send Ana the list", ["Ana Ruiz"]),
        ("send ana the list", ["Ana Ruiz"]),
        ("Ana's list", ["Ana Ruiz"]),
        ("introduce Zoë Müller to Ana", ["Zoë Müller"]),
        ("ask zoe", ["Zoë Müller"]),
        ("send the grant list", []),
        ("write to Grant", ["Grant Wood"]),
        ("send Grant and Ana the list", ["Ana Ruiz", "Grant Wood"]),
        ("write to somebody", []),
        ("%_ 100%", []),
    ],
)
def test_who_is_mentioned(user, stranger, ana, line, names):
    ContactFactory(owner=user, full_name="Zoë Müller")
    ContactFactory(owner=user, full_name="Grant Wood")
    ContactFactory(owner=stranger, full_name="Ana Stranger")

    assert [contact.full_name for contact in mentioned(user, line)] == names


def test_from_a_page_it_belongs_to_what_the_page_shows(client, user, ana):
    event = EventFactory(owner=user)
    introduction = IntroductionFactory(owner=user)

    back = [
        add(client, "call Ben", f"?contact={ana.pk}").url,
        add(client, "thank them", f"?event={event.pk}").url,
        add(client, "ask them", f"?introduction={introduction.pk}").url,
    ]

    assert back == [one.get_absolute_url() for one in (ana, event, introduction)]
    assert user.followups.get(title="Call Ben").contact == ana
    assert user.followups.get(title="Thank them").event == event
    assert user.followups.get(title="Ask them").introduction == introduction


def test_strangers_rows_are_not_linked(client, user, stranger):
    theirs = ContactFactory(owner=stranger, full_name="Ana Stranger")
    event = EventFactory(owner=stranger)

    query = f"?contact={theirs.pk}&event={event.pk}"
    add(client, "call Ana", query, person=str(theirs.pk))

    followup = user.followups.get()
    assert (followup.contact, followup.event) == (None, None)


def test_what_is_understood_is_shown_while_it_is_typed(client, ana):
    response = client.get(
        reverse("followup_create"),
        {"line": "send Ana the list friday"},
        headers={"HX-Request": "true", "HX-Target": "div#understood"},
    )

    words = " ".join(response.text.split())
    assert "“friday” is Friday, 27 November 2026. With Ana Ruiz." in words
    assert "<html" not in words
