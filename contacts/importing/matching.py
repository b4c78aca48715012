"""Who of the file is already here."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from uuid import UUID

from django.db.models.expressions import RawSQL

from contacts.importing.records import Record
from contacts.models.methods import normalized
from networkcrm.models import User
from networkcrm.text import fold

Kind = Literal["uid", "email", "phone", "handle", "name"]
Key = tuple[str, str]
# As a card number it may be another person's in another program.
_COUNTED = re.compile(r"\d{1,8}$")
WORDS: dict[str, str] = {
    "uid": "the same card number",
    "email": "the same e-mail address",
    "phone": "the same phone number",
    "handle": "the same profile",
    "name": "the same name and organization",
    "name alone": "the same name",
}


@dataclass(slots=True)
class Person:
    """What is compared of somebody, in the file or already here."""

    name: str
    organization: str
    given: str = ""
    keys: list[Key] = field(default_factory=list)
    # Of the file: see Record. A stand-in is no name, and an earlier one is no other.
    by_name: bool = False
    stand_ins: tuple[str, ...] = ()
    # Of one already here.
    is_trashed: bool = False

    def has(self, kind: str) -> set[str]:
        return {value for what, value in self.keys if what == kind}


def person_of(record: Record, region: str) -> Person:
    """The keys of a record, the surest first. `region` is for phones, two letters.

    Sets the normalized value of its methods.
    """
    person = Person(
        fold(record.full_name)[:900],
        fold(record.organization),
        fold(record.given_name),
        by_name=record.by_name,
    )
    if record.stand_ins:
        person.stand_ins = tuple(fold(name)[:900] for name in record.stand_ins)
        if person.name in person.stand_ins:
            person.name = ""
    person.keys += record.keys
    if record.uid:
        person.keys.append(("uid", record.uid))
    found: dict[str, list[Key]] = defaultdict(list)
    for method in record.methods:
        key = normalized(method.kind, method.service, method.value, region)
        method.normalized = key
        # A number without its country says too little.
        if not key or (method.kind == "phone" and not key.startswith("+")):
            continue
        what = f"{method.service}:{key}" if method.kind == "handle" else key
        found[method.kind].append((method.kind, what))
    for kind in ("email", "phone", "handle"):
        person.keys += found[kind]
    return person


# Before and after a name; the latter tell a father from his son.
TITLES = ("dr", "prof", "mr", "mrs", "ms", "miss", "sr", "sra", "mme", "herr", "frau")
GENERATIONS = {
    "sr": 1, "snr": 1, "senior": 1, "jr": 2, "jnr": 2, "junior": 2,
    "ii": 2, "iii": 3, "iv": 4,
}  # fmt: skip


def alike(first: str, second: str) -> bool:
    """Could these folded names be one person's? "m ruiz" and "maya ruiz" could.

    All words of the shorter stand in the longer, initials count, and the given name of
    the longer is among them: "miller" or "petra miller" is not "peter miller", and
    siblings have all names in common but one.
    """
    (words, generation), (others, other) = _words(first), _words(second)
    if not words or not others:
        return True
    if generation != other:
        return False
    words, others = sorted((words, others), key=len)
    left = list(others)
    # Whole words first: an initial takes one that is left.
    for word in sorted(words, key=len, reverse=True):
        found = next((one for one in left if _is(word, one)), None)
        if found is None:
            return False
        left.remove(found)
    return others[0] not in left


def _words(name: str) -> tuple[list[str], int]:
    """The words without titles, and which of that name it is, 0 when it is not said."""
    words = re.findall(r"\w+", name)
    while len(words) > 1 and words[0] in TITLES:
        words = words[1:]
    generation = 0
    if len(words) > 2 and words[-1] in GENERATIONS:
        generation = GENERATIONS[words.pop()]
    return words, generation


def _is(word: str, other: str) -> bool:
    short, long = sorted((word, other), key=len)
    return short == long or (len(short) == 1 and long.startswith(short))


def one_person(kind: str, known: Person, person: Person) -> bool:
    """Are these two, who share a key of this kind, the same?

    A card number is one person's. All else a family or a team may share, so the names
    must be alike; where they share an address or a profile and both have the same
    given name, the family name may have changed.
    """
    if kind == "uid" or alike(known.name, person.name):
        return True
    if known.name in person.stand_ins:
        return True
    return (
        kind in ("email", "handle")
        and bool(person.given)
        and known.given == person.given
        and _words(known.name)[1] == _words(person.name)[1]
    )


def one_in_file(kind: str, known: Person, person: Person) -> bool:
    """The same of two in one file: programs have written one card number on all."""
    if kind == "uid":
        return alike(known.name, person.name)
    return one_person(kind, known, person)


def found_by(kind: str, known: Person, person: Person) -> str:
    """The sentence of the report on how a contact was found."""
    also = ""
    if (
        kind in ("email", "phone", "handle")
        and known.name != person.name
        and person.name
        and known.name not in person.stand_ins
    ):
        names = alike(known.name, person.name)
        also = " and a similar name" if names else " and the same given name"
    return f"Found by {WORDS[kind]}{also}."


class Candidates:
    """The contacts with a key of these people, in a constant number of queries."""

    def __init__(self, owner: User, people: Iterable[Person]) -> None:
        self.by_key: dict[Key, list[UUID]] = defaultdict(list)
        self.people: dict[UUID, Person] = {}
        people = list(people)
        wanted: dict[str, set[str]] = defaultdict(set)
        for person in people:
            for kind, value in person.keys:
                wanted[kind].add(value.partition(":")[2] if kind == "handle" else value)
        names = {person.name for person in people} - {""}
        for pk, uid in self._by_uid(owner, wanted["uid"]):
            self.by_key["uid", uid].append(pk)
        kinds = [kind for kind in ("email", "phone", "handle") if wanted[kind]]
        if kinds:
            values = set().union(*(wanted[kind] for kind in kinds))
            found = owner.contactmethods.filter(
                kind__in=kinds, normalized__in=_one_of(values)
            )
            for pk, kind, service, value in found.order_by("contact_id").values_list(
                "contact_id", "kind", "service", "normalized"
            ):
                key = f"{service}:{value}" if kind == "handle" else value
                self.by_key[kind, key].append(pk)
        ids = {pk for pks in self.by_key.values() for pk in pks}
        if ids:
            self._load(owner, pk__in=ids)
        for pk in self._load(owner, sort_key__in=_one_of(names)):
            self.by_key["name", self.people[pk].name].append(pk)
        self._keys(owner)

    def _by_uid(self, owner: User, uids: set[str]) -> Iterable[tuple[UUID, str]]:
        if not uids:
            return []
        mine = owner.contacts.filter(uid__in=_one_of(uids)).exclude(uid="")
        merged = owner.mergeduids.filter(uid__in=_one_of(uids)).order_by("contact_id")
        return [
            *mine.order_by("pk").values_list("pk", "uid"),
            *merged.values_list("contact_id", "uid"),
        ]

    def _load(self, owner: User, **wanted: Any) -> list[UUID]:
        """Compare with these too. Organizations apart: no join leaves the owner."""
        rows = list(
            owner.contacts.filter(**wanted)
            .order_by("pk")
            .values_list(
                "pk",
                "sort_key",
                "organization_id",
                "uid",
                "given_name",
                "trashed_at",
            )
        )
        organizations = {row[2] for row in rows if row[2]}
        keys = dict(
            owner.organizations.filter(pk__in=organizations).values_list("pk", "key")
            if organizations
            else ()
        )
        for pk, name, organization, uid, given, trashed_at in rows:
            if pk not in self.people:
                self.people[pk] = Person(
                    name,
                    keys.get(organization, ""),
                    fold(given),
                    is_trashed=bool(trashed_at),
                )
                if uid:
                    self.people[pk].keys.append(("uid", uid))
        return [row[0] for row in rows]

    def _keys(self, owner: User) -> None:
        """What tells those of one name apart, for `same_by_name` and `namesakes`."""
        ids = {
            pk for (kind, _), pks in self.by_key.items() if kind == "name" for pk in pks
        }
        if ids:
            mine = owner.contactmethods.filter(
                contact_id__in=ids, kind__in=["email", "handle"]
            )
            for pk, kind, service, value in mine.values_list(
                "contact_id", "kind", "service", "normalized"
            ):
                key = f"{service}:{value}" if kind == "handle" else value
                self.people[pk].keys.append((kind, key))

    def without_number(self, person: Person) -> tuple[UUID, str] | None:
        """As `find`, by all but the number of the card."""
        told = [key for key in person.keys if key[0] != "uid"]
        return self.find(replace(person, keys=told))

    def find(self, person: Person) -> tuple[UUID, str] | None:
        """The contact this is, and by which kind of key; None for somebody new.

        Of several who share an address, who is in the trash comes last and the one of
        the same name first. Of several who share only the name, it is none.
        """
        for kind, value in person.keys:
            pks = self.by_key.get((kind, value))
            if not pks:
                continue
            # A number that several have is the number of a program, not of a person,
            # and every table begins to count at 1.
            alone = kind != "uid" or (len(set(pks)) == 1 and not _COUNTED.match(value))
            like = [
                pk
                for pk in pks
                if (one_person if alone else one_in_file)(kind, self.people[pk], person)
            ]
            if like:
                return min(like, key=lambda pk: self._rank(pk, person)), kind
        if person.by_name:
            found = self.namesakes(person)
            return (found[0], "name alone") if len(found) == 1 else None
        same = [
            pk
            for pk in self.by_key.get(("name", person.name), ())
            if same_by_name(self.people[pk], person)
        ]
        here = [pk for pk in same if not self.people[pk].is_trashed]
        if len(here) > 1:
            return None
        return ((here or same)[0], "name") if same else None

    def _rank(self, pk: UUID, person: Person) -> tuple[bool, bool]:
        known = self.people[pk]
        return known.is_trashed, known.name != person.name

    def namesakes(self, person: Person) -> list[UUID]:
        """Those of whom this can be one by name alone; who is in the trash only when
        there is nobody else."""
        # On a network any Ana is called Ana.
        if not person.name or (person.has("handle") and " " not in person.name):
            return []
        found = [
            pk
            for pk in self.by_key.get(("name", person.name), ())
            if not _other_handle(self.people[pk], person)
        ]
        return [pk for pk in found if not self.people[pk].is_trashed] or found[:1]


def _other_handle(known: Person, person: Person) -> bool:
    """Are they two, as each has another handle on one service?"""
    theirs = {key.partition(":")[0]: key for key in person.has("handle")}
    return any(
        theirs.get(key.partition(":")[0], key) != key for key in known.has("handle")
    ) and not (known.has("handle") & person.has("handle"))


def _one_of(texts: Iterable[str]) -> RawSQL:
    """For `__in`: these as one parameter, where a thousand take longer to quote than
    to look up."""
    return RawSQL("SELECT json_array_elements_text(%s)", [json.dumps(sorted(texts))])


def same_by_name(known: Person, person: Person) -> bool:
    """One name in one organization is one person; without any, unless told apart."""
    if known.organization != person.organization:
        return False
    if known.organization:
        return True
    return not any(
        known.has(kind) and person.has(kind) and not known.has(kind) & person.has(kind)
        for kind in ("uid", "email")
    )
