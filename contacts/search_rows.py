"""The search rows, recomputed in the transaction that changed what they are made of.

Each app names its sources: SQL that yields what can be found of some contacts. All
sources are read in one statement, cut into words here, and written in one more.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import batched
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction

from contacts.models import Contact, ContactMethod, Fact, SearchRow, SearchWord
from contacts.models.methods import Service
from contacts.search_words import (
    LONGEST_WORD,
    NAME,
    is_vocabulary,
    phone_words,
    words_of,
)
from networkcrm.owned import uuid7

AT_ONCE = 1000
# Far below what PostgreSQL takes for one tsvector (1 MB of words and positions).
MOST_CHARACTERS = 200_000
MOST_BYTES_OF_WORDS = 500_000
LONGEST_SORT_KEY = 200

Piece = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Source:
    """Where pieces come from.

    `sql` has the parameters %(owner)s and %(ids)s (an array) and yields (contact_id,
    source name, weight A to D, detail, text, normalized text). `labels` gives, by the
    name that the SQL yields, what stands before the text as the reason of a hit,
    made from the detail: "e-mail:", "introduced by".
    """

    sql: str
    labels: dict[str, Callable[[str], str]]


_sources: list[Source] = []


def register(source: Source) -> None:
    """Add a source; pieces of the same weight stand in the order of registration."""
    _sources.append(source)


def _method_label(detail: str) -> str:
    kind, _, service = detail.partition(":")
    if service and service != Service.OTHER:
        return ""
    return f"{ContactMethod.Kind(kind).label.lower()}:"


def case_of(column: str, choices: type[models.TextChoices], *without: str) -> str:
    """SQL for the word that stands for a choice, NULL for those in `without`."""
    known = [choice for choice in choices if choice not in without]
    whens = " ".join(f"WHEN '{choice}' THEN '{choice.label}'" for choice in known)
    return f"CASE {column} {whens} END"


CONTACTS = Source(
    sql=f"""
        SELECT c.id, v.source, v.weight, v.detail, v.text, v.normalized
        FROM contacts_contact c
        LEFT JOIN contacts_organization o
            ON o.owner_id = %(owner)s AND o.id = c.organization_id
        LEFT JOIN contacts_circle k ON k.owner_id = %(owner)s AND k.id = c.circle_id
        CROSS JOIN LATERAL (VALUES
            ('name', 'A', c.sort_key, c.full_name, concat_ws(' ', c.prefix,
                c.given_name, c.middle_name, c.family_name, c.suffix)),
            ('nickname', 'A', '', c.nickname, ''),
            ('headline', 'B', '', c.headline, ''),
            ('job', 'B', '', c.job_title, ''),
            ('organization', 'B', '', o.name, ''),
            ('place', 'B', '', concat_ws(', ', nullif(c.city, ''),
                nullif(c.region, ''), nullif(c.country, '')), ''),
            ('circle', 'C', '', k.name, ''),
            ('notes', 'D', '', c.about, '')
        ) AS v (source, weight, detail, text, normalized)
        WHERE c.owner_id = %(owner)s AND c.id = ANY(%(ids)s)
            AND c.trashed_at IS NULL AND NOT c.is_me AND v.text <> ''
        UNION ALL
        SELECT contact_id, 'method', 'B', kind || ':' || service,
            concat_ws(': ', {case_of("service", Service, Service.OTHER)}, value),
            normalized
        FROM contacts_contactmethod
        WHERE owner_id = %(owner)s AND contact_id = ANY(%(ids)s)
        UNION ALL
        SELECT ct.contact_id, 'tag', 'C', '', t.name, ''
        FROM contacts_contacttag ct
        JOIN contacts_tag t ON t.owner_id = %(owner)s AND t.id = ct.tag_id
        WHERE ct.owner_id = %(owner)s AND ct.contact_id = ANY(%(ids)s)
        UNION ALL
        SELECT contact_id, 'fact', 'C', kind, text, ''
        FROM contacts_fact
        WHERE owner_id = %(owner)s AND contact_id = ANY(%(ids)s)
        UNION ALL
        SELECT contact_id, 'date', 'D', '', label, ''
        FROM contacts_importantdate
        WHERE owner_id = %(owner)s AND contact_id = ANY(%(ids)s) AND label <> ''
    """,
    labels={
        "name": lambda _: "name:",
        "nickname": lambda _: "also called",
        "headline": lambda _: "headline:",
        "job": lambda _: "job:",
        "organization": lambda _: "organization:",
        "place": lambda _: "place:",
        "circle": lambda _: "circle:",
        "method": _method_label,
        "tag": lambda _: "tag:",
        "fact": lambda kind: f"{Fact.Kind(kind).label.lower()}:",
        "date": lambda _: "date:",
        "notes": lambda _: "notes:",
    },
)
register(CONTACTS)


def lock(owner_id: UUID, contact_ids: Iterable[UUID]) -> None:
    """The first refresher: who comes second waits here, and then sees it all.

    Whoever recomputes a contact reads what others have committed, so two that
    change the same contact must not compute at the same time.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM contacts_contact WHERE owner_id = %s AND id = ANY(%s)"
            " ORDER BY id FOR NO KEY UPDATE",
            [owner_id, sorted(contact_ids)],
        )


