"""After an event: whom I met becomes what happened between us, once.

Someone met at an event has an attendance. Gone through, it becomes an interaction of
that event, and how we met where nothing was known of that.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from connections.models import Interaction, Origin
from contacts.models import Contact, Fact
from events.models import Attendance, Event
from networkcrm import derived

WITHIN = timedelta(days=2)
MOST_NAMESAKES = 5


def people(event: Event) -> Any:
    """The attendances of all I met there, as they were met."""
    met = event.attendances.met().here().select_related("contact__organization")
    return met.order_by(F("met_at").asc(nulls_last=True), "pk")


def follow_up_on(event: Event) -> date:
    """Within two days of the event, and not before today."""
    today = timezone.localdate(timezone=event.owner.tz)
    return max(today, (event.last_day or today) + WITHIN)


@transaction.atomic
def write_down(attendance: Attendance) -> None:
    """We met there: an interaction, and an origin where there is none. However often it
    is said, it is written once."""
    event, contact, owner = attendance.event, attendance.contact, attendance.owner
    with derived.batch():
        rows = owner.attendances.select_for_update().filter(pk=attendance.pk)
        if not rows.exists():
            return
        _write_interaction(event, contact, attendance.note)
        if not owner.origins.filter(contact=contact).exists():
            Origin(
                owner=owner,
                contact=contact,
                how=Origin.How.EVENT,
                event=event,
                on=event.partial_date,
            ).save()
        if attendance.debriefed_at is None:
            attendance.debriefed_at = timezone.now()
            attendance.save(update_fields=["debriefed_at", "updated_at"])


def _write_interaction(event: Event, contact: Contact, note: str) -> None:
    owner = event.owner
    uid = f"met:{event.pk}:{contact.pk}"
    mine = owner.interactions.filter(uid=uid).first()
    if mine:
        if not mine.text:
            mine.text = note
            mine.save(update_fields=["text", "updated_at"])
        return
    there = event.interactions.values("pk")
    if contact.participations.filter(interaction__in=there).exists():
        # Logged by hand already, perhaps with others.
        return
    interaction = Interaction(
        owner=owner,
        kind=Interaction.Kind.EVENT,
        event=event,
        on=event.partial_date,
        text=note,
        uid=uid,
    )
    interaction.save()
    interaction.set_people({contact.pk})


def learn(contact: Contact, told: dict[str, str], event: Event) -> None:
    """One fact of each kind; what is known already is not learned twice."""
    known = set(contact.facts.values_list("kind", "text"))
    for kind, text in told.items():
        text = " ".join(text.split())
        if text and (kind, text) not in known:
            fact = Fact(owner=event.owner, contact=contact, kind=kind, text=text)
            fact.heard_on = event.partial_date
            fact.save()


def promise(event: Event, contact: Contact, title: str, due_on: date) -> None:
    """A follow-up of this event; the same words twice are one."""
    mine = event.owner.followups.filter(event=event, contact=contact)
    if title and not mine.filter(title=title).exists():
        event.owner.followups.create(
            title=title, contact=contact, due_on=due_on, event=event
        )


@transaction.atomic
def finish(event: Event) -> None:
    """The debrief is done: whoever was not gone through was met all the same."""
    with derived.batch():
        for attendance in people(event).filter(debriefed_at=None):
            attendance.owner, attendance.event = event.owner, event
            write_down(attendance)
        event.debriefed_at = event.debriefed_at or timezone.now()
        event.save(update_fields=["debriefed_at", "updated_at"])


@dataclass(frozen=True, slots=True)
class Namesake:
    contact: Contact
    # From where I know them: "met on Mastodon".
    known_from: str


def namesakes(contact: Contact) -> list[Namesake]:
    """Who may be the same: of one name, or with an address of theirs."""
    owner = contact.owner
    ways = contact.methods.filter(kind__in=["email", "handle", "phone"])
    pairs = list(ways.exclude(normalized="").values_list("kind", "normalized"))
    shared = Q(pk__in=[])
    for kind, value in pairs[:20]:
        shared |= Q(kind=kind, normalized=value)
    same = owner.contactmethods.filter(shared).values("contact")
    others = owner.contacts.kept().others().exclude(pk=contact.pk)
    others = others.filter(Q(sort_key=contact.sort_key) | Q(pk__in=same))
    others = others.exclude(pk__in=_told_apart(contact))
    found = list(others.prefetch_related("origin").by_name()[:MOST_NAMESAKES])
    return [Namesake(one, _known_from(one)) for one in found]


def _told_apart(contact: Contact) -> set[UUID]:
    """Those of whom the owner said that they are somebody else."""
    pairs = contact.owner.distincts
    others = pairs.filter(one=contact).values_list("other_id", flat=True)
    ones = pairs.filter(other=contact).values_list("one_id", flat=True)
    return set(others.union(ones))


def _known_from(contact: Contact) -> str:
    origin = getattr(contact, "origin", None)
    if origin is None:
        return ""
    if origin.platform:
        return f"from {origin.get_platform_display()}"
    return f"from {origin.event_name}" if origin.event_name else ""


def is_new_there(attendance: Attendance) -> bool:
    """Whether the contact came to be at this event, or since."""
    contact, event = attendance.contact, attendance.event
    if contact.captures.filter(event=event, pk=contact.pk).exists():
        return True
    return bool(event.starts_at and contact.created_at >= event.starts_at) and (
        not contact.participations.exclude(
            interaction__in=event.interactions.values("pk")
        ).exists()
    )
