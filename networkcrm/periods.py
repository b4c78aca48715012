"""A stretch of time to look at: all of it, a year, the last twelve months."""

from dataclasses import dataclass
from datetime import date, timedelta

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

    @property
    def label(self) -> str:
        return dict(CHOICES)[self.key]

    def holds(self, field: str) -> Q:
        """The rows whose partial date `field` lies within."""
        if self.first is None or self.before is None:
            return Q()
        return Q(**{f"{field}__gte": self.first, f"{field}__lt": self.before})


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


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or the last day of a shorter one."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1)) - timedelta(days=1)
    return last.replace(day=min(day.day, last.day))


def surely_before(field: str, day: date) -> Q:
    """All days that the partial date `field` can mean lie before this one."""
    text = str(day)
    return Q(**{f"{field}__lt": text}) & ~Q(**{f"{field}__in": [text[:4], text[:7]]})
