"""Imported words on who is what to whom, as relationships.

The other of a relation may be in the same file, here already, or still to come: what
a vCard says of someone stays with the contact, and is looked at again at the end of
every later import.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, TextField
from django.db.models.functions import Cast

from connections.importing.kinds import End, Kinds
from connections.importing.others import Others
from connections.models import Relationship, RelationshipKind
from contacts.importing import extensions, related
from contacts.importing.extensions import Extension
from contacts.importing.records import Record, Relation
from contacts.importing.related import plain_kind
from contacts.models import Import
from networkcrm import derived
from networkcrm.copying import copy_in
from networkcrm.models import User
from networkcrm.owned import uuid7
from networkcrm.partial_dates import PartialDate

MOST_NAMED = 3


class Relations(Extension):
    tables = (Relationship, RelationshipKind)

    def wanting(self, batch: Import, found: Mapping[UUID, Record]) -> dict[UUID, str]:
        records = {pk: record for pk, record in found.items() if record.relations}
        if not records:
            return {}
        said = Said(batch.owner, records)
        return {pk: _few(words) for pk, words in said.news().items()}

    def write(
        self, batch: Import, new: Mapping[UUID, Record], found: Mapping[UUID, Record]
    ) -> dict[UUID, Any]:
        records = {pk: r for pk, r in {**new, **found}.items() if r.relations}
        if not records:
            return {}
        said = Said(batch.owner, records)
        notes: dict[UUID, dict[str, Any]] = defaultdict(dict)
        for name, pk in said.make_kinds(batch.started_at).items():
            notes[said.first_with(name)].setdefault("kinds", []).append(str(pk))
        for contact, relationship in _create(batch, said):
            if contact in found:
                notes[contact].setdefault("made", []).append(str(relationship))
        for contact, relationship, since in _date(batch.owner, said):
            notes[contact].setdefault("since", {})[str(relationship)] = since
        return notes

    def finish(self, batch: Import) -> None:
        """What earlier cards said of those who came with this import, and theirs of
        people in cards before and after."""
        records = _waiting(batch.owner)
        if not records:
            return
        said = Said(batch.owner, records)
        came = _came_with(batch, {*records, *said.others.everybody})
        if came:
            said.keep_with(came)
            for pk in said.make_kinds(batch.started_at).values():
                self._note_kind(batch, said.someone_with(pk, came), pk)
            _create(batch, said)

    def _note_kind(self, batch: Import, contact_id: UUID, kind_id: UUID) -> None:
        """For `undone`, with the row of somebody who came."""
        index = str(extensions.registered.index(self))
        rows = batch.owner.importrows.filter(batch=batch)
        row = rows.filter(contact=contact_id).order_by("number")[0]
        notes = row.undo.setdefault("extensions", {}).setdefault(index, {})
        notes.setdefault("kinds", []).append(str(kind_id))
        rows.filter(pk=row.pk).update(undo=row.undo)

    def undo(self, batch: Import, written: Mapping[UUID, Any]) -> None:
        made = [UUID(pk) for note in written.values() for pk in note.get("made", ())]
        batch.owner.relationships.filter(
            pk__in=made, updated_at__lte=batch.started_at
        ).delete()

    def undone(self, batch: Import, notes: Sequence[Any]) -> None:
        """Dates that were added go, and kinds that nobody is any more."""
        owner = batch.owner
        since = {UUID(pk): on for n in notes for pk, on in n.get("since", {}).items()}
        changed = [
            each
            for each in owner.relationships.filter(pk__in=since)
            if str(each.since) == since[each.pk]
        ]
        for each in changed:
            each.since = None
        owner.relationships.bulk_update(changed, ["since"])
        kinds = [UUID(pk) for note in notes for pk in note.get("kinds", ())]
        used = owner.relationships.filter(kind=OuterRef("pk"))
        owner.relationshipkinds.filter(
            pk__in=kinds, updated_at__lte=batch.started_at
        ).exclude(Exists(used)).delete()


@dataclass(slots=True)
class Said:
    """The relations of these records, resolved: a handful of queries for any number."""

    owner: User
    records: Mapping[UUID, Record]
    # Nothing else than what is about one of these.
    only: set[UUID] | None = None
    # (first, second, kind) as Relationship has them; those that are new, by contact.
    ends: dict[End, tuple[UUID, Relation]] = field(init=False)
    # Of contacts whose relation is to somebody or of a kind that is still to come.
    later: dict[UUID, list[Relation]] = field(init=False)
    known: dict[End, Relationship] = field(init=False)
    others: "Others" = field(init=False)
    kinds: "Kinds" = field(init=False)

    def __post_init__(self) -> None:
        relations = [r for record in self.records.values() for r in record.relations]
        self.others = Others(self.owner, {r.other for r in relations})
        self.kinds = Kinds(self.owner)
        self._resolve()
        firsts, seconds = ({end[n] for end in self.ends} for n in (0, 1))
        mine = self.owner.relationships.filter(
            from_contact__in=firsts, to_contact__in=seconds
        )
        self.known = {
            (each.from_contact_id, each.to_contact_id, each.kind_id): each
            for each in mine.only(
                "from_contact", "to_contact", "kind", "since", "owner"
            )
        }

    def _resolve(self) -> None:
        self.ends, self.later = {}, defaultdict(list)
        for pk, record in self.records.items():
            for relation in record.relations:
                other = self.others.find(relation.other)
                kind = self.kinds.find(relation.kind)
                if other == pk:
                    continue
                if self.only is not None and self.only.isdisjoint({pk, other}):
                    continue
                if other is None or kind is None:
                    is_coming = relation.is_sure and not self.others.is_refused(
                        relation.other
                    )
                    if is_coming or other:
                        self.later[pk].append(relation)
                else:
                    self.ends.setdefault(
                        self.kinds.end(kind, relation.is_theirs, pk, other),
                        (pk, relation),
                    )

    def news(self) -> dict[UUID, list[str]]:
        """In words, by contact, what is not known yet."""
        found: dict[UUID, list[str]] = defaultdict(list)
        for end, (pk, relation) in self.ends.items():
            known = self.known.get(end)
            if known is None or (relation.since and not known.since):
                found[pk].append(relation.words)
        for pk, relations in self.later.items():
            found[pk] += [relation.words for relation in relations]
        return found

    def make_kinds(self, at: Any) -> dict[str, UUID]:
        """Make the owner's own kinds that are meant; by name."""
        wanted = {
            relation.kind
            for relations in self.later.values()
            for relation in relations
            if self.kinds.find(relation.kind) is None
            and self.others.find(relation.other)
        }
        made = self.kinds.make(wanted, at)
        if made:
            self._resolve()
        return made

    def first_with(self, kind: str) -> UUID:
        return next(
            pk
            for pk, record in self.records.items()
            if any(plain_kind(relation.kind) == kind for relation in record.relations)
        )

    def keep_with(self, contact_ids: Collection[UUID]) -> None:
        """Forget what is not about one of these."""
        self.only = set(contact_ids)
        self._resolve()

    def someone_with(self, kind_id: UUID, contact_ids: Collection[UUID]) -> UUID:
        """One of these contacts who is in a relation of this kind."""
        return next(
            pk
            for first, second, kind in self.ends
            for pk in (first, second)
            if kind == kind_id and pk in contact_ids
        )


