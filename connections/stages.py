"""How far a relation has come: noticed, wrote, spoke, met, met again, worked together.

Each step comes from how you met and from what happened since. A contact carries
the highest one, the first date of each, how many contacts there were, and the day of
the last one, kept current by `refresh`.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from connections.models import Interaction, Origin
from contacts.models import Contact, Stage
from networkcrm.models import User
from networkcrm.partial_dates import PartialDate

Kind = Interaction.Kind
LOOK_BACK = timedelta(days=62)

# An exchange of words without being in one room; a gathering online proves none.
_ONLINE = {
    Stage.WROTE: (Kind.MESSAGE, Kind.EMAIL, Kind.LETTER),
    Stage.SPOKE: (Kind.CALL, Kind.VIDEO_CALL, Kind.COFFEE, Kind.MEAL, Kind.MEETING),
}
_STAGE_OF_KIND = {kind: stage for stage, kinds in _ONLINE.items() for kind in kinds}

# One round trip locks the contacts, in one order for everybody, and finds the zone.
_LOCK = """
    SELECT time_zone, (
        SELECT count(*) FROM (
            SELECT 1 FROM contacts_contact
            WHERE owner_id = %(owner)s AND id = ANY(%(contacts)s)
            ORDER BY id FOR NO KEY UPDATE
        ) locked)
    FROM networkcrm_user WHERE id = %(owner)s
"""

# Dates are partial ("2026", "2026-11", "2026-11-02") and sort as text. Two of them
# are different days when neither begins with the other; if any two in a set are,
# then two that stand side by side are.
_REFRESH = """
    WITH happened AS (
        SELECT o.contact_id,
            CASE WHEN o.in_person THEN 4 ELSE 1 END AS stage,
            o.how = 'work' AS is_work,
            CASE WHEN o.in_person AND o."on" NOT LIKE '--%%' THEN o."on" END AS met_on,
            CASE WHEN o.in_person AND o."on" NOT LIKE '--%%' THEN o."on" END AS "on",
            CASE WHEN o."on" NOT LIKE '--%%' THEN o."on" END AS first_on,
            0 AS times
        FROM connections_origin o
        WHERE o.owner_id = %(owner)s AND o.contact_id = ANY(%(contacts)s)
            AND (o."on" IS NULL OR o."on" <= %(today)s)
        UNION ALL
        SELECT p.contact_id,
            CASE WHEN i.kind = 'mention' THEN 1
                WHEN i.in_person THEN 4
                WHEN i.kind = ANY(%(spoke)s) THEN 3
                WHEN i.kind = ANY(%(wrote)s) THEN 2
                ELSE 1 END,
            i.kind = 'work',
            CASE WHEN i.in_person AND i.kind <> 'mention' THEN i."on" END,
            CASE WHEN i.kind <> 'mention' THEN i."on" END,
            i."on",
            CASE WHEN i.kind <> 'mention' THEN 1 ELSE 0 END
        FROM connections_participation p
        JOIN connections_interaction i
            ON i.owner_id = %(owner)s AND i.id = p.interaction_id
        WHERE p.owner_id = %(owner)s AND p.contact_id = ANY(%(contacts)s)
            AND (i."on" IS NULL OR i."on" <= %(today)s)
    ), compared AS (
        SELECT *,
            NOT starts_with(met_on,
                lag(met_on) OVER (PARTITION BY contact_id ORDER BY met_on)) AS again
        FROM happened
    ), reached AS (
        SELECT contact_id,
            greatest(
                max(stage),
                CASE WHEN bool_or(again) THEN 5 END,
                CASE WHEN bool_or(is_work) THEN 6 END) AS stage,
            max("on") AS last_contact_on,
            sum(times) AS times,
            ARRAY[
                min(first_on) FILTER (WHERE stage = 1),
                min(first_on) FILTER (WHERE stage = 2),
                min(first_on) FILTER (WHERE stage = 3),
                min(met_on),
                min(met_on) FILTER (WHERE again),
                min(first_on) FILTER (WHERE is_work)
            ]::varchar[] AS reached_on
        FROM compared GROUP BY contact_id
    )
    UPDATE contacts_contact c
    SET stage = coalesce(r.stage, 0),
        last_contact_on = r.last_contact_on,
        reached_on = coalesce(r.reached_on, '{}'),
        times_in_touch = coalesce(r.times, 0)
    FROM unnest(%(contacts)s) AS wanted (id)
    LEFT JOIN reached r ON r.contact_id = wanted.id
    WHERE c.owner_id = %(owner)s AND c.id = wanted.id
        AND (c.stage <> coalesce(r.stage, 0)
            OR c.last_contact_on IS DISTINCT FROM r.last_contact_on
            OR c.reached_on <> coalesce(r.reached_on, '{}')
            OR c.times_in_touch <> coalesce(r.times, 0))
