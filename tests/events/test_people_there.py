"""Before an event: who will be there, what for, and what to ask."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse

from events.models import Attendance, Goal
from tests.factories import (
    AttendanceFactory,
    ContactFactory,
    ContactTagFactory,
    EventFactory,
    FollowUpFactory,
    GoalFactory,
    GuestFactory,
    OriginFactory,
    TagFactory,
)

NOW = datetime(2026, 11, 20, 20, tzinfo=UTC)


@pytest.fixture
def event(user):
    return EventFactory(owner=user, name="Founders’ mixer", starts_at=NOW)


def page(client, event):
    return client.get(event.get_absolute_url()).context


def mark(client, row, do):
    return client.post(reverse("attendance_mark", args=[row.pk]), {"do": do})


def add(client, event, **said):
    return client.post(reverse("attendance_create", args=[event.pk]), said)


def states(user):
    return dict(user.attendances.values_list("contact__full_name", "state"))


def undo_last(client):
    page = client.get("/")
    url = [m.extra_tags for m in page.context["messages"] if m.extra_tags][-1]
    return client.post(url)


@time_machine.travel(datetime(2026, 11, 19, tzinfo=UTC))
def test_somebody_i_know_is_put_on_the_list_by_name(client, user, event):
    ana = ContactFactory(owner=user, full_name="Ana Ruiz")

    response = add(client, event, person="ana ruiz")

    assert response.url == f"{event.get_absolute_url()}#attendances"
    assert [(r.contact, r.state) for r in event.attendances.all()] == [
        (ana, "expected")
    ]


@time_machine.travel(datetime(2026, 11, 19, tzinfo=UTC))
def test_a_new_name_is_a_new_contact(client, user, event):
    add(client, event, person="Ben Katz")

    assert [c.full_name for c in user.contacts.others()] == ["Ben Katz"]
    assert states(user) == {"Ben Katz": "expected"}


def test_of_two_with_one_name_it_asks(client, user, event):
    _, other = ContactFactory.create_batch(2, owner=user, full_name="Ana Ruiz")

    asked = add(client, event, person="Ana Ruiz")
    said = {"person": "Ana Ruiz", "person-asked": "Ana Ruiz"}
    add(client, event, **said, **{"person-choice": str(other.pk)})

    assert asked.status_code == 422
    assert "Which one is it?" in asked.text
    assert [r.contact for r in event.attendances.all()] == [other]


def test_twice_on_the_list_is_once(client, user, event):
    row = AttendanceFactory(
        event=event,
        contact=ContactFactory(owner=user, full_name="Ana Ruiz"),
        talking_points="The grant",
    )

    add(client, event, person="Ana Ruiz")

    assert [r.talking_points for r in event.attendances.all()] == ["The grant"]
    assert user.attendances.get() == row


def test_after_the_event_whoever_is_added_was_met(client, user, event):
    with time_machine.travel(datetime(2026, 11, 22, tzinfo=UTC)):
        add(client, event, person="Ben Katz")

    assert states(user) == {"Ben Katz": "met"}


def test_wanted_met_and_back(client, event):
    row = AttendanceFactory(event=event)
    seen = []

    for do in ("want", "want", "meet", "meet", "unmeet", "unwant", "miss", "nonsense"):
        mark(client, row, do)
        row.refresh_from_db()
        seen.append((row.state, row.was_wanted, row.met_at is not None))

    assert seen == [
        ("wanted", True, False),
        ("wanted", True, False),
        ("met", True, True),
        ("met", True, True),
        ("wanted", True, False),
        ("expected", False, False),
        ("missed", False, False),
        ("missed", False, False),
    ]


def test_met_the_next_day_was_met_before_the_end(client, event):
    event.ends_at = datetime(2026, 11, 20, 23, tzinfo=UTC)
    event.save()
    row = AttendanceFactory(event=event)

    with time_machine.travel(datetime(2026, 11, 21, 9, tzinfo=UTC), tick=False):
        mark(client, row, "meet")

    row.refresh_from_db()
    assert row.met_at == event.ends_at


def test_talking_points_in_place(client, event, htmx):
    row = AttendanceFactory(event=event, note="tall")

    response = client.post(
        reverse("attendance_edit", args=[row.pk]),
        {"talking_points": "Ask about the grant"},
        headers=htmx("section#attendances"),
        follow=True,
    )

    row.refresh_from_db()
    assert (row.talking_points, row.note) == ("Ask about the grant", "tall")
    assert response.text.lstrip().startswith('<section class="card" id="attendances"')
    assert "Ask about the grant" in response.text


def test_off_the_list_and_on_again(client, user, event):
    row = AttendanceFactory(event=event, talking_points="The grant")

    client.post(reverse("attendance_delete", args=[row.pk]))
    gone = not user.attendances.exists()
    undo_last(client)

    assert gone
    assert user.attendances.get().talking_points == "The grant"


def test_who_is_in_the_trash_is_not_expected(client, user, event):
    row = AttendanceFactory(event=event)
    row.contact.trash()

    assert page(client, event)["attendances"] == []


@pytest.mark.parametrize(
    ("text", "target", "counts"),
    [
        ("Meet 3 founders", "", 3),
        ("Meet founders", "", 1),
        ("Meet 3 founders", "5", 5),
    ],
)
def test_a_goal_is_a_sentence(client, user, event, text, target, counts):
    said = {"text": text, "target": target, "tag_name": "Founder"}

    client.post(reverse("goal_create", args=[event.pk]), said)

    goal = user.goals.get()
    assert (goal.text, goal.target, goal.tag.name) == (text, counts, "Founder")


@pytest.mark.parametrize("target", ["0", "-1", "1000", "many"])
def test_a_goal_nobody_can_reach_is_refused(client, user, event, target):
    said = {"text": "Meet founders", "target": target}

    response = client.post(reverse("goal_create", args=[event.pk]), said)

    assert response.status_code == 422
    assert response.context["form"].errors["target"]
    assert not Goal.objects.exists()


def test_goals_count_whom_i_met_with_the_tag(client, user, event):
    founder = TagFactory(owner=user, name="founder")
    GoalFactory(event=event, tag=founder, target=3, ticked=1)
    met, began, expected, trashed = ContactFactory.create_batch(4, owner=user)
    other = ContactFactory(owner=user)
    for contact in (met, began, expected, trashed):
        ContactTagFactory(contact=contact, tag=founder)
    AttendanceFactory(event=event, contact=met, state="met")
    AttendanceFactory(event=event, contact=other, state="met")
    AttendanceFactory(event=event, contact=trashed, state="met")
    AttendanceFactory(event=event, contact=expected)
    OriginFactory(contact=began, event=event, how="event")
    trashed.trash()

    (progress,) = page(client, event)["goals"]

    # The one who is met, the one it began with, and the one ticked by hand.
    assert (progress.done, progress.is_reached) == (3, True)


def test_a_tick_sent_twice_counts_once(client, event):
    goal = GoalFactory(event=event)

    for to in ("1", "1", "2", "-1", "lots"):
        client.post(reverse("goal_tick", args=[goal.pk]), {"to": to})

    goal.refresh_from_db()
    assert goal.ticked == 2


def test_a_goal_is_changed_deleted_and_back(client, user, event):
    goal = GoalFactory(event=event, tag=TagFactory(owner=user), ticked=2)
    said = {"text": "Meet 4 makers", "target": "4", "tag_name": ""}

    client.post(reverse("goal_edit", args=[goal.pk]), said)
    client.post(reverse("goal_delete", args=[goal.pk]))
    gone = not Goal.objects.exists()
    undo_last(client)

    back = user.goals.get()
    assert gone
    assert (back.text, back.target, back.tag, back.ticked) == (
        "Meet 4 makers",
        4,
        None,
        2,
    )


def test_a_deleted_event_comes_back_with_all_that_was_its(client, user, event):
    kept = AttendanceFactory(event=event, talking_points="The grant")
    lost = AttendanceFactory(event=event)
    GoalFactory(event=event, tag=TagFactory(owner=user), ticked=2)
    GuestFactory(event=event, contact=lost.contact, name="Grace Guest")
    promise = FollowUpFactory(contact=kept.contact, event=event)

    client.post(reverse("event_delete", args=[event.pk]))
    promise.refresh_from_db()
    alone = promise.event
    lost.contact.delete()
    undo_last(client)

    promise.refresh_from_db()
    assert (alone, promise.event) == (None, event)
    assert [r.talking_points for r in event.attendances.all()] == ["The grant"]
    assert [(g.ticked, g.tag is None) for g in event.goals.all()] == [(2, False)]
    assert [(g.name, g.contact) for g in event.guests.all()] == [("Grace Guest", None)]


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same(client, user, event, count, django_assert_num_queries):
    for _ in range(count):
        row = AttendanceFactory(event=event, state="met")
        tag = ContactTagFactory(contact=row.contact, tag=TagFactory(owner=user)).tag
        GoalFactory(event=event, tag=tag)

    with django_assert_num_queries(16):
        page(client, event)


def test_the_list_of_events_counts_each_person_once(client, user, event):
    one, other = ContactFactory.create_batch(2, owner=user)
    OriginFactory(contact=one, event=event, how="event")
    for contact in (one, other):
        AttendanceFactory(event=event, contact=contact, state="met")
    AttendanceFactory(event=event)

    (found,) = client.get(reverse("event_list")).context["page"]

    assert found.people_met == 2
    assert page(client, event)["met_count"] == 2


def test_a_strangers_list_stays_as_it_is(client, user, stranger):
    theirs = AttendanceFactory(event=EventFactory(owner=stranger))
    mine = EventFactory(owner=user)

    said = {"person": theirs.contact.full_name}
    add(client, mine, **said, **{"person-choice": str(theirs.contact_id)})
    answers = {mark(client, theirs, "meet").status_code}

    assert answers == {404}
    assert Attendance.objects.filter(contact=theirs.contact).count() == 1
