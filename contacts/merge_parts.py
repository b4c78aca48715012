"""What contacts themselves know of merging: which of their rows say the same."""

import re
from collections.abc import Callable, Collection, Hashable
from typing import Any
from uuid import UUID

from django.utils import timezone

from contacts import merging
from contacts.importing.comparing import as_dialed
from contacts.merge_fields import Question
from contacts.merging import Merging, counted_words, uniques
from contacts.models import (
    Contact,
    ContactMethod,
    Distinct,
    Fact,
    ImportantDate,
    ImportRow,
    MergedUid,
)
from networkcrm.journal import links_to
from networkcrm.models import User
from networkcrm.owned import Owned
from networkcrm.text import fold

_EXTENSION = re.compile(r"(?:ext\.?|x|#|,|;|dw\.?)\W*(\d+)\W*$", flags=re.I)
LONGEST_LABEL = ContactMethod._meta.get_field("label").max_length or 0


class OfContacts:
    models: Collection[type[Owned]] = (
        ContactMethod,
        Fact,
        ImportantDate,
        ImportRow,
        Distinct,
    )

    def asks(self, keep: Contact, gone: Contact) -> list[Question]:
        return []

    def adds(self, keep: Contact, gone: Contact) -> list[str]:
        return counted_words(
            (gone.methods, "way to reach them", "ways to reach them"),
            (gone.facts, "thing they told you", "things they told you"),
            (gone.contact_tags, "tag", "tags"),
            (gone.dates, "date", "dates"),
        )

    def merge(self, merging: Merging) -> None:
        _methods(merging)
        _told(merging)
        _import_rows(merging)
        _distinct(merging)
        _uid(merging)

    def settle(self, owner: User, contact_ids: Collection[UUID]) -> list[str]:
        return []


def _keys(method: ContactMethod) -> list[Hashable]:
    """By which two ways to reach somebody are one; an extension makes another."""
    key = (method.kind, method.service, method.normalized or method.value)
    if method.kind != ContactMethod.Kind.PHONE:
        return [key]
    extension = _EXTENSION.search(method.value)
    dialed = as_dialed(method.kind, method.value)
    return [(*key, extension and extension[1])] + ([dialed] if dialed else [])


def _methods(merging: Merging) -> None:
    kept = list(merging.rows(ContactMethod, contact=merging.keep.pk))
    there = {key: method for method in kept for key in _keys(method)}
    best = {method.kind for method in kept if method.preferred}
    position = max((method.position for method in kept), default=-1)
    changes: dict[ContactMethod, dict[str, Any]] = {}
    doubles = []
    theirs = merging.rows(ContactMethod, contact=merging.gone.pk)
    for method in theirs.order_by("position", "pk"):
        same = next((there[key] for key in _keys(method) if key in there), None)
        # One of each kind is the best.
        preferred = method.preferred and method.kind not in best
        if preferred:
            best.add(method.kind)
        if same is None:
            position += 1
            to = {"contact_id": merging.keep.pk, "position": position}
            changes[method] = to | {"preferred": preferred}
        else:
            doubles.append(method)
            changes[same] = {
                "label": _label(changes.get(same, {}).get("label", same.label), method),
                "preferred": same.preferred or preferred,
                "updated_at": timezone.now(),
            }
    merging.journal.change_all(ContactMethod, changes)
    merging.journal.delete(ContactMethod, doubles)


def _label(label: str, method: ContactMethod) -> str:
    labels = [label, method.label] if fold(method.label) not in fold(label) else [label]
    both = ", ".join(filter(None, labels))
    return both if len(both) <= LONGEST_LABEL else label


def _told(merging: Merging) -> None:
    """Facts and dates: those that say nothing new go, all others come along."""

    def fact(row: Fact) -> Hashable:
        return row.kind, fold(row.text), row.state

    def dated(row: ImportantDate) -> Hashable:
        return row.kind, fold(row.label), str(row.on), row.yearly

    also = ("heard_on", "interaction_id")
    _rows_that_tell(merging, Fact, fact, also, latest=("confirmed_on",))
    _rows_that_tell(merging, ImportantDate, dated, ())


