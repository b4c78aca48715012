"""The links of some nodes, straight from the tables they are written in.

A node is "p", "e" or "o" (a person, an event, an organization) and an id. Nothing is
kept beside the tables: what was written a moment ago is already a way. Every arm
names the owner and is read by an index that begins with it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.utils import timezone

from networkcrm.models import User

Node = str
# More people than this in one interaction are a crowd.
CROWD = 12
EVENT_STRENGTH = 2
ORGANIZATION_STRENGTH = 1


def today(owner: User) -> str:
    return str(timezone.localdate(timezone=owner.tz))


class Edge(NamedTuple):
    source: Node
    target: Node
    strength: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """One kind of link: which two nodes it joins, how strongly, and where it stands."""

    kind: str
    source: str
    target: str
    to: str  # what the target is: "p", "e" or "o"
    strength: str
    tables: str
    on: str
    what: str  # words that only this row has
    one_way: bool = False  # the rows already say it from both sides

    @property
    def written(self) -> str:
        """As what it is written down."""
        table = self.tables.split()[0].rpartition("_")[2]
        return _WRITTEN_AS.get(table, table)


def person(contact_id: UUID) -> Node:
    return f"p{contact_id}"


_WRITTEN_AS = {"participation": "interaction", "contact": "organization"}


def key_of(node: Node) -> UUID:
    return UUID(node[1:])


# A vague end lies in the future as long as it can.
ENDED = "(r.until < %(today)s AND NOT starts_with(%(today)s, r.until))"
_MADE = (
    "connections_introduction n WHERE n.owner_id = %(owner)s AND n.made_at IS NOT NULL"
)
_PAST = """(i."on" IS NULL OR i."on" <= %(today)s)"""
_INTRODUCER = "CASE WHEN n.met_at IS NULL THEN 3 ELSE 4 END"
_TOGETHER = "CASE WHEN s.size > 4 THEN 2 WHEN i.in_person THEN 4 ELSE 3 END"
# A gathering with its event is a link by way of the event.
_IS_SHARED = f"""i.kind <> 'mention' AND {_PAST}
            AND NOT (i.kind = 'event' AND i.event_id IS NOT NULL)"""
_MADE_ON = """coalesce(n."on", to_char(n.made_at, 'YYYY-MM-DD'))"""

EVIDENCE = (
    Evidence(
        "relationship",
        "r.from_contact_id",
        "r.to_contact_id",
        "p",
        "greatest(1, coalesce(r.strength, 3)"
        f" - CASE WHEN {ENDED} THEN 2 ELSE 0 END)",
        "connections_relationship r WHERE r.owner_id = %(owner)s",
        "r.since",
        """ARRAY[(
            SELECT CASE WHEN k.key = k.inverse_key THEN k.name
                ELSE k.name || '|' || k.inverse_name END
            FROM connections_relationshipkind k
            WHERE k.owner_id = %(owner)s AND k.id = r.kind_id), r.until]""",
    ),
    Evidence(
        "brought",
        "o.introducer_id",
        "o.contact_id",
        "p",
        "CASE o.how WHEN 'introduction' THEN 4 ELSE 3 END",
        "connections_origin o"
        " WHERE o.owner_id = %(owner)s AND o.introducer_id IS NOT NULL",
        'o."on"',
        "ARRAY[o.how]",
    ),
    Evidence(
        "introducer", "n.introducer_id", "n.a_id", "p", _INTRODUCER,
        f"{_MADE} AND n.introducer_id IS NOT NULL AND n.a_id IS NOT NULL",
        _MADE_ON, "ARRAY[n.b_name]",
    ),
    Evidence(
        "introducer", "n.introducer_id", "n.b_id", "p", _INTRODUCER,
        f"{_MADE} AND n.introducer_id IS NOT NULL AND n.b_id IS NOT NULL",
        _MADE_ON, "ARRAY[n.a_name]",
    ),
    Evidence(
        "introduced", "n.a_id", "n.b_id", "p",
        "CASE WHEN n.met_at IS NULL THEN 2 ELSE 3 END",
        f"{_MADE} AND n.a_id IS NOT NULL AND n.b_id IS NOT NULL",
        _MADE_ON, "ARRAY[n.introducer_name]",
    ),
    Evidence(
        "together",
        "p.contact_id",
        "q.contact_id",
        "p",
        _TOGETHER,
        f"""connections_participation p
        JOIN LATERAL (
            SELECT count(*) AS size FROM connections_participation z
            WHERE z.owner_id = %(owner)s AND z.interaction_id = p.interaction_id
        ) s ON s.size BETWEEN 2 AND {CROWD}
        JOIN connections_interaction i
            ON i.owner_id = %(owner)s AND i.id = p.interaction_id
        JOIN connections_participation q ON q.owner_id = %(owner)s
            AND q.interaction_id = i.id AND q.contact_id <> p.contact_id
        WHERE p.owner_id = %(owner)s AND {_IS_SHARED}""",
        'i."on"',
        "ARRAY[i.title, i.kind]",
        one_way=True,
    ),
    Evidence(
        "met at", "o.contact_id", "o.event_id", "e", str(EVENT_STRENGTH),
        "connections_origin o"
        " WHERE o.owner_id = %(owner)s AND o.event_id IS NOT NULL",
        'o."on"', "NULL",
    ),
    Evidence(
        "seen at", "p.contact_id", "i.event_id", "e", str(EVENT_STRENGTH),
        f"""connections_interaction i
        JOIN connections_participation p
            ON p.owner_id = %(owner)s AND p.interaction_id = i.id
        WHERE i.owner_id = %(owner)s AND i.event_id IS NOT NULL AND {_PAST}""",
        'i."on"', "NULL",
    ),
    Evidence(
        "seen at", "a.contact_id", "a.event_id", "e", str(EVENT_STRENGTH),
        "events_attendance a WHERE a.owner_id = %(owner)s AND a.state = 'met'",
        "NULL", "NULL",
    ),
    Evidence(
        "works at", "c.id", "c.organization_id", "o", str(ORGANIZATION_STRENGTH),
        "contacts_contact c"
        " WHERE c.owner_id = %(owner)s AND c.organization_id IS NOT NULL",
        "NULL", "NULL",
    ),
)  # fmt: skip


def _arm(evidence: Evidence, backward: bool) -> str:
    source = f"'p' || {evidence.source}::text"
    target = f"'{evidence.to}' || {evidence.target}::text"
    column = evidence.target if backward else evidence.source
    if backward:
        source, target = target, source
    frontier = evidence.to if backward else "p"
    return (
        f"SELECT {source}, {target}, {evidence.strength} FROM {evidence.tables}"
        f" AND {column} = ANY(%({frontier})s::uuid[])"
    )


# "together" and "seen at" in one: each interaction of these people is read once.
_INTERACTIONS = f"""
    SELECT 'p' || p.contact_id::text, l.target, l.strength
    FROM connections_participation p
    JOIN connections_interaction i ON i.owner_id = %(owner)s AND i.id = p.interaction_id
    CROSS JOIN LATERAL (
        SELECT 'e' || i.event_id::text AS target, {EVENT_STRENGTH} AS strength
        WHERE i.event_id IS NOT NULL
        UNION ALL
        SELECT 'p' || s.contact_id::text, {_TOGETHER}
        FROM (
            SELECT q.contact_id, count(*) OVER () AS size
            FROM connections_participation q
            WHERE q.owner_id = %(owner)s AND q.interaction_id = p.interaction_id
        ) s
        WHERE s.size BETWEEN 2 AND {CROWD} AND s.contact_id <> p.contact_id
            AND {_IS_SHARED}
    ) l
    WHERE p.owner_id = %(owner)s AND p.contact_id = ANY(%(p)s::uuid[]) AND {_PAST}
