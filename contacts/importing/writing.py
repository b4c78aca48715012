"""A chunk of planned records into the tables, in a few statements."""

import json
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import FileField, JSONField
from django.utils import timezone

from contacts.importing import extensions
from contacts.importing.comparing import Planned, State, Target
from contacts.importing.records import told
from contacts.models import Contact, ContactMethod, ContactTag, Import, ImportRow
from networkcrm import derived
from networkcrm.copying import copy_in
from networkcrm.models import User
from networkcrm.owned import uuid7
from networkcrm.partial_dates import PartialDateField
from networkcrm.text import fold


def write(owner: User, batch: Import, planned: Sequence[Planned]) -> None:
    """Write these rows and what they plan, all of it or nothing.

    Rows of the same numbers, from the preview, are replaced. A constant number of
    statements, but for photos, which go through the storage one by one.
    """
    working = [row for row in planned if row.state in (State.NEW, State.CHANGED)]
    undo = {row.number: _undo(row) for row in working}
    new: dict[UUID, Target] = {}
    old: dict[UUID, Target] = {}
    for row in working:
        assert row.target is not None
        (new if row.target.is_new else old)[row.target.contact.pk] = row.target
    files: list[str] = []
    try:
        with derived.batch():
            _name_organizations(owner, working, undo)
            _save_photos(working, undo, files)
            _create(new.values())
            _update(owner, old.values())
            _hang_on(owner, working, undo)
            _extend(batch, working, new, undo)
            derived.touch(owner.pk, [*new, *old])
            _rows(owner, batch, planned, undo)
    except BaseException:
        for name in files:
            default_storage.delete(name)
        raise


def _undo(row: Planned) -> dict[str, Any]:
    undo: dict[str, Any] = {}
    if row.state == State.CHANGED:
        undo = {
            "methods": [str(method.pk) for method in row.methods],
            "dates": [str(found.pk) for found in row.dates],
            "fields": row.fields,
            "extra": row.extra,
        }
        if row.target and not row.target.is_new:
            undo["before"] = row.target.contact.updated_at.isoformat()
    return {key: value for key, value in undo.items() if value}


def _name_organizations(
    owner: User, working: Sequence[Planned], undo: dict[int, dict[str, Any]]
) -> None:
    wanted = {
        row.target.organization: row
        for row in reversed(working)
        if row.target and "organization" in row.target.changed
    }
    if not wanted:
        return
    found = _named(owner.organizations, owner, wanted, undo, "organizations")
    for row in working:
        target = row.target
        if target is None or "organization" not in target.changed:
            continue
        target.contact.organization_id = found[target.organization]
        if "organization" in row.fields:
            row.fields["organization"] = [None, str(target.contact.organization_id)]


def _named(
    manager: Any,
    owner: User,
    wanted: dict[str, Planned],
    undo: dict[int, dict[str, Any]],
    what: str,
) -> dict[str, UUID]:
    """The ids of these names; those that had to be made are noted for undo."""
    keys = {name: fold(name) for name in wanted}
    found = dict(manager.filter(key__in=set(keys.values())).values_list("key", "pk"))
    missing = {key: name for name, key in keys.items() if key not in found}
    if missing:
        # Sorted: two imports that make the same names never wait for each other.
        made = manager.named(owner.pk, [missing[key] for key in sorted(missing)])
        for name, row in made.items():
            found[row.key] = row.pk
            noted = undo[wanted[name].number].setdefault("made", {})
            noted.setdefault(what, []).append(str(row.pk))
    return {name: found[key] for name, key in keys.items()}


def _save_photos(
    working: Sequence[Planned], undo: dict[int, dict[str, Any]], files: list[str]
) -> None:
    for row in working:
        if row.photo is None or row.target is None:
            continue
        contact = row.target.contact
        contact.photo.save(row.photo.name, row.photo, save=False)
        files.append(str(contact.photo.name))
        if not row.target.is_new:
            undo[row.number]["photo"] = contact.photo.name


def _create(targets: Iterable[Target]) -> None:
    contacts = [target.contact for target in targets]
    now = timezone.now()
    for contact in contacts:
        contact.sort_key = fold(contact.full_name)[:900]
        contact.created_at = contact.updated_at = now
    fields = Contact._meta.concrete_fields
    names = [str(field.attname) for field in fields]
    values = attrgetter(*names)
    special = [
        (index, field)
        for index, field in enumerate(fields)
        if isinstance(field, PartialDateField | JSONField | FileField)
    ]

    def rows() -> Iterator[list[Any]]:
        for contact in contacts:
            row = list(values(contact))
            for index, field in special:
                value = row[index]
                if isinstance(field, JSONField):
                    row[index] = json.dumps(value)
                elif value is not None:
                    row[index] = str(value)
            yield row

    copy_in(Contact, [str(field.column) for field in fields], rows())


