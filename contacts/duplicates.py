"""Who is likely to be here twice, best first, each pair with its reasons.

Those who share an e-mail address, a phone number or a profile are found by Postgres;
names are compared here, each with the few that begin and end alike. Only ids and keys
are read, so that a page can be cut from the whole.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from math import prod
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q
from rapidfuzz.distance import OSA

from contacts.importing.matching import WORDS, alike
from contacts.models import Contact
from networkcrm.models import User

Words = tuple[str, ...]
Rest = tuple[str, Words, Words]
# Ids are text here: it is compared in a third of the time.
Ids = tuple[str, str]
_WORDS = WORDS | {"same name": "the same name", "like": "very like names"}

# How much a reason says; a shared address says half when the names differ, as in a
# family or a team.
SCORES = {
    "email": 90,
    "handle": 80,
    "phone": 60,
    "name": 50,
    "same name": 35,
    "like": 20,
}
SHARED = ("email", "phone", "handle")
# An address of more people is that of a team, a name of more people a common one.
MOST_OF_A_TEAM = 4
MOST_OF_A_NAME = 8
# So many with a name one would expect by chance, as often as its words occur; when
# there are two all the same, they are the same.
CHANCE = 0.2
# So many of those who begin and end alike are compared with one name.
MOST_COMPARED = 200
# Fewer digits, as of an extension, are shared by strangers.
SHORTEST_PHONE = 6
# In a shorter word one letter makes another name.
SHORTEST_MISTYPED = 5

_SHARED = """
    SELECT kind, normalized, array_agg(contact_id::text), array_agg(service)
    FROM contacts_contactmethod
    WHERE owner_id = %(owner)s AND kind IN ('email', 'phone', 'handle')
        AND normalized <> ''
    GROUP BY kind, normalized HAVING count(*) > 1
"""
# Whoever is in the trash stands in an index of their own.
_NAMES = """
    SELECT id::text, sort_key, organization_id::text, is_me FROM contacts_contact
    WHERE owner_id = %(owner)s AND trashed_at IS NULL
"""


class Pair(NamedTuple):
    """Two contacts, the one who would stay first: me, or who was added before."""

    keep: UUID
    gone: UUID
    why: str


# Nobody looks at more of them before the first are dealt with.
MOST_KEPT = 2_000


def likely(owner: User) -> tuple[int, list[tuple[str, str, str]]]:
    """How many pairs there are, and the likeliest as (keep, gone, why); to be kept."""
    pairs = Pairs(owner)
    some = [(str(pair.keep), str(pair.gone), pair.why) for pair in pairs[:MOST_KEPT]]
    return len(pairs), some


def as_pairs(found: Iterable[tuple[str, str, str]]) -> list[Pair]:
    return [Pair(UUID(keep), UUID(gone), why) for keep, gone, why in found]


def still(owner: User, pairs: list[Pair]) -> list[Pair]:
    """Those of some time ago who are both there, and not said to be two since."""
    ids = {pk for pair in pairs for pk in (pair.keep, pair.gone)}
    people = owner.contacts.kept().filter(pk__in=ids)
    there = set(people.values_list("pk", flat=True))
    distinct = {frozenset(two) for two in _distinct(owner)}
    return [
        pair
        for pair in pairs
        if there.issuperset(two := (pair.keep, pair.gone))
        and frozenset(two) not in distinct
    ]


def _distinct(owner: User) -> Any:
    return owner.distincts.values_list("one_id", "other_id")


class Pairs:
    """All likely pairs that the owner has not said to be two.

    Three queries, when it is made.
    """

    def __init__(self, owner: User) -> None:
        self._names = names = _names(owner)
        self._scores: dict[Ids, int] = defaultdict(int)
        self._why: dict[Ids, str] = {}
        for kind, value, ids in _shared(owner, names):
            for one, other in combinations(ids, 2):
                same = alike(names[one].key, names[other].key)
                if same or len(ids) <= MOST_OF_A_TEAM:
                    score = SCORES[kind] if same else SCORES[kind] // 2
                    self._note(one, other, score, f"{WORDS[kind]}, {value}")
        for kind, one, other in _alike(names):
            self._note(one, other, SCORES[kind], _WORDS[kind])
        for distinct in _distinct(owner):
            one, other = sorted(map(str, distinct))
            self._scores.pop((one, other), None)
        self._best = sorted(
            self._scores, key=lambda ids: (-self._scores[ids], names[ids[0]].key, ids)
        )

    def _note(self, one: str, other: str, score: int, why: str) -> None:
        # Ids sort by the time when they were made.
        ids = (one, other) if one < other else (other, one)
        self._scores[ids] += score
        self._why[ids] = f"{self._why[ids]}; {why}" if ids in self._why else why

    def __len__(self) -> int:
        return len(self._best)

    def __getitem__(self, part: slice) -> list[Pair]:
        return [self._pair(ids) for ids in self._best[part]]

    def _pair(self, ids: Ids) -> Pair:
        one, other = ids
        if self._names[other].is_me:
            one, other = other, one
        return Pair(UUID(one), UUID(other), self._why[ids])


class _Name(NamedTuple):
    key: str
    organization: str | None
    is_me: bool
    words: Words


def of(owner: User, contact: Contact) -> dict[UUID, str]:
    """Who shares an address with this contact, or the name: each with the reason."""
    wanted = Q()
    ways = contact.methods.filter(kind__in=SHARED).exclude(normalized="")
    for kind, service, value in ways.values_list("kind", "service", "normalized"):
        wanted |= Q(kind=kind, service=service, normalized=value)
    found: dict[UUID, str] = {}
    if wanted:
        rows = owner.contactmethods.filter(wanted).exclude(contact=contact)
        for pk, kind in rows.order_by("pk").values_list("contact_id", "kind")[:20]:
            found.setdefault(pk, WORDS[kind])
    others = owner.contacts.exclude(pk=contact.pk).order_by("pk")
    same = others.filter(sort_key=contact.sort_key)
    for pk in same.values_list("pk", flat=True)[:20]:
        found.setdefault(pk, _WORDS["same name"])
    if " " in contact.sort_key:
        first, last = contact.sort_key[0], contact.sort_key.split()[-1]
        like = others.filter(sort_key__startswith=first, sort_key__endswith=f" {last}")
        for pk, name in like.values_list("pk", "sort_key")[:MOST_COMPARED]:
            if alike(name, contact.sort_key):
                found.setdefault(pk, _WORDS["like"])
    return found


def _names(owner: User) -> dict[str, _Name]:
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, {"owner": owner.pk})
        return {
            pk: _Name(key, organization, is_me, tuple(key.replace(",", " ").split()))
            for pk, key, organization, is_me in cursor.fetchall()
        }


def _shared(
    owner: User, names: dict[str, _Name]
) -> Iterator[tuple[str, str, list[str]]]:
    with connection.cursor() as cursor:
        cursor.execute(_SHARED, {"owner": owner.pk})
        rows = cursor.fetchall()
    for kind, value, everybody, services in rows:
        if kind == "phone" and len(value) < SHORTEST_PHONE:
            continue
        by_service: dict[str, set[str]] = defaultdict(set)
        for pk, service in zip(everybody, services, strict=True):
            if pk in names:
                by_service[service].add(pk)
        for group in by_service.values():
            for ids in _small(group, names):
                yield kind, value, ids


def _small(group: set[str], names: dict[str, _Name]) -> Iterator[list[str]]:
    """The group, or where it is no one person's those in it with the same name."""
    parts: dict[str, list[str]] = defaultdict(list)
    for pk in sorted(group):
        parts[names[pk].key if len(group) > MOST_OF_A_NAME else ""].append(pk)
    for ids in parts.values():
        if 1 < len(ids) <= MOST_OF_A_NAME:
            yield ids


