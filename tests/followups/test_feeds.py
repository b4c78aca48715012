"""A calendar reads what I promised, and birthdays, at secret addresses."""

from datetime import UTC, date, datetime, timedelta

import pytest
import recurring_ical_events
import time_machine
from django.core.cache import cache
from django.urls import reverse
from icalendar import Calendar

from events.calendars import birthdays
from events.models import Feed
from followups import calendar
from tests.factories import (
    ContactFactory,
    FeedFactory,
    FollowUpFactory,
    ImportantDateFactory,
)

NAMES = {"events": "feed_events", "follow-ups": "feed_followups"} | {
    "birthdays": "feed_birthdays"
}


@pytest.fixture(autouse=True)
def _nobody_asked_before(db):
    cache.clear()


@pytest.fixture(params=["follow-ups", "birthdays"])
def kind(request):
    return request.param


def read(client, user, kind, token=None, **headers):
    token = token or Feed(owner=user, kind=kind).renew()
    client.logout()
    return client.get(reverse(NAMES[kind], args=[token]), headers=headers)


def components(content, name):
    found = Calendar.from_ical(content).walk(name)
    return {str(one["SUMMARY"]): one for one in found}


def days(content, year):
    found = recurring_ical_events.of(Calendar.from_ical(content)).between(
        date(year, 1, 1), date(year + 1, 1, 1)
    )
    return sorted((one.start, str(one["SUMMARY"])) for one in found)


def test_each_kind_has_an_address_of_its_own(client, user):
    client.post(reverse("feed_create"), {"kind": "events"})
    for kind in ("follow-ups", "birthdays"):
        client.post(reverse("feed_create"), {"kind": kind})
        page = client.get(reverse("feed_list"))
        made = page.context["made"]["address"]
        assert made.endswith(f"/{kind}.ics")
        assert client.get(made.partition("/feeds/")[1] + made.partition("/feeds/")[2])

    assert [kind.value for kind, _what, feed in page.context["feeds"] if feed] == [
        "events",
        "follow-ups",
        "birthdays",
    ]


def test_an_address_opens_its_own_kind_only(client, user, kind):
    token = Feed(owner=user, kind=kind).renew()

    answers = {name: read(client, user, name, token).status_code for name in NAMES}

    assert answers == dict.fromkeys(NAMES, 404) | {kind: 200}


def test_only_my_own(client, user, stranger, kind):
    theirs = ContactFactory(owner=stranger, full_name="Secret", birthday="--05-03")
    FollowUpFactory(contact=theirs, title="Secret", due_on=date(2026, 1, 1))

    assert "Secret" not in read(client, user, kind).text


def test_promises_are_tasks_and_whole_days(client, user):
    ana = ContactFactory(owner=user, full_name="Ana Ruiz")
    FollowUpFactory(
        contact=ana, title="Send; the, list", due_on=date(2026, 12, 4), note="Secret"
    )
    FollowUpFactory(contact=ana, title="No day")
    FollowUpFactory(contact=ana, title="Theirs", promised_by="them")
    FollowUpFactory(contact=ana, title="Let go").dismiss()

    content = read(client, user, "follow-ups").content

    tasks, found = components(content, "VTODO"), components(content, "VEVENT")
    assert set(tasks) == {"Send; the, list (Ana Ruiz)", "No day (Ana Ruiz)"}
    assert tasks["Send; the, list (Ana Ruiz)"]["DUE"].to_ical() == b"20261204"
    assert "DUE" not in tasks["No day (Ana Ruiz)"]
    (day,) = found.values()
    assert (day.start, day.end) == (date(2026, 12, 4), date(2026, 12, 5))
    assert day["UID"] not in {task["UID"] for task in tasks.values()}
    assert b"Secret" not in content
    assert content.startswith(b"BEGIN:VCALENDAR\r\n")


def test_what_is_done_is_told_to_task_lists_for_a_month(user):
    ana = ContactFactory(owner=user)
    old, new = (FollowUpFactory(contact=ana, due_on=date(2026, 11, 1)) for _ in "ab")
    with time_machine.travel("2026-11-01 12:00Z", tick=False):
        old.complete()
    with time_machine.travel("2026-12-10 12:00Z", tick=False):
        new.complete()

        content = calendar.calendar_of(user)

    (task,) = components(content, "VTODO").values()
    assert task["STATUS"] == "COMPLETED"
    assert task["COMPLETED"].dt == datetime(2026, 12, 10, 12, tzinfo=UTC)
    assert components(content, "VEVENT") == {}


@pytest.mark.parametrize(
    ("repeat", "due", "expected"),
    [
        ("FREQ=MONTHLY;INTERVAL=3", date(2026, 2, 5), ["2-5", "5-5", "8-5", "11-5"]),
        (
            "FREQ=MONTHLY;INTERVAL=6;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
            date(2026, 2, 28),
            ["2-28", "8-31"],
        ),
        ("", date(2026, 2, 5), ["2-5"]),
    ],
)
def test_what_comes_again_stands_on_all_its_days(user, repeat, due, expected):
    FollowUpFactory(owner=user, title="Call", contact=None, repeat=repeat, due_on=due)

    content = calendar.calendar_of(user)

    assert [f"{d.month}-{d.day}" for d, _ in days(content, 2026)] == expected
    (task,) = components(content, "VTODO").values()
    assert ("RRULE" in task) == bool(repeat)


