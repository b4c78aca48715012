"""The monthly review: who has come closer than their circle, and who has gone.

It proposes, with reasons, and never moves anybody by itself. Who was answered for is
not proposed again for ninety days.

Closer is who was in touch at least as often as the rhythm of a closer circle says,
help and what came of it counted in. Gone is who has missed three rhythms in a row
while nothing else happened for a year.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Q
from django.utils import timezone

from connections.models import Interaction
from contacts.models import Circle, Contact
from followups import rhythms
from followups.cadence import Due
from followups.models import CircleMove
from networkcrm.models import User
from networkcrm.periods import months_before

MONTH = timedelta(days=30)
ANSWERED_FOR = timedelta(days=90)
# Proposed at once, each way.
AT_ONCE = 8
# So many of those in no circle, with the most in a year, may have come closer; others
# are not read.
MOST_READ = 200
# Fewer contacts in a year than this are no reason to come closer.
FEWEST = 3

READ = (
    "owner",
    "full_name",
    "sort_key",
    "photo",
    "created_at",
    "last_contact_on",
    "cadence_days",
    "circle",
)

# What happened in twelve months with each contact, by what it was: of those with the
# most, who may have come closer, and of those in circles, who may have gone.
_YEARS = """
    WITH happened AS (
        SELECT p.contact_id, 'contacts' AS what
        FROM connections_interaction i JOIN connections_participation p
            ON p.owner_id = %(owner)s AND p.interaction_id = i.id
        WHERE i.owner_id = %(owner)s AND i."on" BETWEEN %(since)s AND %(today)s
            AND NOT i.kind = ANY(%(no_contact)s)
        UNION ALL
        SELECT f.contact_id, f.direction FROM followups_favour f
        WHERE f.owner_id = %(owner)s AND f."on" BETWEEN %(since)s AND %(today)s
        UNION ALL
        SELECT s.contact_id, 'given' FROM followups_suggestion s
        WHERE s.owner_id = %(owner)s AND s.answer = 'done'
            AND s."on" BETWEEN %(since)s::date AND %(today)s::date
        UNION ALL
        SELECT unnest(CASE n.role WHEN 'by_me' THEN ARRAY[n.a_id, n.b_id]
            ELSE ARRAY[n.introducer_id] END),
            CASE n.role WHEN 'by_me' THEN 'introduced' ELSE 'introducer' END
        FROM connections_introduction n
        WHERE n.owner_id = %(owner)s AND n.role IN ('by_me', 'for_me')
            AND n.made_at IS NOT NULL
            AND coalesce(
                n."on", to_char(n.made_at AT TIME ZONE %(zone)s, 'YYYY-MM-DD'))
                BETWEEN %(since)s AND %(today)s
        UNION ALL
        SELECT s.contact_id, 'outcomes'
        FROM connections_outcome x JOIN connections_outcomeshare s
            ON s.owner_id = %(owner)s AND s.outcome_id = x.id
        WHERE x.owner_id = %(owner)s AND x."on" BETWEEN %(since)s AND %(today)s
    ), years AS (
        SELECT contact_id,
            count(*) FILTER (WHERE what = 'contacts') AS contacts,
            count(*) FILTER (WHERE what = 'given') AS given,
            count(*) FILTER (WHERE what = 'received') AS received,
            count(*) FILTER (WHERE what = 'introduced') AS introduced,
            count(*) FILTER (WHERE what = 'introducer') AS introducer,
            count(*) FILTER (WHERE what = 'outcomes') AS outcomes,
            -- As Year.much.
            2 * count(*) - count(*) FILTER (WHERE what = 'contacts') AS much
        FROM happened WHERE contact_id IS NOT NULL
        GROUP BY contact_id
    )
    (SELECT * FROM years WHERE contacts >= %(fewest)s
        ORDER BY much DESC, contact_id LIMIT %(most)s + (
            -- Who sits somewhere takes nobody's place.
            SELECT count(*) FROM contacts_contact
            WHERE owner_id = %(owner)s AND circle_id IS NOT NULL))
    UNION
    SELECT y.* FROM years y JOIN contacts_contact c
        ON c.owner_id = %(owner)s AND c.id = y.contact_id
    WHERE c.circle_id IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Year:
    """What happened in twelve months with one contact."""

    contacts: int = 0
    given: int = 0
    received: int = 0
    introduced: int = 0  # by me
    introducer: int = 0  # for me
    outcomes: int = 0

    @property
    def more(self) -> int:
        """What there was beside being in touch, each as much as two contacts."""
        help = self.given + self.received + self.introduced + self.introducer
        return 2 * help + 2 * self.outcomes

    @property
    def much(self) -> int:
        return self.contacts + self.more

    def fits(self, every: int) -> bool:
        """As often as this rhythm says; half of it at least by being in touch."""
        if self.contacts < FEWEST or self.contacts * 2 * every < rhythms.A_YEAR:
            return False
        return self.much * every >= rhythms.A_YEAR

    @property
    def words(self) -> list[str]:
        said = [
            (self.contacts, f"in touch {_times(self.contacts)}"),
            (self.given, f"you helped them {_times(self.given)}"),
            (self.received, f"they helped you {_times(self.received)}"),
            (self.introduced, f"you introduced them {_times(self.introduced)}"),
            (self.introducer, f"they introduced you {_times(self.introducer)}"),
            (self.outcomes, _outcome_words(self.outcomes)),
        ]
        return [words for number, words in said if number]


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def _outcome_words(number: int) -> str:
    return "one thing came of it" if number == 1 else f"{number} things came of it"


