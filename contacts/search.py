"""Finding people: matching, best first, and why it matched.

A search is read as terms (contacts/search_words.py) that must all be found in one
person's search row. Where hardly anybody matches, the owner's own vocabulary
proposes what may have been meant, and those people come last.
"""

from dataclasses import dataclass
from functools import cached_property
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
# From here on walking as far as it takes is cheaper than to look at all.
COMMON = 3000


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


_ROWS = "contacts_searchrow"
# Everybody who matches is compared by the name, which is short; all the words of a
# row are weighed only for the best, and who is close comes before who is not.
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
        FROM {{rows}} s
        WHERE s.owner_id = %(owner)s AND {{condition}}
        ORDER BY tier, later, s.sort_key, s.contact_id
        LIMIT {MOST_HITS + 1}
    )
    SELECT s.contact_id
    FROM best JOIN contacts_searchrow s ON s.owner_id = %(owner)s AND s.id = best.id
    JOIN contacts_contact c ON c.owner_id = %(owner)s AND c.id = best.contact_id
    LEFT JOIN contacts_circle k ON k.owner_id = %(owner)s AND k.id = c.circle_id
    ORDER BY best.tier, best.later,
        CASE WHEN best.tier > 2 THEN -ts_rank(s.words, %(any_name)s::tsquery) END,
        c.archived_at IS NOT NULL, k.seats, c.last_contact_on DESC NULLS LAST,
        best.sort_key, best.contact_id
    LIMIT %(limit)s
