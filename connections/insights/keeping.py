"""Who is kept: in touch with in the last twelve months, or within their rhythm.

A rhythm of more than a year gives more time. A mention is no contact, and a date
too vague to tell does not count.
"""

from datetime import date
from typing import Any
from uuid import UUID

from networkcrm.periods import months_before

# Of a contact c and its circle k: see JOIN. For the parameters see `said`.
KEPT = """(
    c.last_contact_on >= %(year_ago)s
    OR coalesce(c.cadence_days, k.cadence_days) > 365
        AND c.last_contact_on >= to_char(
            %(today)s::date - coalesce(c.cadence_days, k.cadence_days), 'YYYY-MM-DD')
)"""
JOIN = """
    LEFT JOIN contacts_circle k ON k.owner_id = %(owner)s AND k.id = c.circle_id
"""


def said(owner_id: UUID, today: date) -> dict[str, Any]:
    return {
        "owner": owner_id,
        "today": today,
        "year_ago": str(months_before(today, 12)),
    }
