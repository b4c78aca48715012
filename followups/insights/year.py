"""A year in review: one printed page of what a year of relations was.

Days and moments are those of the owner's calendar and clocks. Whoever is in the trash
is not counted; what is written down as vaguely as a year belongs to that year.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from connections.insights.events import plain
from connections.insights.steps import came_closer, first_reached
from connections.insights.tables import Cell
from connections.models import Introduction, Origin, Outcome
from contacts.models import Contact, Stage
from events.models import Event
from followups.insights import circles, helping
from followups.insights.columns import Columns
from followups.models.followups import FollowUp, done_late
from networkcrm.models import User
from networkcrm.partial_dates import MONTHS
from networkcrm.periods import stretch

FEW = 5
NAMES = 12
WORTH_IT = 4

_YEARS = """
    SELECT y.year::text FROM generate_series(%(earliest)s::int, %(last)s::int) y (year)
    WHERE EXISTS (
        SELECT FROM connections_origin o
        WHERE o.owner_id = %(owner)s AND o."on" >= y.year::text
            AND o."on" < (y.year + 1)::text)
    UNION
    SELECT y.year::text FROM generate_series(%(first)s::int, %(last)s::int) y (year)
    WHERE EXISTS (
        SELECT FROM connections_interaction i
        WHERE i.owner_id = %(owner)s AND i."on" >= y.year::text
            AND i."on" < (y.year + 1)::text)
    OR EXISTS (
        SELECT FROM connections_outcome x
        WHERE x.owner_id = %(owner)s AND x."on" >= y.year::text
            AND x."on" < (y.year + 1)::text)
    OR EXISTS (
        SELECT FROM followups_favour f
        WHERE f.owner_id = %(owner)s AND f."on" >= y.year::text
            AND f."on" < (y.year + 1)::text)
    ORDER BY year DESC
