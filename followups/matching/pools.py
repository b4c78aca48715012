"""Where needs and their answers come from: facts, headlines, the owner's card."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from connections.models import Introduction
from contacts.models import Contact, Fact
from followups.matching.words import (
    SHORTEST_ROOT,
    WEAK,
    root,
    same,
    terms,
    written,
)
from followups.models import Suggestion
from networkcrm.models import User
from networkcrm.text import fold

STALE_AFTER = timedelta(days=90)
# Of each need so many facts and so many people are ranked: the youngest of those found.
MOST_FOUND = 50
# So many words are looked for by their trigrams, and so many facts by each.
MOST_RARE = 12
MOST_ALIKE = 15

_WEIGHTS = {
    "offer": 1.0,
    "card": 1.0,
    "works_on": 0.9,
    "work": 0.9,
    "hope": 0.75,
    "enjoys": 0.7,
}
# As somebody else does it, and I.
_VERBS = {
    "offer": ("offers", "offer"),
    "card": ("offers", "offer"),
    "works_on": ("works on", "work on"),
    "work": ("is", "are"),
    "hope": ("hopes", "hope"),
    "enjoys": ("enjoys", "enjoy"),
}
_FACTS = """
    f.owner_id = %(owner)s AND f.kind IN ('offer', 'works_on', 'hope', 'enjoys')
    AND f.state IN ('', 'open')
"""
_ACTIVE = """
    c.owner_id = %(owner)s AND c.id = found.contact_id AND NOT c.is_me
    AND c.trashed_at IS NULL AND c.archived_at IS NULL
"""
# One need after the other, each by the index: all at once they would read everything.
_BY_WORDS = f"""
    SELECT DISTINCT found.kind, found.id, found.contact_id, found.text
    FROM unnest(%(words)s::text[]) AS need (words)
    CROSS JOIN LATERAL (
        (SELECT f.kind, f.id, f.contact_id, f.text FROM contacts_fact f
        WHERE {_FACTS} AND to_tsvector('english'::regconfig, coalesce(f.text, ''))
            @@ to_tsquery('english', need.words)
        ORDER BY f.id DESC LIMIT %(most)s)
        UNION ALL
        (SELECT 'work', p.id, p.id, concat_ws(E'\n', p.headline, p.job_title)
        FROM contacts_contact p
        WHERE p.owner_id = %(owner)s AND p.trashed_at IS NULL
            AND p.archived_at IS NULL AND to_tsvector('english'::regconfig,
                coalesce(p.headline, '') || ' ' || coalesce(p.job_title, ''))
            @@ to_tsquery('english', need.words)
        ORDER BY p.id DESC LIMIT %(most)s)
    ) found
    JOIN contacts_contact c ON {_ACTIVE}
"""
_BY_TRIGRAMS = f"""
    SELECT DISTINCT found.kind, found.id, found.contact_id, found.text
    FROM unnest(%(words)s::text[]) AS need (word)
    CROSS JOIN LATERAL (
        SELECT * FROM (
            -- OFFSET 0: by the index. Postgres expects so many that it would read all
            -- from the youngest back until it has them.
            SELECT f.kind, f.id, f.contact_id, f.text FROM contacts_fact f
            WHERE {_FACTS} AND f.text %%> need.word
            OFFSET 0
        ) alike
        ORDER BY alike.id DESC LIMIT %(most)s
    ) found
    JOIN contacts_contact c ON {_ACTIVE}
"""


@dataclass(frozen=True, slots=True)
class Offered:
    """A text that may answer a need. `pk` is of the fact, or of the contact when it is
    their work, or of the row of my card."""

    kind: str
    pk: UUID
    contact_id: UUID
    text: str

    @property
    def weight(self) -> float:
        return _WEIGHTS[self.kind]

    @property
    def verbs(self) -> tuple[str, str]:
        return _VERBS[self.kind]


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
    texts = sorted({need.text for need in needs})
    words = [query for text in texts if (query := _query(text))]
    found = _found(owner, _BY_WORDS, words, MOST_FOUND)
    rare = _rare(texts, {offered.text for offered in found})
    alike = _found(owner, _BY_TRIGRAMS, rare, MOST_ALIKE)
    return list({(one.pk, one.text): one for one in found + alike}.values())


def _found(owner: User, sql: str, words: list[str], most: int) -> list[Offered]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"owner": owner.pk, "words": words, "most": most})
        rows = cursor.fetchall()
    return [
        Offered(kind, pk, contact_id, one)
        for kind, pk, contact_id, text in rows
        for one in text.split("\n")
        if one
    ]


def said_by(contact: Contact) -> list[Offered]:
    """What they offer, do or wish, and their work."""
    said = contact.facts.offering().values_list("kind", "pk", "text")
    found = [Offered(kind, pk, contact.pk, text) for kind, pk, text in said]
    own = [text for text in (contact.headline, contact.job_title) if text]
    return found + [Offered("work", contact.pk, contact.pk, text) for text in own]


def of_me(owner: User, me: Contact) -> list[Offered]:
    """With the sentences on my card."""
    offers = owner.cardoffers.values_list("pk", "text")
    return said_by(me) + [Offered("card", pk, me.pk, text) for pk, text in offers]


def _query(text: str) -> str:
    """What finds every text with a word that could be one of this one's."""
    found: dict[str, None] = {}
    weights = dict(terms(text))
    # Weak words alone make no match: they are asked for where there are no others.
    least = WEAK if max(weights.values(), default=0) > WEAK else 0
    # With their accents too: the index has them.
    for word in [*weights, *written(text)]:
        if weights.get(fold(word), 0) <= least:
            continue
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
        unfit = owner.unfits.filter(need__in=[need.pk for need in needs])
        self.unfit = set(unfit.values_list("need", "contact"))

    def fits(self, need: Fact, offered: Offered) -> bool:
        both = frozenset((need.contact_id, offered.contact_id))
        return (
            len(both) == 2
            and both not in self.together
            and (need.pk, offered.contact_id) not in self.unfit
            and key(need, offered) not in self.keys
        )


def key(need: Fact, offered: Offered) -> str:
    return f"match:{need.pk}:{offered.pk}"


def rows(rows: Any, ids: Collection[UUID]) -> dict[UUID, Any]:
    return {row.pk: row for row in rows.filter(pk__in=ids)}
