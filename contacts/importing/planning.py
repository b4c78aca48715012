"""What an imported record would change, found out before anything is written."""

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, fields
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from contacts.importing import extensions
from contacts.importing.matching import (
    WORDS,
    Candidates,
    Key,
    Person,
    alike,
    person_of,
    same_by_name,
)
from contacts.importing.records import PROPERTIES, Method, Record, Unread, escaped
from contacts.importing.vcard import VOLATILE
from contacts.models import Contact, Import, ImportantDate, ImportRow
from networkcrm.models import User
from networkcrm.owned import uuid7
from networkcrm.partial_dates import PartialDate
from networkcrm.text import fold

State = ImportRow.State
NAME_PARTS = ("prefix", "given_name", "middle_name", "family_name", "suffix")
PLACE = ("city", "region", "country")
ALONE = ("nickname", "pronouns", "headline", "job_title")
MethodKey = tuple[str, str, str]
DateKey = tuple[str, str, str]


@dataclass(slots=True)
class Target:
    """A contact, new or already here, and all that is being added to it."""

    contact: Contact
    is_new: bool
    organization: str = ""
    methods: set[MethodKey] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)
    dates: set[DateKey] = field(default_factory=set)
    # Fields set, and the organization by name, until the whole is written.
    changed: set[str] = field(default_factory=set)
    positions: int = 0


@dataclass(slots=True)
class NewMethod:
    method: Method
    preferred: bool
    position: int
    pk: UUID = field(default_factory=uuid7)


@dataclass(slots=True)
class Planned:
    """One part of the file and what becomes of it."""

    number: int
    line: int
    name: str
    state: State
    reason: str = ""
    record: Record | None = None
    target: Target | None = None
    changes: list[str] = field(default_factory=list)
    # What undo needs of the fields, and the rows to be made for this record.
    fields: dict[str, list[Any]] = field(default_factory=dict)
    extra: list[str] = field(default_factory=list)
    methods: list[NewMethod] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    dates: list[ImportantDate] = field(default_factory=list)
    photo: Any = None


class Seen:
    """What earlier chunks of a file held that nobody has written: for previews only.

    About 400 bytes a person, not the records themselves.
    """

    def __init__(self) -> None:
        self.lines: dict[int, tuple[int, str]] = {}
        self.whole: set[bytes] = set()

    def before(
        self, person: Person, line: int, record: Record
    ) -> tuple[int, bool] | None:
        """The line of the same person in an earlier chunk, and if all is the same."""
        same = (digest := _digest(record)) in self.whole
        self.whole.add(digest)
        names = f"{person.name}|{person.organization}"
        keys = [hash(key) for key in (*person.keys, ("name", names))]
        for key in keys:
            found = self.lines.get(key)
            if found and alike(found[1], person.name):
                return found[0], same
        entry = (line, person.name)
        for key in keys:
            self.lines.setdefault(key, entry)
        return None


def _digest(record: Record) -> bytes:
    told = [getattr(record, name) for name in _TOLD]
    return hashlib.blake2b(repr(told).encode(), digest_size=8).digest()


_TOLD = [f.name for f in fields(Record) if f.name not in ("line", "photo", "notes")]


def plan(
    owner: User,
    batch: Import,
    items: Sequence[tuple[int, Record | Unread]],
    clean_photo: Callable[[bytes], Any],
    seen: Seen | None = None,
    lock: bool = False,
) -> list[Planned]:
    """Match and compare these (number, record) pairs; nothing is written.

    A constant number of queries. With `seen`, records are also compared with those of
    earlier calls, which nobody has written; `lock` keeps the contacts found as they
    are until the transaction around us ends.
    """
    region = owner.phone_region
    people = {
        number: person_of(item, region)
        for number, item in items
        if isinstance(item, Record)
    }
    candidates = Candidates(owner, people.values())
    matches = {number: candidates.find(person) for number, person in people.items()}
    targets = load(owner, {match[0] for match in matches.values() if match}, lock)
    local = _Local()
    planned = []
    for number, item in items:
        if isinstance(item, Unread):
            state = State.UNREADABLE if item.failed else State.SKIPPED
            planned.append(Planned(number, item.line, item.name, state, item.reason))
            continue
        person, match = people[number], matches[number]
        row = Planned(number, item.line, item.full_name, State.SAME, record=item)
        planned.append(row)
        if match:
            row.target = targets[match[0]]
            row.reason = f"Found by {WORDS[match[1]]}."
            if row.target.contact.trashed_at:
                row.state = State.SKIPPED
                row.reason = (
                    "Is in your trash. Restore them there if you want them back."
                )
                row.target = None
                continue
        elif found := local.find(person):
            row.target, line = found
            row.reason = f"The same person as in line {line} of this file."
        elif seen and (before := seen.before(person, item.line, item)):
            row.state = State.SAME if before[1] else State.CHANGED
            row.reason = f"The same person as in line {before[0]} of this file."
            continue
        else:
            row.target = Target(Contact(owner=owner, full_name=item.full_name), True)
            row.state = State.NEW
        local.add(person, row.target, item.line)
        merge(row, item, row.target, clean_photo)
        if row.state != State.NEW and row.changes:
            row.state = State.CHANGED
    _extend(batch, planned)
    for row in planned:
        if row.record and row.record.notes:
            row.reason = " ".join(filter(None, [row.reason, *row.record.notes]))
    return planned


