"""The numbers of Today, all of them in one statement."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from contacts.models import Stage
from followups.circles_review import MONTH
from followups.insights.helping import HELPED
from networkcrm.models import User
from networkcrm.periods import week_of

# A streak is counted back so far.
LONGEST = timedelta(days=400)
# So many people are an address book, also when each was written down by hand.
ENOUGH = 10
# With fewer in the inner circle there is nothing to look through.
WORTH_A_REVIEW = 5
# One day missed between two is forgiven, two in a row are not.
FORGIVEN = timedelta(days=2)

# Dates are partial and sort as text: only whole days, ten letters long, lie in a week.
_NUMBERS = f"""
    WITH helped AS ({HELPED}),
    inner_circle AS (
        SELECT id, name, seats, cadence_days FROM contacts_circle
        WHERE owner_id = %(owner)s ORDER BY seats, id LIMIT 1
    ), this_week (id) AS (
        -- Whoever was met or noticed this week has it from one of these.
        SELECT p.contact_id
        FROM connections_interaction i JOIN connections_participation p
            ON p.owner_id = %(owner)s AND p.interaction_id = i.id
        WHERE i.owner_id = %(owner)s AND i."on" BETWEEN %(monday)s AND %(day)s
        UNION
        SELECT o.contact_id FROM connections_origin o
        WHERE o.owner_id = %(owner)s AND o."on" BETWEEN %(monday)s AND %(day)s
    ), met AS (
        SELECT
            count(*) FILTER (WHERE c.first_on BETWEEN %(monday)s AND %(day)s
                AND length(c.first_on) = 10) AS people,
            count(*) FILTER (WHERE c.met_on BETWEEN %(monday)s AND %(day)s
                AND length(c.met_on) = 10) AS in_person
        FROM (
            SELECT c.reached_on[{Stage.MET.value}] AS met_on, least(
                c.reached_on[1], c.reached_on[2], c.reached_on[3],
                c.reached_on[4], c.reached_on[5], c.reached_on[6]) AS first_on
            FROM this_week w JOIN contacts_contact c
                ON c.owner_id = %(owner)s AND c.id = w.id
            WHERE c.trashed_at IS NULL AND NOT c.is_me
        ) c
    ), asked AS (
        SELECT CASE p.party WHEN 'a' THEN i.a_name ELSE i.b_name END AS name
        FROM connections_introduction i
        CROSS JOIN LATERAL (VALUES ('a'), ('b')) p (party)
        LEFT JOIN connections_consent c ON c.owner_id = %(owner)s
            AND c.introduction_id = i.id AND c.party = p.party
        WHERE i.owner_id = %(owner)s AND i.state = 'asked' AND i.role = 'by_me'
            AND coalesce(c.answer, '') <> 'yes'
    )
    SELECT
        (SELECT count(*) FROM (
            SELECT 1 FROM contacts_contact
            WHERE owner_id = %(owner)s AND trashed_at IS NULL AND archived_at IS NULL
                AND NOT is_me
            LIMIT {ENOUGH}
        ) enough) AS people,
        EXISTS (SELECT 1 FROM contacts_import
            WHERE owner_id = %(owner)s AND state = 'done') AS imported,
        EXISTS (SELECT 1 FROM events_event WHERE owner_id = %(owner)s) AS has_event,
        (SELECT count(*) FROM events_cardnote
            WHERE owner_id = %(owner)s AND state = 'new') AS card_notes,
        (SELECT people FROM met) AS met,
        (SELECT in_person FROM met) AS met_in_person,
        (SELECT count(DISTINCT contact_id) FROM helped
            WHERE day >= %(monday)s AND day <= %(day)s) AS helped,
        ARRAY(SELECT DISTINCT day FROM helped WHERE day <= %(day)s) AS helped_on,
        (SELECT count(*) FROM connections_introduction
            WHERE owner_id = %(owner)s AND role = 'by_me' AND made_at IS NOT NULL
                AND coalesce("on", to_char(made_at AT TIME ZONE %(zone)s, 'YYYY-MM-DD'))
                    BETWEEN %(monday)s AND %(day)s) AS introduced,
        (SELECT count(*) FROM asked) AS awaited,
        (SELECT min(name) FROM asked) AS awaited_of,
        (SELECT id FROM inner_circle) AS circle_id,
        (SELECT name FROM inner_circle) AS circle,
        (SELECT seats FROM inner_circle) AS seats,
        (SELECT max(created_at) FROM followups_circlemove
            WHERE owner_id = %(owner)s) AS reviewed_at,
        taken.people AS seated,
        taken.in_touch,
        taken.slipping
    FROM (
        SELECT count(*) AS people, count(*) FILTER (
            WHERE s.archived_at IS NULL AND %(day)s::date - s.since <= s.every
        ) AS in_touch, count(*) FILTER (
            WHERE s.archived_at IS NULL AND %(day)s::date - s.since > s.every
                AND (s.quiet_until IS NULL OR s.quiet_until <= %(day)s::date)
        ) AS slipping
        FROM (
            SELECT c.archived_at, c.quiet_until,
                coalesce(c.cadence_days, k.cadence_days) AS every,
                least(%(day)s::date, coalesce(
                    CASE length(c.last_contact_on)
                        WHEN 10 THEN c.last_contact_on::date
                        WHEN 7 THEN ((c.last_contact_on || '-01')::date
                            + interval '1 month' - interval '1 day')::date
                        ELSE (c.last_contact_on || '-12-31')::date
                    END,
                    (c.created_at AT TIME ZONE %(zone)s)::date)) AS since
            FROM contacts_contact c JOIN inner_circle k ON k.id = c.circle_id
            WHERE c.owner_id = %(owner)s AND c.trashed_at IS NULL
        ) s
    ) taken
