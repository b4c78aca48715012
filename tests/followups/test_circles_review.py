from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from followups import circles_review
from networkcrm.partial_dates import PartialDate
from tests.factories import (
    CircleFactory,
    CircleMoveFactory,
    FavourFactory,
    IntroductionFactory,
    OutcomeFactory,
    SuggestionFactory,
)
from tests.followups.test_circles import (
    NOW,
    TODAY,
    InteractionFactory,
    person,
    said,
    seated,
    undo_last,
)


@pytest.fixture(autouse=True)
def sunday():
    with time_machine.travel(NOW, tick=False):
        yield


def in_touch(contact, times, kind="call"):
    for number in range(times):
        InteractionFactory(
            owner=contact.owner,
            kind=kind,
            on=TODAY - timedelta(3 + 7 * number),
            with_contacts=[contact],
        )


def proposed(user):
    return [
        (one.contact.full_name, str(one.before), str(one.after), one.why)
        for one in circles_review.proposals(user, TODAY)
    ]


def answer(client, contact, answer):
    url = reverse("circle_answer", args=[contact.pk])
    return client.post(url, {"answer": answer}, follow=True)


@pytest.fixture
def gone(user):
    return person(user, "Gone", user.circles.get(name="Inner circle"), ago=100)


def test_who_was_in_touch_as_often_as_a_closer_circle_should_come_closer(user):
    maya = person(user, "Maya", user.circles.get(name="Close"))
    in_touch(maya, 13)
    in_touch(person(user, "In no circle"), 5)
    in_touch(person(user, "Twice is not often"), 2)
    in_touch(person(user, "Only mentioned"), 20, kind="mention")
    in_touch(person(user, "Inner already", user.circles.get(name="Inner circle")), 20)

    assert proposed(user) == [
        (
            "Maya",
            "Close",
            "Inner circle",
            "In twelve months: in touch 13 times. Inner circle means every 30 days.",
        ),
        (
            "In no circle",
            "None",
            "Close",
            "In twelve months: in touch 5 times. Close means every 90 days.",
        ),
    ]


def test_who_sits_somewhere_takes_nobodys_place(user, monkeypatch):
    """However many of a large network are read."""
    monkeypatch.setattr(circles_review, "MOST_READ", 1)
    for name in ("Ana", "Ben"):
        in_touch(person(user, name, user.circles.get(name="Inner circle")), 20)
    in_touch(person(user, "In no circle"), 5)

    assert [row[0] for row in proposed(user)] == ["In no circle"]


def test_help_and_what_came_of_it_count(user, stranger):
    maya = person(user, "Maya", user.circles.get(name="Close"))
    in_touch(maya, 7)
    FavourFactory(contact=maya, on=TODAY, direction="given")
    FavourFactory(contact=maya, on=PartialDate(2026), direction="received")
    FavourFactory(contact=maya, on=PartialDate(2025, 3), direction="received")
    SuggestionFactory(contact=maya, on=TODAY, answer="done", answered_at=NOW)
    SuggestionFactory(
        contact=maya, on=TODAY - timedelta(1), answer="later", answered_at=NOW
    )
    me = user.contacts.get(is_me=True)
    by_me = IntroductionFactory(owner=user, a=maya, b=person(user, "Ben"))
    by_me.make()
    for_me = IntroductionFactory(
        owner=user, introducer=maya, a=me, b=person(user, "Tom")
    )
    for_me.make()
    IntroductionFactory(owner=user, a=maya, b=person(user, "An idea"))
    OutcomeFactory(owner=user, on=PartialDate(2026, 2), with_contacts=[maya])
    OutcomeFactory(owner=user, on=PartialDate(2020), with_contacts=[maya])

    assert proposed(user) == [
        (
            "Maya",
            "Close",
            "Inner circle",
            "In twelve months: in touch 7 times, you helped them twice, they helped you"
            " once, you introduced them once, they introduced you once, one thing came"
            " of it. Inner circle means every 30 days.",
        )
    ]


def test_an_introduction_counts_on_the_day_of_the_owner(user):
    user.time_zone = "Pacific/Kiritimati"
    user.save()
    maya = person(user, "Maya", user.circles.get(name="Close"))
    in_touch(maya, 11)
    made = IntroductionFactory(owner=user, a=maya, b=person(user, "Ben"))
    # There it is the first day of these twelve months.
    with time_machine.travel(datetime(2025, 11, 21, 20, tzinfo=UTC), tick=False):
        made.make()

    assert [row[0] for row in proposed(user)] == ["Maya"]


def test_who_missed_three_rhythms_should_go_further_out(user, gone):
    close = user.circles.get(name="Close")
    person(user, "Asleep", close, ago=4000)
    never = person(user, "Never", close)
    user.contacts.filter(pk=never.pk).update(created_at=NOW - timedelta(300))
    person(user, "Two rhythms", close, ago=200)
    person(user, "In peace", close, ago=900, quiet_until=date(2026, 12, 24))
    person(user, "A rhythm of their own", close, ago=900, cadence_days=365)
    helped = person(user, "Helped", close, ago=900)
    FavourFactory(contact=helped, on=TODAY)
    person(user, "Archived", close, ago=900).archive()
    person(user, "No rhythm", CircleFactory(owner=user, cadence_days=None), ago=900)

    assert proposed(user) == [
        (
            "Asleep",
            "Close",
            "None",
            "Silent for 10 years, where Close means every 90 days."
            " Nothing else in a year.",
        ),
        (
            "Gone",
            "Inner circle",
            "Close",
            "Silent for 3 months, where Inner circle means every 30 days."
            " Nothing else in a year.",
        ),
        (
            "Never",
            "Close",
            "Wider",
            "Never in touch in 9 months, where Close means every 90 days."
            " Nothing else in a year.",
        ),
    ]


