"""From online to in person: who reached which step, and how long it took."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Q

from contacts.models import Stage
from networkcrm.periods import Period, months_before

STEPS = [stage for stage in Stage if stage]
# Who has written for so long without a word spoken is stuck.
STUCK_MONTHS = 6

# Days between two steps: of those who took them in this order and of whom both days
# are known. Dates are partial: ten letters are a whole day.
_DAYS = """
    CASE WHEN length(c.reached_on[{a}]) = 10 AND length(c.reached_on[{b}]) = 10
            AND c.reached_on[{a}] <= c.reached_on[{b}]
        THEN c.reached_on[{b}]::date - c.reached_on[{a}]::date END AS days_{b}
"""
_FUNNEL = """
    SELECT t.stage, count(*), {counts}
    FROM (
        SELECT c.stage, {days}
        FROM contacts_contact c
        WHERE c.owner_id = %(owner)s AND c.trashed_at IS NULL AND NOT c.is_me
            AND (%(first)s::text IS NULL OR c.id IN (
                SELECT o.contact_id FROM connections_origin o
                WHERE o.owner_id = %(owner)s
                    AND o."on" >= %(first)s::text AND o."on" < %(before)s::text))
    ) t
    GROUP BY GROUPING SETS ((t.stage), ())
"""
_LATER = [int(stage) for stage in STEPS[1:]]
_SQL = _FUNNEL.format(
    days=", ".join(_DAYS.format(a=step - 1, b=step) for step in _LATER),
    counts=", ".join(
        f"count(t.days_{step}),"
        f" percentile_cont(0.5) WITHIN GROUP (ORDER BY t.days_{step})"
        for step in _LATER
    ),
)


@dataclass(frozen=True, slots=True)
class Step:
    """`stand`: whose furthest step this is; `reached`: who came at least so far.

    `median` is in days from the step before, of `counted` people; None of nobody.
    """

    stage: Stage
    reached: int
    stand: int
    counted: int = 0
    median: float | None = None

    @property
    def tone(self) -> str:
        return "person" if self.stage >= Stage.MET else "online"

    @property
    def days(self) -> str:
        """ "1 day", "12.5 days", "the same day"."""
        if self.median is None:
            return ""
        if self.median == 0:
            return "the same day"
        return f"{self.median:g} day{'' if self.median == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Funnel:
    people: int
    steps: list[Step]

    @property
    def nothing_yet(self) -> int:
        return self.people - self.steps[0].reached


def funnel_of(owner_id: UUID, period: Period) -> Funnel:
    """Of everybody, or of those who came in this period; one statement."""
    said: dict[str, Any] = {
        "owner": owner_id,
        "first": period.first,
        "before": period.before,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL, said)
        rows = {row[0]: row[1:] for row in cursor.fetchall()}
    count, *between = rows.get(None, (0, *[0, None] * len(_LATER)))
    stand = {stage: rows[stage][0] if stage in rows else 0 for stage in Stage}
    steps = [
        Step(
            stage,
            reached=sum(n for each, n in stand.items() if each >= stage),
            stand=stand[stage],
            counted=between[2 * place - 2] if place else 0,
            median=between[2 * place - 1] if place else None,
        )
        for place, stage in enumerate(STEPS)
    ]
    return Funnel(count, steps)


def took(stage: int) -> Q:
    """Contacts of whom the days until this step, from the one before it, are known."""
    before, then = f"reached_on__{stage - 2}", f"reached_on__{stage - 1}"
    whole = {f"{before}__regex": "^.{10}$", f"{then}__regex": "^.{10}$"}
    return Q(**whole, **{f"{then}__gte": F(before)})


def stuck_before(today: date) -> date:
    return months_before(today, STUCK_MONTHS)
