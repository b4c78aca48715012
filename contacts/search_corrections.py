"""What may have been meant by a word that nobody has: the owner's own words near it."""

from dataclasses import replace
from uuid import UUID

from django.db import connection
from rapidfuzz.distance import OSA

from contacts.search_words import Correction, Term, misspellings

# So long a word may be the beginning of a longer one even after its correction,
# and so long a word may have two mistakes.
BEGINS_FROM = 5
TWO_MISTAKES_FROM = 6
MOST_CORRECTED = 4
MOST_CORRECTIONS = 12
# Sorts after all that can follow a beginning.
LAST = "\U0010ffff"

_NEAR = """
    SELECT v.term, t.text, w.word
    FROM unnest(%(terms)s::int[], %(typed)s::text[], %(texts)s::text[])
        AS v (term, typed, texts)
    CROSS JOIN LATERAL unnest(string_to_array(v.texts, ' ')) AS t (text)
    CROSS JOIN LATERAL (
        SELECT word FROM contacts_searchword
        WHERE owner_id = %(owner)s AND word >= t.text COLLATE "C"
            AND word <= t.text || CASE
                WHEN t.text = v.typed
                    OR least(length(t.text), length(v.typed)) >= %(begins_from)s
                THEN %(last)s ELSE '' END COLLATE "C"
        ORDER BY word LIMIT 1
    ) w
"""
_FAR = """
    SELECT DISTINCT v.term, w.word, w.nearness
    FROM unnest(%(terms)s::int[], %(texts)s::text[]) AS v (term, text)
    CROSS JOIN LATERAL (
        SELECT word, similarity(word, v.text) AS nearness FROM contacts_searchword
        WHERE owner_id = %(owner)s AND word %% v.text
        ORDER BY nearness DESC, word LIMIT 40
    ) w
    ORDER BY w.nearness DESC, w.word
"""


def corrected(owner_id: UUID, found: list[Term]) -> list[Term]:
    """The terms with what may have been meant by them, [] when nothing comes near.

    Words that nobody has are corrected; when each word is somebody's, then each of
    them may be the wrong one. At most two statements.
    """
    words = {i: term.guess for i, term in enumerate(found) if term.is_correctable}
    near = _near(owner_id, dict(list(words.items())[:MOST_CORRECTED]))
    unknown = {i for i in near if not any(c.text == words[i] for c in near[i])}
    wanted = unknown or near.keys()
    ways = {i: [c for c in near[i] if c.text != words[i]] for i in wanted}
    if far := {i: words[i] for i in wanted if not ways[i]}:
        ways |= _far(owner_id, far)
    if not any(ways.values()):
        return []
    return [
        replace(term, corrections=tuple(ways.get(i, [])[:MOST_CORRECTIONS]))
        for i, term in enumerate(found)
    ]


def _near(owner_id: UUID, words: dict[int, str]) -> dict[int, list[Correction]]:
    """Words of the vocabulary one mistake away, and the word itself if it is there."""
    near: dict[int, list[Correction]] = {i: [] for i in words}
    if not words:
        return near
    # Joined, because hundreds of texts are slow to send one by one.
    texts = [" ".join([word, *misspellings(word)]) for word in words.values()]
    with connection.cursor() as cursor:
        cursor.execute(
            _NEAR,
            {
                "owner": owner_id,
                "terms": list(words),
                "typed": list(words.values()),
                "texts": texts,
                "begins_from": BEGINS_FROM,
                "last": LAST,
            },
        )
        for i, text, word in cursor.fetchall():
            near[i].append(Correction(text, _begins(text, words[i]), word))
    for i, word in words.items():
        near[i].sort(
            key=lambda way: (way.word != way.text, way.text[0] != word[0], way.text)
        )
    return near


def _begins(text: str, word: str) -> bool:
    return min(len(text), len(word)) >= BEGINS_FROM


def _far(owner_id: UUID, words: dict[int, str]) -> dict[int, list[Correction]]:
    """Words that share enough groups of three letters and are two mistakes away."""
    ways: dict[int, list[Correction]] = {i: [] for i in words}
    with connection.cursor() as cursor:
        cursor.execute(
            _FAR,
            {"owner": owner_id, "terms": list(words), "texts": list(words.values())},
        )
        for i, word, _nearness in cursor.fetchall():
            if word.startswith(words[i]):
                continue
            if text := _two_mistakes(words[i], word):
                ways[i].append(Correction(text, text != word, word))
    return ways


def _two_mistakes(typed: str, word: str) -> str:
    """The word, or the beginning of it that was typed so far; "" when it is too far."""
    most = 2 if len(typed) >= TWO_MISTAKES_FROM else 1
    if OSA.distance(typed, word, score_cutoff=most) <= most:
        return word
    if len(typed) >= TWO_MISTAKES_FROM:
        for length in (len(typed), len(typed) + 1, len(typed) - 1):
            if OSA.distance(typed, word[:length], score_cutoff=most) <= most:
                return word[:length]
    return ""
