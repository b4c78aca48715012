"""What events cost, and whom and what they brought: per event, per series, per year.

Kept is whoever I was in touch with again ninety days after, or later; met again is whom
I saw in person on a later day. Sums of money stay in their currency.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from connections.charts import Bar, Chart, Part
from connections.insights.tables import Cell, Row, Table
from events.models import Event
from networkcrm.models import User
from networkcrm.text import fold

KEPT_AFTER = timedelta(days=90)
MOST = 50
BY = {"event": "by event", "series": "by series", "year": "by year"}
WHAT = {
    "met": "met there",
    "kept": "kept after 90 days",
    "again": "met again",
    "introductions": "introductions",
    "outcomes": "what came of it",
}
Ids = set[str]

_PEOPLE = """
    WITH met (event_id, contact_id) AS (
        SELECT i.event_id, p.contact_id
        FROM connections_interaction i JOIN connections_participation p
            ON p.owner_id = %(owner)s AND p.interaction_id = i.id
        WHERE i.owner_id = %(owner)s AND i.event_id = ANY(%(events)s)
        UNION SELECT o.event_id, o.contact_id FROM connections_origin o
        WHERE o.owner_id = %(owner)s AND o.event_id = ANY(%(events)s)
        UNION SELECT a.event_id, a.contact_id FROM events_attendance a
        WHERE a.owner_id = %(owner)s AND a.event_id = ANY(%(events)s)
            AND a.state = 'met'
    )
    SELECT m.event_id::text, m.contact_id::text,
        coalesce(bool_or(i."on" >= (d.day + 90)::text), false),
        coalesce(bool_or(i.in_person AND i."on" > d.day::text), false)
    FROM met m
    JOIN contacts_contact c ON c.owner_id = %(owner)s AND c.id = m.contact_id
    JOIN (
        SELECT e.id, (e.starts_at AT TIME ZONE %(zone)s)::date AS day
        FROM events_event e WHERE e.owner_id = %(owner)s
    ) d ON d.id = m.event_id
    LEFT JOIN (
        connections_participation p JOIN connections_interaction i
            ON i.owner_id = %(owner)s AND i.id = p.interaction_id
            AND i.kind <> 'mention' AND i."on" <= %(today)s
    ) ON p.owner_id = %(owner)s AND p.contact_id = m.contact_id
        AND i.event_id IS DISTINCT FROM m.event_id
    WHERE c.trashed_at IS NULL AND NOT c.is_me
    GROUP BY m.event_id, m.contact_id
