"""With whom to be in touch, and how late I am.

A contact has a rhythm of its own or that of its circle. Whatever counts as a contact
sets the clock back, as `last_contact_on` does by itself; being mentioned does not.

    due(user, today, most=20)      those whose time has come, the most overdue first
    standing(contact, today)       how it stands with one of them
    keep_in_touch(user, today)     the few for Today, with the reason of each

Overdue is measured in rhythms: a weekly friend a week late comes before a yearly one
a month late. See rhythms.py for what counts from when.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self
from uuid import UUID

from django.db import connection
from django.db.models import F, Q

from connections.models import Interaction
from contacts.models import Contact, Stage
from contacts.models.contacts import OFTEN, ContactQuerySet
from followups import rhythms
from networkcrm.models import User

# Whom I was in touch with so lately is not named on Today, whatever their rhythm.
LATELY = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Due:
    """How it stands with one contact who has a rhythm."""

    contact: Contact
    every: int  # days
    # The day of the last contact, or the day they were added.
    since: date
    never: bool  # there was no contact yet
    late: int  # days, below 0 where there is time left

    @property
    def ratio(self) -> float:
        return self.late / self.every

    @property
    def is_slipping(self) -> bool:
        return self.late > 0

    @property
    def words(self) -> str:
        """ "9 days late", "due today", "in touch"."""
        if self.late > 0:
            return f"{rhythms.span(self.late)} late"
        return "in touch" if self.late else "due today"

    @property
    def rhythm(self) -> str:
        return rhythms.every_words(self.every)

    @classmethod
    def of(cls, contact: Any) -> Self:
        """Of a contact that was read `with_rhythm`."""
        never = contact.last_contact_on is None
        return cls(contact, contact.every, contact.since, never, contact.late)


def those_due(owner: User, today: date, *, soon: int = 0) -> ContactQuerySet:
    """The contacts behind `due`, with their rhythm, in no order."""
    people = rhythms.not_quiet(rhythms.kept(owner.contacts.active()), today)
    return rhythms.with_rhythm(people, owner, today).filter(late__gte=-soon)


def due(owner: User, today: date, *, most: int, soon: int = 0) -> list[Due]:
    """At most so many whose time has come by `today`, or comes within `soon` days.

    The most overdue, in rhythms, come first. One query. Nobody archived, in the trash
    or left in peace until a later day, and not me.
    """
    return _first(those_due(owner, today, soon=soon), most)


def _first(people: ContactQuerySet, most: int) -> list[Due]:
    people = people.select_related("circle", "organization")
    return [Due.of(one) for one in people.order_by(*rhythms.MOST_OVERDUE_FIRST)[:most]]


def standing(contact: Contact, today: date) -> Due | None:
    """How it stands with one contact, whose circle is read; no query of its own.

    None without a rhythm. Those left in peace stand somewhere too.
    """
    every = contact.cadence_days or (contact.circle and contact.circle.cadence_days)
    if not every:
        return None
    since = rhythms.since_of(contact, today)
    late = (today - since).days - every
    return Due(contact, every, since, contact.last_contact_on is None, late)


@dataclass(frozen=True, slots=True)
class Touch:
    """Somebody to be in touch with, and why."""

    contact: Contact
    why: str
    is_dormant: bool
    # None for those without a rhythm.
    due: Due | None


def keep_in_touch(owner: User, today: date, *, most: int = 5) -> list[Touch]:
    """Those for Today: the most overdue, then who was close once and fell silent.

    At least one of the latter, where there is one; more where fewer are overdue.
    Nobody I was in touch with within fourteen days, and nobody who is left in peace.
    Three queries.
    """
    not_lately = Q(last_contact_on=None) | Q(since__lt=today - LATELY)
    overdue = _first(those_due(owner, today).filter(not_lately), most)
    silent = dormant(owner, today, most=2 * most)
    first = {one.contact.pk for one in overdue[: most - 1]}
    silent = [contact for contact in silent if contact.pk not in first]
    if silent:
        overdue = overdue[: most - 1]
    silent = silent[: most - len(overdue)]
    people = [one.contact for one in overdue] + silent
    was = _what_was(owner, [contact.pk for contact in people], today)
    touches = [
        Touch(one.contact, _overdue_words(one, was[one.contact.pk], today), False, one)
        for one in overdue
    ]
    return touches + [
        Touch(one, _dormant_words(one, was[one.pk], today), True, standing(one, today))
        for one in silent
    ]


def dormant(owner: User, today: date, *, most: int) -> list[Contact]:
    """Who was close once and fell silent, the closest and the latest first.

    Where nobody was close, whom I met at least once. One query.
    """
    people = rhythms.not_quiet(owner.contacts.active(), today)
    people = rhythms.with_rhythm(people, owner, today).filter(
        rhythms.was_close(met=Stage.MET), rhythms.is_silent(today)
    )
    people = people.select_related("circle", "organization")
    return list(people.order_by("-stage", F("last_contact_on").desc(), "pk")[:most])


@dataclass(frozen=True, slots=True)
class _Was:
    """What there was with one contact so far."""

    kind: str
    event: str
    times: int
    brought: int


# The latest contact of each, how often there was one, and how many came through them.
_WAS = """
    WITH RECURSIVE below (root, id) AS (
        SELECT o.introducer_id, o.contact_id FROM connections_origin o
        WHERE o.owner_id = %(owner)s AND o.introducer_id = ANY(%(ids)s)
        UNION
        SELECT b.root, o.contact_id FROM below b JOIN connections_origin o
            ON o.owner_id = %(owner)s AND o.introducer_id = b.id
    ), brought AS (
        -- OFFSET 0: one by one. Postgres expects a tenth of all to be below.
        SELECT b.root, count(*) AS people FROM below b CROSS JOIN LATERAL (
            SELECT 1 FROM contacts_contact
            WHERE owner_id = %(owner)s AND id = b.id AND trashed_at IS NULL
            OFFSET 0
        ) c
        GROUP BY b.root
    ), happened AS (
        SELECT p.contact_id, i.kind, i.event_name,
            count(*) OVER (PARTITION BY p.contact_id) AS times,
            row_number() OVER (
                PARTITION BY p.contact_id
                ORDER BY i."on" DESC NULLS LAST, i.at DESC NULLS LAST, i.id DESC
            ) AS place
        FROM connections_participation p
        JOIN connections_interaction i
            ON i.owner_id = %(owner)s AND i.id = p.interaction_id
        WHERE p.owner_id = %(owner)s AND p.contact_id = ANY(%(ids)s)
            AND NOT i.kind = ANY(%(no_contact)s)
            AND (i."on" IS NULL OR i."on" <= %(today)s)
    )
    SELECT w.id, coalesce(h.kind, ''), coalesce(h.event_name, ''),
        coalesce(h.times, 0), coalesce(b.people, 0)
    FROM unnest(%(ids)s) AS w (id)
    LEFT JOIN happened h ON h.contact_id = w.id AND h.place = 1
    LEFT JOIN brought b ON b.root = w.id
