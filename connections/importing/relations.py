"""Imported words on who is what to whom, as relationships.

The other of a relation may be in the same file, here already, or still to come: what
a vCard says of someone stays with the contact, and is looked at again at the end of
every later import.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, TextField
from django.db.models.functions import Cast

from connections.models import Relationship, RelationshipKind
from contacts.importing import extensions, related
from contacts.importing.extensions import Extension
from contacts.importing.records import Record, Relation, Who
from contacts.importing.related import plain_kind
from contacts.models import Import
from networkcrm import derived
from networkcrm.copying import copy_in
from networkcrm.models import User
from networkcrm.owned import uuid7
from networkcrm.partial_dates import PartialDate
from networkcrm.text import fold

# Words for the kinds every account begins with (connections/models/relationships.py);
# most of them are the TYPE values of RFC 6350, 6.6.6, and the labels of Apple.
SAME_AS = {
    "": "acquaintance", "contact": "acquaintance", "met": "acquaintance",
    "knows": "acquaintance", "other": "acquaintance", "coworker": "colleague",
    "co-worker": "colleague", "neighbor": "neighbour", "co-resident": "flatmate",
    "roommate": "flatmate", "kin": "relative", "family": "relative",
    "mother": "parent", "father": "parent", "son": "child", "daughter": "child",
    "brother": "sibling", "sister": "sibling", "wife": "spouse", "husband": "spouse",
    "married": "spouse", "sweetheart": "partner", "date": "partner",
    "domestic partner": "partner", "girlfriend": "partner", "boyfriend": "partner",
    "boss": "manager", "agent": "assistant", "emergency": "emergency contact",
    "supplier": "supplier", "customer": "client", "cofounder": "co-founder",
    "pupil": "student", "schoolmate": "classmate",
}  # fmt: skip
MOST_NAMED = 3
End = tuple[UUID, UUID, UUID]


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


class Others:
    """Whom the relations name, among those who are here."""

    def __init__(self, owner: User, wanted: Collection[Who]) -> None:
        self.found: dict[tuple[str, str], set[UUID]] = defaultdict(set)
        self.trashed: set[tuple[str, str]] = set()
        self.me: UUID | None = None
        uids = {who.uid for who in wanted if who.uid}
        emails = {who.email for who in wanted if who.email}
        names = {fold(who.name)[:900] for who in wanted if who.name}
        if any(who.is_me for who in wanted):
            mine = owner.contacts.values_list("pk", flat=True)
            self.me = mine.get(is_me=True)
        if uids:
            mine = owner.contacts.filter(uid__in=uids).exclude(uid="")
            self._add("uid", mine.values_list("uid", "pk", "trashed_at"))
            merged = owner.mergeduids.filter(uid__in=uids)
            for uid, pk in merged.values_list("uid", "contact_id"):
                self.found["uid", uid].add(pk)
        if names:
            mine = owner.contacts.filter(sort_key__in=names)
            self._add("name", mine.values_list("sort_key", "pk", "trashed_at"))
        if emails:
            theirs = owner.contactmethods.filter(kind="email", normalized__in=emails)
            pairs = list(theirs.values_list("normalized", "contact_id"))
            mine = owner.contacts.filter(pk__in={pk for _, pk in pairs})
            times = dict(mine.values_list("pk", "trashed_at"))
            self._add("email", [(value, pk, times[pk]) for value, pk in pairs])

    def _add(self, what: str, rows: Iterable[tuple[str, UUID, Any]]) -> None:
        for value, pk, trashed_at in rows:
            if trashed_at:
                self.trashed.add((what, value))
            else:
                self.found[what, value].add(pk)

    @property
    def everybody(self) -> set[UUID]:
        return set().union(*self.found.values())

    def find(self, who: Who) -> UUID | None:
        """The one contact this is; None when there is none, or several."""
        if who.is_me:
            return self.me
        for key in _keys(who):
            if len(found := self.found.get(key, ())) == 1:
                return next(iter(found))
        return None

    def is_refused(self, who: Who) -> bool:
        """Nobody will come: several have this name, or they are in the trash."""
        return any(key in self.trashed or key in self.found for key in _keys(who))


def _keys(who: Who) -> list[tuple[str, str]]:
    keys = [("uid", who.uid), ("email", who.email), ("name", fold(who.name)[:900])]
    return [key for key in keys if key[1]]


class Kinds:
    """The owner's kinds of relationship, found by a word from either side."""

    def __init__(self, owner: User) -> None:
        self.owner = owner
        self.by_word: dict[str, tuple[RelationshipKind, bool]] = {}
        self._cache: dict[str, tuple[RelationshipKind, bool] | None] = {}
        self._learn(owner.relationshipkinds.order_by("pk"))

    def _learn(self, kinds: Iterable[RelationshipKind]) -> None:
        self._cache.clear()
        kinds = list(kinds)
        for kind in kinds:
            self.by_word.setdefault(kind.key, (kind, False))
        for kind in kinds:
            self.by_word.setdefault(kind.inverse_key, (kind, True))

    def find(self, said: str) -> tuple[RelationshipKind, bool] | None:
        """The kind, and whether the word is that of its second side."""
        if said not in self._cache:
            word = plain_kind(said)
            self._cache[said] = self.by_word.get(word) or self.by_word.get(
                SAME_AS.get(word, "")
            )
        return self._cache[said]

    def end(
        self,
        kind: tuple[RelationshipKind, bool],
        is_theirs: bool,
        pk: UUID,
        other: UUID,
    ) -> End:
        row, is_inverse = kind
        first, second = (other, pk) if is_theirs != is_inverse else (pk, other)
        if row.is_symmetrical and first > second:
            first, second = second, first
        return first, second, row.pk

    def make(self, words: Iterable[str], at: Any) -> dict[str, UUID]:
        names = {plain_kind(word): None for word in sorted(words)}
        if not names:
            return {}
        made = [
            RelationshipKind(owner=self.owner, name=name, inverse_name=name)
            for name in names
        ]
        for kind in made:
            kind.clean()
        mine = self.owner.relationshipkinds
        mine.bulk_create(made)
        mine.filter(pk__in=[kind.pk for kind in made]).update(updated_at=at)
        self._learn(made)
        return {kind.name: kind.pk for kind in made}


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
