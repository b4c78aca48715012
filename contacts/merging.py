"""Two contacts that are one person become one contact, and nothing is lost.

Whatever links to the one who goes leads to the one who stays; what both say is there
once; what they say differently is asked, and the answer that was not chosen is kept
in the notes. Every write goes through a journal, by which all of it can be undone.

An app that keeps more than plain links to contacts registers its part in its
AppConfig.ready(): merging.register(HowYouMet()).
"""

from base64 import b64encode
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from contacts import merge_fields
from contacts.importing.locking import again_when_unlucky, hold_owner
from contacts.importing.records import escaped
from contacts.merge_fields import Question
from contacts.models import Contact, MergedContact, SearchRow
from networkcrm import derived, files, undo
from networkcrm.journal import Journal, columns_of, links_to, rows_of, take_back
from networkcrm.models import User
from networkcrm.owned import Owned
from networkcrm.partial_dates import PartialDate


class Refused(Exception):
    """Nothing was changed; the message says why."""


@dataclass(slots=True)
class Merging:
    """One merging under way."""

    owner: User
    keep: Contact
    gone: Contact
    choices: Mapping[str, Any]
    journal: Journal
    fields: merge_fields.Joined
    # Sentences that have no other place than the notes.
    words: list[str] = field(default_factory=list)
    # Others whose pages tell of these two.
    touched: set[UUID | None] = field(default_factory=set)

    def rows(self, model: type[Owned], **wanted: Any) -> Any:
        return rows_of(self.owner.pk, model).filter(**wanted)


class Part(Protocol):
    """What an app knows of merging."""

    # The models whose links to contacts it moves itself.
    models: Collection[type[Owned]]

    def asks(self, keep: Contact, gone: Contact) -> list[Question]:
        """What both say differently."""

    def adds(self, keep: Contact, gone: Contact) -> list[str]:
        """What comes to the kept one, in words: "3 things that happened"."""

    def merge(self, merging: Merging) -> None:
        """Move it, through the journal."""

    def settle(self, owner: User, contact_ids: Collection[UUID]) -> list[str]:
        """After the undoing of a merging of these, in its transaction: mend what is
        computed from the rows, and say in sentences what could not be as it was."""


def counted_words(*counted: tuple[Any, str, str]) -> list[str]:
    """Of (rows, word, words): "1 tag", "3 tags", and nothing of what there is none."""
    numbers = [(rows.count(), one, many) for rows, one, many in counted]
    return [f"{n} {one if n == 1 else many}" for n, one, many in numbers if n]


_parts: list[Part] = []


def register(part: Part) -> None:
    _parts.append(part)


def questions(keep: Contact, gone: Contact) -> list[Question]:
    """All that the owner is asked before these two are merged."""
    own = merge_fields.questions(keep, gone)
    return own + [question for part in _parts for question in part.asks(keep, gone)]


def adds(keep: Contact, gone: Contact) -> list[str]:
    return [words for part in _parts for words in part.adds(keep, gone)]


def merge(
    owner: User, keep: UUID, gone: UUID, choices: Mapping[str, Any] | None = None
) -> str:
    """Make one contact of these two; `choices` has "keep" or "gone" by question.

    Returns the address to post to for undoing. Raises Refused.
    """
    done: list[str] = []
    again_when_unlucky(lambda: done.append(_merge(owner, keep, gone, choices or {})))
    return done[-1]


@derived.batch()
def _merge(
    owner: User, keep_id: UUID, gone_id: UUID, choices: Mapping[str, Any]
) -> str:
    hold_owner(owner)
    keep, gone = _both(owner, keep_id, gone_id)
    journal = Journal(owner)
    fields = merge_fields.joined(keep, gone, choices)
    names = [keep.full_name, gone.full_name]
    merging = Merging(owner, keep, gone, choices, journal, fields)
    photos = _photos(merging)
    for part in _parts:
        part.merge(merging)
    _move_links(merging)
    _write_fields(merging)
    journal.delete(Contact, [gone], ignoring=[SearchRow])
    journal.add(MergedContact(id=gone.pk, owner=owner, contact=keep))
    derived.touch(owner.pk, {keep.pk, *merging.touched} - {gone.pk})
    payload = {
        "ids": [keep.pk, gone.pk],
        "names": names,
        "contacts": {keep.pk, gone.pk, *filter(None, merging.touched)},
        "entries": journal.entries,
        "photos": photos,
    }
    return undo.remember(owner, "merge", payload)