def refresh(owner_id: UUID, contact_ids: Iterable[UUID]) -> None:
    """Recompute the search rows of these contacts, in three statements per thousand.

    Runs in the transaction of the change, after `lock`.
    """
    for ids in batched(sorted(contact_ids), AT_ONCE, strict=False):
        _write(owner_id, list(ids), _read(owner_id, list(ids)))


def _read(owner_id: UUID, ids: list[UUID]) -> dict[UUID, list[Any]]:
    sql = "\nUNION ALL\n".join(source.sql for source in _sources)
    found: defaultdict[UUID, list[Any]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(sql, {"owner": owner_id, "ids": ids})
        for contact_id, *piece in cursor.fetchall():
            found[contact_id].append(piece)
    return found


@dataclass(slots=True)
class _Row:
    """What is written of one contact, gathered from its pieces, the weighty first."""

    sort_key: str
    names: str
    words: str
    pieces: list[Piece]
    vocabulary: Iterable[str]


def _write(owner_id: UUID, ids: list[UUID], found: dict[UUID, list[Any]]) -> None:
    labels = {k: label for source in _sources for k, label in source.labels.items()}
    rows = {
        contact_id: row
        for contact_id, pieces in found.items()
        if (row := _row(pieces, labels))
    }
    with connection.cursor() as cursor:
        if len(rows) < len(ids):
            cursor.execute(
                "DELETE FROM contacts_searchrow"
                " WHERE owner_id = %s AND contact_id = ANY(%s)",
                [owner_id, [i for i in ids if i not in rows]],
            )
        if not rows:
            return
        cursor.execute(
            """
            INSERT INTO contacts_searchrow AS old (id, owner_id, created_at, updated_at,
                contact_id, sort_key, names, words, pieces)
            SELECT new.id, %s, now(), now(), new.contact_id, new.sort_key,
                new.names::tsvector, new.words::tsvector, new.pieces
            FROM json_to_recordset(%s) AS new (id uuid, contact_id uuid, sort_key text,
                names text, words text, pieces jsonb)
            ON CONFLICT (owner_id, contact_id) DO UPDATE SET
                updated_at = excluded.updated_at, sort_key = excluded.sort_key,
                names = excluded.names, words = excluded.words,
                pieces = excluded.pieces
            WHERE (old.sort_key, old.names, old.words, old.pieces) IS DISTINCT FROM
                (excluded.sort_key, excluded.names, excluded.words, excluded.pieces)
            """,
            [owner_id, _json([_columns(*row) for row in rows.items()])],
        )
        words = set[str]().union(*(row.vocabulary for row in rows.values()))
        _learn(cursor, owner_id, filter(is_vocabulary, words))


def _columns(contact_id: UUID, row: _Row) -> dict[str, Any]:
    return {
        "id": str(uuid7()),
        "contact_id": str(contact_id),
        "sort_key": row.sort_key,
        "names": row.names,
        "words": row.words,
        "pieces": row.pieces,
    }


def _row(
    pieces: list[list[str]], labels: dict[str, Callable[[str], str]]
) -> _Row | None:
    """What to write of one contact, None when they are not to be found."""
    # By weight: the first place of a word is its best, and what is too much for one
    # row is cut off the least of it.
    pieces.sort(key=_weight)
    if not pieces or pieces[0][0] != "name":
        return None
    row = _Row(pieces[0][2][:LONGEST_SORT_KEY], "", "", [], [])
    weights: dict[str, str] = {}
    said = set[Piece]()
    left = MOST_CHARACTERS
    for source, weight, detail, text, normalized in pieces:
        text = " ".join(text.split())[:left]
        left -= len(text)
        piece = (weight, labels[source](detail), text)
        if piece in said:
            continue
        said.add(piece)
        row.pieces.append(piece)
        for word in _words(text, detail, normalized):
            weights.setdefault(word, weight)
        if not left:
            break
    names = [word for word, weight in weights.items() if weight == "A"]
    row.names = " ".join([f"'{word}':1" for word in names])
    row.words = " ".join(
        [f"'{NAME}{word}'" for word in names]
        + [f"'{word}':1{weight}" for word, weight in _fitting(weights).items()]
    )
    row.vocabulary = weights.keys()
    return row


def _weight(piece: list[str]) -> str:
    return piece[1]


def _words(text: str, detail: str, normalized: str) -> list[str]:
    words = words_of(text)
    if detail == "phone:" or normalized[:1] == "+":
        words += phone_words(normalized)
    elif normalized and normalized != text:
        words += words_of(normalized)
    return words


def _fitting(weights: dict[str, str]) -> dict[str, str]:
    """The words that one tsvector can hold, the weighty first."""
    if len(weights) < MOST_BYTES_OF_WORDS / (4 * LONGEST_WORD + 8):
        return weights
    left = MOST_BYTES_OF_WORDS
    kept = {}
    for word, weight in weights.items():
        left -= len(word.encode()) + 8
        if left < 0:
            break
        kept[word] = weight
    return kept


def _json(rows: list[Any]) -> str:
    """One parameter: an array of texts takes its driver ten times as long to quote."""
    return json.dumps(rows, ensure_ascii=False)


def _learn(cursor: Any, owner_id: UUID, words: Iterable[str]) -> None:
    """Put new words into the owner's vocabulary, waiting for nobody."""
    cursor.execute(
        """
        INSERT INTO contacts_searchword (id, owner_id, created_at, updated_at, word)
        SELECT gen_random_uuid(), %(owner)s, now(), now(), new.word
        FROM json_array_elements_text(%(words)s) AS new (word)
        WHERE NOT EXISTS (
            SELECT 1 FROM contacts_searchword old
            WHERE old.owner_id = %(owner)s AND old.word = new.word COLLATE "C")
        """,
        {"owner": owner_id, "words": _json(sorted(words))},
    )


def reindex(owner_id: UUID) -> dict[str, int]:
    """Make all search rows of an owner anew, and forget words nobody has any more.

    Returns the number of contacts looked at and of words known. Each thousand
    is a transaction, so that nobody waits for the whole.
    """
    mine = Contact.objects.of(owner_id)
    contact_ids = list(mine.order_by("pk").values_list("pk", flat=True))
    for ids in batched(contact_ids, AT_ONCE, strict=False):
        with transaction.atomic():
            lock(owner_id, ids)
            refresh(owner_id, ids)
    with transaction.atomic():
        SearchWord.objects.of(owner_id).delete()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT w.lexeme FROM contacts_searchrow s,"
                " unnest(s.words) AS w WHERE s.owner_id = %s",
                [owner_id],
            )
            words = [word for (word,) in cursor.fetchall() if is_vocabulary(word)]
            _learn(cursor, owner_id, words)
    rows = SearchRow.objects.of(owner_id).count()
    return {"contacts": len(contact_ids), "rows": rows, "words": len(words)}
