"""Who of the file is already here."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from contacts.importing.records import Record
from contacts.models.methods import normalized
from networkcrm.models import User
from networkcrm.text import fold

Kind = Literal["uid", "email", "phone", "handle", "name"]
Key = tuple[str, str]
WORDS: dict[str, str] = {
    "uid": "the same card number",
    "email": "the same e-mail address",
    "phone": "the same phone number",
    "handle": "the same profile",
    "name": "the same name and organization",
}


@dataclass(slots=True)
class Person:
    """What is compared of somebody, in the file or already here."""

    name: str
    organization: str
    keys: list[Key] = field(default_factory=list)

    def has(self, kind: str) -> set[str]:
        return {value for what, value in self.keys if what == kind}


def person_of(record: Record, region: str) -> Person:
    """The keys of a record, the surest first. `region` is for phones, two letters.

    Sets the normalized value of its methods.
    """
    person = Person(fold(record.full_name)[:900], fold(record.organization))
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


def alike(first: str, second: str) -> bool:
    """Could these folded names be one person? "m ruiz" and "maya ruiz" could."""
    words, others = (re.findall(r"\w+", name) for name in (first, second))
    if (
        not words
        or not others
        or set(words) <= set(others)
        or set(others) <= set(words)
    ):
        return True
    # Initials, or two names in another order or among more.
    if all(_begins(words[end], others[end]) for end in (0, -1)):
        return True
    return len(set(words) & set(others)) >= 2


def _begins(word: str, other: str) -> bool:
    return word.startswith(other) or other.startswith(word)


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
        names = {person.name for person in people}
        for pk, uid in self._by_uid(owner, wanted["uid"]):
            self.by_key["uid", uid].append(pk)
        kinds = [kind for kind in ("email", "phone", "handle") if wanted[kind]]
        if kinds:
            values = set().union(*(wanted[kind] for kind in kinds))
            found = owner.contactmethods.filter(kind__in=kinds, normalized__in=values)
            for pk, kind, service, value in found.order_by("contact_id").values_list(
                "contact_id", "kind", "service", "normalized"
            ):
                key = f"{service}:{value}" if kind == "handle" else value
                self.by_key[kind, key].append(pk)
        ids = {pk for pks in self.by_key.values() for pk in pks}
        if ids:
            self._load(owner, pk__in=ids)
        for pk in self._load(owner, sort_key__in=names):
            self.by_key["name", self.people[pk].name].append(pk)
        self._keys(owner)

    def _by_uid(self, owner: User, uids: set[str]) -> Iterable[tuple[UUID, str]]:
        if not uids:
            return []
        mine = owner.contacts.filter(uid__in=uids).exclude(uid="").order_by("pk")
        return mine.values_list("pk", "uid")

    def _load(self, owner: User, **wanted: Any) -> list[UUID]:
        """Compare with these too. Organizations apart: no join leaves the owner."""
        rows = list(
            owner.contacts.filter(**wanted)
            .order_by("pk")
            .values_list("pk", "sort_key", "organization_id", "uid")
        )
        organizations = {row[2] for row in rows if row[2]}
        keys = dict(
            owner.organizations.filter(pk__in=organizations).values_list("pk", "key")
            if organizations
            else ()
        )
        for pk, name, organization, uid in rows:
            if pk not in self.people:
                self.people[pk] = Person(name, keys.get(organization, ""))
                if uid:
                    self.people[pk].keys.append(("uid", uid))
        return [row[0] for row in rows]

    def _keys(self, owner: User) -> None:
        """The e-mail addresses of those with the same name, for `_by_name`."""
        ids = {
            pk for (kind, _), pks in self.by_key.items() if kind == "name" for pk in pks
        }
        if ids:
            mine = owner.contactmethods.filter(contact_id__in=ids, kind="email")
            for pk, value in mine.values_list("contact_id", "normalized"):
                self.people[pk].keys.append(("email", value))

    def find(self, person: Person) -> tuple[UUID, str] | None:
        """The contact this is, and by which kind of key; None for somebody new.

        A number or an address that several people share (a switchboard, a family)
        counts only for the one whose name is alike.
        """
        for kind, value in person.keys:
            pks = self.by_key.get((kind, value))
            if not pks:
                continue
            same = [pk for pk in pks if self.people[pk].name == person.name]
            like = [pk for pk in pks if alike(self.people[pk].name, person.name)]
            if same or like:
                return (same or like)[0], kind
            if len(pks) == 1 and kind != "phone":
                return pks[0], kind
        for pk in self.by_key.get(("name", person.name), ()):
            if same_by_name(self.people[pk], person):
                return pk, "name"
        return None


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
