"""A chain in words: each person, the next one, and why the one knows the other."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db import connection

from connections.models import Interaction, RelationshipKind
from connections.network.edges import (
    EVENT_STRENGTH,
    EVIDENCE,
    ORGANIZATION_STRENGTH,
    Node,
    key_of,
    today,
)
from connections.network.paths import DETOUR, Trail, my_strength, trails
from contacts.models import Contact, Stage
from events.models import Event
from networkcrm.models import User
from networkcrm.partial_dates import PartialDate

__all__ = ["DETOUR", "Chain", "Link", "chains"]

_PLURALS = {name: f"{name}s" for name, inverse in RelationshipKind.FIRST
            if name == inverse}  # fmt: skip
_TONES = {"relationship": "", "together": "person", "met at": "person"}
_STAGE_WORDS = {
    Stage.WROTE: "you wrote",
    Stage.SPOKE: "you spoke",
    Stage.MET: "you met",
    Stage.MET_AGAIN: "you met more than once",
    Stage.WORKED_TOGETHER: "you worked together",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence: "introduced by Lena, Nov 2024"."""

    words: str
    strength: int
    tone: str


@dataclass(frozen=True, slots=True)
class Link:
    """From one person to the next, with why, the strongest reason first."""

    person: Contact
    next: Contact
    reasons: list[Reason]
    event: Event | None = None

    @property
    def strength(self) -> int:
        return self.reasons[0].strength if self.reasons else 1

    @property
    def tone(self) -> str:
        return self.reasons[0].tone if self.reasons else ""


def _name(contact: Contact) -> str:
    return "you" if contact.is_me else contact.first_name


@dataclass(frozen=True, slots=True)
class Chain:
    links: list[Link]

    @property
    def first(self) -> Contact:
        """Whom to ask: the one after the start."""
        return self.links[0].next

    @property
    def start(self) -> Contact:
        return self.links[0].person

    @property
    def end(self) -> Contact:
        return self.links[-1].next

    @property
    def has_more_reasons(self) -> bool:
        return any(len(link.reasons) > 1 for link in self.links)

    @property
    def between(self) -> list[Contact]:
        return [link.next for link in self.links[:-1]]


def chains(owner: User, start: Contact, goal: Contact, most: int = 1) -> list[Chain]:
    """The chains that `paths.trails` finds, with people and reasons. Five queries more,
    whatever their number and length."""
    found = trails(owner, start, goal, most)
    return Words(owner, found).chains() if found else []


@dataclass(frozen=True, slots=True)
class _Row:
    kind: str
    source: Node
    target: Node
    strength: int
    on: str | None
    what: list[str | None]