def _few(words: Sequence[str]) -> str:
    more = len(words) - MOST_NAMED
    return ", ".join([*words[:MOST_NAMED], *([f"{more} more"] if more > 0 else [])])


def _create(batch: Import, said: Said) -> list[tuple[UUID, UUID]]:
    """Write what is new; (contact, relationship) of each."""
    new = [
        (uuid7(), end, pk, relation)
        for end, (pk, relation) in said.ends.items()
        if end not in said.known
    ]
    if not new:
        return []
    at = batch.started_at
    names = (
        "id owner_id created_at updated_at from_contact_id to_contact_id kind_id since"
        " until strength note"
    )
    copy_in(
        Relationship,
        names.split(),
        (
            (key, batch.owner_id, at, at, *end, _text(relation.since), None, None, "")
            for key, end, _pk, relation in new
        ),
    )
    derived.touch(batch.owner_id, {pk for _, end, _, _ in new for pk in end[:2]})
    return [(pk, key) for key, _end, pk, _relation in new]


def _text(on: PartialDate | None) -> str | None:
    return str(on) if on else None


def _date(owner: User, said: Said) -> list[tuple[UUID, UUID, str]]:
    """Say since when, where that is not known; (contact, relationship, since)."""
    changed, notes = [], []
    for end, (pk, relation) in said.ends.items():
        known = said.known.get(end)
        if known and relation.since and not known.since:
            known.since = relation.since
            changed.append(known)
            notes.append((pk, known.pk, str(relation.since)))
    owner.relationships.bulk_update(changed, ["since"])
    return notes


def _waiting(owner: User) -> dict[UUID, Record]:
    """Whose card names others."""
    mine = owner.contacts.kept().exclude(extra=[])
    mine = mine.annotate(kept=Cast("extra", TextField()))
    mine = mine.filter(kept__regex=related.KEPT)
    records = {}
    for pk, extra in mine.values_list("pk", "extra"):
        if relations := related.relations(extra):
            records[pk] = Record(0, relations=relations)
    return records


def _came_with(batch: Import, contact_ids: Collection[UUID]) -> set[UUID]:
    rows = batch.owner.importrows.filter(
        batch=batch, state="new", is_done=True, contact__in=contact_ids
    )
    return set(rows.values_list("contact_id", flat=True))
