"""An import taken back: what it made goes, what it changed is as it was.

What the owner has done since stays theirs: a contact they added to is kept, a field
they changed is left, and the report says so.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone

from contacts.importing import extensions
from contacts.importing.locking import again_when_unlucky, hold_owner
from contacts.importing.running import forget_file
from contacts.models import Contact, Import, ImportRow, SearchRow
from contacts.purging import purge
from networkcrm import derived, files
from networkcrm.models import User
from networkcrm.partial_dates import PartialDate
from networkcrm.text import fold

CHUNK = 500
State = ImportRow.State
KEPT = "Kept: you have added to them since."
# What a kept row's reason begins with, this one and those that name the fields.
IS_KEPT = Q(is_done=True, reason__startswith="Kept")


def undo(owner: User, batch: Import) -> None:
    """Undo the whole batch, a chunk per transaction; begins where it was interrupted.

    Leaves the batch undone, its file deleted, with `kept` the number of rows that
    were left for the owner's sake. Contacts it made are deleted first, then changes
    are reverted from the last to the first. The times of rows stay those of the
    import: all that is newer is the owner's, also for the next attempt.
    """
    done = owner.importrows.filter(batch=batch, is_done=True)
    todo = done.exclude(IS_KEPT)
    again_when_unlucky(partial(_begin, owner, batch))
    after = 0
    while rows := list(
        todo.filter(state=State.NEW, number__gt=after).order_by("number")[:CHUNK]
    ):
        after = rows[-1].number
        again_when_unlucky(partial(_delete_created, owner, batch, rows))
    before = None
    changed = todo.filter(state=State.CHANGED)
    while rows := list(
        (changed.filter(number__lt=before) if before else changed).order_by("-number")[
            :CHUNK
        ]
    ):
        before = rows[-1].number
        again_when_unlucky(partial(_revert, owner, batch, rows))
    with derived.batch():
        _delete_made(owner, batch)
        _undo_extensions(owner, batch)
        kept = done.filter(IS_KEPT, state__in=[State.NEW, State.CHANGED])
        owner.imports.filter(pk=batch.pk).update(
            state=Import.State.UNDONE,
            kept=kept.count(),
            finished_at=timezone.now(),
            updated_at=timezone.now(),
        )
    forget_file(owner, batch)


@derived.batch()
def _begin(owner: User, batch: Import) -> None:
    hold_owner(owner)
    for extension in extensions.registered:
        extension.undoing(batch)


@derived.batch()
def _delete_created(owner: User, batch: Import, rows: Sequence[ImportRow]) -> None:
    hold_owner(owner)
    ids = [row.contact_id for row in rows if row.contact_id]
    kept = _added_to(owner, batch, ids)
    purge(owner, [pk for pk in ids if pk not in kept])
    mine = owner.importrows.filter(batch=batch)
    if kept:
        # Also later rows of this file about the same contact.
        working = mine.filter(state__in=[State.NEW, State.CHANGED])
        working.filter(contact__in=kept).update(reason=KEPT)
    gone = [row.pk for row in rows if row.contact_id not in kept]
    mine.filter(pk__in=gone).update(is_done=False)


def _added_to(owner: User, batch: Import, ids: Sequence[UUID]) -> set[UUID]:
    """Those of these contacts that were changed, or something hung on, since."""
    mine = owner.importrows.filter(batch=batch, contact__in=ids).order_by()
    since: dict[UUID, datetime] = dict(
        mine.values_list("contact").annotate(Max("updated_at"))
    )
    kept = {
        pk
        for pk, at in owner.contacts.filter(pk__in=ids).values_list("pk", "updated_at")
        if at > since[pk]
    }
    for relation in Contact._meta.related_objects:
        model = relation.related_model
        if relation.many_to_many or model in (SearchRow, ImportRow):
            continue
        name = relation.field.name
        rows = getattr(owner, f"{model._meta.model_name}s").filter(
            **{f"{name}__in": ids}
        )
        # A link that does not go with the contact is somebody's word in any case.
        holds = getattr(relation.field, "on_database_delete", "") != "CASCADE"
        for pk, at in rows.order_by().values_list(name).annotate(Max("updated_at")):
            if holds or at > since[pk]:
                kept.add(pk)
    for extension in extensions.registered:
        kept |= extension.added_to(batch, ids)
    return kept


@derived.batch()
def _revert(owner: User, batch: Import, rows: Sequence[ImportRow]) -> None:
    """Take changes of contacts back, the last row first."""
    hold_owner(owner)
    contacts = {
        contact.pk: contact
        for contact in owner.contacts.filter(pk__in={row.contact_id for row in rows})
        .order_by("pk")
        .select_for_update(no_key=True)
    }
    now = timezone.now()
    reasons: dict[str, list[UUID]] = defaultdict(list)
    reverted: list[UUID] = []
    fields: set[str] = set()
    for row in rows:
        contact = contacts.get(row.contact_id)
        if contact is None:
            reverted.append(row.pk)
        elif row.reason != KEPT:
            # The contact's own time tells an open form of the change, and the undoing
            # of an earlier import that the owner did something since.
            before = row.undo.get("before")
            untouched = before and contact.updated_at <= row.updated_at
            contact.updated_at = datetime.fromisoformat(before) if untouched else now
            left = _revert_fields(contact, row.undo, fields)
            said = (
                f"Kept as you have changed it since: {', '.join(left)}." if left else ""
            )
            if said:
                reasons[said[:500]].append(row.pk)
            else:
                reverted.append(row.pk)
    if contacts:
        owner.contacts.bulk_update(contacts.values(), sorted(fields | {"updated_at"}))
    live = [row for row in rows if row.contact_id in contacts and row.reason != KEPT]
    _delete_added(owner, live)
    for index, extension in enumerate(extensions.registered):
        notes = {
            row.contact_id: row.undo["extensions"][str(index)]
            for row in live
            if row.contact_id and str(index) in row.undo.get("extensions", {})
        }
        if notes:
            extension.undo(batch, notes)
    derived.touch(owner.pk, contacts)
    mine = owner.importrows.filter(batch=batch)
    mine.filter(pk__in=reverted).update(is_done=False)
    for reason, pks in reasons.items():
        mine.filter(pk__in=pks).update(reason=reason)


def _revert_fields(
    contact: Contact, undo: dict[str, Any], fields: set[str]
) -> list[str]:
    """Set back what still is as the import left it; names what is not."""
    left = []
    for name, (old, new) in undo.get("fields", {}).items():
        column = "organization_id" if name == "organization" else name
        value = getattr(contact, column)
        now = str(value) if isinstance(value, PartialDate | UUID) else value
        if now != new:
            left.append(name.replace("_", " "))
            continue
        if name == "birthday" and old:
            old = PartialDate.from_iso(old)
        setattr(contact, column, old)
        fields.add(name)
        if name == "full_name":
            contact.sort_key = fold(old)[:900]
            fields.add("sort_key")
    if extra := undo.get("extra"):
        contact.extra = [line for line in contact.extra if line not in extra]
        fields.add("extra")
    if photo := undo.get("photo"):
        if contact.photo.name == photo:
            contact.photo = ""
            fields.add("photo")
            files.forget([photo])
        else:
            left.append("photo")
    return left


def _delete_added(owner: User, rows: Iterable[ImportRow]) -> None:
    """Methods, dates and tags, unless they were edited since."""
    for what, manager in (
        ("methods", owner.contactmethods),
        ("dates", owner.importantdates),
        ("tags", owner.contacttags),
    ):
        since = {
            UUID(pk): row.updated_at for row in rows for pk in row.undo.get(what, ())
        }
        if not since:
            continue
        found = manager.filter(pk__in=since).values_list("pk", "updated_at")
        manager.filter(pk__in=[pk for pk, at in found if at <= since[pk]]).delete()


def _delete_made(owner: User, batch: Import) -> None:
    """Organizations and tags that came with the import and are nobody's now."""
    made: dict[str, list[str]] = defaultdict(list)
    notes = owner.importrows.filter(batch=batch, undo__has_key="made")
    for note in notes.values_list("undo__made", flat=True):
        for what, pks in note.items():
            made[what] += pks
    members = owner.contacts.filter(organization=OuterRef("pk"))
    owner.organizations.filter(pk__in=made["organizations"]).exclude(
        Exists(members)
    ).delete()
    links = owner.contacttags.filter(tag=OuterRef("pk"))
    owner.tags.filter(pk__in=made["tags"]).exclude(Exists(links)).delete()


def _undo_extensions(owner: User, batch: Import) -> None:
    notes: dict[str, list[Any]] = defaultdict(list)
    rows = owner.importrows.filter(batch=batch, undo__has_key="extensions")
    for each in rows.values_list("undo__extensions", flat=True):
        for index, note in each.items():
            notes[index].append(note)
    for index, extension in enumerate(extensions.registered):
        extension.undone(batch, notes[str(index)])
