"""Each guest held against whom I know: by address, then by name and organization.

A few queries for a whole list, however long it is.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from django.db.models import Q

from contacts.models import Stage
from contacts.models.methods import normalized
from events.models import Guest
from networkcrm.models import User
from networkcrm.text import fold

Kind = Literal["known", "ask", "reachable", "new", "me"]
WORDS: dict[Kind, str] = {
    "known": "you know",
    "ask": "which one?",
    "reachable": "reachable",
    "new": "new",
    "me": "you",
}


@dataclass(slots=True)
class Match:
    kind: Kind
    contact_id: UUID | None = None
    # Several have this name: which one is it?
    candidates: list[UUID] = field(default_factory=list)
    # Who knows her, and from where: "her colleague", "works at Acme".
    through_id: UUID | None = None
    why: str = ""

    @property
    def words(self) -> str:
        return WORDS[self.kind]


@dataclass(frozen=True, slots=True)
class _Known:
    id: UUID
    name: str
    organization: str
    is_me: bool
    stage: int


def match(owner: User, guests: Sequence[Guest]) -> dict[UUID, Match]:
    """The match of every guest, by the guest's id, in at most seven queries."""
    emails = {g.pk: normalized("email", "", g.email, "") for g in guests if g.email}
    names = {g.pk: fold(g.name)[:900] for g in guests}
    shared = Counter(emails.values())
    by_email = _by_email(owner, set(emails.values()))
    by_name = _by_name(owner, set(names.values()))
    chosen = {g.contact_id for g in guests if g.contact_id}
    ids = chosen.union(*by_email.values()) if by_email else chosen
    known = {k.id: k for k in _people(owner, ids)}
    known |= {k.id: k for rows in by_name.values() for k in rows}
    found: dict[UUID, Match] = {}
    for guest in guests:
        candidates = [
            pk for pk in ([guest.contact_id] if guest.contact_id else []) if pk in known
        ]
        if not candidates and guest.pk in emails:
            address = emails[guest.pk]
            candidates = [
                pk
                for pk in by_email[address]
                if pk in known
                # One who buys for several gives the same address for all.
                and (shared[address] == 1 or known[pk].name == names[guest.pk])
            ]
        if not candidates:
            candidates = _of_name(guest, by_name[names[guest.pk]])
        found[guest.pk] = _judged(guest, [known[pk] for pk in candidates])
    _find_ways(owner, guests, found, known)
    return found


def _people(owner: User, ids: Iterable[UUID]) -> list[_Known]:
    rows = owner.contacts.kept().filter(pk__in=list(ids))
    return _known(rows)


def _known(rows: object) -> list[_Known]:
    columns = ("pk", "sort_key", "organization__key", "is_me", "stage")
    return [
        _Known(pk, name, organization or "", is_me, stage)
        for pk, name, organization, is_me, stage in rows.values_list(*columns)  # type: ignore[attr-defined]
    ]


def _by_email(owner: User, wanted: set[str]) -> dict[str, list[UUID]]:
    found: dict[str, list[UUID]] = defaultdict(list)
    if wanted:
        rows = owner.contactmethods.filter(kind="email", normalized__in=wanted)
        for address, pk in rows.values_list("normalized", "contact_id").order_by("pk"):
            if pk not in found[address]:
                found[address].append(pk)
    return found


def _by_name(owner: User, wanted: set[str]) -> dict[str, list[_Known]]:
    found: dict[str, list[_Known]] = defaultdict(list)
    rows = owner.contacts.kept().filter(sort_key__in=wanted).order_by("pk")
    for one in _known(rows) if wanted else []:
        found[one.name].append(one)
    return found


def _of_name(guest: Guest, same: list[_Known]) -> list[UUID]:
    """Of several with one name those of the guest's organization, if there are any."""
    work = fold(guest.organization)
    there = [one for one in same if work and one.organization == work]
    return [one.id for one in (there or same)]


