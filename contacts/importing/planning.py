"""What an imported record would change, found out before anything is written."""

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from contacts.importing import extensions
from contacts.importing.comparing import Planned, State, Target, as_dialed, merge
from contacts.importing.matching import (
    Candidates,
    Key,
    Person,
    alike,
    found_by,
    one_in_file,
    person_of,
    same_by_name,
)
from contacts.importing.records import Record, Unread
from contacts.models import Contact, Import
from networkcrm.models import User
from networkcrm.text import fold


class Seen:
    """What earlier chunks of a file held that nobody has written: for previews only.

    About 600 bytes a person, not the records themselves.
    """

    def __init__(self) -> None:
        self.lines: dict[int, tuple[int, Person]] = {}
        self.whole: set[bytes] = set()

    def before(
        self, person: Person, line: int, record: Record
    ) -> tuple[int, bool] | None:
        """The line of the same person in an earlier chunk, and if all is the same."""
        same = (digest := _digest(record)) in self.whole
        self.whole.add(digest)
        names = f"{person.name}|{person.organization}"
        keys = [*person.keys]
        if not person.by_name:
            keys.append(("name", names))
        for kind, value in keys:
            found = self.lines.get(hash((kind, value)))
            # Not itself, when it is looked at once more.
            if found and found[0] != line and _same(kind, found[1], person):
                return found[0], same
        told = [key for key in person.keys if key[0] in ("uid", "email")]
        known = Person(person.name, person.organization, person.given, told)
        for key in keys:
            self.lines.setdefault(hash(key), (line, known))
        return None


def _same(kind: str, known: Person, person: Person) -> bool:
    if kind == "name":
        return same_by_name(known, person)
    return one_in_file(kind, known, person)


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
    _doubt_numbers(owner, batch, candidates, people, matches)
    known = {match[0] for match in matches.values() if match}
    me = None
    if any(isinstance(item, Record) and item.is_me for _number, item in items):
        me = owner.contacts.values_list("pk", flat=True).get(is_me=True)
        known.add(me)
    targets = load(owner, known, lock)
    local = _Local()
    firsts: dict[UUID, Record] = {}
    planned = []
    for number, item in items:
        if isinstance(item, Unread):
            state = State.UNREADABLE if item.failed else State.SKIPPED
            planned.append(Planned(number, item.line, item.name, state, item.reason))
            continue
        person, match = people[number], matches[number]
        row = Planned(number, item.line, item.full_name, State.SAME, record=item)
        planned.append(row)
        if item.is_me and me:
            row.target, row.name = targets[me], targets[me].contact.full_name
            continue
        if match:
            row.target = targets[match[0]]
            row.reason = found_by(match[1], candidates.people[match[0]], person)
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
        elif (
            not person.keys
            and (count := local.count(person, candidates.namesakes(person))) > 1
        ):
            row.state = State.SKIPPED
            row.reason = (
                f"You know {count} people called {item.full_name}. Which one"
                " it is does not stand here, so this is left out."
            )
            continue
        elif seen and (before := seen.before(person, item.line, item)):
            row.state = State.SAME if before[1] else State.CHANGED
            row.reason = f"The same person as in line {before[0]} of this file."
            continue
        else:
            row.target = Target(Contact(owner=owner, full_name=item.full_name), True)
            row.state = State.NEW
        local.add(person, row.target, item.line)
        first = firsts.setdefault(row.target.contact.pk, item)
        if first is not item:
            _join(first, item)
        merge(row, item, row.target, clean_photo)
        if row.state != State.NEW and row.changes:
            row.state = State.CHANGED
    _extend(batch, planned)
    for row in planned:
        if row.record and row.record.notes:
            row.reason = " ".join(filter(None, [row.reason, *row.record.notes]))
    return planned


def _doubt_numbers(
    owner: User,
    batch: Import,
    candidates: Candidates,
    people: dict[int, Person],
    matches: dict[int, tuple[UUID, str] | None],
) -> None:
    """Who has the card number of somebody of another name in the same file is new."""
    doubtful = {
        number: match[0]
        for number, match in matches.items()
        if match
        and match[1] == "uid"
        and not alike(candidates.people[match[0]].name, people[number].name)
    }
    if not doubtful:
        return
    mine = owner.importrows.filter(batch=batch, is_done=True)
    before = set(
        mine.filter(contact__in=doubtful.values()).values_list("contact", flat=True)
    )
    for number, pk in doubtful.items():
        if pk in before:
            matches[number] = candidates.without_number(people[number])


def _join(first: Record, record: Record) -> None:
    """What happened is written once, with the first record of a person in a chunk."""
    first.happenings += [h for h in record.happenings if h not in first.happenings]
    first.relations += [r for r in record.relations if r not in first.relations]


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
                if one_in_file(key[0], other, person):
                    return target, line
        if person.by_name:
            return None
        found = {
            target.contact.pk: (target, line)
            for other, target, line in reversed(self.namesakes(person))
            if same_by_name(other, person)
        }
        return next(iter(found.values())) if len(found) == 1 else None

    def count(self, person: Person, others: Collection[UUID]) -> int:
        """How many have this name, with those who are here already."""
        found = {target.contact.pk for _, target, _ in self.namesakes(person)}
        return len(found.union(others))

    def namesakes(self, person: Person) -> list[tuple[Person, Target, int]]:
        return self.by_key.get(("name", person.name), [])


def load(owner: User, ids: Collection[UUID], lock: bool) -> dict[UUID, Target]:
    """These contacts with all that is compared, in six queries."""
    if not ids:
        return {}
    contacts = owner.contacts.filter(pk__in=ids).order_by("pk")
    if lock:
        contacts = contacts.select_for_update(no_key=True)
    targets = {contact.pk: Target(contact, False) for contact in contacts}
    wanted = [t.contact.organization_id for t in targets.values()]
    known = owner.organizations.filter(pk__in=[pk for pk in wanted if pk])
    names = dict(known.values_list("pk", "name"))
    for target in targets.values():
        if pk := target.contact.organization_id:
            target.organization = names[pk]
    for method in owner.contactmethods.filter(contact_id__in=ids):
        target = targets[method.contact_id]
        target.methods.add(
            (method.kind, method.service, method.normalized or method.value)
        )
        if dialed := as_dialed(method.kind, method.value):
            target.methods.add(dialed)
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
