"""What is done with a guest list: kept, marked, and taken back."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from contacts.importing.records import Unread
from contacts.models import Contact, ContactMethod, Stage
from events.guests.reading import Line
from events.models import Attendance, Event, Guest
from networkcrm import derived, snapshots, undo
from networkcrm.models import User
from networkcrm.text import fold


@dataclass
class Added:
    """What a list brought. `unread` are the lines that are no guest, with why."""

    new: list[UUID] = field(default_factory=list)
    completed: int = 0
    same: int = 0
    unread: list[Unread] = field(default_factory=list)

    @property
    def read(self) -> int:
        return len(self.new) + self.completed + self.same


@transaction.atomic
def add(event: Event, found: Iterable[Line | Unread]) -> Added:
    """Put these on the list. Whoever stands there already stays as they are, but for
    what the new list knows more of."""
    list(event.owner.events.select_for_update().filter(pk=event.pk))
    there = _Index(event.guests.all())
    done = Added()
    last = event.guests.aggregate(last=Max("number"))["last"]
    number = -1 if last is None else last
    new: list[Guest] = []
    fresh: set[UUID] = set()
    changed: dict[UUID, Guest] = {}
    for line in found:
        if isinstance(line, Unread):
            done.unread.append(line)
            continue
        guest = there.find(line)
        if guest is None:
            number += 1
            guest = Guest(owner=event.owner, event=event, number=number, name=line.name)
            _complete(guest, line)
            new.append(guest)
            fresh.add(guest.pk)
            done.new.append(guest.pk)
            there.put(guest)
        elif _complete(guest, line):
            there.put(guest)
            if guest.pk in fresh:
                done.same += 1
            elif guest.pk not in changed:
                done.completed += 1
            changed[guest.pk] = guest
        else:
            done.same += 1
    for guest in (*new, *changed.values()):
        guest.key = Guest.make_key(guest.name, guest.email, guest.organization)
    Guest.objects.bulk_create(new, batch_size=1000)
    old = [guest for pk, guest in changed.items() if pk not in fresh]
    columns = ["organization", "email", "job_title", "name", "key"]
    Guest.objects.of(event.owner_id).bulk_update(old, columns, batch_size=500)
    return done


class _Index:
    """Who stands on the list, by address and by name."""

    def __init__(self, guests: Iterable[Guest]) -> None:
        self.by_email: dict[str, list[Guest]] = defaultdict(list)
        self.by_name: dict[str, list[Guest]] = defaultdict(list)
        for guest in guests:
            self.put(guest)

    def put(self, guest: Guest) -> None:
        places = [self.by_name[fold(guest.name)]]
        if guest.email:
            places.append(self.by_email[fold(guest.email)])
        for same in places:
            if guest not in same:
                same.append(guest)

    def find(self, line: Line) -> Guest | None:
        """The same name, and no address or organization that speaks against it; an
        address that stands for a name is whoever has it."""
        email, work = fold(line.email), fold(line.organization)
        for guest in self.by_email.get(email, ()) if email else ():
            if email in (fold(line.name), fold(guest.name)):
                return guest
        for guest in self.by_name.get(fold(line.name), ()):
            other_email = email and guest.email and fold(guest.email) != email
            other_work = (
                work and guest.organization and fold(guest.organization) != work
            )
            if not other_email and not other_work:
                return guest
        return None


def _complete(guest: Guest, line: Line) -> bool:
    """Take what is not known yet; says whether anything was."""
    before = (guest.name, guest.organization, guest.email, guest.job_title)
    if guest.name == guest.email and line.name != line.email:
        guest.name = line.name
    guest.organization = guest.organization or line.organization
    guest.email = guest.email or line.email
    guest.job_title = guest.job_title or line.job_title
    return before != (guest.name, guest.organization, guest.email, guest.job_title)


@transaction.atomic
def want(guest: Guest, contact: Contact | None, points: str | None = None) -> None:
    """I want to meet this guest: a contact I have, or else a new one."""
    with derived.batch():
        contact = contact or _new_contact(guest)
        if contact.wanted_at is None and contact.stage < Stage.MET:
            contact.wanted_at = timezone.now()
            contact.save(update_fields=["wanted_at", "updated_at"])
        guest.contact = contact
        guest.save(update_fields=["contact", "updated_at"])
        row = _attendance(guest.event, contact)
        if points is not None:
            row.talking_points = points[:5000].strip()
            row.save(update_fields=["talking_points", "updated_at"])
        row.want()


def _new_contact(guest: Guest) -> Contact:
    owner = guest.owner
    work = guest.organization
    named = owner.organizations.named(owner.pk, [work]) if work else {}
    contact = Contact(
        owner=owner,
        full_name=guest.name,
        organization=named.get(work),
        job_title=guest.job_title,
        wanted_at=timezone.now(),
    )
    contact.save()
    if guest.email:
        method = ContactMethod(contact=contact, owner=owner, kind="email")
        method.value = guest.email
        method.save()
    return contact


def _attendance(event: Event, contact: Contact) -> Attendance:
    found: Attendance | None = contact.attendances.filter(event=event).first()
    if found is None:
        found = Attendance(owner=event.owner, event=event, contact=contact)
        found.save()
    found.event, found.owner = event, event.owner
    return found


@transaction.atomic
def expect(event: Event, contact_ids: Iterable[UUID]) -> list[UUID]:
    """They will be there. Returns the attendances that are new."""
    there = set(event.attendances.values_list("contact_id", flat=True))
    rows = [
        Attendance(owner=event.owner, event=event, contact_id=pk)
        for pk in dict.fromkeys(contact_ids)
        if pk not in there
    ]
    Attendance.objects.bulk_create(rows, batch_size=1000)
    derived.touch(event.owner_id, [row.contact_id for row in rows])
    return [row.pk for row in rows]


def delete(guests: list[Guest]) -> str:
    """Off the list. Returns the address to post to for taking it back."""
    owner = guests[0].owner
    url = undo.remember(owner, "guests", [snapshots.taken(guest) for guest in guests])
    owner.guests.filter(pk__in=[guest.pk for guest in guests]).delete()
    return url


@undo.action("guests")
@transaction.atomic
def _put_guests_back(user: User, rows: list[dict[str, Any]]) -> str:
    ids = {row["event_id"] for row in rows}
    if user.events.filter(pk__in=ids).count() < len(ids):
        return "That event is deleted, and its guest list with it."
    people = {row["contact_id"] for row in rows} - {None}
    kept = {None, *user.contacts.filter(pk__in=people).values_list("pk", flat=True)}
    back = [Guest(**row) for row in rows]
    for guest in back:
        if guest.contact_id not in kept:
            guest.contact_id = None
    Guest.objects.bulk_create(back, batch_size=1000, ignore_conflicts=True)
    return "They are on the list again."


@undo.action("guests-added")
def _take_guests_off(user: User, payload: dict[str, Any]) -> str:
    """Those whom I have marked since stay."""
    rows = user.guests.filter(event=payload["event"], pk__in=payload["ids"])
    taken, _ = rows.filter(contact=None).delete()
    guests = "guest" if taken == 1 else "guests"
    return f"{taken:,} {guests} are off the list again."


@undo.action("expected")
def _expect_no_more(user: User, ids: list[UUID]) -> str:
    rows = user.attendances.filter(pk__in=ids, state="expected", talking_points="")
    taken, _ = rows.filter(note="").delete()
    return f"{taken:,} are off the list again."