"""


@dataclass(frozen=True, slots=True)
class Numbers:
    today: date
    # At most ENOUGH: more need not be counted.
    people: int
    imported: bool
    has_event: bool
    card_notes: int
    met: int
    met_in_person: int
    helped: int
    helped_on: list[str]
    introduced: int
    awaited: int
    awaited_of: str | None
    circle_id: UUID | None
    circle: str | None
    seats: int | None
    reviewed_at: datetime | None
    seated: int
    in_touch: int
    slipping: int

    @property
    def free(self) -> int:
        return max(0, (self.seats or 0) - self.seated)

    @property
    def is_review_due(self) -> bool:
        """A month has passed since a proposal was answered, and circles have people."""
        if self.seated < WORTH_A_REVIEW:
            return False
        return not self.reviewed_at or timezone.now() - self.reviewed_at > MONTH

    @property
    def week(self) -> str:
        """As an address names it: "2026-W47"."""
        return week_of(self.today)

    @property
    def streak(self) -> int:
        """On how many days in a row I helped somebody; a single missed day between
        is forgiven, and today is not over yet."""
        return streak(map(date.fromisoformat, self.helped_on), self.today)

    @property
    def awaited_words(self) -> str:
        """ "1 awaiting Ana’s yes", "3 answers awaited"."""
        if self.awaited == 1 and self.awaited_of:
            return f"1 awaiting {self.awaited_of.split()[0]}’s yes"
        return f"{self.awaited} answer{'' if self.awaited == 1 else 's'} awaited"

    @property
    def steps(self) -> dict[str, bool]:
        """The first three, and which of them are done by what is really there."""
        return {
            "address_book": self.imported or self.people >= ENOUGH,
            "circle": self.seated > 0,
            "event": self.has_event,
        }


def numbers(owner: User, today: date) -> Numbers:
    monday = today - timedelta(today.weekday())
    said: dict[str, Any] = {
        "owner": owner.pk,
        "zone": owner.time_zone,
        "day": str(today),
        "monday": str(monday),
        # Of `helped`.
        "first": str(today - LONGEST),
        "before": str(today + timedelta(1)),
        "is_exact": True,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS, said)
        names = [column.name for column in cursor.description or ()]
        row = cursor.fetchone()
    return Numbers(today=today, **dict(zip(names, row or (), strict=True)))


def streak(days: Iterable[date], today: date) -> int:
    count, after = 0, today
    for day in sorted(set(days), reverse=True):
        if after - day > FORGIVEN:
            break
        count, after = count + 1, day
    return count