"""


@dataclass
class Sum:
    """Some events together: an event, all of a series, all of a year."""

    key: str
    label: str
    events: list[Event] = field(default_factory=list)
    met: Ids = field(default_factory=set)
    kept: Ids = field(default_factory=set)
    again: Ids = field(default_factory=set)
    introductions: Ids = field(default_factory=set)
    outcomes: Ids = field(default_factory=set)
    values: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    # Those old enough to tell who was kept.
    is_early: bool = True

    @property
    def hours(self) -> Decimal | None:
        known = [event.hours for event in self.events if event.hours is not None]
        return sum(known, Decimal()) if known else None

    @property
    def costs(self) -> dict[str, Decimal]:
        found: dict[str, Decimal] = defaultdict(Decimal)
        for event in self.events:
            if event.cost is not None:
                found[event.currency] += event.cost
        return dict(sorted(found.items()))

    @property
    def worth(self) -> Decimal | None:
        said = [event.worth for event in self.events if event.worth]
        return round(Decimal(sum(said)) / len(said), 1) if said else None

    @property
    def would_go_again(self) -> bool | None:
        """As I said last."""
        said = [e for e in self.events if e.would_go_again is not None]
        return said[0].would_go_again if said else None

    @property
    def verdict(self) -> str:
        """ "12 hours and 60 EUR for 14 people: 6 kept, 2 hours each." """
        spent = [f"{plain(self.hours)} hours"] if self.hours is not None else []
        spent += [f"{plain(v)} {k}".strip() for k, v in self.costs.items()]
        people = _counted(len(self.met), "person", "people")
        text = f"{' and '.join(spent)} for {people}" if spent else people
        if self.is_early:
            return f"{text}. Too early to say who stays."
        text += f": {len(self.kept)} kept"
        if self.kept and self.hours:
            text += f", {plain(self.hours / len(self.kept))} hours each"
        if self.again:
            text += f", {len(self.again)} met again"
        if self.outcomes:
            text += f", {_counted(len(self.outcomes), 'outcome', 'outcomes')}"
        return f"{text}."


def plain(number: Decimal) -> str:
    """Without zeros that say nothing: 12.50, 3, 0.5."""
    rounded = round(number, 2)
    if rounded == rounded.to_integral_value():
        return f"{rounded:,.0f}"
    return f"{rounded:,.2f}".removesuffix("0")


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def key_of(event: Event, by: str) -> str:
    """Under which it is added up; "" when it is not."""
    if by == "series":
        return fold(event.series)
    if by == "year":
        return str(event.day.year) if event.day else ""
    return str(event.pk)


class Happened:
    """What the events of an owner brought, read once, in four queries.

    All of them, or those that are added up under one key.
    """

    def __init__(self, owner: User, by: str = "", of: str = "") -> None:
        self.owner = owner
        self.today = timezone.localdate(timezone=owner.tz)
        past = owner.events.filter(starts_at__lte=timezone.now(), cancelled_at=None)
        self.events = list(past.latest_first())
        for event in self.events:
            event.owner = owner
        if by:
            self.events = [one for one in self.events if key_of(one, by) == of]
        ids = self.ids = [event.pk for event in self.events]
        self.people = self._people()
        outcomes = owner.outcomes.filter(event__in=ids)
        columns = ("event_id", "pk", "value", "currency")
        self.outcomes = list(outcomes.values_list(*columns))
        made = owner.introductions.made().filter(event__in=ids)
        self.introductions = list(made.values_list("event_id", "pk"))

    def _people(self) -> list[tuple[str, str, bool, bool]]:
        """(event, contact, was kept, was met again)"""
        said: dict[str, Any] = {
            "owner": self.owner.pk,
            "zone": self.owner.time_zone,
            "events": self.ids,
            "today": str(self.today),
        }
        with connection.cursor() as cursor:
            cursor.execute(_PEOPLE, said)
            return cursor.fetchall()


class EventInsights:
    """The same, added up by event, by series or by year."""

    def __init__(self, happened: Happened, by: str) -> None:
        self.by = by
        self.sums: dict[str, Sum] = {}
        of_event: dict[str, Sum] = {}
        today = happened.today
        for event in happened.events:
            if found := self._sum_of(event):
                found.events.append(event)
                of_event[str(event.pk)] = found
                found.is_early &= (event.day or today) + KEPT_AFTER > today
        for event_id, contact_id, kept, again in happened.people:
            if one := of_event.get(event_id):
                one.met.add(contact_id)
                if kept:
                    one.kept.add(contact_id)
                if again:
                    one.again.add(contact_id)
        for at, pk, value, currency in happened.outcomes:
            if one := of_event.get(str(at)):
                one.outcomes.add(str(pk))
                if value is not None:
                    one.values[currency] += value
        for at, pk in happened.introductions:
            if one := of_event.get(str(at)):
                one.introductions.add(str(pk))

    def _sum_of(self, event: Event) -> Sum | None:
        key = key_of(event, self.by)
        label = {"series": event.series, "year": key}.get(self.by, event.name)
        if not key:
            return None
        return self.sums.setdefault(key, Sum(key, label))

    @property
    def shown(self) -> list[Sum]:
        """Those with most to tell, but years and what is equal by time."""
        if self.by == "year":
            return list(self.sums.values())[:MOST]
        order = sorted(
            self.sums.values(), key=lambda s: (-len(s.met), -len(s.kept), s.label)
        )
        return order[:MOST]

    @property
    def table(self) -> Table:
        columns = ["met", "kept", "met again", "introductions", "outcomes"]
        columns += ["brought in", "hours", "cost", "worth"]
        rows = [self._row(one) for one in self.shown]
        return Table(columns, rows, self._chart())

    def _row(self, one: Sum) -> Row:
        cells = [self._cell(one, what) for what in WHAT]
        if one.is_early:
            cells[1] = Cell("too early")
        cells += [
            Cell(_money(one.values)),
            Cell(plain(one.hours) if one.hours is not None else ""),
            Cell(_money(one.costs)),
            Cell(str(one.worth or "")),
        ]
        return Row(one.label, self._url(one), cells)

    def _url(self, one: Sum) -> str:
        if self.by == "event":
            return one.events[0].get_absolute_url()
        if self.by == "series":
            return f"{reverse('event_list')}?{urlencode({'q': one.label})}"
        return ""

    def _cell(self, one: Sum, what: str) -> Cell:
        count = len(getattr(one, what))
        query = urlencode({"by": self.by, "of": one.key, "what": what})
        url = f"{reverse('insights_event_list')}?{query}"
        return Cell(f"{count:,}", url if count else "", count)

    def _chart(self) -> Chart:
        bars = [
            Bar(
                one.label,
                f"{len(one.met):,}",
                [
                    Part(len(one.kept), "person"),
                    Part(len(one.met - one.kept), "person", is_solid=False),
                ],
            )
            for one in self.shown[:20]
        ]
        return Chart(
            "events-chart",
            f"People met, {BY[self.by]}",
            "A bar for each: all I met, the solid part those I kept.",
            bars,
            ("kept after 90 days", "met and not kept, or too early to say"),
        )


def _money(sums: dict[str, Decimal]) -> str:
    pairs = sorted(sums.items())
    parts = [f"{plain(value)} {currency}".strip() for currency, value in pairs]
    return ", ".join(parts)


def again(happened: Happened) -> list[dict[str, Any]]:
    """Go again? Each series, with what it took and what it gave."""
    found = EventInsights(happened, "series").shown
    return [{"sum": one, "latest": one.events[0]} for one in found if one.met]


def drawn(owner: User, by: str) -> str:
    """What connections/insights_events.html shows of all this."""
    happened = Happened(owner)
    context = {"insights": EventInsights(happened, by), "again": again(happened)[:20]}
    return render_to_string("connections/parts/insight_events.html", context)


def behind(owner: User, by: str, of: str, what: str) -> tuple[str, list[str]] | None:
    """Whose events these are, and the ids behind one of their numbers, in the order of
    the list. None when there are no such events."""
    found = EventInsights(Happened(owner, by, of), by).sums.get(of)
    if found is None:
        return None
    ids = list(getattr(found, what))
    rows: Any = owner.contacts.by_name()
    if what in ("outcomes", "introductions"):
        rows = getattr(owner, what).latest_first()
    keys = rows.filter(pk__in=ids).values_list("pk", flat=True)
    return found.label, list(map(str, keys))