@dataclass(frozen=True, slots=True)
class Proposal:
    """To move somebody closer or further out, and why."""

    contact: Contact
    before: Circle | None
    after: Circle | None
    why: str
    is_closer: bool

    def answered(self, answer: str) -> CircleMove:
        """The row that says so, not saved yet."""
        return CircleMove(
            owner=self.contact.owner,
            contact=self.contact,
            before=self.before,
            after=self.after,
            why=self.why[:500],
            answer=answer,
        )


def proposals(owner: User, today: date) -> list[Proposal]:
    """Those who should come closer, the nearest first, then those who have gone.

    Three queries.
    """
    rows = owner.circles.filter(cadence_days__isnull=False)
    circles = list(rows.order_by("cadence_days", "seats", "key"))
    years = _years(owner, today)
    closer, gone = [], []
    for contact in _asked_about(owner, today, years):
        year = years.get(contact.pk, Year())
        if target := _closer(contact, year, circles):
            closer.append((year.much, contact, year, target))
        elif contact.circle and _is_gone(contact, year):
            gone.append(contact)
    closer.sort(key=lambda row: (-row[0], row[1].sort_key, row[1].pk))
    gone.sort(key=lambda one: (-Due.of(one).ratio, one.sort_key, one.pk))
    return [
        Proposal(contact, contact.circle, target, _why_closer(year, target), True)
        for _much, contact, year, target in closer[:AT_ONCE]
    ] + [_outward(contact, circles) for contact in gone[:AT_ONCE]]


def answers(owner: User, today: date, moved: Collection[UUID]) -> list[CircleMove]:
    """What a review proposed for these, who are moved now; not saved yet."""
    return [
        proposal.answered(CircleMove.Answer.MOVED)
        for proposal in proposals(owner, today)
        if proposal.contact.pk in moved
    ]


def _years(owner: User, today: date) -> dict[UUID, Year]:
    said: dict[str, Any] = {
        "owner": owner.pk,
        "zone": owner.time_zone,
        "since": str(months_before(today, 12)),
        "today": str(today),
        "no_contact": list(Interaction.NO_CONTACT),
        "fewest": FEWEST,
        "most": MOST_READ,
    }
    with connection.cursor() as cursor:
        cursor.execute(_YEARS, said)
        return {pk: Year(*numbers) for pk, *numbers, _much in cursor.fetchall()}


def _asked_about(owner: User, today: date, years: dict[UUID, Year]) -> Iterable[Any]:
    """Who is silent for too long, or was in touch often; none answered for lately."""
    often = [pk for pk, year in years.items() if year.contacts >= FEWEST]
    since = timezone.now() - ANSWERED_FOR
    answered = owner.circlemoves.filter(created_at__gt=since).values("contact")
    people = rhythms.not_quiet(owner.contacts.active(), today)
    people = rhythms.with_rhythm(people, owner, today)
    too_silent = Q(silent__gte=rhythms.MISSED * F("circle__cadence_days"))
    of_circle = Q(circle__isnull=False, cadence_days=None)
    people = people.filter(Q(pk__in=often) | (of_circle & too_silent))
    people = people.exclude(pk__in=answered).select_related("circle")
    return people.only(*READ)


def _closer(contact: Contact, year: Year, circles: list[Circle]) -> Circle | None:
    """The closest of the closer circles whose rhythm this year had."""
    for circle in circles:
        if circle == contact.circle:
            return None
        if year.fits(circle.cadence_days or 0):
            return circle
    return None


def _is_gone(contact: Any, year: Year) -> bool:
    """Judged by the rhythm of the circle; one of their own was chosen on purpose."""
    every = contact.circle.cadence_days
    if not every or contact.cadence_days:
        return False
    return contact.silent >= rhythms.MISSED * every and not year.more


def _outward(contact: Any, circles: list[Circle]) -> Proposal:
    """To the first circle further out whose rhythm they still keep, or to none."""
    further = circles[circles.index(contact.circle) + 1 :]
    after = next(
        (
            circle
            for circle in further
            if contact.silent < rhythms.MISSED * (circle.cadence_days or 0)
        ),
        None,
    )
    if contact.last_contact_on is None:
        silent = f"Never in touch in {rhythms.span(contact.silent)}"
    else:
        silent = f"Silent for {rhythms.span(contact.silent)}"
    every = rhythms.every_words(contact.circle.cadence_days)
    why = f"{silent}, where {contact.circle} means {every}. Nothing else in a year."
    return Proposal(contact, contact.circle, after, why, False)


def _why_closer(year: Year, target: Circle) -> str:
    words = ", ".join(year.words)
    every = rhythms.every_words(target.cadence_days or 0)
    return f"In twelve months: {words}. {target} means {every}."


@dataclass(frozen=True, slots=True)
class Review:
    """That it is time for one: how many are proposed, and when the last one was."""

    count: int
    last_on: date | None


def last_review(owner: User) -> date | None:
    """The day of the last answer, by the owner's calendar. One query."""
    answer = owner.circlemoves.latest_first().values_list("created_at", flat=True)
    moment = answer.first()
    return timezone.localdate(moment, owner.tz) if moment else None


def review_due(owner: User, today: date) -> Review | None:
    """When a month has passed since the last one and there is something to propose.

    One query, four when the month has passed.
    """
    last = last_review(owner)
    if last is not None and today < last + MONTH:
        return None
    count = len(proposals(owner, today))
    return Review(count, last) if count else None
