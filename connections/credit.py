"""Credit for what came of it: up the chain of origins of those who had a share.

You → Lena → Maya, and Maya gave a guest lecture: that is to the credit of Lena, and of
whoever brought Lena. Both ways of asking agree with each other:

    credited(user.pk)[lena.pk] == user.outcomes.through(user, [lena.pk]).count()
    credited_events(user.pk)[mixer.pk] == user.outcomes.began_at(user, mixer).count()

Whoever stands in a chain is credited once per outcome, however many of its people came
through them, and is not credited for an outcome merely because they had a share in it
themselves. A share of someone in the trash brings no credit; someone in the trash in
the middle of a chain does not break it, and is not credited.
"""

from collections.abc import Collection
from typing import Literal
from uuid import UUID

from django.db import connection
from django.db.models.expressions import RawSQL

# Parameter %(owner)s. Yields (outcome_id, contact_id): all in the chains of those who
# had a share, these included, and whether they stand above one of them.
_CHAINS = """
    WITH RECURSIVE up (outcome_id, contact_id, is_above) AS (
        SELECT s.outcome_id, s.contact_id, false
        FROM connections_outcomeshare s JOIN contacts_contact c
            ON c.owner_id = %(owner)s AND c.id = s.contact_id
        WHERE s.owner_id = %(owner)s AND c.trashed_at IS NULL
        UNION
        SELECT up.outcome_id, o.introducer_id, true
        FROM up JOIN connections_origin o
            ON o.owner_id = %(owner)s AND o.contact_id = up.contact_id
        WHERE o.introducer_id IS NOT NULL
    )
"""
_THROUGH = """
    WITH RECURSIVE below (contact_id) AS (
        SELECT o.contact_id FROM connections_origin o
        WHERE o.owner_id = %s AND o.introducer_id = ANY(%s)
        UNION
        SELECT o.contact_id FROM below b JOIN connections_origin o
            ON o.owner_id = %s AND o.introducer_id = b.contact_id
    )
    -- OFFSET 0: one by one. Postgres expects a tenth of all to be below.
    SELECT s.outcome_id FROM below b CROSS JOIN LATERAL (
        SELECT s.outcome_id FROM connections_outcomeshare s
        JOIN contacts_contact c ON c.owner_id = %s AND c.id = s.contact_id
        WHERE s.owner_id = %s AND s.contact_id = b.contact_id AND c.trashed_at IS NULL
        OFFSET 0
    ) s
"""
_BEGAN_AT = """
    WITH RECURSIVE began (contact_id) AS (
        SELECT o.contact_id FROM connections_origin o
        WHERE o.owner_id = %s AND o.event_id = %s
        UNION
        SELECT o.contact_id FROM began b JOIN connections_origin o
            ON o.owner_id = %s AND o.introducer_id = b.contact_id
    )
    -- As above.
    SELECT s.outcome_id FROM began b CROSS JOIN LATERAL (
        SELECT s.outcome_id FROM connections_outcomeshare s
        JOIN contacts_contact c ON c.owner_id = %s AND c.id = s.contact_id
        WHERE s.owner_id = %s AND s.contact_id = b.contact_id AND c.trashed_at IS NULL
        OFFSET 0
    ) s
    UNION
    SELECT x.id FROM connections_outcome x WHERE x.owner_id = %s AND x.event_id = %s
"""
# Began with somebody who came this way: {column} is a column of the origin.
_CAME_BY = """
    WITH RECURSIVE came (contact_id) AS (
        SELECT o.contact_id FROM connections_origin o
        WHERE o.owner_id = %s AND o.{column} = %s
        UNION
        SELECT o.contact_id FROM came b JOIN connections_origin o
            ON o.owner_id = %s AND o.introducer_id = b.contact_id
    )
    SELECT s.outcome_id FROM came b
    JOIN connections_outcomeshare s ON s.owner_id = %s AND s.contact_id = b.contact_id
    JOIN contacts_contact c ON c.owner_id = %s AND c.id = b.contact_id
    WHERE c.trashed_at IS NULL
"""


def credited(owner_id: UUID) -> dict[UUID, int]:
    """How many outcomes came through each contact, at any depth; one query.

    Contacts without credit are not in it. The outcomes themselves are those of
    /outcomes/?through=<contact id>.
    """
    return _counts(
        f"""
        {_CHAINS}
        SELECT up.contact_id, count(DISTINCT up.outcome_id)
        FROM up JOIN contacts_contact c
            ON c.owner_id = %(owner)s AND c.id = up.contact_id
        WHERE up.is_above AND c.trashed_at IS NULL
        GROUP BY up.contact_id
        """,
        owner_id,
    )


def credited_events(owner_id: UUID) -> dict[UUID, int]:
    """How many outcomes began at each event; one query.

    Those that are linked to it, and those with someone whose chain passes through it:
    this client began at the mixer, where you met Ana, who brought you Lena. The
    outcomes themselves are those of /outcomes/?began_at=<event id>.
    """
    return _counts(
        f"""
        {_CHAINS}
        SELECT began.event_id, count(*) FROM (
            SELECT o.event_id, up.outcome_id
            FROM up JOIN connections_origin o
                ON o.owner_id = %(owner)s AND o.contact_id = up.contact_id
            WHERE o.event_id IS NOT NULL
            UNION
            SELECT x.event_id, x.id FROM connections_outcome x
            WHERE x.owner_id = %(owner)s AND x.event_id IS NOT NULL
        ) began
        GROUP BY began.event_id
        """,
        owner_id,
    )


def through(owner_id: UUID, contact_ids: Collection[UUID]) -> RawSQL:
    """The ids of the outcomes that came through any of these contacts, for pk__in."""
    ids = list(contact_ids)
    return RawSQL(_THROUGH, [owner_id, ids, owner_id, owner_id, owner_id])


def began_at(owner_id: UUID, event_id: UUID) -> RawSQL:
    """The ids of the outcomes that began at this event, for pk__in."""
    owner = owner_id
    params = [owner, event_id, owner, owner, owner, owner, event_id]
    return RawSQL(_BEGAN_AT, params)


def came_by(owner_id: UUID, column: Literal["how", "platform"], value: str) -> RawSQL:
    """The ids of the outcomes with somebody in the chain who came this way."""
    owner = owner_id
    sql = _CAME_BY.format(column=column)
    return RawSQL(sql, [owner, value, owner, owner, owner])


def _counts(sql: str, owner_id: UUID) -> dict[UUID, int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"owner": owner_id})
        return dict(cursor.fetchall())