"""


def _what_was(owner: User, ids: Collection[UUID], today: date) -> dict[UUID, _Was]:
    if not ids:
        return {}
    said: dict[str, Any] = {
        "owner": owner.pk,
        "ids": list(ids),
        "today": str(today),
        "no_contact": list(Interaction.NO_CONTACT),
    }
    with connection.cursor() as cursor:
        cursor.execute(_WAS, said)
        return {pk: _Was(*rest) for pk, *rest in cursor.fetchall()}


def _overdue_words(one: Due, was: _Was, today: date) -> str:
    """ "Inner circle, every 30 days · last: coffee, 41 days ago · brought you ..."."""
    last: Any = one.contact.last_contact_on
    circle = one.contact.circle
    whose = f"{circle}, {one.rhythm}" if circle else one.rhythm.capitalize()
    if one.never:
        happened = f"never in touch, added {rhythms.ago(one.since, today)}"
    else:
        # As vague as it is known.
        when = rhythms.ago(one.since, today) if last.day else f"in {last.words}"
        happened = f"last: {_kind_words(was)}, {when}"
    return " · ".join(filter(None, [whose, happened, _brought_words(was)]))


def _dormant_words(contact: Contact, was: _Was, today: date) -> str:
    """ "Dormant 14 months · you worked together"."""
    silent = rhythms.span((today - rhythms.since_of(contact, today)).days)
    if contact.stage == Stage.WORKED_TOGETHER:
        close = "you worked together"
    elif was.times >= OFTEN:
        close = f"you were in touch {was.times} times"
    elif contact.stage == Stage.MET_AGAIN:
        close = "you met more than once"
    else:
        close = f"you met at {was.event}" if was.event else "you met in person"
    return " · ".join(filter(None, [f"Dormant {silent}", close, _brought_words(was)]))


def _kind_words(was: _Was) -> str:
    if was.event:
        return was.event
    if was.kind in ("", Interaction.Kind.OTHER):
        return "contact"
    return Interaction.Kind(was.kind).label.lower()


def _brought_words(was: _Was) -> str:
    if not was.brought:
        return ""
    return f"brought you {was.brought} {'person' if was.brought == 1 else 'people'}"