"""


def refresh(owner_id: UUID, contact_ids: Collection[UUID]) -> None:
    """Write how far these contacts have come, in two statements for any number.

    What lies in the future, by the owner's calendar, does not count yet.
    """
    said: dict[str, Any] = {
        "owner": owner_id,
        "contacts": list(contact_ids),
        "spoke": list(_ONLINE[Stage.SPOKE]),
        "wrote": list(_ONLINE[Stage.WROTE]),
    }
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, said)
        found = cursor.fetchone()
        if found:
            said["today"] = str(
                timezone.localdate(timezone=User(time_zone=found[0]).tz)
            )
            cursor.execute(_REFRESH, said)


class Step(NamedTuple):
    """One stop of the track. `tone` is "online", "person" or "" when not reached."""

    stage: Stage
    on: PartialDate | None
    what: str
    tone: str
    shows_year: bool = True

    @property
    def words(self) -> str:
        """As in "15 Oct 2026" or "2 Nov, class"."""
        when = self.on.words if self.on else ""
        if self.on and not self.shows_year and self.on.month:
            when = PartialDate(2000, self.on.month, self.on.day).words
            when = when.removesuffix(" 2000")
        return ", ".join(part for part in (when, self.what) if part)


@dataclass(frozen=True, slots=True)
class _Happened:
    on: PartialDate | None
    stages: tuple[Stage, ...]
    in_person: bool
    what: str

    @property
    def key(self) -> str:
        return str(self.on) if self.on and self.on.year else ""


def track(contact: Contact, origin: Origin | None) -> list[Step]:
    """The six steps with when and how each was first reached. One query."""
    happened = [*_from_origin(origin), *_from_interactions(contact)]
    today = str(timezone.localdate(timezone=contact.owner.tz))
    past = [one for one in happened if one.key <= today]
    past.sort(key=lambda one: (not one.key, one.key))
    return _without_known_years([_step(stage, past) for stage in Stage if stage])


def _from_origin(origin: Origin | None) -> Iterator[_Happened]:
    if origin is None:
        return
    stages = [Stage.MET if origin.in_person else Stage.NOTICED]
    if origin.how == Origin.How.WORK:
        stages.append(Stage.WORKED_TOGETHER)
    what = origin.event_name or origin.place
    on: Any = origin.on
    yield _Happened(on, tuple(stages), bool(origin.in_person), what)


def _from_interactions(contact: Contact) -> Iterator[_Happened]:
    rows = contact.owner.interactions.between_me_and(contact).order_by("pk")
    for on, kind, in_person, event in rows.values_list(
        "on", "kind", "in_person", "event_name"
    ):
        is_mention = kind == Kind.MENTION
        stages = [
            Stage.MET
            if in_person and not is_mention
            else _STAGE_OF_KIND.get(Kind(kind), Stage.NOTICED)
        ]
        if kind == Kind.WORK:
            stages.append(Stage.WORKED_TOGETHER)
        in_person = in_person and not is_mention
        what = event or (Kind(kind).label.lower() if in_person else "")
        yield _Happened(on, tuple(stages), in_person, "" if kind == Kind.WORK else what)


def _step(stage: Stage, past: Iterable[_Happened]) -> Step:
    if stage == Stage.MET_AGAIN:
        met = [one for one in past if Stage.MET in one.stages and one.key]
        # Sorted, so the first that differs from any before it differs from its
        # neighbour: see _REFRESH.
        found = next((b for a, b in pairwise(met) if not b.key.startswith(a.key)), None)
    else:
        found = next((one for one in past if stage in one.stages), None)
    if found is None:
        return Step(stage, None, "", "")
    tone = "person" if found.in_person else "online"
    return Step(stage, found.on, found.what, tone)


def _without_known_years(steps: list[Step]) -> list[Step]:
    """A year stands once, where it begins."""
    shown: int | None = None
    done = []
    for step in steps:
        year = step.on.year if step.on else None
        done.append(step._replace(shows_year=year is None or year != shown))
        shown = year or shown
    return done


def refresh_what_came_to_pass() -> None:
    """Count, for every owner, what was written down for a day that is now here."""
    for user in User.objects.all():
        if ids := _not_yet_counted(user):
            with transaction.atomic():
                refresh(user.pk, ids)


def _not_yet_counted(user: User) -> set[UUID]:
    """Whose last contact or stage lags behind what has happened by now.

    Looks back to the beginning of a year, as "2026" sorts before all that is in it,
    and so over at least the two months for which the worker may have been off.
    """
    today = timezone.localdate(timezone=user.tz)
    since = str(today - LOOK_BACK)[:4]
    lags = Q(contact__last_contact_on=None) | Q(contact__last_contact_on__lt=F("when"))
    is_nothing = Q(contact__stage=Stage.NONE)
    there = user.participations.filter(contact__owner=user, interaction__owner=user)
    there = there.filter(interaction__on__gte=since, interaction__on__lte=today)
    there = there.annotate(when=F("interaction__on"))
    met = user.origins.filter(contact__owner=user, on__gte=since, on__lte=today)
    met = met.annotate(when=F("on"))
    is_contact = ~Q(interaction__kind__in=Interaction.NO_CONTACT)
    is_work = Q(how=Origin.How.WORK, contact__stage__lt=Stage.WORKED_TOGETHER)
    found = (
        there.filter(is_nothing | (lags & is_contact)),
        met.filter(is_nothing | is_work | (lags & Q(in_person=True))),
    )
    return {pk for rows in found for pk in rows.values_list("contact_id", flat=True)}
