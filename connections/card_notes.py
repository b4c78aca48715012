"""What someone left on my card becomes a contact, as if I had captured them."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q

from connections.capturing import undoing
from connections.capturing.reading import read
from connections.capturing.saving import Said, save, ways_of
from contacts.models import Contact, ContactMethod
from contacts.models.methods import normalized
from events.models import CardNote
from networkcrm import snapshots, undo
from networkcrm.models import User
from networkcrm.owned import uuid7


@dataclass(frozen=True, slots=True)
class Reach:
    """How to reach someone, as far as it is understood; `rest` is kept in words."""

    emails: list[str]
    phones: list[str]
    links: list[str]
    rest: str

    def keys(self, region: str) -> list[tuple[str, str]]:
        """(kind, normalized) of each, by which someone known is found again."""
        ways = ways_of(self.emails, self.phones, self.links)
        pairs = [(kind, normalized(kind, s, v, region)) for kind, s, v in ways]
        return [pair for pair in pairs if pair[1]]


def reach_of(note: CardNote) -> Reach:
    found = read(note.reach)
    understood = found.emails or found.phones or found.links
    rest = "" if understood and not _says_more(note.reach, found) else note.reach
    return Reach(found.emails, found.phones, found.links, rest)


def _says_more(text: str, found: Any) -> bool:
    return bool(found.name or found.organization or found.remember or found.needs)


def with_known(owner: User, notes: list[CardNote]) -> list[tuple[CardNote, Any]]:
    """Each with whom I know by the same address or number, or None."""
    keys = {note.pk: reach_of(note).keys(owner.phone_region) for note in notes}
    shared = Q(pk__in=[])
    for kind, value in {pair for pairs in keys.values() for pair in pairs}:
        shared |= Q(kind=kind, normalized=value)
    mine = owner.contactmethods.filter(shared, contact__owner=owner)
    mine = mine.filter(contact__trashed_at=None, contact__is_me=False)
    known: dict[tuple[str, str], Contact] = {}
    method: ContactMethod
    for method in mine.select_related("contact").order_by("pk"):
        known.setdefault((method.kind, method.normalized), method.contact)
    return [
        (note, next((known[pair] for pair in keys[note.pk] if pair in known), None))
        for note in notes
    ]


@transaction.atomic
def keep(note: CardNote, known: Contact | None) -> str:
    """As a new contact, or with one I have; returns the address that takes it back."""
    reach = reach_of(note)
    said = Said(
        id=uuid7(),
        captured_at=note.created_at,
        text=f"{note.name}, {note.reach}",
        name=note.name,
        contact=known,
        event=note.event,
        emails=reach.emails,
        phones=reach.phones,
        links=reach.links,
        remember="\n\n".join(filter(None, [note.words, reach.rest])),
    )
    capture = save(note.owner, said).capture
    contact = capture.contact
    assert contact is not None
    note.kept_as(contact)
    payload = {"note": note.pk, "capture": capture.pk}
    return undo.remember(note.owner, "card-note-kept", payload)


@undo.action("card-note-kept")
@transaction.atomic
def _unkeep(user: User, payload: dict[str, Any]) -> str:
    note = user.cardnotes.filter(pk=payload["note"]).first()
    capture = user.captures.filter(pk=payload["capture"]).first()
    if note is None or capture is None:
        return "It was deleted for ever in the meantime."
    try:
        sentence, _again = undoing.take_back(capture)
    except undoing.Refused as refused:
        return str(refused)
    note.be_new()
    return f"{sentence} What {note.name} left is new again."


@transaction.atomic
def dismiss(note: CardNote) -> str:
    """Returns the address that takes it back."""
    note.dismiss()
    return undo.remember(note.owner, "card-note-dismissed", note.pk)


@undo.action("card-note-dismissed")
def _undismiss(user: User, note_id: Any) -> str:
    note = user.cardnotes.filter(pk=note_id, state="dismissed").first()
    if note:
        note.be_new()
    return "It is in your inbox again."


def delete(note: CardNote) -> str:
    """Returns the address that takes it back."""
    url = undo.remember(note.owner, "card-note", snapshots.taken(note))
    note.delete()
    return url


@undo.action("card-note")
def _put_back(user: User, columns: dict[str, Any]) -> str:
    for name, rows in (("link", user.cardlinks), ("event", user.events)):
        if not rows.filter(pk=columns[f"{name}_id"]).exists():
            columns |= {f"{name}_id": None}
    if user.cardnotes.filter(pk=columns["id"]).exists():
        return "They left the same once more."
    note = snapshots.put_back(CardNote, columns)
    return f"What {note.name} left is back."
