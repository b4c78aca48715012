"""What a record adds to a contact that is new or already here."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from contacts.importing.records import PROPERTIES, Method, Record, escaped
from contacts.importing.vcard import VOLATILE
from contacts.models import Contact, ImportantDate, ImportRow
from networkcrm.owned import uuid7
from networkcrm.partial_dates import PartialDate
from networkcrm.text import fold

State = ImportRow.State
NAME_PARTS = ("prefix", "given_name", "middle_name", "family_name", "suffix")
# RFC 6350, 6.2.2.
N_ORDER = ("family_name", "given_name", "middle_name", "prefix", "suffix")
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
    _tags(row, record, target)
    _dates(row, record, target)
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
    parts = {name: getattr(record, name) for name in NAME_PARTS}
    if record.stand_ins and not target.is_new:
        if record.full_name in record.stand_ins:
            return
        if contact.full_name in record.stand_ins:
            # Now somebody tells the name.
            _set(row, target, "full_name", record.full_name, "the name")
            contact.sort_key = fold(record.full_name)[:900]
            target.changed.add("sort_key")
    differs = fold(contact.full_name) != fold(record.full_name)
    if differs:
        _differs(row, target, "full_name", record.full_name)
    elif not any(getattr(contact, name) for name in NAME_PARTS):
        for name, value in parts.items():
            if value:
                _set(row, target, name, value, "")
        return
    if any(v and fold(v) != fold(getattr(contact, n)) for n, v in parts.items()):
        whole = ";".join(escaped(parts[name]) for name in N_ORDER)
        _aside(row, target, f"N:{whole}", "other parts of the name, kept aside")


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


def as_dialed(kind: str, value: str) -> MethodKey | None:
    """A second key of a phone number: one that was stored before the owner's country
    was known has another normalized value."""
    digits = re.sub(r"\D", "", value) if kind == "phone" else ""
    return (kind, "as dialed", digits) if digits else None


def _methods(row: Planned, record: Record, target: Target) -> None:
    for method in record.methods:
        key = (method.kind, method.service, method.normalized or method.value)
        dialed = as_dialed(method.kind, method.value)
        if key in target.methods or dialed in target.methods:
            continue
        target.methods |= {key, dialed} if dialed else {key}
        preferred = method.preferred and target.is_new
        row.methods.append(NewMethod(method, preferred, target.positions))
        target.positions += 1
        row.changes.append(f"{method.kind} {method.value}"[:120])


def _tags(row: Planned, record: Record, target: Target) -> None:
    for tag in record.tags:
        key = fold(tag)
        if key and key not in target.tags:
            target.tags.add(key)
            row.tags.append(tag)
            row.changes.append(f"tag {tag}")


def _dates(row: Planned, record: Record, target: Target) -> None:
    for dated in record.dates:
        key = (dated.kind, fold(dated.label), str(dated.on))
        if key not in target.dates:
            target.dates.add(key)
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


def _photo(
    row: Planned, record: Record, target: Target, clean_photo: Callable[[bytes], Any]
) -> None:
    try:
        row.photo = clean_photo(record.photo)
    except ValidationError as error:
        said = f"The photo was left out: {' '.join(error.messages)}"
        # It may be the second attempt.
        if said not in record.notes:
            record.notes.append(said)
        return
    target.changed.add("photo")
    row.changes.append("photo")
