"""The shortest chains between two people, the strongest of them first.

Shortest comes first, as every link asks a favour; a shared event or organization
counts as two. Among equals the strongest: the one whose strengths, multiplied step
by step, give the most; among those the one whose people are longest in the network.

Searched level by level from both ends, one statement for a level or two, always on
the side where less is to be looked up. I am nobody's way to somebody else unless there
is no other; and of my own links, which may be most of the network, only those are
looked at that the search from the other end arrives at.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from connections.network.edges import Edge, Node, edges_of, person, written
from contacts.models import Contact
from networkcrm.models import User

MOST_ALTERNATIVES = 3
# An alternative may be so much longer than the shortest.
DETOUR = 2
# An event or organization may lead to as many people as so many people would.
HUB = 100
# Up to so many lookups, both ends ask in one statement.
TOGETHER = 60
# Up to so many links of mine, the search starts at my end too.
FEW = 1000
LONG_AGO = timedelta(days=2 * 365)

_TOUCHED = """
    SELECT 'p' || c.id::text, greatest(1, CASE
        WHEN c.stage >= 6 THEN 5 WHEN c.stage = 5 THEN 4
        WHEN c.stage >= 3 THEN 3 ELSE 2 END
        - CASE WHEN c.last_contact_on < %(long_ago)s THEN 1 ELSE 0 END)
    FROM contacts_contact c
    WHERE c.owner_id = %(owner)s AND c.stage >= 2 AND c.trashed_at IS NULL
        AND NOT c.is_me
"""
_NO_WAY = """
    SELECT 'p' || c.id::text FROM contacts_contact c
    WHERE c.owner_id = %(owner)s AND c.trashed_at IS NOT NULL
    UNION ALL
    SELECT 'p' || c.id::text FROM contacts_contact c
    WHERE c.owner_id = %(owner)s AND c.is_me
