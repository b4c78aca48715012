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
from followups.insights.helping import helped
from networkcrm.models import User
from networkcrm.periods import Period, week_of

WEEKS = 52
AT_ONCE = 6


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


HALF, GAP = 76, 22


@dataclass(frozen=True, slots=True)
class Columns:
    """A column for each week: the met stand up, the helped hang down.

    Widths are in percent, heights in pixels, so that no word is stretched.
    """

    weeks: list[Week]

    height = 2 * HALF + GAP

    @property
    def most(self) -> int:
        return max((max(week.met, week.helped) for week in self.weeks), default=0) or 1

    @property
    def drawn(self) -> list[dict[str, Any]]:
        step = 100 / len(self.weeks)
        columns = []
        for place, week in enumerate(self.weeks):
            up = _pixels(week.met, self.most)
            columns.append(
                {
                    "x": f"{place * step + step * 0.12:.2f}%",
                    "width": f"{step * 0.76:.2f}%",
                    "up": up,
                    "up_y": HALF - up,
                    "down": _pixels(week.helped, self.most),
                    "down_y": HALF + GAP,
                    "week": week,
                }
            )
        return columns

    @property
    def months(self) -> list[dict[str, str]]:
        """Where every third month begins."""
        step = 100 / len(self.weeks)
        begun = [
            (place, week.monday)
            for place, week in enumerate(self.weeks)
            if week.monday.day <= 7 and place <= len(self.weeks) - 4
        ]
        return [
            {"x": f"{place * step:.2f}%", "label": f"{monday:%b}"}
            for place, monday in begun[::3]
        ]


def _pixels(count: int, most: int) -> int:
    return max(3, round(count / most * HALF)) if count else 0


def section(owner: User) -> tuple[str, dict[str, Any]] | None:
    found = weeks(owner)
    latest = found[::-1]
    context = {
        "columns": Columns(found),
        "latest": latest[:AT_ONCE],
        "earlier": latest[AT_ONCE:],
        "met": sum(week.met for week in found),
        "helped": sum(week.helped for week in found),
        "is_empty": not any(week.met or week.helped for week in found),
    }
    return "followups/parts/insight_weeks.html", context
