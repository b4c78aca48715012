"""A calendar reads my events at a secret address."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from icalendar import Calendar

from events.models import Feed
from tests.factories import AttendanceFactory, EventFactory, FeedFactory


@pytest.fixture
def user(user):
    user.time_zone = "America/New_York"
    user.save()
    return user


@pytest.fixture
def token(user):
    return Feed(owner=user, kind="events").renew()


@pytest.fixture(autouse=True)
def _nobody_asked_before(db):
    cache.clear()


def read(client, token, **headers):
    client.logout()
    return client.get(reverse("feed_events", args=[token]), headers=headers)


def parsed(client, token):
    answer = read(client, token)
    calendar = Calendar.from_ical(answer.content)
    return calendar, {str(e["SUMMARY"]): e for e in calendar.walk("VEVENT")}


def test_an_address_is_shown_once(client, user):
    client.post(reverse("feed_create"), {"kind": "events"})

    first = client.get(reverse("feed_list")).context["made"]["address"]
    second = client.get(reverse("feed_list")).context["made"]

    path = first.partition("/feeds/")[1] + first.partition("/feeds/")[2]
    client.logout()
    assert client.get(path).status_code == 200
    assert second is None
    assert Feed.objects.get().token_hash not in first


@pytest.mark.parametrize("act", ["renew", "revoke", "deactivate"])
def test_an_old_address_leads_nowhere(client, user, token, act):
    if act == "renew":
        client.post(reverse("feed_create"), {"kind": "events"})
    elif act == "revoke":
        client.post(reverse("feed_delete", args=[user.feeds.get().pk]))
    else:
        user.is_active = False
        user.save()

    assert read(client, token).status_code == 404


def test_what_is_no_calendar_is_not_made(client, user):
    client.post(reverse("feed_create"), {"kind": "diary"})

    page = client.get(reverse("feed_list"))
    assert "There is no such calendar." in page.text
    assert not Feed.objects.exists()


def test_the_token_of_another_kind_opens_no_events(client, user):
    token = FeedFactory(owner=user, kind="birthdays").renew()

    assert read(client, token).status_code == 404


def test_events_with_their_zones_and_whole_days(client, user, token):
    EventFactory(
        owner=user,
        name="Mixer",
        starts_at=datetime(2026, 7, 1, 17, tzinfo=UTC),
        ends_at=datetime(2026, 7, 1, 23, tzinfo=UTC),
        time_zone="Europe/Berlin",
        place="Café Lauter; upstairs, left",
        url="https://example.org/mixer",
    )
    EventFactory(
        owner=user,
        name="Fair",
        is_all_day=True,
        starts_at=datetime(2026, 11, 20, 5, tzinfo=UTC),
        ends_at=datetime(2026, 11, 22, 5, tzinfo=UTC),
    )
    EventFactory(owner=user, name="No date yet")

    calendar, events = parsed(client, token)

    mixer, fair = events["Mixer"], events["Fair"]
    assert set(events) == {"Mixer", "Fair"}
    assert mixer["DTSTART"].to_ical() == b"20260701T190000"
    assert mixer["DTSTART"].params["TZID"] == "Europe/Berlin"
    assert mixer.end - mixer.start == timedelta(hours=6)
    assert str(mixer["LOCATION"]) == "Café Lauter; upstairs, left"
    assert [z.tz_name for z in calendar.timezones] == ["Europe/Berlin"]
    assert (fair["DTSTART"].to_ical(), fair["DTEND"].to_ical()) == (
        b"20261120",
        b"20261122",
    )


def test_summer_and_winter_are_told_apart(client, user, token):
    for month in (7, 12):
        EventFactory(
            owner=user,
            name=f"Month {month}",
            starts_at=datetime(2026, month, 1, 17, tzinfo=UTC),
        )

    _calendar, events = parsed(client, token)

    assert events["Month 7"].start.utcoffset() == timedelta(hours=-4)
    assert events["Month 12"].start.utcoffset() == timedelta(hours=-5)
    assert all(e.start.astimezone(UTC).hour == 17 for e in events.values())


def test_what_is_private_stays_here(client, user, token):
    event = EventFactory(
        owner=user,
        name="Mixer",
        starts_at=datetime(2026, 7, 1, 17, tzinfo=UTC),
        purpose="Secret purpose",
        notes="Secret notes",
        debrief="Secret debrief",
        best_story="Secret story",
    )
    AttendanceFactory(event=event, talking_points="Secret points")

    text = read(client, token).text

    assert "Mixer" in text
    assert "Secret" not in text
    assert event.attendances.get().contact.full_name not in text


def test_lines_are_folded_and_end_as_they_must(client, user, token):
    EventFactory(owner=user, name="Ü" * 290, starts_at=datetime(2026, 7, 1, tzinfo=UTC))

    content = read(client, token).content

    lines = content.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert b"\n" not in content.replace(b"\r\n", b"")
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert str(event["SUMMARY"]) == "Ü" * 290


def test_a_calendar_asks_whether_it_changed(client, user, token):
    event = EventFactory(owner=user, starts_at=datetime(2026, 7, 1, tzinfo=UTC))
    first = read(client, token)

    same = read(client, token, if_none_match=first["ETag"])
    event.cancelled_at = datetime(2026, 6, 1, tzinfo=UTC)
    event.save()
    changed = read(client, token, if_none_match=first["ETag"])

    assert (same.status_code, same.content) == (304, b"")
    assert (changed.status_code, b"STATUS:CANCELLED" in changed.content) == (200, True)
    assert {r["Cache-Control"] for r in (first, same, changed)} == {"private, no-cache"}
    # The same event to whoever reads, whatever happened to it.
    events = [Calendar.from_ical(r.content).walk("VEVENT")[0] for r in (first, changed)]
    assert events[0]["UID"] == events[1]["UID"]


def test_too_often_is_too_often(client, user, token):
    answers = [read(client, token).status_code for _ in range(25)]

    assert answers[0] == 200
    assert answers[-1] == 429


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same(client, user, token, count, django_assert_num_queries):
    for _ in range(count):
        EventFactory(owner=user, starts_at=datetime(2026, 7, 1, tzinfo=UTC))
    feed = reverse("feed_events", args=[token])
    client.logout()
    client.get(feed)

    from events.calendars import writing

    with django_assert_num_queries(1):
        writing.calendar_of(user)