"""


def my_strength(owner: User, contact: Contact) -> int:
    """Of my link to someone I was in touch with, as _TOUCHED has it."""
    long_ago = str(timezone.localdate(timezone=owner.tz) - LONG_AGO)
    far = {2: 2, 3: 3, 4: 3, 5: 4, 6: 5}[contact.stage]
    last = contact.last_contact_on
    return max(1, far - int(bool(last) and str(last) < long_ago))


Trail = tuple[Node, ...]
# Weight of a trail and the trail; the least is the best.
Ranked = tuple[int, Trail]


@dataclass(slots=True)
class Side:
    """What one end has reached: how far it is, and by whom it was reached."""

    start: Node
    level: int = 0
    frontier: set[Node] = field(default_factory=set)
    reached: dict[Node, int] = field(default_factory=dict)
    by: dict[Node, dict[Node, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.frontier = {self.start}
        self.reached = {self.start: 0}

    @property
    def cost(self) -> int:
        return sum(1 if node[0] == "p" else HUB for node in self.frontier)

    def advance(self, edges: Iterable[Edge]) -> None:
        """One level further, along these links of the frontier."""
        self.level += 1
        self.frontier = set()
        for edge in edges:
            self.add(edge)

    def add(self, edge: Edge) -> None:
        """What was reached before on a shorter way stays where it is."""
        source, target, strength = edge
        if self.reached.setdefault(target, self.level) == self.level:
            self.frontier.add(target)
            known = self.by.setdefault(target, {})
            known[source] = max(strength, known.get(source, 0))

    def best(self, ends: Iterable[Node], without: Collection[Node]) -> dict[Node, Any]:
        """The best trail from the start to each of these ends, where there is one."""
        ranked: dict[Node, Ranked | None] = {self.start: (-1, (self.start,))}
        for node in self._behind(ends):
            ranked[node] = (
                min(
                    (
                        (weight * strength, (*trail, node))
                        for source, strength in self.by[node].items()
                        if (found := ranked[source])
                        for weight, trail in [found]
                    ),
                    default=None,
                )
                if node not in without
                else None
            )
        return {node: ranked[node] for node in ends if ranked[node]}

    def _behind(self, ends: Iterable[Node]) -> list[Node]:
        """All on a way from the start to these, the nearest to the start first."""
        found: set[Node] = set()
        layer = set(ends) - {self.start}
        while layer:
            found |= layer
            layer = {s for node in layer for s in self.by[node]} - found - {self.start}
        return sorted(found, key=lambda node: self.reached[node])


@dataclass(slots=True)
class Ways:
    """All shortest ways between two nodes: they cross at `meeting`."""

    near: Side
    far: Side
    meeting: set[Node]

    @property
    def length(self) -> int:
        return self.near.level + self.far.level

    def best(self, without: Collection[Node] = ()) -> Trail | None:
        near = self.near.best(self.meeting, without)
        far = self.far.best(self.meeting, without)
        crossed = [
            (-near[node][0] * far[node][0], (*near[node][1], *far[node][1][-2::-1]))
            for node in near.keys() & far.keys()
        ]
        return min(crossed)[1] if crossed else None


class Search:
    """One question: how to get from one contact, who may be me, to another."""

    def __init__(self, owner: User, start: Contact, goal: Contact) -> None:
        self.owner = owner
        self.start, self.goal = person(start.pk), person(goal.pk)
        self.there = written(owner)
        self.never = {node for (node,) in self._ask(_NO_WAY)}
        self.from_me = start.is_me
        self.mine: list[Edge] = []
        # Whether my links are too many to begin with.
        self.many = False
        if self.from_me:
            mine = edges_of(owner, [self.start], self.there, FEW + 1)
            touched = self._ask(f"{_TOUCHED} LIMIT {FEW + 1}")
            self.many = max(len(mine), len(touched)) > FEW
            if not self.many:
                self.mine = [*mine, *(Edge(self.start, *row) for row in touched)]

    def trails(self, most: int) -> list[Trail]:
        """The best way, then others that have nobody between in common with it."""
        found: list[Trail] = []
        used: set[Node] = set()
        at_most: int | None = None
        while len(found) < most:
            direct = not any(len(trail) == 2 for trail in found)
            ways = self.ways(used, direct, at_most)
            if ways is None:
                break
            at_most = at_most or ways.length + DETOUR
            while len(found) < most and (trail := ways.best(used)):
                found.append(trail)
                used |= set(trail[1:-1])
                if len(trail) == 2:
                    break
        return found

    def ways(
        self,
        without: Collection[Node] = (),
        direct: bool = True,
        at_most: int | None = None,
    ) -> Ways | None:
        """All shortest ways, or None when there is none of `at_most` links."""
        near, far = Side(self.start), Side(self.goal)
        never = self.never.union(without)
        ends = {self.start, self.goal}

        def allowed(edges: Iterable[Edge]) -> Iterator[Edge]:
            for edge in edges:
                if edge.target not in never and (direct or {*edge[:2]} != ends):
                    yield edge

        if self.from_me:
            near.advance(allowed(self.mine))
        ahead: dict[Node, list[Edge]] = {}
        while True:
            if self.many:
                ahead = self._ahead(far.frontier)
                for edge in allowed(self._mine(far.frontier, ahead)):
                    near.add(edge)
            meeting = near.frontier & far.frontier
            if meeting:
                return Ways(near, far, meeting)
            if at_most and near.level + far.level >= at_most:
                return None
            side = far if self.many or far.cost < near.cost else near
            if not side.frontier:
                return None
            if not side.frontier <= ahead.keys():
                asked = side.frontier
                if near.cost + far.cost <= TOGETHER:
                    asked = near.frontier | far.frontier
                ahead = self._ahead(asked)
            side.advance(allowed(e for node in side.frontier for e in ahead[node]))

    def _ahead(self, nodes: Collection[Node]) -> dict[Node, list[Edge]]:
        """The links of each of these nodes."""
        ahead: dict[Node, list[Edge]] = {node: [] for node in nodes}
        for edge in edges_of(self.owner, nodes, self.there):
            ahead[edge.source].append(edge)
        return ahead

    def _mine(
        self, nodes: Collection[Node], ahead: dict[Node, list[Edge]]
    ) -> list[Edge]:
        """My links to these, of whom `ahead` has all links."""
        mine = [
            Edge(self.start, edge.source, edge.strength)
            for node in nodes
            for edge in ahead[node]
            if edge.target == self.start
        ]
        people = [node[1:] for node in nodes if node[0] == "p"]
        rows = self._ask(
            f"{_TOUCHED} AND c.id = ANY(%(people)s::uuid[])",
            people=f"{{{','.join(people)}}}",
        )
        return mine + [Edge(self.start, *row) for row in rows]

    def _ask(self, statement: str, **said: Any) -> list[Any]:
        today = timezone.localdate(timezone=self.owner.tz)
        said |= {"owner": self.owner.pk, "long_ago": str(today - LONG_AGO)}
        with connection.cursor() as cursor:
            cursor.execute(statement, said)
            return cursor.fetchall()


def trails(owner: User, start: Contact, goal: Contact, most: int = 1) -> list[Trail]:
    """Up to `most` chains of nodes from one contact to another, the best one first.

    The first is a shortest one; the others have nobody between in common with it nor
    with each other, and are at most DETOUR longer. [] when there is no way. Neither
    contact may be in the trash, and they must be two.
    """
    if goal.is_me:
        return [trail[::-1] for trail in trails(owner, goal, start, most)]
    found = Search(owner, start, goal).trails(most)
    if found or start.is_me:
        return found
    me = owner.contacts.get(is_me=True)
    to_start = Search(owner, me, start).trails(1)
    to_goal = Search(owner, me, goal).trails(1) if to_start else []
    if not to_goal:
        return []
    return [(*to_start[0][::-1], *to_goal[0][1:])]
