"""How a text falls apart into the words it is found by, and a search into terms.

Both sides fold (networkcrm.text, contacts/spellings.py) and cut alike. Scripts that
do not part their words with spaces are cut into pairs of characters, so that any
part of a name is found: 田中太郎 → 田中, 中太, 太郎, 郎.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

from contacts.spellings import other_spellings, plain

LONGEST_WORD = 64
LONGEST_SEARCH = 500
MOST_TERMS = 16


def _marks() -> str:
    """Vowel signs and other marks that \\w leaves out, as a character class."""
    ranges: list[list[int]] = []
    for code in range(0x300, 0xFE30):
        if unicodedata.category(chr(code))[0] == "M":
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


# Thai, Lao, Myanmar, Khmer, kana, Han, Hangul.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_WORD = rf"[^\W_]|[{_marks()}]"
WORD = re.compile(rf"(?:{_WORD})+")
UNSPACED = re.compile(rf"[{_UNSPACED}]+")
# O'Brien and Jean-Luc are also found as obrien and jeanluc. These begin where a word
# does and give nothing back (++): a run of n letters costs n steps, not n squared.
COMPOUND = re.compile(
    rf"(?<![^\W_])(?<![{_marks()}])(?:{_WORD})++(?:['_-](?:{_WORD})++)+"
)
ASCII_WORD = re.compile("[a-z0-9]+")
ASCII_COMPOUND = re.compile("(?<![a-z0-9])[a-z0-9]++(?:['_-][a-z0-9]++)+")
# An e-mail address, or a handle with its server.
_ADDRESSED = r"[^\s@'\"\\<>(),;:]"
ADDRESS = re.compile(
    rf"(?<!{_ADDRESSED}){_ADDRESSED}++@{_ADDRESSED}*[^\s@'\"\\<>(),;:.]"
)
NUMBER = re.compile(r"(?<![\w@.+-])\+?\(?\d[\d\s()./-]*\d(?![\w@])")
# The zero that is dialled at home only: +49 (0)30 1234567.
NO_DIGIT = re.compile(r"\(0\)|\D")
# A country's code has at most three digits, and what follows is a number of its own.
LONGEST_COUNTRY_CODE = 3
SHORTEST_NUMBER = 7
# Cut here, a number is still found by what follows.
SHORTEST_TAIL = 4
# Stands before a word of the name where it is in the index once more, as a name.
NAME = "="
# So short, a beginning is only looked for in names.
SHORT = 2


def parts(folded: str) -> list[str]:
    """The words of a folded text, in order; unspaced scripts as pairs."""
    if folded.isascii():
        return ASCII_WORD.findall(folded)
    words = []
    for word in WORD.findall(folded):
        if word.isascii() or not UNSPACED.search(word):
            words.append(word)
        else:
            words += _cut(word)
    return words


def _cut(word: str) -> list[str]:
    words = []
    for run in re.split(f"({UNSPACED.pattern})", word):
        if run and UNSPACED.match(run):
            words += [run[i : i + 2] for i in range(len(run))]
        elif run:
            words.append(run)
    return words


def words_of(text: str) -> list[str]:
    """All words under which a text is found, the plain ones first."""
    folded = plain(text)
    words = parts(folded)
    for spelling in other_spellings(text):
        words += set(parts(spelling)).difference(words)
    if "'" in folded or "-" in folded or "_" in folded:
        pattern = ASCII_COMPOUND if folded.isascii() else COMPOUND
        words += [re.sub("['_-]", "", found) for found in pattern.findall(folded)]
    if "@" in folded:
        words += ADDRESS.findall(folded)
    return [word[:LONGEST_WORD] for word in words]


def phone_words(normalized: str) -> list[str]:
    """A number under its digits and under every tail of them, so that it is found
    without its country code, without its zero, and by its last digits."""
    digits = re.sub(r"\D", "", normalized)[:20]
    if not digits:
        return []
    return [digits[i:] for i in range(max(1, len(digits) - SHORTEST_TAIL + 1))]


def is_vocabulary(word: str) -> bool:
    """Is this a word in which somebody could make a typing mistake?"""
    return 3 <= len(word) <= 30 and word.isalpha()


class Correction(NamedTuple):
    """What may have been meant: words that are `text`, or begin with it.

    `word` is one of them, to be shown.
    """

    text: str
    begins: bool
    word: str


@dataclass(frozen=True, slots=True)
class Term:
    """One thing typed. `ways` are alternatives; all words of one way must be there."""

    ways: tuple[tuple[str, ...], ...]
    corrections: tuple["Correction", ...] = ()

    @property
    def word(self) -> str:
        """The one word it is, "" when it is made of several."""
        return self.ways[0][0] if len(self.ways) == len(self.ways[0]) == 1 else ""

    @property
    def guess(self) -> str:
        """The one word in which a mistake may be, "" when it is several."""
        return self.ways[0][0] if len(self.ways[0]) == 1 else ""

    @property
    def is_correctable(self) -> bool:
        return is_vocabulary(self.guess) and not UNSPACED.search(self.guess)

    @property
    def is_number(self) -> bool:
        """Few have it: so long a number is somebody's own."""
        return self.ways[0][0].isdecimal() and len(self.ways[0][0]) > SHORTEST_TAIL

    @property
    def is_short(self) -> bool:
        """Too many words begin with this to look for all of them."""
        word = self.word
        return 0 < len(word) <= SHORT and word.isalpha() and not UNSPACED.search(word)

    def query(self, *, exact: bool = False, named: bool = False) -> str:
        """As a tsquery: every word is a beginning of one unless `exact`.

        `named` asks for words of the name alone.
        """
        star, mark = "" if exact else ":*", NAME if named else ""
        ways = [" & ".join(quoted(mark + w) + star for w in way) for way in self.ways]
        ways += [
            quoted(mark + way.text) + (star if way.begins else "")
            for way in self.corrections
        ]
        return " | ".join(f"({way})" for way in ways)


