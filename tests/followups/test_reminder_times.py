"""When something is sent: by the clock of whoever gets it."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from followups.models import Reminder
from followups.reminders import schedule
from tests.factories import (
    EventFactory,
    PushSubscriptionFactory,
    ReminderFactory,
)

pytestmark = pytest.mark.django_db
SUNDAY = date(2026, 11, 22)


@pytest.fixture
def user(user):
    user.time_zone, user.mails_digest = "Europe/Berlin", True
    user.save()
    return user


def at(text):
    """A moment as clocks in UTC show it."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def kinds(user, now):
    return [(str(one.kind), one.about) for one in schedule.due(user, at(now))]


@pytest.mark.parametrize(
    ("now", "is_sent"),
    [
        ("2026-11-22 05:59", False),
        ("2026-11-22 06:00", True),
        # A machine that slept makes up for it, until the evening.
        ("2026-11-22 19:59", True),
        ("2026-11-22 20:00", False),
        ("2026-11-22 23:30", False),
        ("2026-11-23 05:59", False),
    ],
)
def test_the_mail_of_the_day_goes_out_on_its_day(user, now, is_sent):
    expected = [("digest", "2026-11-22")] if is_sent else []

    assert kinds(user, now) == expected


def test_it_does_not_before_it_is_switched_on(user):
    user.mails_digest = False

    assert kinds(user, "2026-11-22 06:00") == []


def test_only_todays_is_made_up_for(user):
    """After a week without a machine there is one mail, and not seven."""
    assert kinds(user, "2026-11-29 09:00") == [("digest", "2026-11-29")]


@pytest.mark.parametrize(
    ("hour", "until"), [(0, 21), (7, 21), (18, 21), (20, 23), (22, 24), (23, 24)]
)
def test_never_past_the_day_it_is_about(user, hour, until):
    user.digest_hour = hour
    start = schedule.begins(SUNDAY, user)

    end = schedule.ends(start, user).astimezone(user.tz)

    midnight = datetime(2026, 11, 22, tzinfo=user.tz)
    assert end == midnight + timedelta(hours=until)


@pytest.mark.parametrize(
    ("zone", "day", "hour", "begins"),
    [
        # 02:00 to 03:00 does not exist there on that day.
        ("Europe/Berlin", date(2026, 3, 29), 2, "2026-03-29 01:00"),
        ("Europe/Berlin", date(2026, 3, 29), 3, "2026-03-29 01:00"),
        # 02:00 to 03:00 comes twice: the first one.
        ("Europe/Berlin", date(2026, 10, 25), 2, "2026-10-25 00:00"),
        # The day begins at 01:00.
        ("Africa/Cairo", date(2026, 4, 24), 0, "2026-04-23 22:00"),
        # The clocks move by half an hour.
        ("Australia/Lord_Howe", date(2026, 10, 4), 2, "2026-10-03 15:30"),
        ("Pacific/Kiritimati", date(2026, 11, 22), 7, "2026-11-21 17:00"),
    ],
)
def test_hours_that_the_clocks_skip_or_repeat(user, zone, day, hour, begins):
    user.time_zone, user.digest_hour = zone, hour

    assert schedule.begins(day, user) == at(begins)


@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_each_hour_of_a_day_on_which_clocks_change_comes_once(user, hour, day):
    user.digest_hour = hour
    sent = set()
    now = datetime.combine(day, datetime.min.time(), UTC) - timedelta(hours=12)

    while now.date() <= day + timedelta(1):
        for notice in schedule.due(user, now):
            if notice.about == day.isoformat():
                sent.add(notice.key)
        now += timedelta(minutes=30)

    assert len(sent) == 1


@pytest.mark.parametrize(
    ("first", "last", "hours"),
    [
        (22, 7, [22, 23, 0, 1, 2, 3, 4, 5, 6]),
        (1, 3, [1, 2]),
        (0, 0, []),
        (9, 9, []),
        (23, 0, [23]),
    ],
)
def test_quiet_hours(user, first, last, hours):
    user.quiet_from, user.quiet_until = first, last

    quiet = [
        hour
        for hour in range(24)
        if schedule.is_quiet(datetime(2026, 11, 22, hour, 30, tzinfo=user.tz), user)
    ]

    assert sorted(quiet) == sorted(hours)


@pytest.fixture
def browser(user):
    user.mails_digest = False
    return PushSubscriptionFactory(owner=user)


@pytest.mark.parametrize(
    ("hour", "quiet", "sent_from", "sent_until"),
    [
        (7, (22, 7), "2026-11-22 06:00", "2026-11-22 20:00"),
        # What would be said in quiet hours waits for their end,
        (6, (22, 9), "2026-11-22 08:00", "2026-11-22 20:00"),
        # over midnight, too, and is that of the day they end on.
        (23, (22, 7), "2026-11-22 06:00", "2026-11-22 20:00"),
        (20, (19, 22), "2026-11-22 21:00", "2026-11-22 23:00"),
    ],
)
def test_a_notice_waits_for_the_end_of_quiet_hours(
    user, browser, hour, quiet, sent_from, sent_until
):
    user.digest_hour = hour
    user.quiet_from, user.quiet_until = quiet
    minute = timedelta(minutes=1)
    moments = [
        at(sent_from) - minute,
        at(sent_from),
        at(sent_until) - minute,
        at(sent_until),
    ]

    found = [bool(schedule.due(user, moment)) for moment in moments]

    assert found == [False, True, True, False]
    assert schedule.due(user, at(sent_from))[0].about == "2026-11-22"


