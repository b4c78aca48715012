"""One capture becomes a contact with all that was said, or nothing does."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import IntegrityError
from django.utils import timezone
from psycopg.errors import UniqueViolation

from connections.capturing.nearby import people_at
from connections.capturing.reading import best_of
from connections.models import Origin
from connections.tasks import read_card
from contacts.models import Contact, ContactMethod, ContactTag, Fact
from contacts.models.methods import Service, service_of
from events.models import Attendance, Capture, Event
from networkcrm import derived
from networkcrm.models import User
from networkcrm.partial_dates import PartialDate
from networkcrm.text import fold

Keeper = Callable[[Capture, Contact, str, date], None]

_keepers: list[Keeper] = []


def on_promise(keeper: Keeper) -> None:
    """Register who keeps what I promised: (capture, contact, words, day)."""
    _keepers.append(keeper)


class Taken(Exception):
    """The id of this capture stands for something else already."""


@dataclass
class Said:
    """What comes from the form or from the outbox of a phone, cleaned."""

    id: UUID
    captured_at: datetime
    text: str = ""
    name: str = ""
    # Someone I know already, whom I met there.
    contact: Contact | None = None
    event: Event | None = None
    # The name of an event that is not chosen.
    event_name: str = ""
    organization: str = ""
    job_title: str = ""
    emails: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    introducer: str = ""
    introducer_id: UUID | None = None
    needs: list[str] = field(default_factory=list)
    offers: list[str] = field(default_factory=list)
    promise: str = ""
    tags: list[str] = field(default_factory=list)
    remember: str = ""
    picture: ContentFile | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    capture: Capture
    # It came before: nothing was written this time.
    again: bool = False
    notices: tuple[str, ...] = ()


def save(owner: User, said: Said) -> Saved:
    """Write all of it, once: the second sending of an id answers like the first.

    Raises Taken when the id is another contact's, of this owner or of anybody.
    """
    if earlier := owner.captures.filter(pk=said.id).first():
        return Saved(earlier, again=True)
    try:
        with derived.batch():
            return _Writing(owner, said).write()
    except IntegrityError as error:
        if not isinstance(error.__cause__, UniqueViolation):
            raise
        # The same capture, sent by two tabs at once: one of them was first.
        if earlier := owner.captures.filter(pk=said.id).first():
            return Saved(earlier, again=True)
        raise Taken from error


class _Writing:
    def __init__(self, owner: User, said: Said) -> None:
        self.owner, self.said = owner, said
        self.notices: list[str] = []
        zone = said.event.tz if said.event else owner.tz
        self.day = timezone.localtime(said.captured_at, zone).date()

    def write(self) -> Saved:
        said = self.said
        self._find_event()
        said.contact = said.contact or self._expected()
        is_new = said.contact is None
        contact = said.contact or self._new_contact()
        capture = Capture(
            id=said.id,
            owner=self.owner,
            text=said.text,
            captured_at=said.captured_at,
            event=said.event,
            contact=contact,
        )
        if is_new:
            contact.save(force_insert=True)
        capture.fields = self._as_understood()
        before = self._meet(contact)
        capture.fields |= {"made": is_new, "before": before}
        capture.save(force_insert=True)
        if is_new:
            self._write_origin(contact)
        self._write_methods(contact)
        self._write_facts(contact)
        self._write_tags(contact)
        if said.promise:
            for keep in _keepers:
                keep(capture, contact, said.promise, self.day)
        if said.picture:
            capture.picture.save(str(said.picture.name), said.picture)
            read_card.enqueue(str(self.owner.pk), str(capture.pk))
        return Saved(capture, notices=tuple(self.notices))

    def _as_understood(self) -> dict[str, Any]:
        lists = ("emails", "phones", "links", "needs", "offers", "tags")
        words = ("introducer", "event_name", "promise", "remember", "job_title")
        given = {name: getattr(self.said, name) for name in (*lists, *words)}
        given["organization"] = self.said.organization
        return {name: value for name, value in given.items() if value}

    def _find_event(self) -> None:
        name = fold(self.said.event_name)
        if self.said.event or not name:
            return
        begun = self.owner.events.filter(search_key__startswith=name).latest_first()
        fitting = [event for event in begun[:20] if fold(event.name) == name]
        found = fitting or list(begun[:2])
        if fitting or len(found) == 1:
            self.said.event = found[0]
        else:
            self.notices.append(
                f"There is no event called {self.said.event_name}: its name is kept."
            )

    def _expected(self) -> Contact | None:
        """The one on tonight's list who has this name, first and last, if just one."""
        name = fold(self.said.name)
        if self.said.event is None or " " not in name:
            return None
        to_come = self.said.event.attendances.to_come().here()
        people = self.owner.contacts.kept().others().filter(sort_key=name[:900])
        fitting = list(people.filter(pk__in=to_come.values("contact"))[:2])
        if len(fitting) != 1:
            return None
        self.notices.append(
            f"{fitting[0]} was on tonight's list: you have met. Somebody else of that"
            " name? Take it back, and add them with every field."
        )
        return fitting[0]

    def _new_contact(self) -> Contact:
        said = self.said
        contact = Contact(
            id=said.id,
            owner=self.owner,
            full_name=" ".join(said.name.split()),
            job_title=said.job_title[:200],
            about=said.remember,
        )
        names = [said.organization] if fold(said.organization) else []
        for row in self.owner.organizations.named(self.owner.pk, names).values():
            contact.organization = row
        return contact

    def _meet(self, contact: Contact) -> str:
        """At the event; returns what was planned before, "" when nothing was."""
        said = self.said
        keeps_note = said.contact is not None and said.remember
        if said.event is None:
            if keeps_note:
                parts = [contact.about, said.remember]
                contact.about = "\n\n".join(part for part in parts if part)[:50_000]
                contact.save(update_fields=["about", "updated_at"])
            return ""
        attendance, is_new = Attendance.objects.of(self.owner.pk).get_or_create(
            owner=self.owner,
            event=said.event,
            contact=contact,
            defaults={"state": Attendance.State.MET, "met_at": said.captured_at},
        )
        before = "" if is_new else attendance.state
        if before != Attendance.State.MET:
            attendance.state = Attendance.State.MET
            attendance.met_at = said.captured_at
        if keeps_note:
            parts = [attendance.note, said.remember]
            attendance.note = "\n\n".join(part for part in parts if part)[:5000]
        if keeps_note or not is_new:
            attendance.save()
        return before

    def _write_origin(self, contact: Contact) -> None:
        said = self.said
        introducer = self._introducer(contact)
        how = Origin.How.EVENT if said.event or said.event_name else Origin.How.OTHER
        Origin(
            owner=self.owner,
            contact=contact,
            how=Origin.How.INTRODUCTION if said.introducer or introducer else how,
            in_person=None if said.event else True,
            introducer=introducer,
            introducer_name=said.introducer[:300],
            event=said.event,
            event_name=said.event_name[:300],
            on=PartialDate.of(self.day),
        ).save()

    def _introducer(self, contact: Contact) -> Contact | None:
        said = self.said
        people = self.owner.contacts.kept().others().exclude(pk=contact.pk)
        if said.introducer_id:
            chosen = people.filter(pk=said.introducer_id).first()
            if chosen or not said.introducer:
                return chosen
        if not said.introducer:
            return None
        there = dict(people_at(self.owner, said.event))
        there.pop(contact.pk, None)
        near = best_of(said.introducer, list(there.values()))
        ids = [pk for pk, name in there.items() if name == near]
        if len(ids) == 1:
            return people.filter(pk=ids[0]).first()
        same = list(people.filter(sort_key=fold(said.introducer)[:900])[:2])
        if len(same) == 1:
            return same[0]
        known = "several people" if same or len(ids) > 1 else "nobody"
        self.notices.append(
            f"You know {known} called just {said.introducer}: the name is kept."
        )
        return None

    def _write_methods(self, contact: Contact) -> None:
        said = self.said
        ways = ways_of(said.emails, said.phones, said.links)
        for position, (kind, service, value) in enumerate(ways):
            method = ContactMethod(
                owner=self.owner,
                contact=contact,
                kind=kind,
                service=service,
                value=value[:1000],
                position=position,
            )
            method.normalize()
            same = contact.methods.filter(kind=kind, normalized=method.normalized)
            if self.said.contact is None or not same.exists():
                method.save()

    def _write_facts(self, contact: Contact) -> None:
        told = [("need", text) for text in self.said.needs]
        told += [("offer", text) for text in self.said.offers]
        for kind, text in told:
            Fact(
                owner=self.owner,
                contact=contact,
                kind=kind,
                text=text[:2000],
                heard_on=PartialDate.of(self.day),
            ).save()

    def _write_tags(self, contact: Contact) -> None:
        tags = self.owner.tags.named(self.owner.pk, self.said.tags)
        for tag in {tag.pk: tag for tag in tags.values()}.values():
            ContactTag.objects.of(self.owner.pk).get_or_create(
                owner=self.owner, contact=contact, tag=tag
            )


Way = tuple[str, str, str]


def ways_of(emails: list[str], phones: list[str], links: list[str]) -> list[Way]:
    """(kind, service, value) of each way to reach someone."""
    return [
        *(("email", "", value) for value in emails),
        *(("phone", "", value) for value in phones),
        *map(_link_of, links),
    ]


def _link_of(value: str) -> Way:
    """Of the address or handle of a profile or web page."""
    if found := service_of(value):
        return "handle", found[0], value
    if re.fullmatch(r"@?[\w.]+@[\w.-]+", value):
        return "handle", Service.MASTODON, value
    return "url", "", value
