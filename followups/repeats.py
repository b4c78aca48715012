"""What comes again: a small part of RFC 5545, 3.3.10.

FREQ=MONTHLY;INTERVAL=3
FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1     (the 31st, or the last day)
"""

import re
from datetime import date, datetime, time

from dateutil.rrule import rrulestr
from django.core.exceptions import ValidationError

UNITS = {"WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
MOST_EVERY = 99
# Everything else RFC 5545 allows is finer than a day or has no end to count to.
_ALLOWED = re.compile(
    r"FREQ=(?P<unit>WEEKLY|MONTHLY|YEARLY)(?:;INTERVAL=(?P<every>[1-9]\d?))?"
    r"(?:(?:;BYMONTH=2)?;BYMONTHDAY=28,29(?:,30(?:,31)?)?;BYSETPOS=-1)?"
)


def rule(unit: str, every: int, first: date) -> str:
    """The rule for every so many weeks, months or years from the first day on.

    Where a month has no such day, it is the last one the month has.
    """
    text = f"FREQ={unit}" + (f";INTERVAL={every}" if every > 1 else "")
    days = ",".join(str(day) for day in range(28, first.day + 1))
    if first.day < 29 or unit == "WEEKLY":
        return text
    if unit == "MONTHLY":
        return f"{text};BYMONTHDAY={days};BYSETPOS=-1"
    if first.month == 2:
        return f"{text};BYMONTH=2;BYMONTHDAY={days};BYSETPOS=-1"
    return text


def parts(text: str) -> tuple[str, int]:
    """Unit and number of a rule; ("", 1) of none. Raises ValidationError."""
    if not text:
        return "", 1
    match = _ALLOWED.fullmatch(text)
    if match is None:
        raise ValidationError(
            "It can come again every so many weeks, months or years, and no other way."
        )
    return match["unit"], int(match["every"] or 1)


def words(text: str) -> str:
    """ "every 3 months"; "" for what does not repeat."""
    try:
        unit, every = parts(text)
    except ValidationError:
        return ""
    if not unit:
        return ""
    return f"every {UNITS[unit]}" if every == 1 else f"every {every} {UNITS[unit]}s"


def following(text: str, due_on: date, today: date) -> date | None:
    """The next day, counted from the due day, after it and after today."""
    parts(text)
    begin = datetime.combine(due_on, time())
    # A rule without an end is asked for one day only.
    found = rrulestr(text, dtstart=begin).after(
        datetime.combine(max(due_on, today), time(23))
    )
    return found.date() if found else None