def merged_into(owner: User, contact_id: UUID) -> Contact | None:
    """Who stayed when this contact went, after several mergings too.

    None when there was no merging, or nobody stayed.
    """
    gone = owner.mergedcontacts.filter(pk=contact_id)
    return owner.contacts.filter(pk__in=gone.values("contact")).first()


def _both(owner: User, keep_id: UUID, gone_id: UUID) -> tuple[Contact, Contact]:
    """Both, locked in the order in which everybody locks contacts. Raises Refused."""
    locked = owner.contacts.filter(pk__in=[keep_id, gone_id]).order_by("pk")
    found = {contact.pk: contact for contact in locked.select_for_update(no_key=True)}
    if keep_id == gone_id:
        raise Refused("Nobody can be merged with themselves: choose somebody else.")
    if len(found) < 2:
        raise Refused(
            "One of the two is not there any more. Perhaps they are merged already."
        )
    keep, gone = found[keep_id], found[gone_id]
    if gone.is_me:
        raise Refused("You cannot leave your own network: keep the one that is you.")
    for contact in (keep, gone):
        if contact.trashed_at:
            raise Refused(f"{contact} is in the trash. Take them back first.")
    return keep, gone


def _move_links(merging: Merging) -> None:
    """Every link of every model to the one who goes, but those of the parts."""
    own = {model for part in _parts for model in part.models}
    for link in links_to(Contact, ignoring={*own, SearchRow}):
        move_link(merging, link)


def move_link(merging: Merging, link: Any) -> None:
    """Let these rows lead to the one who stays; what would be double becomes one."""
    keep, gone = merging.keep.pk, merging.gone.pk
    rows = list(merging.rows(link.model, **{link.name: gone}))
    if not rows:
        return
    rows = _without_selves(merging, link, rows)
    for unique in uniques(link):
        rows = _without_doubles(merging, link, unique, rows)
    pks = [row.pk for row in rows]
    merging.journal.move(link.model, link.attname, gone, keep, pks)


def _without_selves(merging: Merging, link: Any, rows: list[Any]) -> list[Any]:
    """What was between the two would be of somebody with themselves."""
    others = [other.attname for other in links_to(Contact) if other.model is link.model]
    ends = {row: {getattr(row, name) for name in others} for row in rows}
    selves = [row for row in rows if merging.keep.pk in ends[row]]
    merging.touched |= set().union(*ends.values())
    merging.words += [words_of(row) for row in selves]
    merging.journal.delete(link.model, selves)
    return [row for row in rows if row not in selves]


def uniques(link: Any) -> list[list[str]]:
    """What else a row must not have in common with another of the same contact."""
    names = [
        unique.fields
        for unique in link.model._meta.constraints
        if isinstance(unique, models.UniqueConstraint) and link.name in unique.fields
    ]
    return [
        [
            link.model._meta.get_field(name).attname
            for name in fields
            if name not in ("owner", link.name)
        ]
        for fields in names
    ]


def _without_doubles(
    merging: Merging, link: Any, unique: list[str], rows: list[Any]
) -> list[Any]:
    there = {
        tuple(getattr(row, name) for name in unique): row
        for row in merging.rows(link.model, **{link.name: merging.keep.pk})
    }
    pairs, left = [], []
    for row in rows:
        double = there.get(tuple(getattr(row, name) for name in unique))
        if double is None:
            left.append(row)
        else:
            pairs.append((double, row))
    fold_in(merging, link.model, pairs, {link.attname, *unique})
    return left


def fold_in(
    merging: Merging,
    model: type[Owned],
    pairs: Sequence[tuple[Any, Any]],
    same: Collection[str] = (),
) -> None:
    """Of each two rows the first stays: what it lacks it gets, what differs is noted.

    `same` are columns that need not be compared.
    """
    own = {"id", "owner_id", "created_at", "updated_at", *same}
    changes, noted = {}, []
    for kept, double in pairs:
        one, other = columns_of(kept), columns_of(double)
        says = {
            name: value
            for name, value in other.items()
            if name not in own and value not in (None, "", one[name])
        }
        gets = {name: says[name] for name in says if one[name] in (None, "")}
        if says.keys() - gets.keys():
            noted.append(double)
        # It speaks for both now: an import that is undone must not take it.
        changes[kept] = gets | {"updated_at": timezone.now()}
    journal, doubles = merging.journal, [double for _kept, double in pairs]
    written = len(journal.entries)
    try:
        with transaction.atomic():
            journal.change_all(model, changes)
    except IntegrityError:
        # What one lacks does not go with what it has.
        del journal.entries[written:]
        noted = doubles
    merging.words += [words_of(double) for double in noted]
    journal.delete(model, doubles)


