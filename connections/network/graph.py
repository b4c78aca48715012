"""The network as nodes and edges, for the picture and for the table beside it.

Nodes are people who are not archived, I among them, events and organizations, as far
as anything links them. An edge joins two nodes whatever links them, and says by which
colours: introductions, online, in person, relationships, one organization. I am
joined to those whom I met without an introducer and without an event; the others hang
on theirs.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, field
from functools import cache
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode
from uuid import UUID

from django.db import connection
from django.urls import reverse

from connections.network.edges import CROWD, today
from networkcrm.models import User

MOST_NODES = 2000
# Of a network that is kept (networkcrm.kept) the table ends with these.
MOST_ROWS = 250
# Letters of a name that stands beside eleven others.
LONGEST = 50
NO_ID = "00000000-0000-0000-0000-000000000000"
# What links two nodes, as bits.
INTRODUCTION, ONLINE, IN_PERSON, RELATIONSHIP, ORGANIZATION = 1, 2, 4, 8, 16
_BY_PLACE = f"CASE WHEN {{}} THEN {IN_PERSON} ELSE {ONLINE} END"
_ORIGIN = "connections_origin o WHERE o.owner_id = %(owner)s"
_MADE = (
    "connections_introduction n WHERE n.owner_id = %(owner)s AND n.made_at IS NOT NULL"
)
_MADE_ON = """coalesce(n."on", to_char(n.made_at, 'YYYY'))"""
_PAST = """(i."on" IS NULL OR i."on" <= %(today)s)"""

_PEOPLES = ("contact_id", "introducer_id", "n.a_id", "n.b_id", "c.id")
_SHARED = f"""i.kind <> 'mention' AND {_PAST}
            AND NOT (i.kind = 'event' AND i.event_id IS NOT NULL)"""

# Of each: the two ends, the bit, the date, the tables.
_ARMS = (
    (
        "r.from_contact_id", "r.to_contact_id", str(RELATIONSHIP), "r.since",
        "connections_relationship r WHERE r.owner_id = %(owner)s",
    ),
    (
        "o.introducer_id", "o.contact_id",
        f"CASE WHEN o.how = 'introduction' THEN {INTRODUCTION}"
        f" WHEN o.in_person THEN {IN_PERSON} ELSE {ONLINE} END",
        'o."on"', f"{_ORIGIN} AND o.introducer_id IS NOT NULL",
    ),
    (
        "%(me)s", "o.contact_id", _BY_PLACE.format("o.in_person"), 'o."on"',
        f"{_ORIGIN} AND o.introducer_id IS NULL AND o.event_id IS NULL",
    ),
    (
        "o.contact_id", "o.event_id", _BY_PLACE.format("o.in_person"), 'o."on"',
        f"{_ORIGIN} AND o.event_id IS NOT NULL",
    ),
    (
        "n.introducer_id", "n.a_id", str(INTRODUCTION), _MADE_ON,
        f"{_MADE} AND n.introducer_id IS NOT NULL AND n.a_id IS NOT NULL",
    ),
    (
        "n.introducer_id", "n.b_id", str(INTRODUCTION), _MADE_ON,
        f"{_MADE} AND n.introducer_id IS NOT NULL AND n.b_id IS NOT NULL",
    ),
    (
        "n.a_id", "n.b_id", str(INTRODUCTION), _MADE_ON,
        f"{_MADE} AND n.a_id IS NOT NULL AND n.b_id IS NOT NULL",
    ),
    (
        "p.contact_id", "i.event_id", _BY_PLACE.format("i.in_person"), 'i."on"',
        f"""connections_interaction i
        JOIN connections_participation p
            ON p.owner_id = %(owner)s AND p.interaction_id = i.id
        WHERE i.owner_id = %(owner)s AND i.event_id IS NOT NULL AND {_PAST}""",
    ),
    (
        "p.contact_id", "q.contact_id", _BY_PLACE.format("i.in_person"), 'i."on"',
        f"""(
            SELECT z.interaction_id FROM connections_participation z
            WHERE z.owner_id = %(owner)s GROUP BY z.interaction_id
            HAVING count(*) BETWEEN 2 AND {CROWD}
        ) s
        JOIN connections_interaction i
            ON i.owner_id = %(owner)s AND i.id = s.interaction_id
        JOIN connections_participation p
            ON p.owner_id = %(owner)s AND p.interaction_id = i.id
        JOIN connections_participation q ON q.owner_id = %(owner)s
            AND q.interaction_id = i.id AND p.contact_id < q.contact_id
        WHERE {_SHARED}""",
    ),
    (
        "a.contact_id", "a.event_id", str(IN_PERSON), "NULL",
        "events_attendance a WHERE a.owner_id = %(owner)s AND a.state = 'met'",
    ),
    (
        "c.id", "c.organization_id", str(ORGANIZATION), "NULL",
        "contacts_contact c"
        " WHERE c.owner_id = %(owner)s AND c.organization_id IS NOT NULL",
    ),
)  # fmt: skip


# The same interactions of a few people: not all there are are looked at.
_SHARED_BY_FEW = f"""connections_participation p
    JOIN connections_participation q ON q.owner_id = %(owner)s
        AND q.interaction_id = p.interaction_id AND p.contact_id < q.contact_id
    JOIN connections_interaction i
        ON i.owner_id = %(owner)s AND i.id = p.interaction_id
    WHERE p.owner_id = %(owner)s AND (
        SELECT count(*) FROM connections_participation z
        WHERE z.owner_id = %(owner)s AND z.interaction_id = p.interaction_id
    ) <= {CROWD} AND {_SHARED}"""


class Node(NamedTuple):
    kind: str  # "p", "e" or "o"
    id: UUID
    name: str
    stage: int
    is_me: bool
    links: int


@dataclass(slots=True)
class Graph:
    """`edges` are of places in `nodes`: (one, other, bits)."""

    nodes: list[Node] = field(default_factory=list)
    edges: list[tuple[int, int, int]] = field(default_factory=list)
    left_out: int = 0


@dataclass(slots=True)
class Narrowed:
    """What of the network is wanted; None and "" are everything."""

    circle: UUID | None = None
    tag: UUID | None = None
    event: UUID | None = None
    since: int | None = None
    until: int | None = None

    @property
    def is_wide(self) -> bool:
        """Whether it may be most of the network: many can have a tag."""
        return not (self.circle or self.event)

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(str(value or "") for value in astuple(self))

    @classmethod
    def of(cls, texts: Sequence[str]) -> Self:
        circle, tag, event = (UUID(text) if text else None for text in texts[:3])
        since, until = (int(text) if text else None for text in texts[3:])
        return cls(circle, tag, event, since, until)

    @property
    def people(self) -> str:
        """The condition on contacts c, of whom I am always one."""
        terms = ["true"]
        if self.circle:
            terms.append("(c.is_me OR c.circle_id = %(circle)s)")
        if self.tag:
            terms.append(
                """c.id IN (SELECT %(me)s::uuid UNION ALL
                SELECT t.contact_id FROM contacts_contacttag t
                WHERE t.owner_id = %(owner)s AND t.tag_id = %(tag)s)"""
            )
        if self.event:
            terms.append(
                f"""c.id IN (
                SELECT %(me)s::uuid UNION ALL
                SELECT o.contact_id FROM {_ORIGIN} AND o.event_id = %(event)s
                UNION ALL
                SELECT p.contact_id FROM connections_interaction i
                JOIN connections_participation p
                    ON p.owner_id = %(owner)s AND p.interaction_id = i.id
                WHERE i.owner_id = %(owner)s AND i.event_id = %(event)s
                UNION ALL
                SELECT a.contact_id FROM events_attendance a
                WHERE a.owner_id = %(owner)s AND a.event_id = %(event)s
                    AND a.state = 'met')"""
            )
        return " AND ".join(terms)

    def few(self, a: str, b: str, tables: str) -> str:
        """The tables, read from the people where these are not all there are."""
        if not (self.circle or self.tag or self.event):
            return tables
        if b == "q.contact_id":
            tables = _SHARED_BY_FEW
        ends = [end for end in (a, b) if end.endswith(_PEOPLES)]
        return tables + "".join(f" AND {end} IN (SELECT id FROM who)" for end in ends)

    def time(self, on: str) -> str:
        """The condition on a date; a link without one is then in no year."""
        terms = []
        if self.since:
            terms.append(f"left({on}, 4) >= %(since)s")
        if self.until:
            terms.append(f"left({on}, 4) <= %(until)s")
        return "".join(f" AND {term} AND {on} NOT LIKE '--%%'" for term in terms)

    def links(self) -> str:
        """WITH ...: `who`, and `link` (a, b, bits), each pair once."""
        arms = " UNION ALL ".join(
            f"SELECT {a} AS a, {b} AS b, {bit} AS bit FROM {self.few(a, b, tables)}"
            f"{self.time(on) if on != 'NULL' or self.since or self.until else ''}"
            for a, b, bit, on, tables in _ARMS
        )
        return f"""
            WITH who AS MATERIALIZED (
                SELECT c.id, c.full_name, c.sort_key, c.stage, c.is_me
                FROM contacts_contact c WHERE c.owner_id = %(owner)s
                    AND c.trashed_at IS NULL AND c.archived_at IS NULL
                    AND {self.people}
            ), hub AS MATERIALIZED (
                SELECT e.id, e.name, 'e' AS kind FROM events_event e
                WHERE e.owner_id = %(owner)s
                UNION ALL
                SELECT o.id, o.name, 'o' FROM contacts_organization o
                WHERE o.owner_id = %(owner)s
            ), one AS (
                SELECT 'p' AS kind, id, full_name AS name, sort_key, stage, is_me
                FROM who
                UNION ALL
                SELECT kind, id, name, lower(name), 0, false FROM hub
            ), link AS MATERIALIZED (
                SELECT least(arm.a, arm.b) AS a, greatest(arm.a, arm.b) AS b,
                    bit_or(arm.bit) AS bits
                FROM ({arms}) arm
                WHERE arm.a IN (SELECT id FROM one) AND arm.b IN (SELECT id FROM one)
                GROUP BY 1, 2
            ), degree AS (
                SELECT id, count(*) AS links FROM (
                    SELECT a AS id FROM link UNION ALL SELECT b FROM link
                ) ends GROUP BY id
            )"""

    def said(self, owner: User) -> dict[str, Any]:
        me = owner.contacts.values_list("pk", flat=True).get(is_me=True)
        said = {"owner": owner.pk, "me": me, "today": today(owner)}
        said |= {"circle": self.circle, "tag": self.tag, "event": self.event}
        return said | {"since": f"{self.since:04}" if self.since else "",
                       "until": f"{self.until:04}" if self.until else ""}  # fmt: skip


def graph(owner: User, narrowed: Narrowed, most: int = MOST_NODES) -> Graph:
    """The most connected nodes, and all links between them. Two statements."""
    said = narrowed.said(owner) | {"most": most}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""{narrowed.links()}, top AS MATERIALIZED (
                SELECT one.*, d.links, count(*) OVER () AS found,
                    row_number() OVER (ORDER BY d.links DESC, one.id) - 1 AS place
                FROM degree d JOIN one ON one.id = d.id
                ORDER BY d.links DESC, one.id LIMIT %(most)s
            )
            SELECT kind, id, name, stage, is_me, links, found, place, NULL
            FROM top
            UNION ALL
            SELECT NULL, NULL, NULL, NULL, NULL, link.bits, NULL, x.place, y.place
            FROM link JOIN top x ON x.id = link.a JOIN top y ON y.id = link.b
            """,
            said,
        )
        rows = cursor.fetchall()
    nodes = sorted((row for row in rows if row[0]), key=lambda row: row[7])
    return Graph(
        nodes=[Node(*row[:6]) for row in nodes],
        edges=[(row[7], row[8], row[5]) for row in rows if not row[0]],
        left_out=nodes[0][6] - len(nodes) if nodes else 0,
    )


