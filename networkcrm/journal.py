"""Rows changed, moved, added and deleted, written down so that it can be taken back.

    journal = Journal(user)
    journal.change(contact, city="Oslo")
    journal.delete(Fact, [fact])
    ...
    left = take_back(user, journal.entries)

Entries are plain values that a cache can keep. What somebody changed in the
meantime stays as they left it, and is named.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import groupby
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from networkcrm.copying import copy_in
from networkcrm.models import User
from networkcrm.owned import Owned, _OwnedLink

Entry = tuple[Any, ...]
CHANGED, MOVED, ADDED, DELETED = "changed", "moved", "added", "deleted"


def rows_of(owner_id: UUID, model: type[models.Model]) -> Any:
    return model._base_manager.filter(owner_id=owner_id)


def columns_of(row: Owned) -> dict[str, Any]:
    """Every column by attribute name, as it goes into the database."""
    return {
        field.attname: field.get_prep_value(field.value_from_object(row))
        for field in row._meta.concrete_fields
    }


class Journal:
    """Writes past `save` and `touches`: whoever uses it calls derived.touch."""

    def __init__(self, owner: User) -> None:
        self.owner = owner
        self.entries: list[Entry] = []

    def change(self, row: Owned, **columns: Any) -> None:
        self.change_all(type(row), {row: columns})

    def change_all(
        self, model: type[Owned], changes: Mapping[Any, Mapping[str, Any]]
    ) -> None:
        """Rows with their new columns, by attribute name, in one statement.

        What stays the same is left out.
        """
        changed_rows = []
        names: set[str] = set()
        for row, columns in changes.items():
            before = columns_of(row)
            for name, value in columns.items():
                setattr(row, name, value)
            after = columns_of(row)
            changed = {
                name: (before[name], after[name])
                for name in columns
                if before[name] != after[name]
            }
            if changed:
                changed_rows.append(row)
                names |= changed.keys()
                self.entries.append((CHANGED, model._meta.label, row.pk, changed))
        if changed_rows:
            fields = [model._meta.get_field(name).name for name in sorted(names)]
            rows_of(self.owner.pk, model).bulk_update(changed_rows, fields)

    def move(
        self, model: type[Owned], link: str, old: UUID, new: UUID, pks: Collection[UUID]
    ) -> None:
        """Let the link of these rows lead from one row to another."""
        if pks:
            rows_of(self.owner.pk, model).filter(pk__in=pks).update(**{link: new})
            self.entries.append((MOVED, model._meta.label, link, old, new, list(pks)))

    def add(self, row: Owned) -> None:
        row.save(force_insert=True)
        self.entries.append((ADDED, row._meta.label, columns_of(row)))

    def delete(
        self,
        model: type[Owned],
        rows: Collection[Any],
        ignoring: Collection[type[models.Model]] = (),
    ) -> None:
        """With what Postgres would delete with them, but for what is ignored because
        it can be made anew."""
        if not rows:
            return
        pks = [row.pk for row in rows]
        for link in links_to(model, ignoring):
            wanted = {f"{link.name}__in": pks}
            theirs = list(rows_of(self.owner.pk, link.model).filter(**wanted))
            if link.on_database_delete == "CASCADE":
                self.delete(link.model, theirs, ignoring)
            else:
                cleared = {row: {link.attname: None} for row in theirs}
                self.change_all(link.model, cleared)
        rows_of(self.owner.pk, model).filter(pk__in=pks).delete()
        self.entries += [(DELETED, model._meta.label, columns_of(row)) for row in rows]


def links_to(
    model: type[models.Model], ignoring: Collection[type[models.Model]] = ()
) -> Iterator[Any]:
    """The fields of owned models that link to this one."""
    for relation in model._meta.related_objects:
        link = relation.field
        if isinstance(link, _OwnedLink) and relation.related_model not in ignoring:
            yield link


@transaction.atomic
def take_back(owner: User, entries: Sequence[Entry]) -> list[str]:
    """Undo the entries, the last first. Says what could not be, in a few words each.

    Links are checked at the end of the transaction, and so may be whatever an app
    keeps beside them.
    """
    left: list[str] = []
    for (what, label), group in groupby(reversed(entries), key=lambda e: e[:2]):
        model: Any = apps.get_model(label)
        if what == DELETED:
            left += _put_back(owner, model, [entry[2] for entry in group])
            continue
        for _, _, *entry in group:
            if what == CHANGED:
                left += _change_back(owner, model, *entry)
            elif what == MOVED:
                _move_back(owner, model, *entry)
            else:
                left += _remove(owner, model, *entry)
    return list(dict.fromkeys(left))


def _change_back(
    owner: User, model: Any, pk: UUID, changed: dict[str, tuple[Any, Any]]
) -> list[str]:
    row = rows_of(owner.pk, model).filter(pk=pk).first()
    if row is None:
        return []
    now = columns_of(row)
    back, left = {}, []
    for name, (old, new) in changed.items():
        if name == "updated_at":
            # A form that was opened in between must see that this is another version.
            back[name] = old if now[name] == new else timezone.now()
        elif now[name] == new or _leads_nowhere(owner, model, name, new):
            back[name] = old
        elif isinstance(new, list) and isinstance(old, list):
            added = [item for item in new if item not in old]
            back[name] = [item for item in now[name] if item not in added]
        else:
            left.append(str(model._meta.get_field(name).verbose_name))
    back = _without_lost_links(owner, model, [back])[0] if back else {}
    if back:
        rows_of(owner.pk, model).filter(pk=pk).update(**back)
    return left


def _leads_nowhere(owner: User, model: Any, name: str, pk: Any) -> bool:
    """Is this a link to what is not there any more? Then nobody chose otherwise."""
    link = model._meta.get_field(name)
    if not isinstance(link, _OwnedLink) or pk is None:
        return False
    target: Any = link.related_model  # type: ignore[attr-defined]
    return not rows_of(owner.pk, target).filter(pk=pk).exists()


def _move_back(
    owner: User, model: Any, link: str, old: UUID, new: UUID, pks: Sequence[UUID]
) -> None:
    mine = rows_of(owner.pk, model).filter(pk__in=pks)
    if not _leads_nowhere(owner, model, link, new):
        # What was given to somebody else since stays with them.
        mine.filter(**{link: new}).update(**{link: old})
        return
    mine.exclude(**{link: None}).update(**{link: old})
    # Cleared when the other was deleted for ever, perhaps with more that belongs to it.
    with suppress(IntegrityError), transaction.atomic():
        mine.filter(**{link: None}).update(**{link: old})


def _remove(owner: User, model: Any, columns: dict[str, Any]) -> list[str]:
    row = rows_of(owner.pk, model).filter(pk=columns["id"]).first()
    if row is None:
        return []
    if columns_of(row)["updated_at"] != columns["updated_at"]:
        return [str(row)]
    row.delete()
    return []


def _put_back(owner: User, model: Any, found: list[dict[str, Any]]) -> list[str]:
    whole = [row for row in _without_lost_links(owner, model, found) if row]
    try:
        with transaction.atomic():
            _insert(model, whole)
        return []
    except IntegrityError:
        return [word for row in whole for word in _put_one_back(model, row)]


def _put_one_back(model: Any, columns: dict[str, Any]) -> list[str]:
    try:
        with transaction.atomic():
            _insert(model, [columns])
        return []
    except IntegrityError:
        return [str(model._meta.verbose_name)]


def _insert(model: Any, found: Iterable[dict[str, Any]]) -> None:
    """As they were, times and all."""
    fields = model._meta.concrete_fields
    copy_in(
        model,
        [field.column for field in fields],
        ([_copied(field, row[field.attname]) for field in fields] for row in found),
    )


def _copied(field: Any, value: Any) -> Any:
    if isinstance(field, models.JSONField) and value is not None:
        return json.dumps(value)
    return value


def _without_lost_links(
    owner: User, model: Any, found: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Links to what is gone for ever are cleared; {} for a row that hangs on one."""
    found = [dict(row) for row in found]
    for field in model._meta.concrete_fields:
        if not isinstance(field, _OwnedLink):
            continue
        link: Any = field
        wanted = {row[link.attname] for row in found if row.get(link.attname)}
        if not wanted:
            continue
        there = set(
            rows_of(owner.pk, link.related_model)
            .filter(pk__in=wanted)
            .values_list("pk", flat=True)
        )
        for row in found:
            if row.get(link.attname) and row[link.attname] not in there:
                if link.null:
                    row[link.attname] = None
                else:
                    row.clear()
    return found
