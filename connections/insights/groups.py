"""People by who brought them, how, where and at which event; and the credit.

People are counted by when they came, outcomes by when they came about.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from connections.insights import keeping
from networkcrm.periods import Period

Key = tuple[str, str]

# Ids travel as text: many times as quick to read and to compare as UUIDs.
_CAME = f"""
    FROM connections_origin o JOIN contacts_contact c
        ON c.owner_id = %(owner)s AND c.id = o.contact_id
    {keeping.JOIN}
    WHERE o.owner_id = %(owner)s AND c.trashed_at IS NULL AND NOT c.is_me
        AND (%(first)s::text IS NULL
            OR o."on" >= %(first)s::text AND o."on" < %(before)s::text)
"""
_COUNTS = f"count(*), count(*) FILTER (WHERE {keeping.KEPT})"
_WAYS = f"""
    SELECT o.how, o.platform, o.event_id::text,
        CASE WHEN o.introducer_id IS NOT NULL THEN 'somebody'
            WHEN o.introducer_name <> '' THEN 'gone' ELSE 'nobody' END, {_COUNTS}
    {_CAME} GROUP BY 1, 2, o.event_id, 4
"""
_BROUGHT = f"""
    SELECT o.introducer_id::text, {_COUNTS}
    {_CAME} AND o.introducer_id IS NOT NULL GROUP BY o.introducer_id
"""
# Whoever brought somebody, in whichever year, and was brought or met somehow too.
_INTRODUCERS = """
    SELECT o.contact_id::text, o.introducer_id::text, o.contact_depth,
        o.how, o.platform, o.event_id::text
    FROM connections_origin o
    WHERE o.owner_id = %(owner)s AND o.contact_id IN (
        SELECT i.introducer_id FROM connections_origin i
        WHERE i.owner_id = %(owner)s AND i.introducer_id IS NOT NULL)
"""
_OUTCOMES = """
    SELECT x.id, x.value, x.currency, x.event_id::text, s.contact_id::text,
        o.introducer_id::text, o.how, o.platform, o.event_id::text
    FROM connections_outcome x
    LEFT JOIN (
        connections_outcomeshare s LEFT JOIN connections_origin o
            ON o.owner_id = %(owner)s AND o.contact_id = s.contact_id
    ) ON s.owner_id = %(owner)s AND s.outcome_id = x.id
    WHERE x.owner_id = %(owner)s
        AND (%(first)s::text IS NULL
            OR x."on" >= %(first)s::text AND x."on" < %(before)s::text)
"""
_TRASHED = """
    SELECT id::text FROM contacts_contact
    WHERE owner_id = %(owner)s AND trashed_at IS NOT NULL
