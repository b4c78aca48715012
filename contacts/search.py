"""Finding people: matching, best first, and why it matched.

A search is read as terms (contacts/search_words.py) that must all be found in one
person's search row. Where hardly anybody matches, the owner's own vocabulary
proposes what may have been meant, and those people come last.
"""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models
from django.utils.safestring import SafeString

from contacts.models import Contact, SearchRow
from contacts.search_corrections import LAST, corrected
from contacts.search_reasons import Reason, marked, reasons
from contacts.search_rows import LONGEST_SORT_KEY
from contacts.search_words import LONGEST_SEARCH, Term, quoted, terms
from networkcrm.models import User
from networkcrm.text import fold

__all__ = ["LONGEST_SEARCH", "MOST_HITS", "MOST_PAGES", "matching", "search"]

PER_PAGE = 20
# Who is not among so many should be asked for with one more word.
MOST_HITS = 200
MOST_PAGES = MOST_HITS // PER_PAGE + 1
# So few hits may mean a typing mistake.
FEW = 5
# From here on it is cheaper to walk by name until a page is full than to rank all.
BROAD = 1000
# How far to walk for one hit before that turns out to be wrong.
STEPS_PER_HIT = 20


@dataclass(frozen=True, slots=True)
class Hit:
    contact: Contact
    name: SafeString
    reasons: list[Reason]
    # Found only by a word close to the one that was typed.
    is_close: bool = False

    def is_called(self, text: str) -> bool:
        return fold(self.contact.full_name) == fold(text)


@dataclass(frozen=True, slots=True)
class Results:
    """One page of hits. `meant`: the words of the vocabulary that close hits hold."""

    hits: list[Hit]
    number: int = 1
    has_next: bool = False
    # There are more than MOST_HITS, and this is the last page of them.
    is_cut: bool = False
    meant: tuple[str, ...] = ()

    @property
    def exact_count(self) -> int:
        return sum(not hit.is_close for hit in self.hits)

    @property
    def first(self) -> int:
        return (self.number - 1) * PER_PAGE + 1

    @property
    def last(self) -> int:
        return self.first + self.exact_count - 1

    @property
    def previous_number(self) -> int:
        return self.number - 1

    @property
    def next_number(self) -> int:
        return self.number + 1


def search(owner: User, text: str, page: int = 1) -> Results:
    """One page of the owner's contacts that match, best first, with the reasons.

    A handful of statements, whatever there is. Pages beyond the first MOST_HITS
    people are empty.
    """
    query = Query(owner.pk, text)
    if not query.terms:
        return Results([])
    start, end = (page - 1) * PER_PAGE, min(page * PER_PAGE, MOST_HITS)
    ids = query.best(end + 1)
    hits = _hits(owner, ids[start:end], query.terms)
    if page > 1 or len(hits) >= FEW or (hits and hits[0].is_called(text)):
        more = len(ids) > end
        return Results(hits, page, more and end < MOST_HITS, more and end == MOST_HITS)
    wider = query.corrected()
    close = [pk for pk in wider.best(PER_PAGE) if pk not in ids] if wider else []
    if not wider or not close:
        return Results(hits)
    words = dict.fromkeys(way.word for term in wider.terms for way in term.corrections)
    hits += _hits(owner, close, wider.terms, is_close=True)
    return Results(hits, meant=tuple(words))


def matching(owner_id: UUID, text: str) -> models.Q:
    """Who matches, to narrow and order otherwise; those close when nobody does.

    A text without a letter or digit matches everybody.
    """
    query = Query(owner_id, text)
    if not query.terms:
        return models.Q()
    if query.is_broad():
        return models.Q(pk__in=query.rows().values("contact_id"))
    ids = query.all()
    if not ids and (wider := query.corrected()):
        ids = wider.all()
    return models.Q(pk__in=ids)


def _hits(
    owner: User, ids: list[UUID], found: list[Term], *, is_close: bool = False
) -> list[Hit]:
    if not ids:
        return []
    contacts = owner.contacts.select_related("organization").in_bulk(ids)
    rows = SearchRow.objects.of(owner.pk).filter(contact_id__in=ids)
    pieces = dict(rows.values_list("contact_id", "pieces"))
    return [
        Hit(
            contact=contacts[pk],
            name=marked(contacts[pk].full_name, found),
            reasons=reasons(pieces[pk], found),
            is_close=is_close,
        )
        for pk in ids
        if pk in contacts and pk in pieces
    ]


