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
    CASE WHEN octet_length(first.on{a}) = 10 AND octet_length(first.on{b}) = 10
            AND first.on{a} <= first.on{b}
        THEN first.on{b}::date - first.on{a}::date END AS days{b}
"""
# OFFSET 0 keeps the planner from taking each date out of its array several times.
_FUNNEL = """
    SELECT {counts}
    FROM (
        SELECT first.stage, {days}
        FROM (
            SELECT c.stage, {dates}
            FROM contacts_contact c
            WHERE c.owner_id = %(owner)s AND c.trashed_at IS NULL AND NOT c.is_me
                AND (%(first)s::text IS NULL OR c.id IN (
                    SELECT o.contact_id FROM connections_origin o
                    WHERE o.owner_id = %(owner)s
                        AND o."on" >= %(first)s::text AND o."on" < %(before)s::text))
            OFFSET 0
        ) first
    ) t
"""
_LATER = [int(stage) for stage in STEPS[1:]]
_SQL = _FUNNEL.format(
    dates=", ".join(f"c.reached_on[{int(step)}] AS on{int(step)}" for step in STEPS),
    days=", ".join(_DAYS.format(a=step - 1, b=step) for step in _LATER),
    counts=", ".join(
        [
            *(f"count(*) FILTER (WHERE t.stage = {int(stage)})" for stage in Stage),
            *(f"count(t.days{step})" for step in _LATER),
            *(
                f"percentile_cont(0.5) WITHIN GROUP (ORDER BY t.days{step})"
                for step in _LATER
            ),
        ]
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
        found = list(cursor.fetchone() or ())
    stand = dict(zip(Stage, found, strict=False))
    known = dict(zip(_LATER, found[len(Stage) :], strict=False))
    medians = dict(zip(_LATER, found[len(Stage) + len(_LATER) :], strict=True))
    steps = [
        Step(
            stage,
            reached=sum(n for each, n in stand.items() if each >= stage),
            stand=stand[stage],
            counted=known.get(stage, 0),
            median=medians.get(stage),
        )
        for stage in STEPS
    ]
    return Funnel(sum(stand.values()), steps)


def took(stage: int) -> Q:
    """Contacts of whom the days until this step, from the one before it, are known."""
    before, then = f"reached_on__{stage - 2}", f"reached_on__{stage - 1}"
    whole = {f"{before}__regex": "^.{10}$", f"{then}__regex": "^.{10}$"}
    return Q(**whole, **{f"{then}__gte": F(before)})


def stuck_before(today: date) -> date:
    return months_before(today, STUCK_MONTHS)


def first_reached(stage: Stage, when: Period) -> Q:
    """Contacts who came to this step for the first time within a stretch of time."""
    return when.holds(f"reached_on__{stage - 1}")


def came_closer(when: Period) -> Q:
    """Whom I met again, or first worked with, within it."""
    again = first_reached(Stage.MET_AGAIN, when)
    return again | first_reached(Stage.WORKED_TOGETHER, when)
