"""What one needs and another offers: see ranking.py for how well it fits.

PostgreSQL finds, by its full text index, the owner's texts that share a word with one
of the needs; they are ranked here. Never the same contact with itself, nobody who is
archived or in the trash, no two who were introduced or are something to each other
already, and nothing of which the owner said that it does not fit.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from contacts.models import Contact, Fact
from followups.matching import pools
from followups.matching.pools import Offered
from followups.matching.ranking import Texts
from networkcrm.models import User

# Of all open needs, the youngest so many are matched.
MOST_NEEDS = 60
# Of one need, and of one who offers.
EACH = 3
# What fits so much less well than the best for that need is left out.
BESIDE_THE_BEST = 0.75
# What a need that nobody has spoken of for long counts.
OLD = 0.95


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
    found: list[tuple[float, Fact, Offered]] = []
    for need in needs:
        worth = 1.0 if pools.is_fresh(owner, need, today) else OLD
        some: dict[UUID, tuple[float, Fact, Offered]] = {}
        for text, score in texts.ranked(need.text):
            for offered in having[text]:
                if never.fits(need, offered):
                    one = (score * worth * offered.weight, need, offered)
                    best = some.get(offered.contact_id)
                    if best is None or best[0] < one[0]:
                        some[offered.contact_id] = one
        ranked = sorted(some.values(), key=_rank)[:each]
        found += [one for one in ranked if one[0] >= ranked[0][0] * BESIDE_THE_BEST]
    found = sorted(found, key=_rank)
    chosen, taken = [], defaultdict[UUID, int](int)
    for score, need, offered in found:
        if taken[offered.contact_id] < each or len(needs) == 1:
            taken[offered.contact_id] += 1
            chosen.append((score, need, offered))
        if len(chosen) == most:
            break
    people = pools.people(owner, {offered.contact_id for _, _, offered in chosen})
    return [
        _match(score, need, offered, people[offered.contact_id])
        for score, need, offered in chosen
    ]


def _rank(one: tuple[float, Fact, Offered]) -> tuple[Any, ...]:
    """The best first; of equals the one who said it last."""
    score, need, offered = one
    return -round(score, 6), -offered.pk.int, -need.pk.int


def _order(match: Match) -> tuple[Any, ...]:
    return -match.score, match.key


def _match(score: float, need: Fact, offered: Offered, other: Contact) -> Match:
    return Match(
        need=need,
        other=other,
        offer=offered.fact,
        score=round(score, 4),
        why_need=_says(need.contact, ("needs", "need"), need.text),
        why_offer=_says(other, offered.verbs, offered.text),
        key=pools.key(need, offered),
    )


def _says(contact: Contact, verbs: tuple[str, str], text: str) -> str:
    """ "Maya needs “a designer”", "You offer “two free seats”"."""
    name, verb = ("You", verbs[1]) if contact.is_me else (contact.first_name, verbs[0])
    return f"{name} {verb} “{text}”"