@cache
def _address(name: str) -> tuple[str, str]:
    """What stands before and after the id: a page has hundreds of these."""
    before, _id, after = reverse(name, args=[NO_ID]).partition(NO_ID)
    return before, after


class Linked(NamedTuple):
    kind: str  # "p", "e" or "o"
    id: UUID
    name: str

    @property
    def url(self) -> str:
        if self.kind == "o":
            query = urlencode({"organization": self.name})
            return f"{reverse('contact_list')}?{query}"
        page = "contact_detail" if self.kind == "p" else "event_detail"
        before, after = _address(page)
        return f"{before}{self.id}{after}"

    @property
    def short_name(self) -> str:
        return self.name if len(self.name) <= LONGEST else f"{self.name[:LONGEST]}…"


@dataclass(slots=True)
class Person:
    """A row of the table: someone, and some of those they are linked to."""

    id: UUID
    name: str
    links: int
    stage: int
    is_me: bool
    linked: list[Linked]

    @property
    def more(self) -> int:
        return self.links - len(self.linked)


class People:
    """Those in the graph, the most connected first, for a paginator."""

    SHOWN = 12

    def __init__(
        self, owner: User, narrowed: Narrowed, per_page: int, page: str = ""
    ) -> None:
        self.per_page = per_page
        number = int(page) if page.isascii() and page.isdigit() else 1
        self.start = per_page * (min(max(number, 1), 10**6) - 1)
        self.narrowed, self.said = narrowed, narrowed.said(owner)
        self.pages: dict[int, list[Person]] = {}
        self.found = 0

    def __len__(self) -> int:
        """Known with any page that has somebody: the one that is asked for."""
        if not self.pages:
            self._read(self.start, self.start + self.per_page)
        if not self.found and self.start:
            self._read(0, self.per_page)
        return self.found

    def __getitem__(self, part: slice) -> list[Person]:
        if part.start not in self.pages:
            self._read(part.start, part.stop)
        return self.pages[part.start]

    def _read(self, start: int, stop: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                f"""{self.narrowed.links()}, found AS MATERIALIZED (
                    SELECT who.*, d.links, count(*) OVER () AS found
                    FROM degree d JOIN who ON who.id = d.id
                    ORDER BY d.links DESC, who.sort_key, who.id
                    LIMIT %(most)s OFFSET %(skip)s
                ), near AS (
                    SELECT a AS id, b AS other FROM link
                    WHERE a IN (SELECT id FROM found)
                    UNION ALL
                    SELECT b, a FROM link WHERE b IN (SELECT id FROM found)
                ), ranked AS (
                    SELECT near.id, one.kind, one.id AS other, one.name, d.links,
                        row_number() OVER (
                            PARTITION BY near.id ORDER BY d.links DESC, one.id
                        ) AS place
                    FROM near JOIN one ON one.id = near.other
                    JOIN degree d ON d.id = near.other
                )
                SELECT f.id, f.full_name, f.links, f.stage, f.is_me, f.found,
                    r.kind, r.other, r.name
                FROM found f JOIN ranked r ON r.id = f.id AND r.place <= %(shown)s
                ORDER BY f.links DESC, f.sort_key, f.id, r.place
                """,
                self.said | {"most": stop - start, "skip": start, "shown": self.SHOWN},
            )
            rows = cursor.fetchall()
        people: dict[UUID, Person] = {}
        for pk, name, links, stage, is_me, found, *other in rows:
            person = people.setdefault(pk, Person(pk, name, links, stage, is_me, []))
            person.linked.append(Linked(*other))
            self.found = found
        self.pages[start] = list(people.values())


