"""Finding people: matching, best first, and why it matched.

A search is read as terms (contacts/search_words.py) that must all be found in one
person's search row. Where hardly anybody matches, the owner's own vocabulary
proposes what may have been meant, and those people come last.
"""

import json
from dataclasses import dataclass
from uuid import UUID

from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models
from django.utils.safestring import SafeString

from contacts.models import Contact, SearchRow
from contacts.search_corrections import corrected
from contacts.search_reasons import Reason, marked, reasons
from contacts.search_words import Term, terms
from networkcrm.models import User
from networkcrm.text import fold

PER_PAGE = 20
# Who is not among so many should be asked for with one more word.
MOST_HITS = 400
FEW = 5


@dataclass(frozen=True, slots=True)
class Hit:
    contact: Contact
    name: SafeString
    reasons: list[Reason]
    # Found only by a word close to the one that was typed.
    is_close: bool = False


@dataclass(frozen=True, slots=True)
class Results:
    """One page of hits. `meant` are the words of the vocabulary that close hits hold."""

    hits: list[Hit]
    page: int
    has_next: bool
    meant: list[str]


@SearchVectorField.register_lookup
class Matches(models.Lookup):
    """words__matches="'lena':*": the tsquery goes to Postgres as it is."""

    lookup_name = "matches"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: str, connection: object) -> tuple[str, list[str]]:
        return "%s::tsquery", [value]

    def as_sql(self, compiler: object, connection: object) -> tuple[str, list[object]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} @@ {right}", [*left_params, *right_params]


def matching(owner_id: UUID, text: str) -> models.QuerySet[SearchRow]:
    """The ids of the contacts that match, as a subquery for `pk__in`.

    When nobody matches as typed, those that are close. A text without a letter or
    digit matches everybody.
    """
    rows = SearchRow.objects.of(owner_id)
    found = terms(text)
    if not found:
        return rows.values("contact_id")
    exact = _narrowed(rows, found)
    if not exact.exists() and (near := corrected(owner_id, found)):
        return _narrowed(rows, near, close=True).values("contact_id")
    return exact.values("contact_id")


def _narrowed(
    rows: models.QuerySet[SearchRow], found: list[Term], *, close: bool = False
) -> models.QuerySet[SearchRow]:
    query = _Query.of(found, close=close)
    if query.words:
        rows = rows.filter(words__matches=query.words)
    if query.names:
        rows = rows.filter(names__matches=query.names)
    return rows


@dataclass(frozen=True, slots=True)
class _Query:
    """The tsqueries of a search: who matches, and how well by name."""

    words: str
    names: str
    exact_names: str
    begun_names: str
    any_name: str
    any_word: str

    @classmethod
    def of(cls, found: list[Term], *, close: bool = False) -> "_Query":
        begun = [term.query(corrected=close) for term in found]
        exact = [term.query(exact=True, corrected=close) for term in found]
        pairs = list(zip(found, begun, strict=True))
        return cls(
            words=" & ".join(query for term, query in pairs if not term.in_names),
            names=" & ".join(query for term, query in pairs if term.in_names),
            exact_names=" & ".join(exact),
            begun_names=" & ".join(begun),
            any_name=" | ".join(begun),
            any_word=" | ".join(begun),
        )


def search(owner: User, text: str, page: int = 1) -> Results:
    """One page of the owner's contacts that match, best first, with the reasons.

    Two statements; up to three more when hardly anybody matches as typed. Pages
    beyond the first MOST_HITS people are empty.
    """
    found = terms(text)
    if not found:
        return Results([], 1, False, [])
    offset = (page - 1) * PER_PAGE
    rows = _ranked(owner.pk, found, fold(text), offset, PER_PAGE + 1)
    has_next = len(rows) > PER_PAGE and offset + PER_PAGE < MOST_HITS
    rows = rows[:PER_PAGE]
    close: list[_Ranked] = []
    meant: list[str] = []
    if page == 1 and len(rows) < FEW and (wider := corrected(owner.pk, found)):
        known = {row.contact_id for row in rows}
        more = _ranked(owner.pk, wider, fold(text), 0, PER_PAGE, close=True)
        close = [row for row in more if row.contact_id not in known]
        meant = [way.word for term in wider for way in term.corrections] if close else []
        found = wider
    contacts = owner.contacts.in_bulk([row.contact_id for row in rows + close])
    hits = [
        Hit(
            contact=contacts[row.contact_id],
            name=marked(contacts[row.contact_id].full_name, found),
            reasons=reasons(row.pieces, found),
            is_close=is_close,
        )
        for is_close, group in ((False, rows), (True, close))
        for row in group
        if row.contact_id in contacts
    ]
    return Results(hits, page, has_next, meant)


@dataclass(frozen=True, slots=True)
class _Ranked:
    contact_id: UUID
    pieces: list[list[str]]


# Everybody who matches is compared by the name, which is short and stands in the
# row itself. The rest of the row, which may stand apart, is read only of the best.
_RANKED = """
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
        WHERE s.owner_id = %(owner)s {matches}
        ORDER BY tier, later, s.sort_key, s.contact_id
        LIMIT {most}
    )
    SELECT s.contact_id, s.pieces
    FROM best JOIN contacts_searchrow s ON s.owner_id = %(owner)s AND s.id = best.id
    ORDER BY best.tier, best.later,
        CASE WHEN best.tier > 2 THEN -ts_rank(s.words, %(any_word)s::tsquery) END,
        best.sort_key, best.contact_id
    LIMIT %(limit)s OFFSET %(offset)s
"""


def _ranked(
    owner_id: UUID,
    found: list[Term],
    folded: str,
    offset: int,
    limit: int,
    *,
    close: bool = False,
) -> list[_Ranked]:
    query = _Query.of(found, close=close)
    matches = ""
    if query.words:
        matches += " AND s.words @@ %(words)s::tsquery"
    if query.names:
        matches += " AND s.names @@ %(names)s::tsquery"
    with connection.cursor() as cursor:
        cursor.execute(
            _RANKED.format(matches=matches, most=MOST_HITS),
            {
                "owner": owner_id,
                "folded": folded,
                "limit": limit,
                "offset": offset,
                **{name: getattr(query, name) for name in _Query.__slots__},
            },
        )
        return [_Ranked(pk, json.loads(pieces)) for pk, pieces in cursor.fetchall()]