def _update(owner: User, targets: Iterable[Target]) -> None:
    changed = list(targets)
    if not changed:
        return
    # Also of those who only get a tag: a form that was opened before would remove it.
    now = timezone.now()
    for target in changed:
        target.contact.updated_at = now
    fields = set().union(*(target.changed for target in changed)) | {"updated_at"}
    owner.contacts.bulk_update([target.contact for target in changed], sorted(fields))


def _hang_on(
    owner: User, working: Sequence[Planned], undo: dict[int, dict[str, Any]]
) -> None:
    """Methods, dates and tags."""
    _copy_methods(owner, working)
    owner.importantdates.bulk_create([found for row in working for found in row.dates])
    wanted = {tag: row for row in reversed(working) for tag in row.tags}
    if not wanted:
        return
    found = _named(owner.tags, owner, wanted, undo, "tags")
    links = []
    for row in working:
        assert row.target is not None
        contact_id = row.target.contact.pk
        made = [(uuid7(), contact_id, found[tag]) for tag in row.tags]
        links += made
        if made and row.state == State.CHANGED:
            undo[row.number]["tags"] = [str(pk) for pk, _contact, _tag in made]
    now = timezone.now()
    copy_in(
        ContactTag,
        ["id", "owner_id", "created_at", "updated_at", "contact_id", "tag_id"],
        ((pk, owner.pk, now, now, contact, tag) for pk, contact, tag in links),
    )


def _copy_methods(owner: User, working: Sequence[Planned]) -> None:
    now = timezone.now()
    names = (
        "id owner_id created_at updated_at contact_id kind service value normalized"
        " label preferred position"
    )
    copy_in(
        ContactMethod,
        names.split(),
        (
            (
                new.pk,
                owner.pk,
                now,
                now,
                row.target.contact.pk,
                str(new.method.kind),
                str(new.method.service),
                new.method.value,
                new.method.normalized,
                new.method.label,
                new.preferred,
                new.position,
            )
            for row in working
            for new in row.methods
            if row.target
        ),
    )


def _extend(
    batch: Import,
    working: Sequence[Planned],
    new: dict[UUID, Target],
    undo: dict[int, dict[str, Any]],
) -> None:
    firsts: dict[UUID, Planned] = {}
    for row in working:
        if row.target and row.record:
            firsts.setdefault(row.target.contact.pk, row)
    records = {pk: row.record for pk, row in firsts.items() if row.record}
    created = {pk: record for pk, record in records.items() if pk in new}
    found = {pk: record for pk, record in records.items() if pk not in new}
    for index, extension in enumerate(extensions.registered):
        for pk, note in extension.write(batch, created, found).items():
            undo[firsts[pk].number].setdefault("extensions", {})[str(index)] = note


def _rows(
    owner: User,
    batch: Import,
    planned: Sequence[Planned],
    undo: dict[int, dict[str, Any]],
) -> None:
    mine = owner.importrows.filter(batch=batch)
    first, last = planned[0].number, planned[-1].number
    mine.filter(number__gte=first, number__lte=last).delete()
    _copy_rows(owner, batch, planned, undo, is_done=True)


def _said(row: Planned) -> list[str]:
    """What the page shows of a row: of somebody new, what tells who they are."""
    if row.state == State.NEW and row.record:
        record = row.record
        reach = [m.value for m in record.methods if m.kind in ("email", "phone")]
        said = [record.job_title, record.organization, *reach[:2], *told(record)]
        return [text[:120] for text in said if text and text != row.name]
    return row.changes if row.state == State.CHANGED else []


def _copy_rows(
    owner: User,
    batch: Import,
    planned: Sequence[Planned],
    undo: dict[int, dict[str, Any]],
    is_done: bool,
) -> None:
    now = timezone.now()
    names = (
        "id owner_id created_at updated_at batch_id number line name state reason"
        " contact_id changes undo is_done"
    )
    copy_in(
        ImportRow,
        names.split(),
        (
            (
                uuid7(),
                owner.pk,
                now,
                now,
                batch.pk,
                row.number,
                row.line,
                row.name[:300],
                str(row.state),
                row.reason[:500],
                row.target.contact.pk
                if row.target and (is_done or not row.target.is_new)
                else None,
                json.dumps(_said(row)),
                json.dumps(undo.get(row.number, {})),
                is_done,
            )
            for row in planned
        ),
    )


@transaction.atomic
def write_preview(owner: User, batch: Import, planned: Sequence[Planned]) -> None:
    """Only what would be done, for the page that shows it."""
    _copy_rows(owner, batch, planned, {}, is_done=False)
