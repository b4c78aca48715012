"""The balance of giving: what I gave and was given, person by person. No score."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Q

from contacts.models import Contact
from networkcrm.models import User

MOST = 8
_BALANCE = """
    SELECT g.contact_id::text, sum(g.given), sum(g.received), sum(g.introduced),
        sum(g.brought)
    FROM (
        SELECT f.contact_id, (f.direction = 'given')::int AS given,
            (f.direction = 'received')::int AS received, 0 AS introduced, 0 AS brought
        FROM followups_favour f WHERE f.owner_id = %(owner)s
        UNION ALL
        SELECT p.id, 0, 0, 1, 0
        FROM connections_introduction i CROSS JOIN LATERAL
            (VALUES (i.a_id), (i.b_id)) p (id)
        WHERE i.owner_id = %(owner)s AND i.role = 'by_me' AND i.made_at IS NOT NULL
        UNION ALL
        SELECT i.introducer_id, 0, 0, 0, 1
        FROM connections_introduction i
        WHERE i.owner_id = %(owner)s AND i.role = 'for_me' AND i.made_at IS NOT NULL
    ) g
    JOIN contacts_contact c ON c.owner_id = %(owner)s AND c.id = g.contact_id
    WHERE c.trashed_at IS NULL AND NOT c.is_me
    GROUP BY g.contact_id
"""


@dataclass(frozen=True, slots=True)
class Balance:
    """Between somebody and me. `introduced` are introductions that I made with them,
    `brought` those they made for me."""

    contact_id: str
    given: int
    received: int
    introduced: int
    brought: int

    @property
    def mine(self) -> int:
        return self.given + self.introduced

    @property
    def theirs(self) -> int:
        return self.received + self.brought

    @property
    def words(self) -> str:
        """ "You helped twice and introduced them once; they helped you once."""
        mine = [f"helped {_times(self.given)}"] if self.given else []
        if self.introduced:
            mine.append(f"introduced them {_times(self.introduced)}")
        theirs = [f"helped you {_times(self.received)}"] if self.received else []
        if self.brought:
            theirs.append(f"introduced you {_times(self.brought)}")
        if not mine:
            return f"They {' and '.join(theirs)}."
        text = f"You {' and '.join(mine)}"
        return f"{text}; they {' and '.join(theirs)}." if theirs else f"{text}."


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count:,} times")


def balances(owner: User) -> list[Balance]:
    """Of everybody with whom something went one way or the other; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_BALANCE, {"owner": owner.pk})
        return [Balance(row[0], *map(int, row[1:])) for row in cursor.fetchall()]


def section(owner: User) -> tuple[str, dict[str, Any]] | None:
    found = balances(owner)
    most = sorted(found, key=lambda one: (-one.mine, one.theirs, one.contact_id))
    owed = sorted(found, key=lambda one: (one.mine - one.theirs, one.contact_id))
    given = [one for one in most if one.mine][:MOST]
    in_debt = [one for one in owed if one.theirs > one.mine][:MOST]
    ids = [one.contact_id for one in (*given, *in_debt)]
    people = {str(row.pk): row for row in owner.contacts.filter(pk__in=ids)}

    def named(some: list[Balance]) -> list[tuple[Contact, Balance]]:
        return [(people[one.contact_id], one) for one in some]

    made = owner.introductions.made().aggregate(
        introduced=Count("pk", filter=Q(role="by_me")),
        brought=Count("pk", filter=Q(role="for_me")),
    )
    context = {
        "given": sum(one.given for one in found),
        "received": sum(one.received for one in found),
        "most": named(given),
        "owed": named(in_debt),
        **made,
    }
    return "followups/parts/insight_giving.html", context