def _extend(batch: Import, planned: list[Planned]) -> None:
    """What other apps would add to contacts that are here already."""
    found = {
        row.target.contact.pk: row
        for row in reversed(planned)
        if row.record and row.target and not row.target.is_new
    }
    if not found:
        return
    records = {pk: row.record for pk, row in found.items() if row.record}
    for extension in extensions.registered:
        for pk, what in extension.wanting(batch, records).items():
            row = found[pk]
            row.changes.append(what)
            row.state = State.CHANGED


class _Local:
    """The people of this chunk so far, found by the same keys."""

    def __init__(self) -> None:
        self.by_key: dict[Key, list[tuple[Person, Target, int]]] = {}

    def add(self, person: Person, target: Target, line: int) -> None:
        entry = (person, target, line)
        for key in (*person.keys, ("name", person.name)):
            self.by_key.setdefault(key, []).append(entry)

    def find(self, person: Person) -> tuple[Target, int] | None:
        for key in person.keys:
            for other, target, line in self.by_key.get(key, ()):
                if alike(other.name, person.name):
                    return target, line
        for other, target, line in self.by_key.get(("name", person.name), ()):
            if same_by_name(other, person):
                return target, line
        return None


def load(owner: User, ids: Collection[UUID], lock: bool) -> dict[UUID, Target]:
    """These contacts with all that is compared, in six queries."""
    if not ids:
        return {}
    contacts = owner.contacts.filter(pk__in=ids).order_by("pk")
    if lock:
        contacts = contacts.select_for_update(no_key=True)
    targets = {contact.pk: Target(contact, False) for contact in contacts}
    names = dict(
        owner.organizations.filter(
            pk__in={t.contact.organization_id for t in targets.values()} - {None}
        ).values_list("pk", "name")
    )
    for target in targets.values():
        target.organization = names.get(target.contact.organization_id, "")
    for method in owner.contactmethods.filter(contact_id__in=ids):
        target = targets[method.contact_id]
        target.methods.add(
            (method.kind, method.service, method.normalized or method.value)
        )
        target.positions = max(target.positions, method.position + 1)
    pairs = list(
        owner.contacttags.filter(contact_id__in=ids).values_list("contact_id", "tag_id")
    )
    if pairs:
        keys = dict(
            owner.tags.filter(pk__in={tag for _, tag in pairs}).values_list("pk", "key")
        )
        for contact_id, tag_id in pairs:
            targets[contact_id].tags.add(keys[tag_id])
    for found in owner.importantdates.filter(contact_id__in=ids):
        targets[found.contact_id].dates.add(
            (found.kind, fold(found.label), str(found.on))
        )
    return targets


def merge(
    row: Planned,
    record: Record,
    target: Target,
    clean_photo: Callable[[bytes], Any],
) -> None:
    """Put into the target what it lacks. What it has otherwise stays: the owner's word.

    A text that differs is kept beside, in `extra`, and named among the changes.
    """
    _names(row, record, target)
    for name in ALONE:
        _text(row, target, name, getattr(record, name))
    _organization(row, record, target)
    _place(row, record, target)
    _birthday(row, record, target)
    _about(row, record, target)
    if record.uid:
        if not target.contact.uid:
            _set(row, target, "uid", record.uid, "")
        elif target.contact.uid != record.uid:
            _aside(row, target, f"UID:{escaped(record.uid)}", "")
    for line in record.extra:
        _aside(row, target, line, "")
    _methods(row, record, target)
    for tag in record.tags:
        key = fold(tag)
        if key and key not in target.tags:
            target.tags.add(key)
            row.tags.append(tag)
            row.changes.append(f"tag {tag}")
    for dated in record.dates:
        key3 = (dated.kind, fold(dated.label), str(dated.on))
        if key3 not in target.dates:
            target.dates.add(key3)
            row.dates.append(
                ImportantDate(
                    owner_id=target.contact.owner_id,
                    contact_id=target.contact.pk,
                    kind=dated.kind,
                    label=dated.label,
                    on=dated.on,
                )
            )
            row.changes.append(f"{dated.label or dated.kind} {dated.on.words}")
    if record.photo and not target.contact.photo and "photo" not in target.changed:
        _photo(row, record, target, clean_photo)