class Words:
    """What is needed to put these trails into words, asked once for all of them."""

    def __init__(self, owner: User, found: list[Trail]) -> None:
        self.owner, self.trails = owner, found
        self.today = today(owner)
        self.my_name = owner.contacts.get(is_me=True).full_name
        ids: dict[str, list[UUID]] = {"p": [], "e": [], "o": []}
        for node in {node for trail in found for node in trail}:
            ids[node[0]].append(key_of(node))
        self.people = owner.contacts.select_related("organization").in_bulk(ids["p"])
        self.events = owner.events.in_bulk(ids["e"]) if ids["e"] else {}
        self.firms = owner.organizations.in_bulk(ids["o"]) if ids["o"] else {}
        self.rows = self._rows(found)

    def chains(self) -> list[Chain]:
        return [Chain(list(self._links(trail))) for trail in self.trails]

    def _links(self, trail: Trail) -> Iterable[Link]:
        people = [place for place, node in enumerate(trail) if node[0] == "p"]
        for a, b in pairwise(people):
            one = self.people[key_of(trail[a])]
            other = self.people[key_of(trail[b])]
            if b - a == 1:
                yield Link(one, other, self._reasons(one, other, trail[a], trail[b]))
            else:
                event = self.events.get(key_of(trail[a + 1]))
                yield Link(one, other, [self._shared(trail[a + 1])], event)

    def _shared(self, hub: Node) -> Reason:
        if hub[0] == "o":
            firm = self.firms[key_of(hub)]
            return Reason(f"both at {firm}", ORGANIZATION_STRENGTH, "")
        event = self.events[key_of(hub)]
        when = event.partial_date
        words = f"both at {event.name}" + (f", {when.words}" if when else "")
        tone = "online" if event.is_online else "person"
        return Reason(words, EVENT_STRENGTH, tone)

    def _reasons(self, one: Contact, other: Contact, a: Node, b: Node) -> list[Reason]:
        rows = self.rows[frozenset((a, b))]
        reasons = [self._reason(row, row.source == a, one, other) for row in rows]
        them = other if one.is_me else one if other.is_me else None
        if them and them.stage >= Stage.WROTE:
            reasons.append(self._in_touch(them))
        reasons.sort(key=lambda reason: -reason.strength)
        seen: dict[str, Reason] = {}
        for reason in reasons:
            seen.setdefault(reason.words, reason)
        return list(seen.values())

    def _in_touch(self, them: Contact) -> Reason:
        words = _STAGE_WORDS[Stage(them.stage)]
        if them.last_contact_on:
            words += f", last in touch {them.last_contact_on.words}"
        strength = my_strength(self.owner, them)
        return Reason(words, strength, them.stage_tone)

    def _reason(self, row: _Row, forward: bool, one: Contact, other: Contact) -> Reason:
        """`forward`: the row reads from the one to the other."""
        source, target = (one, other) if forward else (other, one)
        when = PartialDate.from_iso(row.on).words if row.on else ""
        what = row.what[0] or ""
        if what == self.my_name and what:
            what = "you"
        if row.kind == "relationship":
            words, tone = self._related(row, forward, other), ""
        elif row.kind == "together":
            title, kind = row.what
            words = title or Interaction.Kind(kind or "other").label.lower()
            words, tone = f"together: {words}", "person"
        else:
            tone = "intro"
            if row.kind == "brought":
                words = f"{_name(source)} brought you {_name(target)}"
            elif row.kind == "introducer":
                words = f"{_name(source)} introduced {_name(target)} to {what}"
            else:
                words = f"introduced by {what}" if what else "introduced"
        if when and row.kind != "relationship":
            words = f"{words}, {when}"
        return Reason(words, row.strength, tone)

    def _related(self, row: _Row, forward: bool, other: Contact) -> str:
        """ "colleagues since 2019", "mentor of Maya, 2019 to 2021"."""
        named, until = row.what
        name, _bar, inverse = (named or "").partition("|")
        if not inverse:
            words = _PLURALS.get(name, name)
        else:
            words = f"{name if forward else inverse} of {_name(other)}"
        since = PartialDate.from_iso(row.on).words if row.on else ""
        if until:
            end = PartialDate.from_iso(until).words
            return f"{words}, {since} to {end}" if since else f"{words} until {end}"
        return f"{words} since {since}" if since else words

    def _rows(self, found: list[Trail]) -> dict[frozenset[Node], list[_Row]]:
        """What is written about each two neighbours that are people."""
        pairs = {
            frozenset(pair)
            for trail in found
            for pair in pairwise(trail)
            if pair[0][0] == pair[1][0] == "p"
        }
        by_pair: dict[frozenset[Node], list[_Row]] = defaultdict(list)
        if not pairs:
            return by_pair
        people = sorted({node[1:] for pair in pairs for node in pair})
        said: dict[str, Any] = {"p": f"{{{','.join(people)}}}"}
        said |= {"owner": self.owner.pk, "today": self.today}
        with connection.cursor() as cursor:
            cursor.execute(_ABOUT, said)
            for values in cursor.fetchall():
                row = _Row(*values)
                pair = frozenset((row.source, row.target))
                if pair in pairs:
                    by_pair[pair].append(row)
        return by_pair


_ABOUT = " UNION ALL ".join(
    f"SELECT '{one.kind}', 'p' || {one.source}::text, 'p' || {one.target}::text,"
    f" {one.strength}, {one.on}, {one.what} FROM {one.tables}"
    f" AND {one.source} = ANY(%(p)s::uuid[]) AND {one.target} = ANY(%(p)s::uuid[])"
    for one in EVIDENCE
    if one.to == "p"
)
