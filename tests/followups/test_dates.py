"""Days in words, as people write them into one line."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from followups.dates import read_day

SUNDAY = date(2026, 11, 22)
WEDNESDAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("line", "title", "day"),
    [
        ("send Ana the grant list friday", "send Ana the grant list", "2026-11-27"),
        ("by Friday, send the list", "send the list", "2026-11-27"),
        ("call Ana today", "call Ana", "2026-11-25"),
        ("call Ana tonight", "call Ana", "2026-11-25"),
        ("Tomorrow: write", "write", "2026-11-26"),
        ("call the day after tomorrow", "call", "2026-11-27"),
        ("call wednesday", "call", "2026-12-02"),
        ("call this wednesday", "call", "2026-11-25"),
        ("call next friday", "call", "2026-12-04"),
        ("call on fri", "call", "2026-11-27"),
        ("call thurs", "call", "2026-11-26"),
        ("write next week", "write", "2026-11-30"),
        ("write next month", "write", "2026-12-01"),
        ("write next year", "write", "2027-01-01"),
        ("in 3 days write", "write", "2026-11-28"),
        ("write in two weeks", "write", "2026-12-09"),
        ("write in a month", "write", "2026-12-25"),
        ("write in a couple of years", "write", "2028-11-25"),
        ("write by the end of the month", "write", "2026-11-30"),
        ("write end of next month", "write", "2026-12-31"),
        ("write at the end of the year", "write", "2026-12-31"),
        ("write by the 15th", "write", "2026-12-15"),
        ("write 3 dec", "write", "2026-12-03"),
        ("write on the 3rd of December 2027", "write", "2027-12-03"),
        ("write Dec 3", "write", "2026-12-03"),
        ("write 3 nov", "write", "2027-11-03"),
        ("write 3.12.", "write", "2026-12-03"),
        ("write 2026-12-03", "write", "2026-12-03"),
        ("write 29 feb", "write", "2028-02-29"),
        ("the monday list, tomorrow", "the monday list", "2026-11-26"),
    ],
)
def test_a_day_in_words(line, title, day):
    reading = read_day(line, WEDNESDAY)

    assert (reading.title, reading.day) == (title, date.fromisoformat(day))


@pytest.mark.parametrize(
    "line",
    ["see the sun rise", "she may come", "buy 12 candles", "", "   ", "Marching on"],
)
def test_no_day_is_none(line):
    reading = read_day(line, WEDNESDAY)

    assert (reading.title, reading.day, reading.problem) == (line.strip(), None, "")


@pytest.mark.parametrize(
    "words",
    ["31 february", "2026-02-30", "the 32nd", "0.3.2026", "in 999999999 days"],
)
def test_a_day_that_does_not_exist_is_told_and_nothing_is_lost(words):
    reading = read_day(f"follow up {words}", WEDNESDAY)

    assert reading.title == f"follow up {words}"
    assert reading.problem == f"There is no such day as “{words}”."


def test_a_day_centuries_away_is_doubted():
    reading = read_day("write 2999-01-01", WEDNESDAY)

    assert reading.day is None
    assert "further away" in reading.problem


def test_a_day_with_its_year_may_be_past():
    assert read_day("write 2020-01-01", WEDNESDAY).day == date(2020, 1, 1)


def test_next_friday_said_on_a_sunday_is_in_the_week_that_begins():
    assert read_day("next friday", SUNDAY).day == date(2026, 11, 27)


@pytest.mark.parametrize(
    ("moment", "zone", "tomorrow"),
    [
        # One moment, two days.
        (datetime(2026, 11, 22, 23, 30, tzinfo=UTC), "UTC", "2026-11-23"),
        (datetime(2026, 11, 22, 23, 30, tzinfo=UTC), "Europe/Berlin", "2026-11-24"),
        (datetime(2026, 11, 23, 0, 30, tzinfo=UTC), "America/New_York", "2026-11-23"),
        # The years turn at another moment.
        (datetime(2026, 12, 31, 11, 0, tzinfo=UTC), "Pacific/Auckland", "2027-01-02"),
        (datetime(2026, 12, 31, 11, 0, tzinfo=UTC), "America/New_York", "2027-01-01"),
        # The nights in which clocks are changed have 23 and 25 hours.
        (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), "Europe/Berlin", "2026-03-30"),
        (datetime(2026, 3, 29, 22, 30, tzinfo=UTC), "Europe/Berlin", "2026-03-31"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "Europe/Berlin", "2026-10-26"),
        (datetime(2026, 10, 25, 23, 30, tzinfo=UTC), "Europe/Berlin", "2026-10-27"),
    ],
)
def test_tomorrow_is_the_owners(moment, zone, tomorrow):
    with time_machine.travel(moment, tick=False):
        today = timezone.localdate(timezone=ZoneInfo(zone))

    assert read_day("call tomorrow", today).day == date.fromisoformat(tomorrow)


@given(
    st.text(max_size=60) | st.from_regex(r"\w+ (in )?\d{1,15} ?(days|dec|st)?"),
    st.dates(date(1990, 1, 1), date(2090, 1, 1)),
)
def test_any_line_is_read(line, today):
    reading = read_day(line, today)

    assert not (reading.day and reading.problem)
    assert reading.words or reading.title == " ".join(line.split())