def test_birthdays_come_every_year(client, user):
    for name, birthday in {
        "Ana": "1990-05-03",
        "Ben": "--05-04",
        "Leap": "1988-02-29",
        "Leap too": "--02-29",
        "Year only": "1990",
        "Month only": "1990-05",
    }.items():
        ContactFactory(owner=user, full_name=name, birthday=birthday, about="Secret")
    ContactFactory(owner=user, full_name="Gone", birthday="--05-05").trash()
    ContactFactory(owner=user, full_name="Away", birthday="--05-05").archive()

    content = read(client, user, "birthdays").content

    last = {2027: date(2027, 2, 28), 2028: date(2028, 2, 29)}
    for year, february in last.items():
        assert days(content, year) == [
            (february, "Leap too’s birthday"),
            (february, "Leap’s birthday"),
            (date(year, 5, 3), "Ana’s birthday"),
            (date(year, 5, 4), "Ben’s birthday"),
        ]
    assert days(content, 1989) == [(date(1989, 2, 28), "Leap’s birthday")]
    assert b"Secret" not in content


def test_the_last_day_there_is_stops_no_calendar(user):
    ana = ContactFactory(owner=user, full_name="Ana", birthday="9999-12-31")
    FollowUpFactory(contact=ana, title="Sing", due_on=date.max)

    promised = components(calendar.calendar_of(user), "VEVENT")
    assert promised["Sing (Ana)"].start == date.max
    born = components(birthdays.calendar_of(user), "VEVENT")
    assert born["Ana’s birthday"].start == date.max


def test_other_days_of_a_year_are_there_too(user):
    ana = ContactFactory(owner=user, full_name="Ana")
    gone = ContactFactory(owner=user, full_name="Gone")
    ImportantDateFactory(contact=ana, label="Opened shop", on="2019-03-01")
    ImportantDateFactory(contact=ana, kind="name_day", on="--07-26")
    ImportantDateFactory(contact=ana, label="Once", on="2027-03-01", yearly=False)
    ImportantDateFactory(contact=gone, label="Gone", on="--03-01")
    gone.trash()

    assert days(birthdays.calendar_of(user), 2027) == [
        (date(2027, 3, 1), "Opened shop: Ana"),
        (date(2027, 7, 26), "Name day: Ana"),
    ]


def test_a_calendar_asks_whether_it_changed(client, user, kind):
    token = Feed(owner=user, kind=kind).renew()
    ana = ContactFactory(owner=user, full_name="Ana", birthday="--05-03")
    promise = FollowUpFactory(contact=ana)
    etag = read(client, user, kind, token)["ETag"]

    same = read(client, user, kind, token, if_none_match=etag)
    ana.full_name = "Anna"
    ana.save()
    renamed = read(client, user, kind, token, if_none_match=etag)
    promise.complete()
    ana.trash()
    changed = read(client, user, kind, token, if_none_match=renamed["ETag"])

    assert [r.status_code for r in (same, renamed, changed)] == [304, 200, 200]
    assert same.content == b""
    assert "Anna" in renamed.text
    assert {r["Cache-Control"] for r in (same, renamed)} == {"private, no-cache"}


def test_too_often_is_too_often(client, user, kind):
    token = Feed(owner=user, kind=kind).renew()

    answers = [read(client, user, kind, token).status_code for _ in range(25)]

    assert (answers[0], answers[-1]) == (200, 429)


def test_when_it_was_read_last_is_kept_to_the_hour(client, user):
    token = Feed(owner=user, kind="birthdays").renew()
    made = user.feeds.get().updated_at
    start = datetime(2026, 11, 22, 8, tzinfo=UTC)
    seen = []

    for minutes in (0, 30, 70):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            read(client, user, "birthdays", token)
        seen.append(user.feeds.get().last_read_at)

    client.force_login(user)
    with time_machine.travel(start + timedelta(hours=3, minutes=10), tick=False):
        page = client.get(reverse("feed_list"))
    assert seen == [start, start, start + timedelta(minutes=70)]
    assert user.feeds.get().updated_at == made
    assert "last read 2\xa0hours ago" in page.text


def test_a_new_address_has_not_been_read(user):
    feed = FeedFactory(owner=user, last_read_at=datetime(2026, 1, 1, tzinfo=UTC))

    feed.renew()

    assert user.feeds.get().last_read_at is None


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same(user, count, django_assert_num_queries):
    for _ in range(count):
        contact = ContactFactory(owner=user, birthday="--05-03")
        FollowUpFactory(contact=contact, due_on=date(2026, 1, 1))
        ImportantDateFactory(contact=contact)

    with django_assert_num_queries(1):
        calendar.calendar_of(user)
    with django_assert_num_queries(2):
        birthdays.calendar_of(user)