def _judged(guest: Guest, candidates: list[_Known]) -> Match:
    if not candidates:
        return Match("new")
    first = candidates[0]
    work = fold(guest.organization)
    sure = guest.contact_id == first.id or guest.email
    elsewhere = work and first.organization and work != first.organization
    if len(candidates) > 1 or (elsewhere and not sure):
        return Match("ask", candidates=[one.id for one in candidates])
    if first.is_me:
        return Match("me", first.id)
    # Noticed is not known: those I never was in touch with, someone may bring.
    return Match("known" if first.stage > Stage.NOTICED else "new", first.id)


def _find_ways(
    owner: User,
    guests: Sequence[Guest],
    found: dict[UUID, Match],
    known: dict[UUID, _Known],
) -> None:
    """Whoever knows them, or works where they do, is the way to those I do not know."""
    far = [m for m in found.values() if m.kind == "new"]
    ways = _acquaintances(owner, [m.contact_id for m in far if m.contact_id])
    for one in far:
        if one.contact_id and (way := ways.get(one.contact_id)):
            one.kind, one.through_id, one.why = "reachable", *way
    works = {
        g.pk: fold(g.organization)[:400]
        for g in guests
        if g.organization and found[g.pk].kind == "new"
    }
    colleagues = _colleagues(owner, set(works.values()))
    for guest in guests:
        way_in = colleagues.get(works.get(guest.pk, ""))
        one = found[guest.pk]
        if way_in and way_in != one.contact_id:
            one.kind, one.through_id = "reachable", way_in
            one.why = f"works at {guest.organization}"
    for one in far:
        if one.kind == "new" and one.contact_id:
            # On file, never in touch with, and nobody is in between.
            one.kind = "known"


def _acquaintances(owner: User, ids: list[UUID]) -> dict[UUID, tuple[UUID, str]]:
    """By contact, who of those I have been in touch with knows them, and how."""
    if not ids:
        return {}
    wanted = set(ids)
    pairs: list[tuple[UUID, UUID, str]] = []
    rows = owner.origins.filter(contact__in=wanted, introducer__isnull=False)
    for pk, other in rows.values_list("contact_id", "introducer_id"):
        pairs.append((pk, other, "brought them to you"))
    rows = owner.relationships.filter(
        Q(from_contact__in=wanted) | Q(to_contact__in=wanted)
    )
    columns = ("from_contact_id", "to_contact_id", "kind__name", "kind__inverse_name")
    for one, other, name, inverse in rows.values_list(*columns):
        pairs += [(one, other, f"their {inverse}"), (other, one, f"their {name}")]
    rows = owner.introductions.filter(Q(a__in=wanted) | Q(b__in=wanted)).made()
    for one, other, by in rows.values_list("a_id", "b_id", "introducer_id"):
        pairs += [(one, other, "was introduced to them")]
        pairs += [(other, one, "was introduced to them")]
        pairs += [(pk, by, "introduced them to others") for pk in (one, other)]
    asked = {other for pk, other, _why in pairs if pk in wanted and other}
    people = owner.contacts.active().filter(pk__in=asked, stage__gte=Stage.WROTE)
    close = dict(people.values_list("pk", "stage"))
    ways: dict[UUID, tuple[UUID, str]] = {}
    for pk, other, why in pairs:
        if pk in wanted and other in close and other != pk:
            best = ways.get(pk)
            if best is None or close[other] > close[best[0]]:
                ways[pk] = (other, why)
    return ways


def _colleagues(owner: User, works: set[str]) -> dict[str, UUID]:
    """By organization, the one there I know best."""
    if not works:
        return {}
    people = owner.contacts.active().filter(
        organization__owner=owner, organization__key__in=works, stage__gte=Stage.WROTE
    )
    people = people.order_by("organization__key", "-stage", "sort_key", "pk")
    found: dict[str, UUID] = {}
    for key, pk in people.values_list("organization__key", "pk"):
        found.setdefault(key, pk)
    return found