"""
# Nobody looks further back on one page.
MOST_YEARS = 40
# Before this year there is no page.
EARLIEST = 1900


def years(owner: User, today: date) -> list[str]:
    """Those in which something is written down, and this one, the latest first."""
    said: dict[str, Any] = {
        "owner": owner.pk,
        "earliest": EARLIEST,
        "first": today.year - MOST_YEARS,
        "last": today.year,
    }
    with connection.cursor() as cursor:
        cursor.execute(_YEARS, said)
        found = [row[0] for row in cursor.fetchall()]
    this = str(today.year)
    return found if this in found else [this, *found]


def drawn(owner: User, key: str) -> str:
    """What followups/insights_year.html shows of a year."""
    context = {"year": Year(owner, key)}
    return render_to_string("followups/parts/insight_year.html", context)


class Way(NamedTuple):
    """How people came: how many, as in "7 people introduced to you"."""

    cell: Cell
    words: str


class Month(NamedTuple):
    label: str
    met: int
    helped: int


def _number(count: int, url: str) -> Cell:
    return Cell(f"{count:,}", url if count else "", count)


class _Came(NamedTuple):
    """How somebody came who came in this year."""

    how: str
    in_person: bool
    introducer_id: Any
    introducer_name: str
    event_id: Any
    event_name: str
    depth: int
    name: str


@dataclass(frozen=True, slots=True)
class Promises:
    on_time: int
    late: int
    let_go: int
    theirs: int

    @property
    def kept(self) -> int:
        return self.on_time + self.late


class Year:
    """All that the page shows, in thirteen statements, whatever there is to count."""

    def __init__(self, owner: User, key: str) -> None:
        self.owner, self.key = owner, key
        period = stretch(key)
        if period is None:
            raise ValueError(f"{key} is no year.")
        self.period = period
        self.today = timezone.localdate(timezone=owner.tz)
        self._people()
        self._came()
        self._helped()
        self._introductions()
        self._outcomes()
        self._events()
        self._promises()
        self._circles()

    @property
    def is_over(self) -> bool:
        return self.today.year > int(self.key)

    @property
    def is_empty(self) -> bool:
        counted = (
            self.new, self.met, self.helped, self.introduced, self.outcomes,
            self.events, self.received,
        )  # fmt: skip
        return not (any(cell.count for cell in counted) or self.promises.kept)

    def people_url(self, **said: str) -> str:
        return f"{reverse('contact_list')}?{urlencode({'state': 'all'} | said)}"

    def _people(self) -> None:
        people = self.owner.contacts.kept().others()
        met, closer = first_reached(Stage.MET, self.period), came_closer(self.period)
        column = f"reached_on__{Stage.MET - 1}"
        self._met_on = list(people.filter(met).values_list(column, flat=True))
        self.met = _number(len(self._met_on), self.people_url(met_in=self.key))
        close = people.filter(closer).order_by("-stage", "sort_key", "pk")
        self.close: list[Contact] = list(close[: NAMES + 1])
        count = len(self.close) if len(self.close) <= NAMES else close.count()
        self.closer = _number(count, self.people_url(closer_in=self.key))
        self.close = self.close[:NAMES]

    def _came(self) -> None:
        there = {"contact__trashed_at": None, "contact__is_me": False}
        origins = self.owner.origins.filter(
            self.period.holds("on"), contact__owner=self.owner, **there
        )
        columns = (
            "how", "in_person", "introducer_id", "introducer_name", "event_id",
            "event_name", "contact_depth", "contact__full_name",
        )  # fmt: skip
        found = [_Came(*row) for row in origins.values_list(*columns)]
        self.new = _number(len(found), self.people_url(came_in=self.key))
        self.hows = self._ways(found)
        brought = [one for one in found if one.introducer_id]
        url = self.people_url(came_in=self.key, found="somebody")
        self.brought = _number(len(brought), url)
        by = Counter((one.introducer_id, one.introducer_name) for one in brought)
        self.connectors = sorted(by.items(), key=lambda row: (-row[1], row[0][1]))[:FEW]
        at = Counter((o.event_id, o.event_name) for o in found if o.event_name)
        self.places = sorted(at.items(), key=lambda row: (-row[1], row[0][1]))[:FEW]
        deepest = max(brought, key=lambda one: (one.depth, one.name), default=None)
        self.deepest = deepest if deepest and deepest.depth > 1 else None

    def _ways(self, found: list[_Came]) -> list[Way]:
        counts = Counter(one.how for one in found)
        return [
            Way(
                _number(count, self.people_url(came_in=self.key, met_how=how)),
                _HOW_WORDS[how],
            )
            for how, count in sorted(counts.items(), key=lambda row: (-row[1], row[0]))
        ]

    def _helped(self) -> None:
        found = helping.helped(self.owner, self.period)
        self._helped_on = found
        url = f"{reverse('insights_helped')}?in={self.key}"
        self.helped = _number(len(helping.people(found)), url)
        rows = self.owner.favours.filter(
            self.period.holds("on"), contact__owner=self.owner, contact__trashed_at=None
        )
        counts = rows.aggregate(
            given=Count("pk", filter=Q(direction="given")),
            received=Count("pk", filter=Q(direction="received")),
        )
        self.given = _number(counts["given"], "")
        self.received = _number(counts["received"], "")

    def _introductions(self) -> None:
        made = self.owner.introductions.made_in(self.period, self.owner.tz)
        rows = list(made.values_list("pk", "role", "state"))
        self._introduction_ids = [pk for pk, _role, _state in rows]
        role = Introduction.Role
        mine = [state for _pk, by, state in rows if by == role.BY_ME]
        self.introduced = self._of_role(len(mine), "by-me")
        self.introduced_me = self._of_role(
            sum(by == role.FOR_ME for _pk, by, _state in rows), "for-me"
        )
        state = Introduction.State
        self.they_met = sum(one in (state.MET, state.CLOSED) for one in mine)
        shown = made.by_me().with_people().latest_first()[:FEW]
        self.introductions = list(shown) if mine else []

    def _of_role(self, count: int, role: str) -> Cell:
        said = urlencode({"made_in": self.key, "role": role})
        return _number(count, f"{reverse('introduction_list')}?{said}")

    def _outcomes(self) -> None:
        rows = self.owner.outcomes.filter(self.period.holds("on"))
        found = list(rows.defer("text").latest_first())
        url = f"{reverse('outcome_list')}?year={self.key}"
        self.outcomes = _number(len(found), url)
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for one in found:
            if one.value is not None:
                sums[one.currency] += one.value
        self.worth = [f"{plain(sums[one])} {one}" for one in sorted(sums)]
        # Those with the largest sums first, then the latest.
        found.sort(key=lambda one: -(one.value or 0))
        self.best: list[Outcome] = found[:FEW]
        through = set(self._introduction_ids)
        self.came_of_introductions = sum(
            one.introduction_id in through for one in found
        )

    def _events(self) -> None:
        rows = self.owner.events.took_place(self.period, self.owner.tz)
        found: list[Event] = list(rows.latest_first().defer("notes", "debrief"))
        url = f"{reverse('event_list')}?within={self.key}"
        self.events = _number(len(found), url)
        known = [event.hours for event in found if event.hours is not None]
        self.hours = plain(sum(known, Decimal())) if known else ""
        costs: dict[str, Decimal] = defaultdict(Decimal)
        for event in found:
            if event.cost:
                costs[event.currency] += event.cost
        self.costs = [f"{plain(costs[one])} {one}".strip() for one in sorted(costs)]
        worth = [event for event in found if (event.worth or 0) >= WORTH_IT]
        self.worth_it = sorted(worth, key=lambda event: -(event.worth or 0))[:FEW]

    def _promises(self) -> None:
        zone, mine = self.owner.tz, self.owner.followups
        done = mine.done_in(self.period, zone)
        counts = done.aggregate(
            all=Count("pk", filter=Q(promised_by=FollowUp.By.ME)),
            late=Count("pk", filter=Q(promised_by=FollowUp.By.ME) & done_late(zone)),
            theirs=Count("pk", filter=Q(promised_by=FollowUp.By.THEM)),
        )
        let_go = mine.mine().filter(
            self.period.holds_moment("dismissed_at", zone), dismissed_at__isnull=False
        )
        self.promises = Promises(
            counts["all"] - counts["late"],
            counts["late"],
            let_go.count(),
            counts["theirs"],
        )

    @property
    def on_time_url(self) -> str:
        return self._promises_url("on-time")

    @property
    def late_url(self) -> str:
        return self._promises_url("late")

    def _promises_url(self, kept: str) -> str:
        said = urlencode({"show": "done", "in": self.key, "kept": kept})
        return f"{reverse('followup_list')}?{said}"

    def _circles(self) -> None:
        year = int(self.key)
        ends = [date(year + m // 12, m % 12 + 1, 1) for m in range(1, 13)]
        days = [day - timedelta(days=1) for day in ends]
        days = [day for day in days if day < self.today]
        if not self.is_over and year == self.today.year:
            days.append(self.today)
        self.circles = circles.kept(self.owner, days) if days else []

    @property
    def months(self) -> Columns:
        met = Counter(day[:7] for day in self._met_on)
        given: dict[str, set[str]] = defaultdict(set)
        for one in self._helped_on:
            given[(one.day or "")[:7]].add(one.contact_id)
        counts = [
            Month(name, met[month], len(given[month]))
            for number, name in enumerate(MONTHS, 1)
            for month in [f"{self.key}-{number:02}"]
        ]
        marks = [(place, name[:3]) for place, name in enumerate(MONTHS)]
        title = f"People met and helped in each month of {self.key}"
        return Columns(title, counts, marks[::2])


_HOW_WORDS: dict[str, str] = {
    Origin.How.INTRODUCTION: "introduced by somebody",
    Origin.How.EVENT: "at events",
    Origin.How.ONLINE: "online",
    Origin.How.WORK: "at work",
    Origin.How.SCHOOL: "at school or in class",
    Origin.How.FAMILY: "through family",
    Origin.How.NEIGHBOURHOOD: "in the neighbourhood",
    Origin.How.OTHER: "in other ways",
}