def words_of(row: Owned) -> str:
    """All that a row says, for the notes: "Relationship: Ana, friend of Ben (…)"."""
    return f"{str(row._meta.verbose_name).capitalize()}: {row}{details_of(row)}"


def details_of(row: Owned) -> str:
    """What was typed of it, " (since 2019; note …)" or "" when there is nothing."""
    said = []
    for column in row._meta.concrete_fields:
        value = column.value_from_object(row)
        if column.is_relation or not column.editable or value in (None, "", False):
            continue
        if isinstance(value, PartialDate):
            value = value.words
        if column.choices:
            value = getattr(row, f"get_{column.name}_display")()
        said.append(f"{column.verbose_name} {value}")
    return f" ({'; '.join(said)})" if said else ""


def _write_fields(merging: Merging) -> None:
    keep, gone, fields = merging.keep, merging.gone, merging.fields
    about, aside = merge_fields.notes(keep, gone, [*fields.lost, *merging.words])
    lines = [*gone.extra, *fields.extra, *aside]
    if gone.uid and keep.uid and gone.uid != keep.uid:
        lines.append(f"UID:{escaped(gone.uid)}")
    extra = [*keep.extra, *(line for line in lines if line not in keep.extra)]
    columns: dict[str, Any] = fields.columns | {"about": about}
    columns["extra"] = list(dict.fromkeys(extra))
    columns["uid"] = keep.uid or gone.uid
    before = keep.full_name
    merging.journal.change(keep, **columns, updated_at=timezone.now())
    if keep.full_name != before:
        keep._stored_name = before
        merging.touched |= set(keep.touches())


def _photos(merging: Merging) -> dict[str, bytes]:
    """The pictures of both, kept for the undoing; the file of the one not chosen is
    deleted, and the picture stays as a vCard property."""
    keep, gone = merging.keep, merging.gone
    names = [str(contact.photo.name) for contact in (keep, gone) if contact.photo]
    found = {}
    for name in names if gone.photo else ():
        if default_storage.exists(name):
            with default_storage.open(name) as file:
                found[name] = file.read()
    loser = keep if "photo" in merging.fields.taken else gone
    if loser.photo:
        name = str(loser.photo.name)
        if name in found:
            picture = b64encode(found[name]).decode()
            merging.fields.extra.append(f"{Contact.PHOTO_LINE}{picture}")
        files.forget([name])
    return found


@undo.action("merge")
def _part_again(owner: User, payload: dict[str, Any]) -> str:
    said: list[str] = []
    again_when_unlucky(lambda: said.append(_unmerge(owner, payload)))
    return said[-1]


@derived.batch()
def _unmerge(owner: User, payload: dict[str, Any]) -> str:
    hold_owner(owner)
    ids = payload["contacts"]
    locked = owner.contacts.filter(pk__in=ids).order_by("pk")
    there = set(locked.select_for_update(no_key=True).values_list("pk", flat=True))
    left = take_back(owner, payload["entries"])
    _restore_photos(owner, ids, payload["photos"])
    now = set(owner.contacts.filter(pk__in=ids).values_list("pk", flat=True))
    both = [pk for pk in payload["ids"] if pk in now]
    sentences = [words for part in _parts for words in part.settle(owner, both)]
    derived.touch(owner.pk, now)
    keep, gone = payload["names"]
    if payload["ids"][0] not in there:
        sentences.insert(0, f"{keep} is not in your network any more.")
    if left:
        changed = ", ".join(left)
        sentences.append(f"What you have changed since stays with {keep}: {changed}.")
    return " ".join([f"{gone} and {keep} are two again.", *sentences])


def _restore_photos(
    owner: User, ids: Collection[UUID], photos: dict[str, bytes]
) -> None:
    mine = owner.contacts.filter(pk__in=ids).exclude(photo="")
    for name in mine.values_list("photo", flat=True):
        if not default_storage.exists(name):
            if name in photos:
                default_storage.save(name, ContentFile(photos[name]))
            else:
                mine.filter(photo=name).update(photo="")
