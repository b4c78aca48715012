"""A stretch of time to look at: all of it, a year, a week, the last twelve months."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from django.db.models import Q

CHOICES = [
    ("", "all time"),
    ("this-year", "this year"),
    ("last-year", "last year"),
    ("12-months", "the last 12 months"),
]


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` until the day before `before`; None where there is no end.

    Both compare with partial dates as text. What is so vague that it may lie outside
    is outside: "2025" is not within the twelve months before November 2026.
    """

    key: str = ""
    first: str | None = None
    before: str | None = None
    # Only whole days lie within: those are ten letters long.
    is_exact: bool = False

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        if self.is_exact:
            return f"the week of {date.fromisoformat(self.first or ''):%-d %B %Y}"
        return dict(CHOICES).get(self.key, self.key)

    def holds(self, field: str) -> Q:
        """The rows whose partial date `field` lies within."""
        if self.first is None or self.before is None:
            return Q()
        within = Q(**{f"{field}__gte": self.first, f"{field}__lt": self.before})
        return within & Q(**{f"{field}__regex": "^.{10}$"}) if self.is_exact else within

    @property
    def days(self) -> tuple[date, date] | None:
        """Its first day, and the one after its last."""
        if self.first is None or self.before is None:
            return None
        first, before = f"{self.first}-01-01"[:10], f"{self.before}-01-01"[:10]
        return date.fromisoformat(first), date.fromisoformat(before)

    def holds_day(self, field: str) -> Q:
        """The rows whose day `field`, a real date, lies within."""
        if self.days is None:
            return Q()
        first, before = self.days
        return Q(**{f"{field}__gte": first, f"{field}__lt": before})

    def holds_moment(self, field: str, zone: tzinfo) -> Q:
        """The rows whose moment `field` lies within, by the clocks of this zone."""
        if self.days is None:
            return Q()
        first, before = (datetime.combine(day, time(), zone) for day in self.days)
        return Q(**{f"{field}__gte": first, f"{field}__lt": before})


def period(key: str, today: date) -> Period:
    """The period of one of the CHOICES, on this day; all time for any other."""
    year = today.year
    if key == "this-year":
        return Period(key, str(year), str(year + 1))
    if key == "last-year":
        return Period(key, str(year - 1), str(year))
    if key == "12-months":
        first = months_before(today, 12) + timedelta(days=1)
        return Period(key, str(first), str(today + timedelta(days=1)))
    return Period()


def stretch(key: str) -> Period | None:
    """Of the year "2026" or the week "2026-W47" (ISO 8601: from Monday to Sunday).

    None of anything else.
    """
    match = re.fullmatch(r"([12]\d{3})(?:-W(\d\d))?", key)
    if match is None:
        return None
    year, week = int(match[1]), match[2]
    if week is None:
        return Period(key, str(year), str(year + 1))
    try:
        monday = date.fromisocalendar(year, int(week), 1)
    except ValueError:
        return None
    return Period(key, str(monday), str(monday + timedelta(7)), is_exact=True)


def week_of(day: date) -> str:
    """ "2026-W47", as `stretch` reads it."""
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02}"


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or the last day of a shorter one."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1)) - timedelta(days=1)
    return last.replace(day=min(day.day, last.day))


def surely_before(field: str, day: date) -> Q:
    """All days that the partial date `field` can mean lie before this one."""
    text = str(day)
    return Q(**{f"{field}__lt": text}) & ~Q(**{f"{field}__in": [text[:4], text[:7]]})
