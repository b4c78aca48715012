"""Where needs and their answers come from: facts, headlines, the owner's card."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q
from django.utils import timezone

from connections.models import Introduction
from contacts.models import Contact, Fact
from followups.matching.words import SHORTEST_ROOT, root, same, terms, written
from followups.models import Suggestion
from networkcrm.models import User

STALE_AFTER = timedelta(days=90)
# So many texts of facts, and of headlines, are ranked: the youngest of those found.
MOST_TEXTS = 1500
# So many words are looked for by their trigrams.
MOST_RARE = 12

_WEIGHTS = {"offer": 1.0, "works_on": 0.9, "hope": 0.75, "enjoys": 0.7}
_HEADLINE = 0.9
_VERBS = {
    "offer": ("offers", "offer"),
    "works_on": ("works on", "work on"),
    "hope": ("hopes", "hope"),
    "enjoys": ("enjoys", "enjoy"),
}


@dataclass(frozen=True, slots=True)
class Offered:
    """A text that may answer a need. `pk` is of the fact, the contact or the row of
    my card it stands in; `verbs` are for somebody and for me."""

    pk: UUID
    contact_id: UUID
    text: str
    weight: float
    verbs: tuple[str, str]
    fact: Fact | None = None


def said_on(owner: User, fact: Fact) -> date:
    """When it was last said; the first day of a month or year that is half known."""
    heard = fact.heard_on
    if fact.confirmed_on:
        return fact.confirmed_on
    if heard and heard.year:
        return date(heard.year, heard.month or 1, heard.day or 1)
    return timezone.localdate(fact.created_at, owner.tz)


def is_fresh(owner: User, fact: Fact, today: date) -> bool:
    return today - said_on(owner, fact) <= STALE_AFTER


def _open_needs(owner: User) -> Any:
    there = {"contact__trashed_at": None, "contact__archived_at": None}
    found = owner.facts.filter(kind="need", state="open", **there)
    return found.select_related("contact").order_by("-pk")


def youngest_needs(owner: User, most: int) -> list[Fact]:
    """Of others."""
    return list(_open_needs(owner).filter(contact__is_me=False)[:most])


def needs_of(owner: User, contact: Contact, most: int) -> list[Fact]:
    return list(_open_needs(owner).filter(contact=contact)[:most])


def of_others(owner: User, needs: Collection[Fact]) -> list[Offered]:
    """What others offer, do or wish that shares a word with one of these needs."""
    texts = [need.text for need in needs]
    query = _query(texts)
    if not query:
        return []
    facts = owner.facts.offering().filter(
        contact__is_me=False,
        contact__trashed_at=None,
        contact__archived_at=None,
    )
    said = facts.annotate(words=SearchVector("text", config="english"))
    said = said.filter(words=SearchQuery(query, search_type="raw", config="english"))
    found = {fact.pk: fact for fact in said.order_by("-pk")[:MOST_TEXTS]}
    if rare := _rare(texts, [fact.text for fact in found.values()]):
        either = Q()
        for word in rare:
            either |= Q(text__trigram_word_similar=word)
        found |= {fact.pk: fact for fact in facts.filter(either)[:MOST_TEXTS]}
    return [_offered(fact) for fact in found.values()] + _headlines(owner, query)


def _offered(fact: Fact) -> Offered:
    weight, verbs = _WEIGHTS[fact.kind], _VERBS[fact.kind]
    return Offered(fact.pk, fact.contact_id, fact.text, weight, verbs, fact)


def _headlines(owner: User, query: str) -> list[Offered]:
    people = owner.contacts.active().annotate(
        words=SearchVector("headline", "job_title", config="english")
    )
    people = people.filter(
        words=SearchQuery(query, search_type="raw", config="english")
    )
    rows = people.order_by("-pk").values_list("pk", "headline", "job_title")
    return [
        Offered(pk, pk, text, _HEADLINE, ("is", "are"))
        for pk, headline, job_title in rows[:MOST_TEXTS]
        for text in (headline, job_title)
        if text
    ]


def of_me(owner: User, me: Contact) -> list[Offered]:
    """What I offer: my own facts, the sentences on my card, my headline."""
    found = [_offered(fact) for fact in me.facts.offering()]
    found += [
        Offered(offer.pk, me.pk, offer.text, 1.0, _VERBS["offer"])
        for offer in owner.cardoffers.all()
    ]
    own = [text for text in (me.headline, me.job_title) if text]
    return found + [
        Offered(me.pk, me.pk, text, _HEADLINE, ("is", "are")) for text in own
    ]


def _query(texts: Iterable[str]) -> str:
    """What finds every text with a word that could be one of these."""
    found: dict[str, None] = {}
    for text in texts:
        # With their accents too: the index has them.
        for word in [word for word, _weight in terms(text)] + written(text):
            for form in (word, *same(word)):
                found[f"'{form}'"] = None
                if len(stem := root(form)) >= SHORTEST_ROOT:
                    found[f"'{stem}':*"] = None
    return " | ".join(found)


def _rare(needs: Iterable[str], offers: Collection[str]) -> list[str]:
    """Long words of the needs, first those that none of these has: they may be
    misspelt, or stand inside of others."""
    there = {root(word) for text in offers for word, _weight in terms(text)}
    wanted = {word for need in needs for word, weight in terms(need) if weight >= 1}
    long = [word for word in wanted if len(word) >= 5]
    return sorted(long, key=lambda w: (root(w) in there, -len(w), w))[:MOST_RARE]


class Never:
    """Who is not to be brought together because of these needs."""

    def __init__(self, owner: User, needs: Collection[Fact]) -> None:
        people = {need.contact_id for need in needs}
        over = [Introduction.State.DECLINED, Introduction.State.EXPIRED]
        either = Q(a__in=people) | Q(b__in=people)
        introduced = owner.introductions.filter(either).exclude(state__in=over)
        either = Q(from_contact__in=people) | Q(to_contact__in=people)
        related = owner.relationships.filter(either)
        self.together: set[frozenset[UUID | None]] = {
            *map(frozenset, introduced.values_list("a", "b")),
            *map(frozenset, related.values_list("from_contact", "to_contact")),
        }
        never = owner.suggestions.filter(answer=Suggestion.Answer.NEVER)
        self.keys = set(never.values_list("key", flat=True))

    def fits(self, need: Fact, offered: Offered) -> bool:
        both = frozenset((need.contact_id, offered.contact_id))
        return (
            len(both) == 2
            and both not in self.together
            and key(need, offered) not in self.keys
        )


def key(need: Fact, offered: Offered) -> str:
    return f"match:{need.pk}:{offered.pk}"


def people(owner: User, ids: Collection[UUID]) -> dict[UUID, Contact]:
    return {contact.pk: contact for contact in owner.contacts.filter(pk__in=ids)}