"""
# Those the index finds by a rare word, to be looked through for the rest. Asked for
# both, it would read all who have the common one.
_FEW = """(
    SELECT * FROM contacts_searchrow
    WHERE owner_id = %(owner)s AND words @@ %({key})s::tsquery
    OFFSET 0
)"""
# All the index finds, then sorted: the planner would rather walk by name, and compare
# the words of thousands on the way.
_SORTED = """
    WITH s AS MATERIALIZED (
        SELECT s.contact_id, s.sort_key FROM {rows} s
        WHERE s.owner_id = %(owner)s AND {condition}
    )
    SELECT s.contact_id FROM s
    ORDER BY s.sort_key, s.contact_id
    LIMIT %(limit)s
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
_NOT_BY_NAME = "NOT s.names @@ %(asked_names)s::tsquery"


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
            "asked_names": _any(term.query() for term in asked),
            "named": _any(term.query(named=True) for term in asked),
        }
        self.condition = "s.words @@ %(words)s::tsquery"
        for i, term in enumerate(self.filters):
            self.params[f"filter{i}"] = term.query()
            begins = f"s.names @@ %(filter{i})s::tsquery"
            if len(term.word) > 1:
                self.params[f"whole{i}"] = quoted(term.word)
                begins += f" OR s.words @@ %(whole{i})s::tsquery"
            self.condition += f" AND ({begins})"
        self.asked = {f"asked{i}": term.query() for i, term in enumerate(asked)}
        short = [
            f"{term.query(named=True)} | {quoted(term.word)}" for term in self.filters
        ]
        # The same, short terms too, as the index is asked when all are common.
        self.params |= self.asked | {"all": _all([*self.asked.values(), *short])}

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
        for i, term in enumerate(self.filters):
            begins = models.Q(names__matches=self.params[f"filter{i}"])
            if len(term.word) > 1:
                begins |= models.Q(words__matches=self.params[f"whole{i}"])
            rows = rows.filter(begins)
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
        if self.is_short:
            return self._ids(_RANKED, self.condition, limit=limit)
        if self.filters and min(self.estimates[1:]) > COMMON:
            self.condition = _in_words("all")
        if self.is_broad():
            return self._best_of_broad(limit)
        return self._ids(_RANKED, self.condition, self._few(), limit=limit)

    def is_broad(self) -> bool:
        # A number that nobody has looks frequent to the statistics.
        if any(term.is_number for term in self.terms):
            return False
        return self.estimates[0] > BROAD

    def _few(self) -> str:
        """The rows to look through: of the rarest term, or the two rarest of many."""
        each = sorted(zip(self.estimates[1:], self.asked, strict=True))
        if each[-1][0] <= COMMON:
            return _ROWS
        rare = [key for _, key in each[: 1 if each[0][0] <= COMMON else 2]]
        if len(rare) == len(each):
            return _ROWS
        self.params["rare"] = _all(self.asked[key] for key in rare)
        return _FEW.format(key="rare")

    @cached_property
    def estimates(self) -> list[int]:
        """Of all that is asked, and of each term alone."""
        return self._estimates([self.condition, *map(_in_words, self.asked)])

    def _estimates(self, conditions: list[str]) -> list[int]:
        """What the statistics of Postgres say, which costs no look at the rows."""
        rows = f"SELECT 1 FROM {_ROWS} s WHERE s.owner_id = %(owner)s AND "
        asked = " UNION ALL ".join(f"({rows}{condition})" for condition in conditions)
        with connection.cursor() as cursor:
            # Workers in parallel would each be told of a part of the rows.
            cursor.execute(
                "SET LOCAL max_parallel_workers_per_gather = 0;"
                f"EXPLAIN (FORMAT JSON) {asked};"
                "SET LOCAL max_parallel_workers_per_gather TO DEFAULT",
                self.params,
            )
            cursor.nextset()
            [[[plan]]] = cursor.fetchall()
        plans = plan["Plan"]["Plans"] if len(conditions) > 1 else [plan["Plan"]]
        return [each["Plan Rows"] for each in plans]

    def _best_of_broad(self, limit: int) -> list[UUID]:
        """Those whose name it is; then the others by name, without ranking them all."""
        named = _in_words("named")
        if len(self.terms) == 1:
            ids = self._ids(_RANKED, named, limit=limit)
        elif self._estimates([named])[0] > COMMON:
            every = f"{named} AND {self.condition}"
            ids = self._ids(_RANKED, every, limit=limit)
        else:
            rows = _FEW.format(key="named")
            ids = self._ids(_RANKED, self.condition, rows, limit=limit)
        if left := limit - len(ids):
            others = f"{self.condition} AND {_NOT_BY_NAME}"
            ids += self._by_name(others, left, self._few())
        return ids

    def _by_name(self, condition: str, limit: int, rows: str = _ROWS) -> list[UUID]:
        """Of many, the first by name."""
        steps = STEPS_PER_HIT * limit
        ids = self._ids(_WALK, condition, limit=limit, steps=steps)
        if len(ids) < limit:
            is_common = self._estimates([condition])[0] > COMMON
            sql = _BY_NAME if is_common else _SORTED
            ids = self._ids(sql, condition, rows, limit=limit)
        return ids

    def _best_of_short(self, limit: int) -> list[UUID]:
        """A letter or two: a whole name, then the beginning of one, first or last, then
        two letters that are a word."""
        word = self.terms[0].word
        self.params |= {
            "whole": quoted(f"={word}"),
            "word": quoted(word),
            "end": self.params["folded"] + LAST,
        }
        begins = "s.sort_key >= %(folded)s AND s.sort_key <= %(end)s"
        others = " AND NOT s.names @@ %(word)s::tsquery"
        ids = self._named("whole", "s.names @@ %(word)s::tsquery", limit)
        if left := limit - len(ids):
            ids += self._ids(_BY_NAME, begins + others, limit=left)
        if left := limit - len(ids):
            inside = "s.names @@ %(begun_names)s::tsquery"
            inside += f" AND NOT starts_with(s.sort_key, %(folded)s){others}"
            ids += self._named("words", inside, left)
        if (left := limit - len(ids)) and len(word) > 1:
            said = "s.words @@ %(word)s::tsquery AND NOT s.names @@ %(any_name)s"
            ids += self._by_name(f"{said}::tsquery", left)
        return ids

    def _named(self, key: str, condition: str, limit: int) -> list[UUID]:
        """By name, those called so: found by walking where they are many."""
        found = _in_words(key)
        if self._estimates([found])[0] > BROAD:
            return self._ids(_BY_NAME, condition, limit=limit)
        return self._ids(_SORTED, f"{found} AND {condition}", limit=limit)

    def _ids(
        self,
        sql: str,
        condition: str,
        rows: str = _ROWS,
        **params: int,
    ) -> list[UUID]:
        # Reading all rows looks cheap to the planner, which does not know how long it
        # takes to compare their words. Sent as one, these are one transaction, and
        # the setting ends with it.
        with connection.cursor() as cursor:
            cursor.execute(
                "SET LOCAL enable_seqscan = off;"
                + sql.format(rows=rows, condition=condition)
                + "; SET LOCAL enable_seqscan TO DEFAULT",
                self.params | params,
            )
            cursor.nextset()
            return [row[0] for row in cursor.fetchall()]


def _in_words(key: str) -> str:
    return f"s.words @@ %({key})s::tsquery"


def _all(queries: Any) -> str:
    return " & ".join(f"({query})" for query in queries)


def _any(queries: Any) -> str:
    return " | ".join(f"({query})" for query in queries)