def _alike(names: dict[str, _Name]) -> Iterator[tuple[str, str, str]]:
    """Pairs with the same name, the same words in it, or nearly the same."""
    count = Counter(word for name in names.values() for word in name.words)
    by_words: dict[Words, list[str]] = defaultdict(list)
    for pk, name in names.items():
        by_words[tuple(sorted(name.words))].append(pk)
    for words, ids in by_words.items():
        if len(ids) == 1:
            continue
        is_rare = len(names) * prod(count[w] / len(names) for w in words) < CHANCE
        for one, other in _few(ids):
            places = {names[one].organization, names[other].organization}
            # A name that is made of common ones may be that of two people.
            if is_rare or len(places) == 1:
                known = len(places) == 1 and None not in places
                yield "name" if known else "same name", one, other
    several = {pk: name.words for pk, name in names.items() if len(name.words) > 1}
    seen: set[Ids] = set()
    for found in (_shortened(several), _mistyped(several, count)):
        for one, other in found:
            pair = (min(one, other), max(one, other))
            if pair not in seen:
                seen.add(pair)
                yield "like", *pair


def _few(ids: list[str]) -> Iterable[Ids]:
    """Each with each; of a very common name each with the first."""
    if len(ids) <= MOST_OF_A_NAME:
        return combinations(ids, 2)
    return ((ids[0], other) for other in ids[1 : MOST_OF_A_NAME * 2])


def _shortened(several: dict[str, Words]) -> Iterator[Ids]:
    """One has an initial where the other has a name, or a middle name less."""
    long = [
        pk
        for pk, words in several.items()
        if len(words) > 2 or len(words[0].rstrip(".")) == 1
    ]
    wanted = {(several[pk][0][0], several[pk][-1]) for pk in long}
    by_ends: dict[tuple[str, str], list[str]] = defaultdict(list)
    for pk, words in several.items():
        if (ends := (words[0][0], words[-1])) in wanted:
            by_ends[ends].append(pk)
    for one in long:
        words = several[one]
        for other in by_ends[words[0][0], words[-1]][:MOST_COMPARED]:
            others = several[other]
            if sorted(words) != sorted(others) and _may_be(words, others):
                yield one, other


def _may_be(words: Words, others: Words) -> bool:
    is_part = set(words) >= set(others)
    has_initial = any(len(word.rstrip(".")) == 1 for word in (*words, *others))
    return (is_part or has_initial) and alike(" ".join(words), " ".join(others))


def _mistyped(several: dict[str, Words], count: Counter[str]) -> Iterator[Ids]:
    """One letter in one word. A mistyped word is nobody else's: "Maria" and "Mario"
    are two names."""
    rare = [
        (pk, place)
        for pk, words in several.items()
        for place, word in enumerate(words)
        if count[word] == 1 and len(word) >= SHORTEST_MISTYPED - 1
    ]
    wanted = {_around(several[pk], place) for pk, place in rare}
    by_rest: dict[Rest, list[tuple[str, str]]] = defaultdict(list)
    for pk, words in several.items():
        for place, word in enumerate(words):
            if (rest := _around(words, place)) in wanted:
                by_rest[rest].append((pk, word))
    for one, place in rare:
        word = several[one][place]
        for other, theirs in by_rest[_around(several[one], place)][:MOST_COMPARED]:
            if (
                other != one
                and max(len(word), len(theirs)) >= SHORTEST_MISTYPED
                and OSA.distance(word, theirs, score_cutoff=1) == 1
            ):
                yield one, other


def _around(words: Words, place: int) -> Rest:
    """The word's first letter, which is hardly ever mistyped, and the other words."""
    return words[place][0], words[:place], words[place + 1 :]