@SearchVectorField.register_lookup
class Matches(models.Lookup):
    """words__matches="'lena':*": the tsquery goes to Postgres as it is."""

    lookup_name = "matches"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: Any) -> Any:
        return "%s::tsquery", [value]

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} @@ {right}", (*left_params, *right_params)


# Everybody who matches is compared by the name, which is short; all the words of a
# row are weighed only for the best.
_RANKED = f"""
    WITH best AS MATERIALIZED (
        SELECT s.id, s.sort_key, s.contact_id,
            CASE
                WHEN s.sort_key = %(folded)s THEN 0
                WHEN s.names @@ %(exact_names)s::tsquery THEN 1
                WHEN s.names @@ %(begun_names)s::tsquery THEN 2
                WHEN s.names @@ %(any_name)s::tsquery THEN 3
                ELSE 4
            END AS tier,
            NOT starts_with(s.sort_key, %(folded)s) AS later
        FROM contacts_searchrow s
        WHERE s.owner_id = %(owner)s AND {{condition}}
        ORDER BY tier, later, s.sort_key, s.contact_id
        LIMIT {MOST_HITS + 1}
    )
    SELECT s.contact_id
    FROM best JOIN contacts_searchrow s ON s.owner_id = %(owner)s AND s.id = best.id
    ORDER BY best.tier, best.later,
        CASE WHEN best.tier > 2 THEN -ts_rank(s.words, %(any_name)s::tsquery) END,
        best.sort_key, best.contact_id
    LIMIT %(limit)s
"""
_ALL = """
    SELECT s.contact_id FROM contacts_searchrow s
    WHERE s.owner_id = %(owner)s AND {condition}
"""
_BY_NAME = """
    SELECT s.contact_id FROM contacts_searchrow s
    WHERE s.owner_id = %(owner)s AND {condition}
    ORDER BY s.sort_key, s.contact_id
    LIMIT %(limit)s
"""
_WALK = """
    SELECT s.contact_id FROM (
        SELECT * FROM contacts_searchrow
        WHERE owner_id = %(owner)s
        ORDER BY sort_key, contact_id LIMIT %(steps)s
    ) s
    WHERE {condition}
    ORDER BY s.sort_key, s.contact_id
    LIMIT %(limit)s
"""
_NOT_BY_NAME = "NOT s.names @@ %(any_name)s::tsquery"


