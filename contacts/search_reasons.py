"""Why a person was found: the piece that holds the words, with the words marked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from contacts.search_words import UNSPACED, WORD, Term, words_of
from contacts.spellings import other_spellings, plain

MOST_REASONS = 3
# A phone shows two short lines: what is longer begins not far before the hit.
SHORT = 60
BEFORE = 20
WINDOW = 200
CHUNK = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Reason:
    """`label` is "how you met:" or "introduced by", `text` safe HTML with <mark>."""

    label: str
    text: SafeString


def reasons(pieces: list[list[str]], found: list[Term]) -> list[Reason]:
    """The fewest pieces that hold all terms not seen in the name, at most three."""
    finders = [_Finder([term]) for term in found]
    named = [_Text(text) for _, label, text in pieces if label == "name:"]
    left = {f for f in finders if not any(f.first(text) for text in named)}
    holding = [
        (label, text, {finder for finder in left if finder.first(written)})
        for _, label, text in pieces
        if left and label != "name:" and (written := _Text(text))
    ]
    chosen: list[Reason] = []
    while left and holding and len(chosen) < MOST_REASONS:
        label, text, held = max(holding, key=lambda piece: len(piece[2] & left))
        if not held & left:
            break
        left -= held
        chosen.append(Reason(label, marked(text, found, longest=SHORT)))
    return chosen


def marked(text: str, found: list[Term], longest: int = WINDOW) -> SafeString:
    """The text, or if it is longer the stretch of it around the first hit, escaped and
    marked."""
    finder = _Finder(found)
    before = after = ""
    if len(text) > longest:
        start, end = _window(text, finder.first(_Text(text)))
        before, after = "… " * (start > 0), " …" * (end < len(text))
        text = text[start:end]
    out = [before]
    done = 0
    for start, end in finder.spans(text):
        out += [escape(text[done:start]), "<mark>", escape(text[start:end]), "</mark>"]
        done = end
    return mark_safe("".join([*out, escape(text[done:]), after]))


def _window(text: str, hit: tuple[int, int] | None) -> tuple[int, int]:
    """From a little before the hit, cut at spaces where there are any near."""
    start = max(0, (hit[0] if hit else 0) - BEFORE)
    if start:
        start = text.find(" ", start, start + 20) + 1 or start
    end = min(len(text), start + WINDOW)
    if end < len(text):
        end = max(text.rfind(" ", end - 20, end), 0) or end
    return start, end


class _Text:
    """As it was written, and as it is compared."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded = plain(text)
        squeezed = re.sub("['_-]", "", self.folded)
        self.ways = (self.folded, squeezed, *other_spellings(text))

    @cached_property
    def digits(self) -> str:
        return re.sub(r"\D", "", self.text) if len(self.text) < WINDOW else ""


class _Finder:
    """Finds in a text as it was written what the terms find in its words."""

    def __init__(self, found: list[Term]) -> None:
        starts = {word for term in found for way in term.ways for word in way}
        starts |= {c.text for term in found for c in term.corrections if c.begins}
        wholes = {c.text for term in found for c in term.corrections if not c.begins}
        self.pairs = sorted(word for word in starts if UNSPACED.match(word))
        self.starts = tuple(starts - set(self.pairs))
        self.wholes = frozenset(wholes)
        self.digits = [word for word in starts if word.isdecimal() and len(word) > 3]
        self.needles = [*starts, *wholes]

    def first(self, text: _Text) -> tuple[int, int] | None:
        return next(self._spans(text), None)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where to mark, in order and without overlaps."""
        spans: list[tuple[int, int]] = []
        for start, end in sorted(self._spans(_Text(text))):
            if spans and start <= spans[-1][1]:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            else:
                spans.append((start, end))
        return spans

    def _spans(self, written: _Text) -> Iterator[tuple[int, int]]:
        if not self._may_hold(written):
            return
        text = written.text
        found = False
        for match in WORD.finditer(text):
            folded = plain(match[0])
            if folded.startswith(self.starts) or folded in self.wholes:
                found = True
                yield match.span()
            for pair in self.pairs:
                if (at := folded.find(pair)) >= 0 and len(folded) == len(match[0]):
                    found = True
                    yield match.start() + at, match.start() + at + len(pair)
        if found:
            return
        # O'Brien for obrien, ana@example.org, +49 30 1234 for 0301234.
        for match in CHUNK.finditer(text):
            if any(self._is_start(word) for word in words_of(match[0])):
                found = True
                yield match.span()
        if not found and any(d in written.digits for d in self.digits):
            yield 0, len(text)

    def _may_hold(self, text: _Text) -> bool:
        if any(needle in way for way in text.ways for needle in self.needles):
            return True
        return any(d in text.digits for d in self.digits)

    def _is_start(self, word: str) -> bool:
        return word.startswith(self.starts) or word in self.wholes