def _rows_that_tell(
    merging: Merging,
    model: type[Owned],
    key: Callable[[Any], Hashable],
    also: tuple[str, ...],
    latest: tuple[str, ...] = (),
) -> None:
    """`also` are columns which a double must leave empty, or say the same in; of the
    days in `latest` the later one stays."""
    there = {key(row): row for row in merging.rows(model, contact=merging.keep.pk)}
    changes: dict[Any, dict[str, Any]] = {}
    doubles, moved = [], []
    for row in merging.rows(model, contact=merging.gone.pk):
        same = there.get(key(row))
        if same and all(
            getattr(row, name) in (None, getattr(same, name)) for name in also
        ):
            doubles.append(row)
            changes.setdefault(same, {})["updated_at"] = timezone.now()
            for name in latest:
                both = (
                    getattr(row, name),
                    changes[same].get(name, getattr(same, name)),
                )
                changes[same][name] = max(filter(None, both), default=None)
            _lead_to(merging, model, row, same)
        else:
            moved.append(row.pk)
    keep, gone = merging.keep.pk, merging.gone.pk
    merging.journal.change_all(model, changes)
    merging.journal.delete(model, doubles)
    merging.journal.move(model, "contact_id", gone, keep, moved)


def _lead_to(merging: Merging, model: type[Owned], double: Owned, same: Owned) -> None:
    """What linked to a row that goes, as a favour to the need it met, links to the one
    that says the same; what would be there twice goes with it."""
    for link in links_to(model):
        rows = list(merging.rows(link.model, **{link.name: double.pk}))
        there = list(merging.rows(link.model, **{link.name: same.pk}))
        for unique in uniques(link):
            known = {tuple(getattr(row, name) for name in unique) for row in there}
            rows = [
                row
                for row in rows
                if tuple(getattr(row, name) for name in unique) not in known
            ]
        pks = [row.pk for row in rows]
        merging.journal.move(link.model, link.attname, double.pk, same.pk, pks)


def _import_rows(merging: Merging) -> None:
    """An import that is undone later takes back what it brought and nothing else."""
    keep, gone = merging.keep, merging.gone
    changes: dict[ImportRow, dict[str, Any]] = {}
    for row in merging.rows(ImportRow, contact__in=[keep.pk, gone.pk]):
        other = gone if row.contact_id == keep.pk else keep
        to = {"undo": _without_what_is_of(other, row.undo)}
        changes[row] = to | ({"contact_id": keep.pk} if other is keep else {})
    merging.journal.change_all(ImportRow, changes)


def _without_what_is_of(contact: Contact, undo: dict[str, Any]) -> dict[str, Any]:
    """What an import wrote to one of them stays where the other said something too."""
    kept = dict(undo)
    if fields := undo.get("fields"):
        kept["fields"] = {
            name: value for name, value in fields.items() if not getattr(contact, name)
        }
    if extra := undo.get("extra"):
        kept["extra"] = [line for line in extra if line not in contact.extra]
    if contact.photo:
        kept.pop("photo", None)
    return kept


def _distinct(merging: Merging) -> None:
    """Whoever is not one of them is not the other. That these two are not is over."""
    keep, gone = merging.keep.pk, merging.gone.pk
    rows = merging.rows(Distinct)
    known = {keep}
    for one, other in (("one_id", "other_id"), ("other_id", "one_id")):
        known |= set(rows.filter(**{one: keep}).values_list(other, flat=True))
    for one, other in (("one_id", "other_id"), ("other_id", "one_id")):
        theirs = list(rows.filter(**{one: gone}))
        double = [row for row in theirs if getattr(row, other) in known]
        moved = [row for row in theirs if row not in double]
        known |= {getattr(row, other) for row in moved}
        merging.journal.delete(Distinct, double)
        pks = [row.pk for row in moved]
        merging.journal.move(Distinct, one, gone, keep, pks)


def _uid(merging: Merging) -> None:
    """The same file brought in again finds them by the number of either card."""
    keep, gone = merging.keep, merging.gone
    if keep.uid and gone.uid and keep.uid != gone.uid:
        merging.journal.add(MergedUid(owner=merging.owner, contact=keep, uid=gone.uid))


def register() -> None:
    merging.register(OfContacts())
