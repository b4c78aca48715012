"""One page before an event: whom to look for, and what to say to them."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils import timezone

from contacts.models import Fact
from events.models import Attendance, CardOffer, Event
from networkcrm.text import fold

# What is good to know of someone before the first word.
KINDS = (
    Fact.Kind.NEED,
    Fact.Kind.OFFER,
    Fact.Kind.WORKS_ON,
    Fact.Kind.OBSTACLE,
    Fact.Kind.HOPE,
)
MOST_PEOPLE = 200
MOST_FACTS = 8


@dataclass
class Person:
    attendance: Attendance
    origin: Any = None
    last: Any = None
    facts: list[Fact] = field(default_factory=list)
    promises: list[Any] = field(default_factory=list)
    offers: list[CardOffer] = field(default_factory=list)

    @property
    def is_wanted(self) -> bool:
        return self.attendance.state == Attendance.State.WANTED

    @property
    def to_ask(self) -> str:
        """Where nothing is written down yet, the question that is missing most."""
        known = {fact.kind for fact in self.facts}
        if Fact.Kind.WORKS_ON not in known:
            return "What are they working on?"
        if Fact.Kind.NEED not in known:
            return "What do they need, and who could help?"
        return "" if Fact.Kind.OFFER in known else "What could they offer others?"


def people(event: Event, offers: list[CardOffer]) -> list[Person]:
    """Whom to look for, the wanted first, in a fixed number of queries."""
    rows = event.attendances.to_come().here().with_people()[:MOST_PEOPLE]
    found = {row.contact_id: Person(row) for row in rows}
    owner, ids = event.owner, list(found)
    for origin in owner.origins.filter(contact__in=ids):
        found[origin.contact_id].origin = origin
    for contact_id, interaction in _last(event, ids).items():
        found[contact_id].last = interaction
    facts = owner.facts.filter(contact__in=ids, kind__in=KINDS).exclude(state="met")
    for fact in facts.in_order():
        told = found[fact.contact_id].facts
        if len(told) < MOST_FACTS:
            told.append(fact)
    for promise in owner.followups.filter(contact__in=ids).open().by_date():
        found[promise.contact_id].promises.append(promise)
    if offers:
        _fit(event, found, offers)
    return sorted(found.values(), key=lambda person: not person.is_wanted)


def _last(event: Event, ids: list[UUID]) -> dict[UUID, Any]:
    """The last time I was in touch with each."""
    owner = event.owner
    today = timezone.localdate(timezone=owner.tz)
    there = owner.participations.filter(
        contact__in=ids, interaction__owner=owner, interaction__on__lte=today
    )
    newest = there.order_by("contact", "-interaction__on", "-interaction")
    pairs = newest.distinct("contact").values_list("contact_id", "interaction_id")
    by_contact = dict(pairs)
    rows = owner.interactions.in_bulk(list(by_contact.values()))
    return {pk: rows[at] for pk, at in by_contact.items()}


def _fit(event: Event, found: dict[UUID, Person], offers: list[CardOffer]) -> None:
    """What I have for those who carry the tag of an audience."""
    tags = event.owner.contacttags.filter(contact__in=list(found)).select_related("tag")
    by_contact: dict[UUID, set[str]] = defaultdict(set)
    for row in tags:
        by_contact[row.contact_id].add(row.tag.key.rstrip("s"))
    for pk, person in found.items():
        person.offers = [
            offer
            for offer in offers
            if fold(offer.audience).rstrip("s") in by_contact[pk]
        ]
