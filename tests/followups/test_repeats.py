from datetime import date

import pytest
from django.core.exceptions import ValidationError

from followups import repeats


@pytest.mark.parametrize(
    ("unit", "every", "due_on", "today", "following"),
    [
        ("WEEKLY", 1, "2026-11-20", "2026-11-22", "2026-11-27"),
        ("WEEKLY", 2, "2026-11-20", "2026-11-22", "2026-12-04"),
        ("MONTHLY", 1, "2026-11-20", "2026-11-22", "2026-12-20"),
        ("MONTHLY", 3, "2026-11-20", "2026-11-22", "2027-02-20"),
        ("YEARLY", 1, "2026-12-31", "2026-12-31", "2027-12-31"),
        # Long overdue: not one for each week that was missed.
        ("WEEKLY", 1, "2025-11-21", "2026-11-22", "2026-11-27"),
        # Done before it was due.
        ("MONTHLY", 1, "2026-12-20", "2026-11-22", "2027-01-20"),
        # Where a month is shorter, its last day.
        ("MONTHLY", 1, "2026-01-31", "2026-02-01", "2026-02-28"),
        ("YEARLY", 1, "2024-02-29", "2024-03-01", "2025-02-28"),
    ],
)
def test_the_next_one_is_counted_from_the_due_day(
    unit, every, due_on, today, following
):
    due_on, today = date.fromisoformat(due_on), date.fromisoformat(today)
    rule = repeats.rule(unit, every, due_on)

    found = repeats.following(rule, due_on, today)

    assert found == date.fromisoformat(following)
    assert repeats.parts(rule) == (unit, every)


def test_the_31st_comes_back_after_february():
    rule = repeats.rule("MONTHLY", 1, date(2026, 1, 31))
    day, seen = date(2026, 1, 31), []

    for _ in range(3):
        day = repeats.following(rule, day, day)
        seen.append(day.isoformat())

    assert seen == ["2026-02-28", "2026-03-31", "2026-04-30"]


@pytest.mark.parametrize(
    "nonsense",
    [
        "FREQ=SECONDLY",
        "FREQ=DAILY;BYHOUR=1,2,3",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=WEEKLY;INTERVAL=0",
        "FREQ=MONTHLY;INTERVAL=999999999999",
        "every blue moon",
    ],
)
def test_nonsense_is_refused(nonsense):
    with pytest.raises(ValidationError, match="every so many weeks"):
        repeats.parts(nonsense)

    assert repeats.words(nonsense) == ""


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("", ""),
        ("FREQ=WEEKLY", "every week"),
        ("FREQ=MONTHLY;INTERVAL=3", "every 3 months"),
    ],
)
def test_a_rule_in_words(rule, words):
    assert repeats.words(rule) == words
