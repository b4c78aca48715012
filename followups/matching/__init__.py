"""What one needs and another offers: see ranking.py for how well it fits.

PostgreSQL finds, by its full text index, the owner's texts that share a word with one
of the needs; they are ranked here. Never the same contact with itself, nobody who is
archived or in the trash, no two who were introduced or are something to each other
already, and nothing of which the owner said that it does not fit.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.http import urlencode

from contacts.models import Contact, Fact
from followups.matching import pools
from followups.matching.pools import Offered
from followups.matching.ranking import Texts
from networkcrm.models import User

# Of all open needs, the youngest so many are matched.
MOST_NEEDS = 20
# Of one need, and of one who offers.
EACH = 3
# What fits so much less well than the best for that need is left out.
BESIDE_THE_BEST = 0.75
# What a need that nobody has spoken of for long counts.
OLD = 0.95


# Of so many times as many as are wanted the best are chosen.
MOST_ALIKE = 10
Found = tuple[float, Fact, Offered]


@dataclass(frozen=True, slots=True)
class Match:
    """`need` is of need.contact; `other` has what fits, in `offer` unless it is in
    their work, their headline or on my card. `score` is from 0 to 1."""

    need: Fact
    other: Contact
    offer: Fact | None
    score: float
    why_need: str
    why_offer: str
    key: str

    @property
    def is_with_me(self) -> bool:
        return self.other.is_me or self.need.contact.is_me

    @property
    def them(self) -> Contact:
        """The other one, where I am one of the two."""
        return self.need.contact if self.other.is_me else self.other

    @property
    def introduction_url(self) -> str:
        """Where the two are introduced, with what is good for each."""
        people = {"a": str(self.need.contact_id), "b": str(self.other.pk)}
        whys = {"why_a": self.why_offer, "why_b": self.why_need}
        return f"{reverse('introduction_create')}?{urlencode(people | whys)}"


def matches(
    owner: User,
    *,
    today: date,
    most: int = 20,
    needs: Iterable[Fact] | None = None,
    each: int = EACH,
) -> list[Match]:
    """The best between needs of contacts and what others of them offer, best first.

    `needs` are open needs of this owner with their contacts, else the MOST_NEEDS
    youngest of all; of each need come at most `each`. Costs the same number of
    queries for any number of them.
    """
    if needs is None:
        needs = pools.youngest_needs(owner, MOST_NEEDS)
    needs = list(needs)
    return _best(owner, needs, pools.of_others(owner, needs), today, most, each)


def matches_with_me(
    owner: User, *, today: date, most: int = 20, each: int = EACH
) -> list[Match]:
    """Needs of others that I can meet, and mine that others can, best first."""
    me = owner.contacts.filter(is_me=True).first()
    if me is None:
        return []
    theirs = pools.youngest_needs(owner, MOST_NEEDS)
    mine = pools.needs_of(owner, me, MOST_NEEDS)
    found = _best(owner, theirs, pools.of_me(owner, me), today, most, each)
    found += _best(owner, mine, pools.of_others(owner, mine), today, most, each)
    return sorted(found, key=_order)[:most]


def matches_of(owner: User, contact: Contact, *, today: date, most: int) -> list[Match]:
    """Who could meet the needs of this contact, and whose they could, best first."""
    needs = pools.needs_of(owner, contact, MOST_NEEDS)
    found = _best(owner, needs, pools.of_others(owner, needs), today, most, EACH)
    theirs = [
        need
        for need in pools.youngest_needs(owner, MOST_NEEDS)
        if need.contact_id != contact.pk
    ]
    mine = pools.said_by(contact)
    found += _best(owner, theirs, mine, today, most, EACH) if mine else []
    return sorted(found, key=_order)[:most]


def _best(
    owner: User,
    needs: list[Fact],
    pool: list[Offered],
    today: date,
    most: int,
    each: int,
) -> list[Match]:
    if not needs or not pool:
        return []
    texts = Texts({offered.text for offered in pool})
    having: dict[str, list[Offered]] = defaultdict(list)
    for offered in pool:
        having[offered.text].append(offered)
    never = pools.Never(owner, needs)
    ranked: dict[str, list[tuple[float, str]]] = {}
    found: list[Found] = []
    for need in needs:
        if need.text not in ranked:
            ranked[need.text] = sorted(texts.ranked(need.text), reverse=True)
        fits = (
            (score * one.weight, need, one)
            for score, text in ranked[need.text]
            for one in having[text]
            if never.fits(need, one)
        )
        worth = 1.0 if pools.is_fresh(owner, need, today) else OLD
        some = _first(fits, each)
        found += [(score * worth, need, one) for score, need, one in some]
    found = sorted(found, key=_rank)
    chosen, taken = [], defaultdict[UUID, int](int)
    for score, need, offered in found:
        if taken[offered.contact_id] < each or len(needs) == 1:
            taken[offered.contact_id] += 1
            chosen.append((score, need, offered))
        if len(chosen) == most:
            break
    people = pools.rows(owner.contacts, {one.contact_id for _, _, one in chosen})
    offers = pools.rows(owner.facts, {one.pk for _, _, one in chosen})
    return [
        _match(score, need, one, people[one.contact_id], offers.get(one.pk))
        for score, need, one in chosen
    ]


def _first(fits: Iterator[Found], each: int) -> list[Found]:
    """The best few, one of each contact, and none far behind the best.

    They come in the order of their texts, before the weight of what they are.
    """
    best: dict[UUID, Found] = {}
    for one in fits:
        contact_id = one[2].contact_id
        if contact_id not in best or best[contact_id][0] < one[0]:
            best[contact_id] = one
        if len(best) >= each * MOST_ALIKE:
            break
    some = sorted(best.values(), key=_rank)[:each]
    return [one for one in some if one[0] >= some[0][0] * BESIDE_THE_BEST]


def _rank(one: Found) -> tuple[Any, ...]:
    """The best first; of equals the one who said it last."""
    score, need, offered = one
    return -round(score, 6), -offered.pk.int, -need.pk.int


def _order(match: Match) -> tuple[Any, ...]:
    return -match.score, match.key


def _match(
    score: float, need: Fact, offered: Offered, other: Contact, offer: Fact | None
) -> Match:
    return Match(
        need=need,
        other=other,
        offer=offer,
        score=round(score, 4),
        why_need=_says(need.contact, ("needs", "need"), need.text),
        why_offer=_says(other, offered.verbs, offered.text),
        key=pools.key(need, offered),
    )


def _says(contact: Contact, verbs: tuple[str, str], text: str) -> str:
    """ "Maya needs “a designer”", "You offer “two free seats”"."""
    name, verb = ("You", verbs[1]) if contact.is_me else (contact.first_name, verbs[0])
    return f"{name} {verb} “{text}”"
