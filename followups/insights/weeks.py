"""People met and people helped, week by week of the last twelve months."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from connections.insights.steps import first_reached
from connections.insights.tables import Cell
from contacts.models import Stage
from followups.insights.columns import Columns
from followups.insights.helping import helped
from networkcrm.models import User
from networkcrm.periods import Period, week_of

WEEKS = 52
AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Week:
    """From a Monday to a Sunday; how many people, each once."""

    monday: date
    met: int
    helped: int

    @property
    def key(self) -> str:
        return week_of(self.monday)

    @property
    def label(self) -> str:
        return f"{self.monday:%-d %b %Y}"

    @property
    def cells(self) -> list[Cell]:
        people = urlencode({"met_in": self.key, "state": "all"})
        return [
            _number(self.met, f"{reverse('contact_list')}?{people}"),
            _number(self.helped, f"{reverse('insights_helped')}?in={self.key}"),
        ]


def _number(count: int, url: str) -> Cell:
    return Cell(f"{count:,}", url if count else "", count)


def weeks(owner: User) -> list[Week]:
    """Those of the last twelve months, the earliest first; two statements."""
    today = timezone.localdate(timezone=owner.tz)
    this = today - timedelta(today.weekday())
    mondays = [this - timedelta(7 * back) for back in range(WEEKS - 1, -1, -1)]
    whole = Period("", str(mondays[0]), str(this + timedelta(7)), is_exact=True)
    # The first day of a step stands in an array, counted from 0.
    column = f"reached_on__{Stage.MET - 1}"
    people = owner.contacts.kept().others().filter(first_reached(Stage.MET, whole))
    met = Counter(_monday(day) for day in people.values_list(column, flat=True))
    given: dict[date, set[str]] = defaultdict(set)
    for one in helped(owner, whole):
        given[_monday(one.day or "")].add(one.contact_id)
    return [Week(day, met[day], len(given[day])) for day in mondays]


def _monday(text: str) -> date:
    day = date.fromisoformat(text)
    return day - timedelta(day.weekday())


def _columns(found: list[Week]) -> Columns:
    begun = [
        (place, f"{week.monday:%b}")
        for place, week in enumerate(found[:-3])
        if week.monday.day <= 7
    ]
    title = f"People met and helped in each of the last {len(found)} weeks"
    return Columns(title, found, begun[::3])


def section(owner: User) -> tuple[str, dict[str, Any]] | None:
    found = weeks(owner)
    latest = found[::-1]
    today = timezone.localdate(timezone=owner.tz)
    context = {
        # In January, of the year that has just gone.
        "review": today.year - (today.month == 1),
        "columns": _columns(found),
        "latest": latest[:AT_ONCE],
        "earlier": latest[AT_ONCE:],
        "met": sum(week.met for week in found),
        "helped": sum(week.helped for week in found),
        "is_empty": not any(week.met or week.helped for week in found),
    }
    return "followups/parts/insight_weeks.html", context