class Query:
    """A search as Postgres is asked it: who matches, and how well by name."""

    def __init__(
        self, owner_id: UUID, text: str, found: list[Term] | None = None
    ) -> None:
        self.text = text = text.replace("\0", " ")
        self.terms = terms(text) if found is None else found
        # Too many words begin with one letter: let the index find the longer terms,
        # and compare the short ones with the names of those it found.
        asked = [term for term in self.terms if not term.is_short]
        self.is_short = not asked
        self.filters = [term for term in self.terms if term.is_short and asked]
        begun = _all(term.query() for term in self.terms)
        self.params: dict[str, Any] = {
            "owner": owner_id,
            "folded": fold(text)[:LONGEST_SORT_KEY],
            "words": _all(term.query() for term in asked)
            or _all(term.query(named=True) for term in self.terms),
            "begun_names": begun,
            "exact_names": _all(term.query(exact=True) for term in self.terms),
            "any_name": _any(term.query() for term in self.terms),
        }
        self.condition = "s.words @@ %(words)s::tsquery"
        for i, term in enumerate(self.filters):
            self.params[f"filter{i}"] = term.query()
            self.params[f"whole{i}"] = quoted(term.word if len(term.word) > 1 else "=")
            self.condition += (
                f" AND (s.names @@ %(filter{i})s::tsquery"
                f" OR s.words @@ %(whole{i})s::tsquery)"
            )

    @property
    def owner_id(self) -> UUID:
        return self.params["owner"]

    def corrected(self) -> "Query | None":
        """The same with what may have been meant, None when nothing comes near."""
        found = corrected(self.owner_id, self.terms)
        return Query(self.owner_id, self.text, found) if found else None

    def rows(self) -> models.QuerySet[SearchRow]:
        rows = SearchRow.objects.of(self.owner_id)
        rows = rows.filter(words__matches=self.params["words"])
        for i, _term in enumerate(self.filters):
            rows = rows.filter(
                models.Q(names__matches=self.params[f"filter{i}"])
                | models.Q(words__matches=self.params[f"whole{i}"])
            )
        return rows

    def all(self) -> list[UUID]:
        sql = (
            "SELECT s.contact_id FROM contacts_searchrow s WHERE s.owner_id = %(owner)s"
        )
        return self._ids(f"{sql} AND {{condition}}", self.condition)

    def best(self, limit: int) -> list[UUID]:
        """The ids of the best `limit` contacts, in their order."""
        if self.is_short and len(self.terms) == 1:
            return self._best_of_short(limit)
        if not self.is_short and self.is_broad():
            return self._best_of_broad(limit)
        return self._ids(_RANKED, self.condition, limit=limit)

    def is_broad(self) -> bool:
        """What the statistics of Postgres say, which costs no look at the rows."""
        sql = "EXPLAIN SELECT 1 FROM contacts_searchrow s WHERE s.owner_id = %(owner)s"
        with connection.cursor() as cursor:
            cursor.execute(f"{sql} AND {self.condition}", self.params)
            plan = cursor.fetchone()
        rows = re.search(r"rows=(\d+)", plan[0]) if plan else None
        return bool(rows) and int(rows[1]) > BROAD  # type: ignore[index]

    def _best_of_broad(self, limit: int) -> list[UUID]:
        """Those whose name it is; then the others by name, without ranking them all."""
        named = _any(term.query(named=True) for term in self.terms)
        self.params["named"] = f"({self.params['words']}) & ({named})"
        by_name = self.condition.replace("%(words)s", "%(named)s", 1)
        ids = self._ids(_RANKED, by_name, limit=limit)
        if left := limit - len(ids):
            condition = f"{self.condition} AND {_NOT_BY_NAME}"
            steps = STEPS_PER_HIT * left
            others = self._ids(_WALK, condition, limit=left, steps=steps)
            if len(others) < left:
                others = self._ids(_BY_NAME, condition, limit=left)
            ids += others
        return ids

    def _best_of_short(self, limit: int) -> list[UUID]:
        """A letter or two: a whole name, then the beginning of one, first or last."""
        word = self.terms[0].word
        self.params |= {
            "whole": quoted(f"={word}"),
            "word": quoted(word),
            "end": self.params["folded"] + LAST,
            "rest": self.params["words"] + (f" | {quoted(word)}" if word[1:] else ""),
        }
        others = " AND NOT s.names @@ %(word)s::tsquery"
        ids: list[UUID] = []
        for condition in (
            "s.words @@ %(whole)s::tsquery",
            f"s.sort_key >= %(folded)s AND s.sort_key <= %(end)s {others}",
            "s.words @@ %(rest)s::tsquery"
            f" AND NOT starts_with(s.sort_key, %(folded)s) {others}",
        ):
            if left := limit - len(ids):
                ids += self._ids(_BY_NAME, condition, limit=left)
        return ids

    def _ids(self, sql: str, condition: str, **params: int) -> list[UUID]:
        # Reading all rows looks cheap to the planner, which does not know how long it
        # takes to compare their words. Sent as one, these are one transaction, and
        # the setting ends with it.
        with connection.cursor() as cursor:
            cursor.execute(
                "SET LOCAL enable_seqscan = off;"
                + sql.format(condition=condition)
                + "; SET LOCAL enable_seqscan TO DEFAULT",
                self.params | params,
            )
            cursor.nextset()
            return [row[0] for row in cursor.fetchall()]


def _all(queries: Any) -> str:
    return " & ".join(f"({query})" for query in queries)


def _any(queries: Any) -> str:
    return " | ".join(f"({query})" for query in queries)
