"""The morning after: person by person, then the evening, once."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from connections.models import Interaction, Origin
from contacts.models import Stage
from followups.models import FollowUp
from networkcrm.partial_dates import PartialDate
from tests.factories import (
    AttendanceFactory,
    CaptureFactory,
    ContactFactory,
    ContactMethodFactory,
    DistinctFactory,
    EventFactory,
    GoalFactory,
    InteractionFactory,
    OriginFactory,
)

# Friday evening in Berlin, until half past midnight.
BEGAN = datetime(2026, 11, 20, 18, tzinfo=UTC)
ENDED = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
NEXT_MORNING = datetime(2026, 11, 21, 8, tzinfo=UTC)


@pytest.fixture
def user(user):
    user.time_zone = "Europe/Berlin"
    user.save()
    return user


@pytest.fixture
def event(user):
    return EventFactory(
        owner=user, name="Founders’ mixer", starts_at=BEGAN, ends_at=ENDED
    )


@pytest.fixture(autouse=True)
def _the_next_morning():
    with time_machine.travel(NEXT_MORNING, tick=False):
        yield


def met(event, name, **more):
    contact = ContactFactory(owner=event.owner, full_name=name)
    met_at = BEGAN + timedelta(minutes=event.attendances.count())
    return AttendanceFactory(
        event=event, contact=contact, state="met", met_at=met_at, **more
    )


def page(client, event, query=""):
    return client.get(reverse("event_debrief", args=[event.pk]) + query)


def save(client, row, **said):
    return client.post(reverse("attendance_debrief", args=[row.pk]), said)


def close(client, event, **said):
    return client.post(reverse("event_debrief", args=[event.pk]), said)


def asked(client):
    return [event.name for event in client.get(reverse("today")).context["debriefs"]]


@pytest.mark.parametrize(
    ("now", "is_asked"),
    [
        (datetime(2026, 11, 20, 20, tzinfo=UTC), False),
        # A quarter to one, and then five to five in Berlin: still the same night.
        (datetime(2026, 11, 20, 23, 45, tzinfo=UTC), False),
        (datetime(2026, 11, 21, 3, 55, tzinfo=UTC), False),
        (datetime(2026, 11, 21, 4, 5, tzinfo=UTC), True),
        (datetime(2026, 12, 4, 12, tzinfo=UTC), True),
        (datetime(2026, 12, 6, 12, tzinfo=UTC), False),
    ],
)
def test_today_asks_from_the_morning_after_by_my_clock(client, event, now, is_asked):
    met(event, "Ana Ruiz")

    with time_machine.travel(now, tick=False):
        assert asked(client) == ["Founders’ mixer"] * is_asked


def test_in_new_york_the_morning_comes_later(client, user, event):
    user.time_zone = "America/New_York"
    user.save()
    met(event, "Ana Ruiz")

    assert asked(client) == []


def test_today_asks_only_of_evenings_with_people_or_plans(client, user, stranger):
    past = {"starts_at": BEGAN, "ends_at": ENDED}
    EventFactory(owner=user, name="Dentist", **past)
    GoalFactory(event=EventFactory(owner=user, name="With a goal", **past))
    CaptureFactory(owner=user, event=EventFactory(owner=user, name="Captured", **past))
    cancelled = EventFactory(owner=user, cancelled_at=BEGAN, **past)
    AttendanceFactory(event=cancelled)
    AttendanceFactory(event=EventFactory(owner=stranger, **past))

    assert set(asked(client)) == {"With a goal", "Captured"}


def test_person_by_person_and_left_in_the_middle(client, event):
    ana, ben = met(event, "Ana Ruiz"), met(event, "Ben Katz")

    first = page(client, event).context["row"]
    save(client, ana, note="Asked for a buyer")
    second = page(client, event).context

    assert (first, second["row"], second["done"]) == (ana, ben, 1)
    again = page(client, event, f"?person={ana.pk}").context["person"]
    assert again["note"].value() == "Asked for a buyer"


def test_what_is_said_of_somebody_is_kept(client, user, event):
    row = met(event, "Ana Ruiz")

    save(
        client,
        row,
        headline="Sells candles",
        note="Asked for a buyer",
        need="a first retail  buyer",
        offer="knows every florist",
        follow_up="Introduce her to Lena",
        due_on="",
    )

    contact = row.contact
    contact.refresh_from_db()
    assert contact.headline == "Sells candles"
    assert set(contact.facts.values_list("kind", "text", "heard_on")) == {
        ("need", "a first retail buyer", PartialDate(2026, 11, 20)),
        ("offer", "knows every florist", PartialDate(2026, 11, 20)),
    }
    promise = FollowUp.objects.get()
    assert (promise.title, promise.due_on) == (
        "Introduce her to Lena",
        date(2026, 11, 23),
    )
    assert (promise.contact, promise.event, promise.owner) == (contact, event, user)


def test_having_met_becomes_an_interaction_and_an_origin(client, event):
    row = met(event, "Ana Ruiz")

    save(client, row, note="Asked for a buyer")

    contact = row.contact
    contact.refresh_from_db()
    found = Interaction.objects.get()
    assert (found.kind, found.in_person, found.event) == ("event", True, event)
    assert (found.text, found.people) == ("Asked for a buyer", [contact])
    assert found.on == PartialDate(2026, 11, 20)
    origin = contact.origin
    assert (origin.how, origin.event, origin.in_person) == ("event", event, True)
    assert contact.stage == Stage.MET


def test_sent_twice_it_is_written_once(client, event):
    row = met(event, "Ana Ruiz")
    said = {"note": "Tall", "need": "a buyer", "follow_up": "Write to her"}

    for _ in range(2):
        save(client, row, **said)
    close(client, event)
    close(client, event)

    contact = row.contact
    counts = [
        rows.count()
        for rows in (
            Interaction.objects,
            Origin.objects,
            FollowUp.objects,
            contact.facts,
        )
    ]
    assert counts == [1, 1, 1, 1]


def test_what_was_logged_and_how_we_met_before_stays(client, event):
    row = met(event, "Ana Ruiz")
    OriginFactory(contact=row.contact, how="online", platform="mastodon")
    logged = InteractionFactory(
        owner=event.owner, event=event, kind="event", with_contacts=[row.contact]
    )

    save(client, row)

    assert list(Interaction.objects.all()) == [logged]
    assert row.contact.origin.platform == "mastodon"


def test_an_online_gathering_is_not_in_person(client, event):
    event.is_online = True
    event.save()
    row = met(event, "Ana Ruiz")

    save(client, row)

    assert not Interaction.objects.get().in_person
    assert not row.contact.origin.in_person


def test_whoever_may_be_the_same_is_asked_about(client, user, event):
    row = met(event, "Ben Katz")
    known = ContactFactory(owner=user, full_name="ben katz")
    OriginFactory(contact=known, how="online", platform="mastodon")
    by_mail, apart = ContactFactory.create_batch(2, owner=user, full_name="B. Katz")
    for contact in (row.contact, by_mail, apart):
        ContactMethodFactory(contact=contact, value="ben@example.org")
    DistinctFactory(owner=user, one=apart, other=row.contact)
    ContactFactory(owner=user, full_name="Ben Katz").trash()

    shown = page(client, event)

    found = {(n.contact, n.known_from) for n in shown.context["namesakes"]}
    assert found == {(known, "from Mastodon"), (by_mail, "")}
    merge = reverse("contact_merge", args=[known.pk])
    assert f'{merge}?with={row.contact_id}"' in shown.text


def test_merged_it_is_one_relation_from_online_to_in_person(client, user, event):
    row = met(event, "Ben Katz")
    known = ContactFactory(owner=user, full_name="Ben Katz")
    OriginFactory(contact=known, how="online", platform="mastodon")

    merge = reverse("contact_merge", args=[known.pk]) + f"?with={row.contact_id}"
    shown = client.get(merge).context["form"]
    said = {name: shown[name].value() or "" for name in shown.fields}
    client.post(merge, said)
    row.refresh_from_db()
    save(client, row)

    known.refresh_from_db()
    assert row.contact == known
    assert (known.origin.platform, known.stage) == ("mastodon", Stage.MET)


def test_dropped_goes_to_the_trash_and_comes_back(client, user, event):
    with time_machine.travel(BEGAN + timedelta(hours=1)):
        row = met(event, "Loud Man")

    client.post(reverse("attendance_drop", args=[row.pk]))
    shown = page(client, event).context
    (undo,) = (message.extra_tags for message in shown["messages"])
    client.post(undo)

    assert shown["rows"] == []
    assert [r.contact for r in page(client, event).context["rows"]] == [row.contact]


def test_someone_i_knew_before_is_never_thrown_away(client, event):
    with time_machine.travel(BEGAN - timedelta(days=30)):
        row = met(event, "Ana Ruiz")

    client.post(reverse("attendance_drop", args=[row.pk]))

    row.refresh_from_db()
    row.contact.refresh_from_db()
    assert (row.state, row.contact.trashed_at) == ("missed", None)


def test_the_evening_as_a_whole(client, user, event):
    row = met(event, "Ana Ruiz")
    goal = GoalFactory(event=event, ticked=0)

    response = close(
        client,
        event,
        best_story="The lost suitcase",
        worth="4",
        would_go_again="True",
        debrief="Loud, but worth it",
        **{f"goal-{goal.pk}": "2"},
    )

    event.refresh_from_db()
    goal.refresh_from_db()
    row.refresh_from_db()
    assert response.url == event.get_absolute_url()
    assert (event.best_story, event.worth, event.would_go_again) == (
        "The lost suitcase",
        4,
        True,
    )
    assert (event.debrief, event.debriefed_at) == ("Loud, but worth it", NEXT_MORNING)
    assert goal.ticked == 2
    # Whoever was not gone through was met all the same.
    assert row.debriefed_at == NEXT_MORNING
    assert row.contact.origin.event == event
    assert asked(client) == []


@pytest.mark.parametrize(
    ("said", "field"), [({"worth": "6"}, "worth"), ({"worth": "lots"}, "worth")]
)
def test_what_cannot_be_is_refused_at_its_field(client, event, said, field):
    response = close(client, event, **said)

    event.refresh_from_db()
    assert response.status_code == 422
    assert response.context["form"].errors[field]
    assert event.debriefed_at is None


def test_a_day_nobody_lives_to_see_is_refused(client, event):
    row = met(event, "Ana Ruiz")

    response = save(client, row, follow_up="Write", due_on="9999-01-01", note="Tall")

    assert response.status_code == 422
    assert response.context["person"].errors["due_on"]
    assert response.context["person"]["note"].value() == "Tall"
    assert not FollowUp.objects.exists()


def test_waved_away_and_asked_again(client, event):
    met(event, "Ana Ruiz")

    client.post(reverse("event_wave", args=[event.pk]))
    shown = client.get(reverse("today")).context
    (undo,) = (message.extra_tags for message in shown["messages"])
    client.post(undo)

    assert list(shown["debriefs"]) == []
    assert not Interaction.objects.exists()
    assert asked(client) == ["Founders’ mixer"]


def test_what_is_still_to_come_has_no_debrief(client, user):
    soon = EventFactory(owner=user, starts_at=NEXT_MORNING + timedelta(hours=1))

    assert page(client, soon).url == soon.get_absolute_url()


def test_wanted_ones_are_asked_about_and_marked_from_there(client, event):
    row = AttendanceFactory(event=event, state="wanted", was_wanted=True)
    shown = page(client, event).context

    answer = client.post(
        reverse("attendance_mark", args=[row.pk]), {"do": "meet", "back": "debrief"}
    )

    assert list(shown["to_come"]) == [row]
    assert answer.url == reverse("event_debrief", args=[event.pk])
    assert page(client, event).context["row"] == row


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same(client, event, count, django_assert_num_queries):
    for number in range(count):
        met(event, f"Ana {number}")
        AttendanceFactory(event=event)

    with django_assert_num_queries(18):
        page(client, event)
