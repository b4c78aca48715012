"""How many people stand one step behind a circle: whom those in it know.

By origins (who brought them, and whom they brought), by introductions that took place,
and by relationships. Not those in the circle themselves, and not me.
"""

from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from contacts.models import Circle
from contacts.models.contacts import ContactQuerySet
from networkcrm.models import User

_INSIDE = """
    WITH inside (id) AS (
        SELECT c.id FROM contacts_contact c
        WHERE c.owner_id = %s AND c.circle_id = %s AND c.trashed_at IS NULL
            AND NOT c.is_me
    )
"""
_ARMS = (
    "SELECT {other} FROM inside JOIN connections_origin l"
    " ON l.owner_id = %s AND l.{one} = inside.id",
    "SELECT {other} FROM inside JOIN connections_relationship l"
    " ON l.owner_id = %s AND l.{one} = inside.id",
    "SELECT {other} FROM inside JOIN connections_introduction l"
    " ON l.owner_id = %s AND l.{one} = inside.id AND l.made_at IS NOT NULL",
)
_ENDS = (
    [("contact_id", "introducer_id")],
    [("from_contact_id", "to_contact_id")],
    [("introducer_id", "a_id"), ("introducer_id", "b_id"), ("a_id", "b_id")],
)
_BOTH_WAYS = [
    arm.format(one=one, other=f"l.{other}")
    for arm, ends in zip(_ARMS, _ENDS, strict=True)
    for pair in ends
    for one, other in (pair, pair[::-1])
]
_BEHIND = _INSIDE + " UNION ".join(_BOTH_WAYS)
# OFFSET 0: one by one. Postgres expects a tenth of all to be behind.
_REACH = f"""
    SELECT count(*) FROM ({_BEHIND}) behind (id) CROSS JOIN LATERAL (
        SELECT 1 FROM contacts_contact
        WHERE owner_id = %s AND id = behind.id AND NOT is_me AND trashed_at IS NULL
            AND archived_at IS NULL AND circle_id IS DISTINCT FROM %s
        OFFSET 0
    ) c
"""


def behind(owner: User, contacts: Any, circle: Circle) -> ContactQuerySet:
    """Those of these contacts who stand one step behind the circle."""
    said = [owner.pk, circle.pk] + [owner.pk] * len(_BOTH_WAYS)
    rows: ContactQuerySet = contacts.filter(pk__in=RawSQL(_BEHIND, said))
    return rows.others().kept().exclude(circle=circle)


def reach(owner: User, circle: Circle) -> int:
    """How many they are: those whom /contacts/?behind=<circle> lists. One query."""
    said = [owner.pk, circle.pk] + [owner.pk] * (len(_BOTH_WAYS) + 1) + [circle.pk]
    with connection.cursor() as cursor:
        cursor.execute(_REACH, said)
        count: int = cursor.fetchone()[0]
    return count