def test_moving_is_written_down_and_undone(client, user, gone):
    inner, close = gone.circle, user.circles.get(name="Close")

    page = answer(client, gone, "moved")

    assert said(page) == ["Gone sits in Close now."]
    assert (seated(inner), seated(close)) == (set(), {"Gone"})
    (move,) = user.circlemoves.all()
    assert (move.before, move.after, move.answer) == (inner, close, "moved")
    assert move.why.startswith("Silent for 3 months")
    assert "moved to Close" in page.text
    assert undo_last(client, page) == ["Gone is back where they were."]
    assert (seated(inner), user.circlemoves.count()) == ({"Gone"}, 0)
    assert len(proposed(user)) == 1


def test_who_goes_to_no_circle(client, user):
    ana = person(user, "Ana", user.circles.get(name="Wider"), ago=4000)

    page = answer(client, ana, "moved")

    assert said(page) == ["Ana sits in Wider no more."]
    ana.refresh_from_db()
    assert ana.circle is None


def test_who_stays_is_not_asked_about_for_ninety_days(client, user, gone):
    page = answer(client, gone, "kept")

    assert said(page) == ["Gone stays where they are."]
    assert seated(gone.circle) == {"Gone"}
    with time_machine.travel(NOW + timedelta(89), tick=False):
        assert proposed(user) == []
    with time_machine.travel(NOW + timedelta(91), tick=False):
        assert len(proposed(user)) == 1
    assert undo_last(client, page) == ["Gone is asked about again."]
    assert len(proposed(user)) == 1


def test_an_answer_to_what_is_not_proposed_changes_nothing(
    client, user, stranger, gone
):
    ana = person(user, "Ana")
    theirs = person(stranger, "Not mine", stranger.circles.first(), ago=900)

    page = answer(client, ana, "moved")
    answer(client, gone, "kept")
    again = answer(client, gone, "moved")

    assert said(page) == ["Nothing is proposed for Ana any more."]
    assert said(again) == ["Nothing is proposed for Gone any more."]
    assert answer(client, theirs, "moved").status_code == 404
    assert seated(gone.circle) == {"Gone"}


def test_the_seats_of_the_next_circle_are_taken(client, user, gone):
    close = user.circles.get(name="Close")
    close.seats = 1
    close.save()
    ben = person(user, "Ben", close, ago=1)

    page = answer(client, gone, "moved")

    assert "The one seat of Close is taken." in page.text
    url = page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"]
    page = client.post(url, {"leaves": ben.pk}, follow=True)
    assert page.request["PATH_INFO"] == reverse("circle_review")
    assert seated(close) == {"Gone"}
    (move,) = user.circlemoves.all()
    assert (move.contact, move.after, move.answer) == (gone, close, "moved")
    assert undo_last(client, page) == ["2 people are back where they were."]
    assert (seated(close), user.circlemoves.count()) == ({"Ben"}, 0)


def test_a_month_after_the_last_answer_it_is_time(client, user, gone):
    assert circles_review.review_due(user, TODAY) == circles_review.Review(1, None)
    assert "1 person might sit elsewhere" in client.get(reverse("circle_list")).text

    CircleMoveFactory(contact=person(user, "Ana"))

    assert circles_review.last_review(user) == TODAY
    assert circles_review.review_due(user, TODAY + timedelta(29)) is None
    due = circles_review.review_due(user, TODAY + timedelta(30))
    assert due == circles_review.Review(1, TODAY)
    assert "your last review was on 22 November 2026" in (
        client.get(reverse("circle_list")).text
    )


def test_nothing_to_propose_nags_nobody(client, user):
    person(user, "Ana", user.circles.get(name="Close"), ago=3)

    assert circles_review.review_due(user, TODAY) is None
    assert "Everybody sits where they should" in (
        client.get(reverse("circle_review")).text
    )


def test_the_day_of_a_review_is_that_of_the_owner(user):
    user.time_zone = "Pacific/Kiritimati"
    with time_machine.travel(datetime(2026, 11, 22, 23, tzinfo=UTC), tick=False):
        CircleMoveFactory(contact=person(user, "Ana"))

    assert circles_review.last_review(user) == date(2026, 11, 23)


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_a_review(client, user, django_assert_num_queries, count):
    for number in range(count):
        person(user, f"Gone {number}", user.circles.get(name="Close"), ago=900)
        in_touch(person(user, f"Closer {number}"), 5)
        CircleMoveFactory(contact=person(user, f"Answered {number}"))

    with django_assert_num_queries(7):
        client.get(reverse("circle_review"))
