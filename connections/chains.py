"""Chains of origins: who brought whom, from me outward.

Every contact has a depth, and an origin joins an introducer to a contact that
is deeper. The depths stand in the origin too, held equal by foreign keys
(owner, contact, depth), and a CHECK compares them: so Postgres itself refuses a
cycle, whoever writes it and however many write at once, without a trigger.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from connections.words import how_words
from networkcrm.models import User
from networkcrm.partial_dates import PartialDate

if TYPE_CHECKING:
    from connections.models import Origin


class Cycle(ValidationError):
    """The introducer came to me through the one they are said to have introduced."""


def refuse_cycle(origin: "Origin") -> None:
    """Raises Cycle when the introducer came to me through this contact."""
    if origin.introducer_id and any(
        link.contact_id == origin.contact_id
        for link in chain(origin.owner_id, origin.introducer_id)
    ):
        raise Cycle(
            {
                "introducer": (
                    f"{origin.introducer} came to you through {origin.contact}:"
                    " the chain would bite its tail."
                )
            }
        )


def deepen(origin: "Origin") -> None:
    """Give the contact of this origin, and all who came through it, their depth.

    Must run in the transaction that saves the origin. Raises Cycle.
    """
    # One change of a chain at a time per owner; the keys would refuse the second
    # anyway, but at the commit and without a sentence.
    User.objects.select_for_update(no_key=True).get(pk=origin.owner_id)
    refuse_cycle(origin)
    if origin.introducer_id:
        origin.introducer_depth = _depth(origin.owner_id, origin.introducer_id)
        origin.contact_depth = origin.introducer_depth + 1
    else:
        origin.introducer_depth = None
        origin.contact_depth = 0
    saved = origin.contact_id
    _move(origin.owner_id, [origin.contact_id], origin.contact_depth, saved)


def surface(origin: "Origin") -> None:
    """After an origin was deleted: its contact stands beside me again."""
    _move(origin.owner_id, [origin.contact_id], 0)


def shorten(owner_id: UUID, contact_ids: list[UUID]) -> None:
    """The introducers of these are gone, and only their names stand there now."""
    User.objects.select_for_update(no_key=True).get(pk=owner_id)
    _move(owner_id, contact_ids, 0)


def _move(
    owner_id: UUID, contact_ids: list[UUID], depth: int, saved: UUID | None = None
) -> None:
    """Set the depth of contacts and of all below them, on both ends of their origins.

    That of `saved` is written by who calls.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE below (id, depth) AS (
                SELECT unnest(%(contacts)s::uuid[]), %(depth)s::int
                UNION ALL
                SELECT o.contact_id, b.depth + 1
                FROM below b JOIN connections_origin o
                    ON o.owner_id = %(owner)s AND o.introducer_id = b.id
            )
            UPDATE contacts_contact c SET chain_depth = b.depth
            FROM below b
            WHERE c.owner_id = %(owner)s AND c.id = b.id AND c.chain_depth <> b.depth
            RETURNING c.id
            """,
            {"owner": owner_id, "contacts": contact_ids, "depth": depth},
        )
        moved = [row[0] for row in cursor.fetchall()]
        if not moved:
            return
        cursor.execute(
            """
            UPDATE connections_origin o SET
                contact_depth = c.chain_depth,
                introducer_depth = (
                    SELECT i.chain_depth FROM contacts_contact i
                    WHERE i.owner_id = %(owner)s AND i.id = o.introducer_id)
            FROM contacts_contact c
            WHERE o.owner_id = %(owner)s AND c.owner_id = %(owner)s
                AND c.id = o.contact_id AND o.contact_id IS DISTINCT FROM %(saved)s
                AND (o.contact_id = ANY(%(moved)s) OR o.introducer_id = ANY(%(moved)s))
            """,
            {"owner": owner_id, "moved": moved, "saved": saved},
        )


def _depth(owner_id: UUID, contact_id: UUID) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT chain_depth FROM contacts_contact WHERE owner_id = %s AND id = %s",
            [owner_id, contact_id],
        )
        row = cursor.fetchone()
    return row[0] if row else 0


@dataclass(frozen=True, slots=True)
class Link:
    """One person on the way from me to someone, with how this link came to be."""

    contact_id: UUID | None
    name: str
    first_name: str
    photo: str
    is_trashed: bool
    has_origin: bool
    how: str
    platform: str
    in_person: bool
    on: PartialDate | None
    place: str
    event_id: UUID | None
    event_name: str
    url: str

    @property
    def words(self) -> str:
        return how_words(self.how, self.platform, self.place, self.in_person)

    @property
    def verb(self) -> str:
        return "introduced" if self.how == "introduction" else "met"

    @property
    def tone(self) -> str:
        """Violet for an introduction, else terracotta in person and blue online."""
        if not self.has_origin:
            return ""
        if self.how == "introduction":
            return "intro"
        return "person" if self.in_person else "online"

    @property
    def photo_url(self) -> str:
        return _photo_url(self.contact_id, self.photo)


def _photo_url(contact_id: UUID | None, photo: str) -> str:
    """As Contact.photo_url, without a contact."""
    if not photo or not contact_id:
        return ""
    return f"{reverse('contact_photo', args=[contact_id])}?{photo[-12:-4]}"


def chain(owner_id: UUID, contact_id: UUID) -> list[Link]:
    """Everyone from me to this contact, the first I met first, the contact last.

    One query, whatever the length. An introducer who was purged stands with the
    name that was kept and no id.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE chain (step, contact_id) AS (
                SELECT 0, %(contact)s::uuid
                UNION ALL
                SELECT chain.step + 1, o.introducer_id
                FROM chain JOIN connections_origin o
                    ON o.owner_id = %(owner)s AND o.contact_id = chain.contact_id
                WHERE o.introducer_id IS NOT NULL
            )
            SELECT c.id, c.full_name, c.given_name, c.photo, c.trashed_at IS NOT NULL,
                o.id IS NOT NULL, o.how, o.platform, o.in_person, o."on", o.place,
                o.event_id, o.event_name, o.url, o.introducer_id, o.introducer_name
            FROM chain
            JOIN contacts_contact c
                ON c.owner_id = %(owner)s AND c.id = chain.contact_id
            LEFT JOIN connections_origin o
                ON o.owner_id = %(owner)s AND o.contact_id = c.id
            ORDER BY chain.step DESC
            """,
            {"owner": owner_id, "contact": contact_id},
        )
        rows = cursor.fetchall()
    links = [_link(row) for row in rows]
    if rows and rows[0][14] is None and rows[0][15]:
        links.insert(0, _gone(rows[0][15]))
    return links


def _link(row: Any) -> Link:
    return Link(
        contact_id=row[0],
        name=row[1],
        first_name=row[2] or row[1].split()[0],
        photo=row[3] or "",
        is_trashed=row[4],
        has_origin=row[5],
        how=row[6] or "",
        platform=row[7] or "",
        in_person=bool(row[8]),
        on=PartialDate.from_iso(row[9]) if row[9] else None,
        place=row[10] or "",
        event_id=row[11],
        event_name=row[12] or "",
        url=row[13] or "",
    )


def _gone(name: str) -> Link:
    return Link(
        contact_id=None,
        name=name,
        first_name=name,
        photo="",
        is_trashed=True,
        has_origin=False,
        how="",
        platform="",
        in_person=False,
        on=None,
        place="",
        event_id=None,
        event_name="",
        url="",
    )


@dataclass(frozen=True, slots=True)
class Brought:
    """Someone who came through a contact, `steps` introductions down the chain."""

    contact_id: UUID
    name: str
    photo: str
    steps: int
    through_id: UUID
    through: str

    @property
    def photo_url(self) -> str:
        return _photo_url(self.contact_id, self.photo)


@dataclass(frozen=True, slots=True)
class Descent:
    """Some of the people a contact brought, and how many there are in all."""

    people: list[Brought]
    direct: int
    further: int

    @property
    def total(self) -> int:
        return self.direct + self.further


def brought_by(owner_id: UUID, contact_id: UUID, most: int, skip: int = 0) -> Descent:
    """Those who came to me through this contact, the direct ones first, then by name.

    One query; `most` people after the first `skip`. Trashed contacts are left out,
    those behind them are not.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE below (contact_id, steps, through) AS (
                SELECT o.contact_id, 1, o.introducer_id
                FROM connections_origin o
                WHERE o.owner_id = %(owner)s AND o.introducer_id = %(contact)s
                UNION ALL
                SELECT o.contact_id, b.steps + 1, o.introducer_id
                FROM below b JOIN connections_origin o
                    ON o.owner_id = %(owner)s AND o.introducer_id = b.contact_id
            ), people AS (
                SELECT c.id, c.full_name, c.photo, b.steps, b.through, c.sort_key
                -- OFFSET 0: one by one. Postgres expects a tenth of all to be below.
                FROM below b CROSS JOIN LATERAL (
                    SELECT * FROM contacts_contact
                    WHERE owner_id = %(owner)s AND id = b.contact_id
                        AND trashed_at IS NULL
                    OFFSET 0
                ) c
            ), counted AS (
                SELECT count(*) FILTER (WHERE steps = 1) AS direct,
                    count(*) FILTER (WHERE steps > 1) AS further
                FROM people
            ), shown AS (
                SELECT * FROM people ORDER BY steps, sort_key, id
                LIMIT %(most)s OFFSET %(skip)s
            )
            SELECT shown.id, shown.full_name, shown.photo, shown.steps, shown.through,
                i.full_name, counted.direct, counted.further
            FROM counted LEFT JOIN shown ON true LEFT JOIN contacts_contact i
                ON i.owner_id = %(owner)s AND i.id = shown.through
            ORDER BY shown.steps, shown.sort_key, shown.id
            """,
            {"owner": owner_id, "contact": contact_id, "most": most, "skip": skip},
        )
        rows = cursor.fetchall()
    people = [Brought(*row[:6]) for row in rows if row[0]]
    return Descent(people, direct=rows[0][6], further=rows[0][7])


class Descendants:
    """All whom a contact brought, for a paginator: counted, and read page by page."""

    def __init__(self, owner_id: UUID, contact_id: UUID) -> None:
        self.owner_id, self.contact_id = owner_id, contact_id
        self.descent = brought_by(owner_id, contact_id, most=0)

    def __len__(self) -> int:
        return self.descent.total

    def __getitem__(self, part: slice) -> list[Brought]:
        most = part.stop - part.start
        return brought_by(self.owner_id, self.contact_id, most, part.start).people