"""
# By what the frontier is and by what is written down: nothing is looked for where
# there is nothing, as planning an arm takes as long as reading it.
_ARMS: dict[tuple[str, str], list[str]] = {("p", "interaction"): [_INTERACTIONS]}
for _one in EVIDENCE:
    if _one.written != "interaction":
        _ARMS.setdefault(("p", _one.written), []).append(_arm(_one, backward=False))
    if not _one.one_way:
        _ARMS.setdefault((_one.to, _one.written), []).append(_arm(_one, backward=True))

_WRITTEN = """
    SELECT 'relationship' WHERE EXISTS (
        SELECT FROM connections_relationship WHERE owner_id = %(owner)s)
    UNION ALL SELECT 'origin' WHERE EXISTS (
        SELECT FROM connections_origin WHERE owner_id = %(owner)s)
    UNION ALL SELECT 'introduction' WHERE EXISTS (
        SELECT FROM connections_introduction WHERE owner_id = %(owner)s)
    UNION ALL SELECT 'interaction' WHERE EXISTS (
        SELECT FROM connections_participation WHERE owner_id = %(owner)s)
    UNION ALL SELECT 'attendance' WHERE EXISTS (
        SELECT FROM events_attendance WHERE owner_id = %(owner)s)
    UNION ALL SELECT 'organization' WHERE EXISTS (
        SELECT FROM contacts_organization WHERE owner_id = %(owner)s)
"""


def written(owner: User) -> list[str]:
    """What kinds of things an owner has written down at all."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN, {"owner": owner.pk})
        return [kind for (kind,) in cursor.fetchall()]


def edges_of(
    owner: User,
    nodes: Collection[Node],
    there: Iterable[str],
    at_most: int | None = None,
) -> list[Edge]:
    """All links of these nodes, each as often as there is evidence of it, or any so
    many of them.

    `there` is what `written` said. One statement. Me and the trashed are among the
    targets, and each link is found from both its ends.
    """
    ids: dict[str, list[str]] = {"p": [], "e": [], "o": []}
    for node in nodes:
        ids[node[0]].append(node[1:])
    arms = [
        arm
        for kind, some in ids.items()
        for what in there
        if some
        for arm in _ARMS.get((kind, what), ())
    ]
    if not arms:
        return []
    said: dict[str, Any] = {kind: f"{{{','.join(some)}}}" for kind, some in ids.items()}
    said |= {"owner": owner.pk, "today": today(owner)}
    limit = f" LIMIT {at_most}" if at_most else ""
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(arms) + limit, said)
        return [Edge(*row) for row in cursor.fetchall()]