def picture(owner: User, *narrowed: str) -> dict[str, Any]:
    """The graph as lists that go together: the nodes' kinds, ids, names, ..."""
    found = graph(owner, Narrowed.of(narrowed))
    nodes = found.nodes
    return {
        "kinds": "".join(node.kind for node in nodes),
        "ids": [str(node.id) for node in nodes],
        "names": [node.name for node in nodes],
        "stages": [node.stage for node in nodes],
        "links": [node.links for node in nodes],
        "me": next((i for i, node in enumerate(nodes) if node.is_me), None),
        "edges": [number for edge in found.edges for number in edge],
        "leftOut": found.left_out,
    }


def most_linked(owner: User, *narrowed: str) -> tuple[int, list[tuple[Any, ...]]]:
    """How many people have links, and the first rows of the table."""
    people = People(owner, Narrowed.of(narrowed), MOST_ROWS)
    count = len(people)
    rows = people[0:MOST_ROWS] if count else []
    return count, [
        (str(row.id), row.name, row.links, row.stage, row.is_me,
         [(kind, str(pk), name) for kind, pk, name in row.linked])
        for row in rows
    ]  # fmt: skip


def persons(rows: list[tuple[Any, ...]]) -> list[Person]:
    """Of what `most_linked` gave."""
    return [
        Person(pk, name, links, stage, is_me, [Linked(*one) for one in linked])
        for pk, name, links, stage, is_me, linked in rows
    ]
