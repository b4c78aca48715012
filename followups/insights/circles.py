"""Which circles are kept: how many are in touch within their rhythm, then and now.

As followups/rhythms.py has it: a date that is half known counts as the latest day it
can mean, and whom I was never in touch with counts from the day they were added.
Counted are those who sit in the circle now, from when I knew them on.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from connections.charts import Bar, Chart, Part
from connections.insights.tables import Cell
from connections.models import Interaction
from contacts.models import Circle
from networkcrm.models import User

MONTHS = 12
_KEPT = """
    WITH member AS (
        SELECT c.id, c.circle_id, (c.created_at AT TIME ZONE %(zone)s)::date AS added,
            coalesce(c.cadence_days, k.cadence_days) AS every,
            coalesce(c.quiet_until > %(today)s, false) AS is_quiet
        FROM contacts_contact c JOIN contacts_circle k
            ON k.owner_id = %(owner)s AND k.id = c.circle_id
        WHERE c.owner_id = %(owner)s AND c.trashed_at IS NULL AND c.archived_at IS NULL
            AND NOT c.is_me AND coalesce(c.cadence_days, k.cadence_days) IS NOT NULL
    ), touched AS (
        SELECT t.contact_id, t.first, t.latest,
            lead(t.first) OVER (PARTITION BY t.contact_id ORDER BY t.first) AS next
        FROM (
            SELECT i.contact_id,
                (i."on" || substr('-01-01', length(i."on") - 3))::date AS first,
                max(CASE length(i."on")
                    WHEN 10 THEN i."on"::date
                    WHEN 7 THEN ((i."on" || '-01')::date
                        + interval '1 month -1 day')::date
                    ELSE (i."on" || '-12-31')::date END) AS latest
            FROM member m
            -- OFFSET 0: one by one. All at once Postgres reads what was with everybody.
            CROSS JOIN LATERAL (
                SELECT p.contact_id, i."on" FROM connections_participation p
                JOIN connections_interaction i
                    ON i.owner_id = %(owner)s AND i.id = p.interaction_id
                WHERE p.owner_id = %(owner)s AND p.contact_id = m.id
                    AND i."on" IS NOT NULL AND NOT i.kind = ANY(%(no_contact)s)
                OFFSET 0
            ) i
            GROUP BY 1, 2
        ) t
    )
    SELECT s.circle_id, s.day, count(*),
        count(*) FILTER (WHERE s.day - s.since <= s.every)
    FROM (
        SELECT m.circle_id, d.day, m.every, m.is_quiet,
            CASE WHEN t.contact_id IS NULL THEN m.added
                ELSE least(t.latest, d.day) END AS since
        FROM member m
        CROSS JOIN unnest(%(days)s::date[]) d (day)
        LEFT JOIN touched t ON t.contact_id = m.id
            AND t.first <= d.day AND (t.next IS NULL OR t.next > d.day)
    ) s
    -- Whose time has passed, and who is left in peace now, is not slipping now.
    WHERE s.since <= s.day AND NOT (
        s.is_quiet AND s.day = %(today)s AND s.day - s.since > s.every)
    GROUP BY s.circle_id, s.day
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """Of a circle on a day."""

    day: date
    people: int
    in_touch: int

    @property
    def slipping(self) -> int:
        return self.people - self.in_touch

    @property
    def percent(self) -> int:
        return round(100 * self.in_touch / self.people) if self.people else 0

    @property
    def label(self) -> str:
        return f"{self.day:%-d %b %Y}: {self.in_touch} of {self.people}"


def standings(owner: User, days: Collection[date]) -> dict[UUID, list[Standing]]:
    """By circle, one for each of these days on which somebody sat there; in one
    statement."""
    said: dict[str, Any] = {
        "owner": owner.pk,
        "zone": owner.time_zone,
        "days": list(days),
        "today": timezone.localdate(timezone=owner.tz),
        "no_contact": list(Interaction.NO_CONTACT),
    }
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, said)
        rows = cursor.fetchall()
    found: dict[UUID, list[Standing]] = defaultdict(list)
    for circle_id, day, people, in_touch in sorted(rows, key=lambda row: row[1]):
        found[circle_id].append(Standing(day, people, in_touch))
    return dict(found)


def month_ends(today: date, months: int = MONTHS) -> list[date]:
    """The last days of so many months before this one, and today."""
    days, day = [today], today
    for _month in range(months):
        day = day.replace(day=1) - timedelta(days=1)
        days.append(day)
    return days[::-1]


@dataclass(frozen=True, slots=True)
class Kept:
    """A circle, as it stands and as it was kept; `story` ends with the last day."""

    circle: Circle
    story: list[Standing]

    @property
    def now(self) -> Standing:
        return self.story[-1]

    @property
    def cells(self) -> list[Cell]:
        """Those in touch and those slipping now, as the list of contacts has them."""
        counts = {"in-touch": self.now.in_touch, "slipping": self.now.slipping}
        urls = {
            touch: urlencode({"circle": str(self.circle.pk), "touch": touch})
            for touch in counts
        }
        return [
            Cell(f"{count:,}", f"{reverse('contact_list')}?{urls[touch]}", count)
            if count
            else Cell("0")
            for touch, count in counts.items()
        ]

    @property
    def percent(self) -> int:
        """Of all the days looked at, how much was kept."""
        people = sum(one.people for one in self.story)
        return round(100 * sum(one.in_touch for one in self.story) / people)

    @property
    def columns(self) -> list[dict[str, Any]]:
        """A small picture of the story, 24 pixels high."""
        step = 100 / len(self.story)
        return [
            {
                "x": f"{place * step + step * 0.12:.2f}%",
                "width": f"{step * 0.76:.2f}%",
                "y": 24 - max(2, round(one.percent * 0.24)),
                "height": max(2, round(one.percent * 0.24)),
            }
            for place, one in enumerate(self.story)
        ]


def kept(owner: User, days: Collection[date]) -> list[Kept]:
    """The circles with a rhythm in which somebody sits, the closest first."""
    found = standings(owner, days)
    last = max(days)
    circles = owner.circles.order_by("seats", "key", "pk")
    return [
        Kept(circle, found[circle.pk])
        for circle in circles
        if circle.pk in found and found[circle.pk][-1].day == last
    ]


def chart_of(circles: list[Kept]) -> Chart:
    bars = [
        Bar(
            one.circle.name,
            f"{one.now.in_touch:,} of {one.now.people:,}",
            [
                Part(one.now.in_touch, "good"),
                Part(one.now.slipping, "good", is_solid=False),
            ],
        )
        for one in circles
    ]
    return Chart(
        "circles-kept",
        "Who of each circle is in touch",
        "A bar for each circle: those in touch within their rhythm, then the others.",
        bars,
        ("in touch", "slipping"),
    )


def section(owner: User) -> tuple[str, dict[str, Any]] | None:
    today = timezone.localdate(timezone=owner.tz)
    circles = kept(owner, month_ends(today))
    context = {"circles": circles, "chart": chart_of(circles)}
    return "followups/parts/insight_circles.html", context