def quoted(word: str) -> str:
    """One lexeme as tsquery and tsvector read it (PostgreSQL manual, 8.11)."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def terms(text: str) -> list[Term]:
    """What was typed, as terms that must all be found with one person.

    Never raises: what holds no letter and no digit gives no term.
    """
    text = text[:LONGEST_SEARCH].replace("\0", " ")
    found: list[Term] = []
    done = 0
    for match in NUMBER.finditer(text):
        if number := _number(match[0]):
            found += _terms_of(text[done : match.start()])
            found.append(number)
            done = match.end()
    found += _terms_of(text[done:])
    return list(dict.fromkeys(found))[:MOST_TERMS]


def _terms_of(text: str) -> list[Term]:
    text = unicodedata.normalize("NFKC", text)
    return [term for chunk in text.split() for term in _terms_of_chunk(chunk)]


def _number(typed: str) -> Term | None:
    """A telephone number, however it is grouped, or else its groups as words."""
    typed = plain(typed)
    digits = NO_DIGIT.sub("", typed)
    if len(digits) < SHORTEST_TAIL:
        return None
    bare = digits.lstrip("0") or digits
    ways = [(digits,), (bare,), tuple(parts(typed))]
    if typed[0] == "+" or digits[:2] == "00":
        # Kept as it is dialled at home, where its country was not known.
        tails = [bare[n:] for n in range(1, LONGEST_COUNTRY_CODE + 1)]
        ways += [(tail,) for tail in tails if len(tail) >= SHORTEST_NUMBER]
    return Term(tuple(dict.fromkeys(ways)))


def _terms_of_chunk(typed: str) -> list[Term]:
    chunk = plain(typed)
    words = [word[:LONGEST_WORD] for word in parts(chunk)][:MOST_TERMS]
    if not words:
        return []
    if address := ADDRESS.search(chunk):
        return [Term(((address[0][:LONGEST_WORD],), tuple(words)))]
    spellings = [
        [word[:LONGEST_WORD] for word in parts(spelling)]
        for spelling in other_spellings(typed)
        if len(chunk) > SHORT
    ]
    if len(words) > 1 and (found := COMPOUND.search(chunk)):
        joined = re.sub("['_-]", "", found[0])[:LONGEST_WORD]
        if not UNSPACED.search(joined):
            ways = [(joined,), tuple(words), *map(tuple, spellings)]
            return [Term(tuple(dict.fromkeys(ways)))]
    if UNSPACED.search(chunk):
        # The last character of a run stands alone in the index only at its end.
        kept = [
            word
            for word, before in zip(words, ["", *words], strict=False)
            if not (len(word) == 1 and len(before) == 2 and before[1] == word)
        ]
        return [Term((tuple(kept),))]
    alike = [words, *(other for other in spellings if len(other) == len(words))]
    return [
        Term(tuple((word,) for word in dict.fromkeys(same)))
        for same in zip(*alike, strict=True)
    ]


LETTERS = {
    "latin": "abcdefghijklmnopqrstuvwxyz",
    "greek": "αβγδεζηθικλμνξοπρστυφχψω",
    "cyrillic": "абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґ",
    "arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "hebrew": "אבגדהוזחטיךכלםמןנסעףפץצקרשת",
}


def misspellings(word: str) -> set[str]:
    """All that is one letter more, one less, one other or two swapped away."""
    letters = next((all_ for all_ in LETTERS.values() if word[0] in all_), "")
    halves = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    variants = {a + b[1:] for a, b in halves if b}
    variants |= {a + b[1] + b[0] + b[2:] for a, b in halves if len(b) > 1}
    for letter in letters:
        variants |= {a + letter + b[1:] for a, b in halves if b}
        variants |= {a + letter + b for a, b in halves}
    return variants - {word}
