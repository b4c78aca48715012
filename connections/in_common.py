"""Who knows someone, and who knows two people, as far as what is written down tells.

Two know each other when one is something to the other, when one brought the other or
was introduced to them, when both took part in one small conversation, or when both
were at one event. The last says the less the more people were there.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from connections.models import Interaction, Relationship
from connections.network.edges import ENDED
from contacts.models import Contact
from networkcrm.models import User
from networkcrm.partial_dates import PartialDate
from networkcrm.text import fold

# More people than this in one interaction are a crowd.
CROWD = 12
PER_PAGE = 25

# Parameters: owner, ids (of one or two contacts), today, key, only, most, skip.
_SQL = f"""
WITH me (id) AS (
    SELECT id FROM contacts_contact WHERE owner_id = %(owner)s AND is_me
), there (contact_id, event_id) AS MATERIALIZED (
    SELECT p.contact_id, i.event_id
    FROM connections_participation p JOIN connections_interaction i
        ON i.owner_id = %(owner)s AND i.id = p.interaction_id
    WHERE p.owner_id = %(owner)s AND p.contact_id = ANY(%(ids)s)
        AND i.event_id IS NOT NULL
    UNION
    SELECT o.contact_id, o.event_id FROM connections_origin o
    WHERE o.owner_id = %(owner)s AND o.contact_id = ANY(%(ids)s)
        AND o.event_id IS NOT NULL
    UNION
    SELECT a.contact_id, a.event_id FROM events_attendance a
    WHERE a.owner_id = %(owner)s AND a.contact_id = ANY(%(ids)s) AND a.state = 'met'
), visitors (event_id, contact_id) AS (
    SELECT i.event_id, p.contact_id
    FROM connections_interaction i JOIN connections_participation p
        ON p.owner_id = %(owner)s AND p.interaction_id = i.id
    WHERE i.owner_id = %(owner)s AND i.event_id IN (SELECT event_id FROM there)
    UNION
    SELECT o.event_id, o.contact_id FROM connections_origin o
    WHERE o.owner_id = %(owner)s AND o.event_id IN (SELECT event_id FROM there)
    UNION
    SELECT a.event_id, a.contact_id FROM events_attendance a
    WHERE a.owner_id = %(owner)s AND a.event_id IN (SELECT event_id FROM there)
        AND a.state = 'met'
), crowds AS (
    SELECT event_id, contact_id, count(*) OVER (PARTITION BY event_id) AS size
    FROM visitors
), links (of_id, person_id, source, weight, what, "on") AS MATERIALIZED (
    SELECT v.of_id, v.person_id, 'relationship',
        greatest(1, coalesce(r.strength, 3) - CASE WHEN {ENDED}
            THEN 2 ELSE 0 END)::float + 1, ARRAY[v.role, r.until], r.since
    FROM connections_relationship r
    JOIN connections_relationshipkind k ON k.owner_id = %(owner)s AND k.id = r.kind_id
    CROSS JOIN LATERAL (VALUES
        (r.from_contact_id, r.to_contact_id, k.inverse_name),
        (r.to_contact_id, r.from_contact_id, k.name)
    ) AS v (of_id, person_id, role)
    WHERE r.owner_id = %(owner)s AND v.of_id = ANY(%(ids)s)
        AND (r.from_contact_id = ANY(%(ids)s) OR r.to_contact_id = ANY(%(ids)s))
    UNION ALL
    SELECT o.contact_id, o.introducer_id, 'brought_by', 4, NULL, o."on"
    FROM connections_origin o
    WHERE o.owner_id = %(owner)s AND o.contact_id = ANY(%(ids)s)
    UNION ALL
    SELECT o.introducer_id, o.contact_id, 'brought', 4, NULL, o."on"
    FROM connections_origin o
    WHERE o.owner_id = %(owner)s AND o.introducer_id = ANY(%(ids)s)
    UNION ALL
    SELECT v.of_id, v.person_id, v.source, 3,
        ARRAY[CASE WHEN v.named_id = (SELECT id FROM me) THEN '' ELSE v.name END],
        coalesce(n."on", to_char(n.made_at, 'YYYY-MM-DD'))
    FROM connections_introduction n
    CROSS JOIN LATERAL (VALUES
        (n.a_id, n.introducer_id, 'introducer', n.b_id, n.b_name),
        (n.b_id, n.introducer_id, 'introducer', n.a_id, n.a_name),
        (n.introducer_id, n.a_id, 'introduced_by', n.b_id, n.b_name),
        (n.introducer_id, n.b_id, 'introduced_by', n.a_id, n.a_name),
        (n.a_id, n.b_id, 'introduced', n.introducer_id, n.introducer_name),
        (n.b_id, n.a_id, 'introduced', n.introducer_id, n.introducer_name)
    ) AS v (of_id, person_id, source, named_id, name)
    WHERE n.owner_id = %(owner)s AND n.made_at IS NOT NULL
        AND (n.introducer_id = ANY(%(ids)s) OR n.a_id = ANY(%(ids)s)
            OR n.b_id = ANY(%(ids)s))
        AND v.of_id = ANY(%(ids)s)
    UNION ALL
    SELECT p.contact_id, q.contact_id, 'together', 2, ARRAY[i.title, i.kind], i."on"
    FROM connections_participation p
    JOIN connections_interaction i ON i.owner_id = %(owner)s AND i.id = p.interaction_id
    CROSS JOIN LATERAL (
        SELECT z.contact_id, count(*) OVER () AS size
        FROM connections_participation z
        WHERE z.owner_id = %(owner)s AND z.interaction_id = p.interaction_id
    ) AS q
    WHERE p.owner_id = %(owner)s AND p.contact_id = ANY(%(ids)s)
        AND i.kind <> 'mention' AND i.event_id IS NULL
        AND (i."on" IS NULL OR i."on" <= %(today)s)
        AND q.size <= {CROWD} AND q.contact_id <> p.contact_id
    UNION ALL
    SELECT t.contact_id, c.contact_id, 'event', 2 / (1 + c.size / 10.0),
        ARRAY[e.name], to_char(e.starts_at, 'YYYY-MM')
    FROM there t JOIN crowds c ON c.event_id = t.event_id
    JOIN events_event e ON e.owner_id = %(owner)s AND e.id = t.event_id
    WHERE c.contact_id <> t.contact_id
), scored AS (
    SELECT of_id, person_id, sum(weight) AS weight FROM links
    WHERE person_id <> ALL(%(ids)s)
        AND (%(only)s::uuid IS NULL OR person_id = %(only)s)
    GROUP BY of_id, person_id
), found AS (
    SELECT person_id, min(weight) AS weight FROM scored
    GROUP BY person_id HAVING count(*) = cardinality(%(ids)s)
), shown AS (
    SELECT c.id, f.weight, c.sort_key, count(*) OVER () AS total
    FROM found f
    JOIN contacts_contact c ON c.owner_id = %(owner)s AND c.id = f.person_id
    WHERE c.trashed_at IS NULL AND NOT c.is_me AND strpos(c.sort_key, %(key)s) > 0
    ORDER BY f.weight DESC, c.sort_key, c.id LIMIT %(most)s OFFSET %(skip)s
)
SELECT s.total, s.id, l.of_id, l.source, l.what, l."on"
FROM shown s JOIN links l ON l.person_id = s.id
ORDER BY s.weight DESC, s.sort_key, s.id, l.weight DESC, l."on" DESC NULLS LAST
"""


@dataclass(frozen=True, slots=True)
class Evidence:
    source: str
    what: list[str | None]
    on: str

    def words(self, one: Contact) -> str:
        """Why somebody knows this one: "Maya's mentor since 2019"."""
        name, what = one.first_name, self.what[0] or "you"
        on = PartialDate.from_iso(self.on) if self.on else None
        match self.source:
            case "relationship":
                until = self.what[1]
                end = PartialDate.from_iso(until) if until else None
                period = Relationship(since=on, until=end).when
                return f"{name}’s {what} {period}".strip()
            case "brought_by":
                text = f"brought you {name}"
            case "brought":
                text = f"came to you through {name}"
            case "introducer":
                text = f"introduced {name} to {what}"
            case "introduced_by":
                text = f"introduced to {what} by {name}"
            case "introduced":
                text = f"introduced to {name} by {what}"
            case "event":
                text = f"at {what}, where {name} was too"
            case _:
                title, kind = self.what
                occasion = title or Interaction.Kind(kind or "other").label.lower()
                text = f"{occasion} with {name}"
        return f"{text}, {on.words}" if on else text


@dataclass(slots=True)
class Known:
    """Someone who knows those that were asked about; `why` in their order."""

    contact: Contact
    why: list[tuple[Contact, list[str]]]


class KnownPeople:
    """Those who know this contact, or both of these, for a paginator: the best first.

    Two statements for the page that is asked for.
    """

    def __init__(
        self, owner: User, contacts: list[Contact], text: str = "", page: int = 1
    ) -> None:
        self.owner, self.contacts, self.key = owner, contacts, fold(text)
        self.start = (page - 1) * PER_PAGE
        self.rows, self.total = self._read(self.start)
        if not self.rows and self.start:
            self.start = 0
            self.rows, self.total = self._read(0)

    def __len__(self) -> int:
        return self.total

    def __getitem__(self, part: slice) -> list[Known]:
        if part.start == self.start:
            return self.rows
        return self._read(part.start)[0]

    def _read(self, skip: int) -> tuple[list[Known], int]:
        rows = _rows(self.owner, self.contacts, key=self.key, skip=skip)
        people = self.owner.contacts.select_related("organization")
        found = people.in_bulk({row[1] for row in rows}) if rows else {}
        known: dict[UUID, Known] = {}
        for _total, person_id, of_id, *evidence in rows:
            one = known.setdefault(
                person_id,
                Known(found[person_id], [(contact, []) for contact in self.contacts]),
            )
            _add(one.why, of_id, Evidence(*_clean(evidence)))
        return list(known.values()), rows[0][0] if rows else 0


def between(owner: User, one: Contact, other: Contact) -> list[str]:
    """Why the other knows the one, [] when nothing says so. One statement."""
    why: list[tuple[Contact, list[str]]] = [(one, [])]
    for _total, _person, of_id, *evidence in _rows(owner, [one], only=other.pk):
        _add(why, of_id, Evidence(*_clean(evidence)))
    return why[0][1]


def _add(why: list[tuple[Contact, list[str]]], of_id: UUID, evidence: Evidence) -> None:
    for contact, words in why:
        if contact.pk == of_id and (said := evidence.words(contact)) not in words:
            words.append(said)


def _clean(evidence: list[Any]) -> tuple[str, list[str | None], str]:
    source, what, on = evidence
    return source, what or [""], on or ""


def _rows(
    owner: User,
    contacts: list[Contact],
    *,
    key: str = "",
    skip: int = 0,
    only: UUID | None = None,
) -> list[Any]:
    said: dict[str, Any] = {
        "owner": owner.pk,
        "ids": [contact.pk for contact in contacts],
        "today": str(timezone.localdate()),
        "key": key,
        "only": only,
        "most": PER_PAGE,
        "skip": skip,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL, said)
        return cursor.fetchall()