def test_no_notice_within_quiet_hours(user, browser):
    """The machine was asleep in the morning, and wakes up in the siesta."""
    user.quiet_from, user.quiet_until = 13, 15

    assert kinds(user, "2026-11-22 12:30") == []
    assert kinds(user, "2026-11-22 14:00") == [("promises", "2026-11-22")]


def test_no_browser_no_notice(user):
    user.mails_digest = False

    assert kinds(user, "2026-11-22 06:00") == []


@pytest.mark.parametrize(
    ("now", "is_sent"),
    [
        ("2026-11-22 13:59", False),
        ("2026-11-22 14:00", True),
        ("2026-11-22 17:59", True),
        ("2026-11-22 18:00", False),
    ],
)
def test_an_event_is_told_some_hours_before(user, browser, now, is_sent):
    user.pushes_promises = False
    event = EventFactory(owner=user, starts_at=at("2026-11-22 18:00"))
    EventFactory(
        owner=user,
        starts_at=at("2026-11-22 18:00"),
        cancelled_at=at("2026-11-20 00:00"),
    )

    expected = [("event", f"{event.pk} 2026-11-22")] if is_sent else []
    assert kinds(user, now) == expected


def test_an_event_in_the_morning_waits_until_it_is_not_quiet(user, browser):
    user.pushes_promises = False
    EventFactory(owner=user, starts_at=at("2026-11-22 08:30"))
    early = EventFactory(owner=user, starts_at=at("2026-11-22 05:30"))

    assert kinds(user, "2026-11-22 05:00") == []
    # The early one has begun by then.
    (found,) = kinds(user, "2026-11-22 06:00")
    assert str(early.pk) not in found[1]


def test_an_event_of_a_whole_day_is_told_in_the_morning(user, browser):
    user.pushes_promises = False
    for day in (21, 22, 23):
        start = datetime(2026, 11, day, tzinfo=user.tz)
        EventFactory(owner=user, is_all_day=True, starts_at=start)

    found = [about for _kind, about in kinds(user, "2026-11-22 06:00")]

    assert [about.split()[1] for about in found] == ["2026-11-22"]
    assert kinds(user, "2026-11-22 05:30") == []


def test_an_event_that_is_moved_is_told_anew(user, browser):
    user.pushes_promises = False
    event = EventFactory(owner=user, starts_at=at("2026-11-22 18:00"))
    about = kinds(user, "2026-11-22 15:00")[0][1]
    ReminderFactory(owner=user, channel="push", kind="event", about=about)
    assert kinds(user, "2026-11-22 15:00") == []

    event.starts_at = at("2026-11-23 18:00")
    event.save()

    assert len(kinds(user, "2026-11-23 15:00")) == 1


@pytest.mark.parametrize("state", ["sending", "sent", "nothing", "failed"])
def test_what_was_begun_is_not_due(user, state):
    now = at("2026-11-22 06:00")
    ReminderFactory(
        owner=user, kind="digest", about="2026-11-22", state=state, sent_at=now
    )

    assert schedule.due(user, now) == []


def test_what_was_refused_is_due_when_its_time_has_come(user):
    again = at("2026-11-22 06:15")
    ReminderFactory(owner=user, about="2026-11-22", state="waiting", next_try_at=again)

    assert kinds(user, "2026-11-22 06:14") == []
    assert kinds(user, "2026-11-22 06:15") == [("digest", "2026-11-22")]


def test_a_new_zone_does_not_bring_the_same_day_twice(user):
    ReminderFactory(owner=user, about="2026-11-22", state="nothing")
    user.time_zone = "America/Los_Angeles"

    assert kinds(user, "2026-11-22 15:00") == []


def test_whoever_changes_the_hour_in_the_evening_gets_nothing_for_the_morning(user):
    with time_machine.travel(at("2026-11-22 12:00"), tick=False):
        schedule.skip_what_is_past(user, at("2026-11-22 12:00"))
        schedule.skip_what_is_past(user, at("2026-11-22 12:00"))

    assert kinds(user, "2026-11-22 12:05") == []
    assert kinds(user, "2026-11-23 06:00") == [("digest", "2026-11-23")]
    assert set(Reminder.objects.values_list("state", flat=True)) == {"nothing"}


def test_a_notice_that_waits_for_the_end_of_the_night_is_not_past(user, browser):
    user.digest_hour, user.quiet_from, user.quiet_until = 6, 22, 9
    schedule.skip_what_is_past(user, at("2026-11-22 06:00"))
    user.mails_digest = True

    assert kinds(user, "2026-11-22 08:00") == [("promises", "2026-11-22")]


def test_whoever_changes_it_before_is_not_kept_waiting(user):
    schedule.skip_what_is_past(user, at("2026-11-22 05:00"))

    assert kinds(user, "2026-11-22 06:00") == [("digest", "2026-11-22")]


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same(user, count, django_assert_num_queries):
    for _ in range(count):
        PushSubscriptionFactory(owner=user)
        EventFactory(owner=user, starts_at=at("2026-11-22 09:00"))

    with django_assert_num_queries(3):
        assert len(schedule.due(user, at("2026-11-22 06:30"))) == 2 + count