def _set(row: Planned, target: Target, name: str, value: Any, said: str) -> None:
    old = getattr(target.contact, name)
    setattr(target.contact, name, value)
    target.changed.add(name)
    if not target.is_new:
        row.fields[name] = [_plain(old), _plain(value)]
    row.changes.append(said or name.replace("_", " "))


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, PartialDate) else value


def _aside(row: Planned, target: Target, line: str, said: str) -> None:
    extra = target.contact.extra
    name = line.partition(":")[0].partition(";")[0]
    if line in extra or (
        name in VOLATILE and any(kept.startswith(f"{name}:") for kept in extra)
    ):
        return
    target.contact.extra = [*extra, line]
    target.changed.add("extra")
    row.extra.append(line)
    row.changes.append(said or f"{name} kept aside")


def _differs(row: Planned, target: Target, name: str, value: str) -> None:
    what = PROPERTIES[name] if name in PROPERTIES else f"X-{name.upper()}"
    said = f"another {name.replace('_', ' ')}, kept aside"
    _aside(row, target, f"{what}:{escaped(value)}", said)


def _text(row: Planned, target: Target, name: str, value: str) -> None:
    if not value:
        return
    old = getattr(target.contact, name)
    if not old:
        _set(row, target, name, value, "")
    elif fold(old) != fold(value):
        _differs(row, target, name, value)


def _names(row: Planned, record: Record, target: Target) -> None:
    contact = target.contact
    if fold(contact.full_name) != fold(record.full_name):
        _differs(row, target, "full_name", record.full_name)
        return
    if not any(getattr(contact, name) for name in NAME_PARTS):
        for name in NAME_PARTS:
            if value := getattr(record, name):
                _set(row, target, name, value, "")


def _organization(row: Planned, record: Record, target: Target) -> None:
    if not record.organization or not fold(record.organization):
        return
    if not target.organization:
        target.organization = record.organization
        target.changed.add("organization")
        if not target.is_new:
            row.fields["organization"] = ["", record.organization]
        row.changes.append("organization")
    elif fold(target.organization) != fold(record.organization):
        _differs(row, target, "organization", record.organization)


def _place(row: Planned, record: Record, target: Target) -> None:
    """City, region and country are of one place: all of them or none."""
    if not any(getattr(target.contact, name) for name in PLACE):
        for name in PLACE:
            if value := getattr(record, name):
                _set(row, target, name, value, "")


def _birthday(row: Planned, record: Record, target: Target) -> None:
    if record.birthday is None:
        return
    if target.contact.birthday is None:
        _set(row, target, "birthday", record.birthday, "")
    elif str(target.contact.birthday) != str(record.birthday):
        _differs(row, target, "birthday", str(record.birthday))


def _about(row: Planned, record: Record, target: Target) -> None:
    if not record.about:
        return
    if not target.contact.about:
        _set(row, target, "about", record.about, "notes")
    elif fold(record.about) not in fold(target.contact.about):
        _aside(row, target, f"NOTE:{escaped(record.about)}", "another note, kept aside")


def _methods(row: Planned, record: Record, target: Target) -> None:
    for method in record.methods:
        key = (method.kind, method.service, method.normalized or method.value)
        if key in target.methods:
            continue
        target.methods.add(key)
        preferred = method.preferred and target.is_new
        row.methods.append(NewMethod(method, preferred, target.positions))
        target.positions += 1
        row.changes.append(f"{method.kind} {method.value}"[:120])


def _photo(
    row: Planned, record: Record, target: Target, clean_photo: Callable[[bytes], Any]
) -> None:
    try:
        row.photo = clean_photo(record.photo)
    except ValidationError as error:
        record.notes.append(f"The photo was left out: {' '.join(error.messages)}")
        return
    target.changed.add("photo")
    row.changes.append("photo")