"""


class Worth(NamedTuple):
    currency: str
    value: Decimal


@dataclass(slots=True)
class Group:
    """People who came one way, and what came of them.

    Of a person: `direct` came through them without anybody between.
    """

    key: str
    people: int = 0
    kept: int = 0
    direct: int = 0
    outcomes: int = 0
    sums: dict[str, Decimal] = field(default_factory=dict)

    def earn(self, value: Decimal | None, currency: str) -> None:
        self.outcomes += 1
        if value is not None:
            self.sums[currency] = self.sums.get(currency, Decimal(0)) + value

    @property
    def worth(self) -> list[Worth]:
        return [Worth(*pair) for pair in sorted(self.sums.items())]

    @property
    def further(self) -> int:
        return self.people - self.direct


class _Introducer(NamedTuple):
    id: str
    introducer_id: str | None
    depth: int
    how: str
    platform: str
    event_id: str | None


@dataclass
class Origins:
    """Groups by their keys: contact ids, hows, platforms, event ids as text."""

    people: dict[str, Group]
    hows: dict[str, Group]
    platforms: dict[str, Group]
    events: dict[str, Group]
    # By "somebody", "nobody" and "gone": through whom they came.
    through: dict[str, Group]
    outcomes: Group

    @property
    def count(self) -> int:
        return sum(group.people for group in self.through.values())


def origins_of(owner_id: UUID, period: Period, today: date) -> Origins:
    """Five statements, whatever the number of people."""
    said = keeping.said(owner_id, today)
    said |= {"first": period.first, "before": period.before}
    with connection.cursor() as cursor:
        cursor.execute(_WAYS, said)
        groups = _by_way(cursor.fetchall())
        cursor.execute(_BROUGHT, said)
        groups["person"] = {
            key: Group(key, people, kept, people)
            for key, people, kept in cursor.fetchall()
        }
        cursor.execute(_INTRODUCERS, said)
        introducers = {row[0]: _Introducer(*row) for row in cursor.fetchall()}
        cursor.execute(_TRASHED, said)
        trashed = {row[0] for row in cursor.fetchall()}
        cursor.execute(_OUTCOMES, said)
        shares = cursor.fetchall()
    _flow_up(groups["person"], introducers)
    total = _credit(groups, introducers, shares, trashed)
    for gone in trashed:
        groups["person"].pop(gone, None)
    return Origins(
        people=groups["person"],
        hows=groups["how"],
        platforms=groups["platform"],
        events=groups["event"],
        through=groups["through"],
        outcomes=total,
    )


def _by_way(rows: list[Any]) -> dict[str, dict[str, Group]]:
    groups: dict[str, dict[str, Group]] = {"through": {}, "how": {}, "platform": {}}
    groups["event"] = {}
    for how, platform, event, through, people, kept in rows:
        for kind, key in [("through", through), *_ways(how, platform, event)]:
            group = groups[kind].setdefault(key, Group(key))
            group.people += people
            group.kept += kept
    return groups


def _flow_up(people: dict[str, Group], introducers: dict[str, _Introducer]) -> None:
    """Those whom somebody brought were also brought by who brought that one.

    The deepest first: whoever is above them is less deep, always.
    """
    for introducer in sorted(introducers.values(), key=lambda one: -one.depth):
        mine, above = people.get(introducer.id), introducer.introducer_id
        if mine and above:
            theirs = people.setdefault(above, Group(above))
            theirs.people += mine.people
            theirs.kept += mine.kept


def _credit(
    groups: dict[str, dict[str, Group]],
    introducers: dict[str, _Introducer],
    shares: list[Any],
    trashed: set[str],
) -> Group:
    """Each outcome once to everybody above its people, and to every way they came.

    As connections/credit.py has it.
    """
    total = Group("")
    earned: dict[UUID, set[Key]] = defaultdict(set)
    worth: dict[UUID, tuple[Decimal | None, str]] = {}
    above: dict[str | None, frozenset[Key]] = {None: frozenset()}
    for outcome, value, currency, event, contact, introducer, *how in shares:
        worth[outcome] = value, currency
        keys = earned[outcome]
        if contact and contact not in trashed:
            keys.update(_ways(*how))
            keys.update(_chain(introducer, introducers, above))
        if event:
            keys.add(("event", event))
    for outcome, keys in earned.items():
        value, currency = worth[outcome]
        total.earn(value, currency)
        for kind, key in keys:
            groups[kind].setdefault(key, Group(key)).earn(value, currency)
    return total


def _chain(
    contact_id: str | None,
    introducers: dict[str, _Introducer],
    above: dict[str | None, frozenset[Key]],
) -> frozenset[Key]:
    """This introducer, all above them, and how each of them came."""
    way: list[str] = []
    while contact_id is not None and contact_id not in above:
        way.append(contact_id)
        came = introducers.get(contact_id)
        contact_id = came.introducer_id if came else None
    keys = above[contact_id]
    for each in reversed(way):
        came = introducers.get(each)
        ways = _ways(came.how, came.platform, came.event_id) if came else ()
        keys = above[each] = keys.union([("person", each)], ways)
    return keys


def _ways(how: str | None, platform: str | None, event: str | None) -> Iterator[Key]:
    if how:
        yield "how", how
    if platform:
        yield "platform", platform
    if event:
        yield "event", event
