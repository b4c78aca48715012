"""What the words of a need and of an offer have to do with each other.

In English and in German, without a dictionary: "photographer" and "takes photographs",
"Gärtner" and "Gärtnerin" are told to belong together by what is left of them without
their endings, "Webdesignerin" and "designer" by their ends, and a typing mistake by
likeness. What is of another stem stands in terms.py.
"""

import re
from functools import lru_cache

from rapidfuzz.fuzz import ratio

from contacts.search_words import parts
from followups.matching.terms import LINES, MEANING
from networkcrm.text import fold

# Words that say nothing of what is needed or offered.
_EMPTY = frozenset(
    [
        "a",
        "about",
        "after",
        "again",
        "all",
        "also",
        "am",
        "an",
        "and",
        "any",
        "anybody",
        "anyone",
        "are",
        "around",
        "as",
        "at",
        "be",
        "been",
        "before",
        "being",
        "both",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "doing",
        "each",
        "every",
        "few",
        "for",
        "from",
        "get",
        "gets",
        "give",
        "gives",
        "got",
        "had",
        "has",
        "have",
        "he",
        "her",
        "here",
        "herself",
        "him",
        "his",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "just",
        "keep",
        "keeps",
        "kept",
        "like",
        "likes",
        "little",
        "lot",
        "made",
        "make",
        "makes",
        "making",
        "many",
        "may",
        "me",
        "might",
        "more",
        "most",
        "much",
        "my",
        "near",
        "nearby",
        "need",
        "needed",
        "needs",
        "no",
        "nobody",
        "not",
        "of",
        "off",
        "on",
        "one",
        "ones",
        "only",
        "or",
        "other",
        "others",
        "our",
        "out",
        "over",
        "own",
        "perhaps",
        "please",
        "she",
        "so",
        "some",
        "somebody",
        "someone",
        "something",
        "soon",
        "still",
        "such",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "through",
        "to",
        "too",
        "two",
        "under",
        "until",
        "up",
        "us",
        "very",
        "want",
        "wants",
        "was",
        "we",
        "well",
        "were",
        "what",
        "when",
        "where",
        "which",
        "while",
        "who",
        "whom",
        "whose",
        "will",
        "with",
        "within",
        "without",
        "would",
        "yet",
        "you",
        "your",
        "yours",
        "looking",
        "look",
        "looks",
        "seek",
        "seeks",
        "seeking",
        "search",
        "searches",
        "searching",
        "find",
        "finds",
        "person",
        "people",
        "ideally",
        "able",
        "needing",
        "offer",
        "offers",
        "offering",
        "wish",
        "wishes",
        "hope",
        "hopes",
        "good",
        "new",
        "nice",
        "kind",
        "really",
        "able",
        "reliable",
        "aber",
        "alle",
        "als",
        "am",
        "an",
        "auch",
        "auf",
        "aus",
        "bei",
        "bin",
        "bis",
        "braucht",
        "brauche",
        "das",
        "dass",
        "dein",
        "dem",
        "den",
        "der",
        "des",
        "die",
        "dir",
        "du",
        "ein",
        "eine",
        "einem",
        "einen",
        "einer",
        "eines",
        "er",
        "es",
        "etwas",
        "für",
        "gegen",
        "gern",
        "gerne",
        "hat",
        "habe",
        "haben",
        "hilfe",
        "ich",
        "ihm",
        "ihn",
        "ihr",
        "ihre",
        "im",
        "in",
        "ist",
        "jemand",
        "jemanden",
        "kann",
        "kein",
        "keine",
        "man",
        "mein",
        "meine",
        "mich",
        "mir",
        "mit",
        "nach",
        "nicht",
        "noch",
        "nur",
        "ob",
        "oder",
        "ohne",
        "sein",
        "seine",
        "sich",
        "sie",
        "sind",
        "so",
        "sucht",
        "suche",
        "suchen",
        "über",
        "um",
        "und",
        "uns",
        "unser",
        "unsere",
        "vom",
        "von",
        "vor",
        "war",
        "was",
        "wenn",
        "wer",
        "wie",
        "wir",
        "wird",
        "wo",
        "zu",
        "zum",
        "zur",
        "bietet",
        "biete",
        "neue",
        "neuen",
        "neuer",
        "gute",
        "guten",
        "guter",
    ]
)
# They tell something, but half of all needs and offers have one of them.
_WEAK = frozenset(
    [
        "advice",
        "advise",
        "advises",
        "ask",
        "asks",
        "available",
        "best",
        "better",
        "big",
        "book",
        "books",
        "build",
        "builds",
        "buy",
        "buys",
        "call",
        "city",
        "cheap",
        "day",
        "days",
        "difficult",
        "early",
        "evening",
        "evenings",
        "experience",
        "experienced",
        "expert",
        "experts",
        "fast",
        "feedback",
        "first",
        "five",
        "free",
        "friend",
        "friends",
        "group",
        "help",
        "helping",
        "helps",
        "hour",
        "hours",
        "idea",
        "ideas",
        "interested",
        "introduction",
        "introductions",
        "know",
        "knowing",
        "knows",
        "knowledge",
        "large",
        "learn",
        "learns",
        "local",
        "long",
        "love",
        "loves",
        "month",
        "months",
        "morning",
        "mornings",
        "old",
        "open",
        "part",
        "professional",
        "project",
        "projects",
        "public",
        "quick",
        "quiet",
        "read",
        "reads",
        "run",
        "runs",
        "second",
        "serious",
        "share",
        "shared",
        "shares",
        "short",
        "simple",
        "skill",
        "skills",
        "small",
        "speak",
        "speaks",
        "spring",
        "summer",
        "autumn",
        "winter",
        "start",
        "starting",
        "starts",
        "support",
        "take",
        "takes",
        "teach",
        "teaches",
        "team",
        "ten",
        "test",
        "three",
        "time",
        "times",
        "tips",
        "trusted",
        "understands",
        "use",
        "uses",
        "weekend",
        "weekends",
        "week",
        "weeks",
        "work",
        "working",
        "works",
        "world",
        "write",
        "writes",
        "year",
        "years",
        "young",
        "four",
        "half",
        "hundred",
        "berlin",
        "euro",
        "experte",
        "expertin",
        "freund",
        "frei",
        "freie",
        "gemeinsam",
        "gruppe",
        "jahr",
        "jahre",
        "jahren",
        "kennt",
        "klein",
        "kleine",
        "kleinen",
        "kontakt",
        "kontakte",
        "lernen",
        "monat",
        "monate",
        "rat",
        "stadt",
        "tag",
        "tage",
        "tipps",
        "woche",
        "wochen",
        "wochenende",
        "zeit",
    ]
)
WEAK = 0.2
# What comes after one of these says more of what stands before.
_BEFORE = re.compile(
    r"\b(?:for|who|that|which|with|in|at|from|to|on|near|of"
    r"|für|der|die|das|mit|aus|bei|zum|zur|von|um)\b"
)
HEAD = 1.5

_EMPTY = frozenset(map(fold, _EMPTY))
_WEAK = frozenset(map(fold, _WEAK))
_MEANING = {fold(word): number for word, number in MEANING.items()}
# The longest first. A root keeps four letters.
_ENDINGS = sorted(
    [
        "ations",
        "ation",
        "ators",
        "ator",
        "ating",
        "ated",
        "ates",
        "ate",
        "ions",
        "ion",
        "ors",
        "or",
        "ings",
        "ing",
        "ers",
        "er",
        "ed",
        "es",
        "s",
        "ies",
        "ied",
        "ier",
        "y",
        "e",
        "ment",
        "ments",
        "ists",
        "ist",
        "ungen",
        "ung",
        "innen",
        "in",
        "erinnen",
        "erin",
        "eurin",
        "eure",
        "eur",
        "en",
        "n",
        "es",
        "er",
        "ern",
        "ive",
        "al",
        "ance",
        "ant",
        "ery",
        "eries",
        "ship",
    ],
    key=lambda ending: (-len(ending), ending),
)
_PLURALS = ("innen", "in", "es", "en", "s", "n", "e")
SHORTEST_ROOT = 4


@lru_cache(maxsize=100_000)
def root(word: str) -> str:
    """What "designer", "designs" and "designing" have in common: "design"."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_ROOT:
            return _undoubled(word[: -len(ending)])
    return word


def _undoubled(text: str) -> str:
    """Of "planner": "plan"."""
    doubled = len(text) > 4 and text[-1] == text[-2] and text[-1] in "bdgmnprt"
    return text[:-1] if doubled else text


@lru_cache(maxsize=100_000)
def plain(word: str) -> str:
    """Without the ending of the plural, or of a woman who does it."""
    for ending in _PLURALS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_ROOT:
            return word[: -len(ending)]
    return word


@lru_cache(maxsize=20_000)
def terms(text: str) -> tuple[tuple[str, float], ...]:
    """The words that tell something, each with its weight, the first of them the most.

    Weights are from 0 to HEAD; the same word stands there once.
    """
    folded = fold(text)
    found: dict[str, float] = {}
    cut = _BEFORE.search(folded)
    while cut and not _telling(folded[: cut.start()]):
        cut = _BEFORE.search(folded, cut.end())
    end = cut.start() if cut else len(folded)
    for part, weight in ((folded[:end], HEAD), (folded[end:], 1.0)):
        for word in _telling(part):
            found.setdefault(word, WEAK if word in _WEAK else weight)
    return tuple(found.items())


def _telling(folded: str) -> list[str]:
    return [
        word
        for word in parts(folded)
        if word not in _EMPTY and (len(word) > 1 or not word.isascii())
    ]


def written(text: str) -> list[str]:
    """The words that tell something, with their accents."""
    return [word for word in parts(text.lower()) if fold(word) not in _EMPTY]


@lru_cache(maxsize=20_000)
def same(word: str) -> tuple[str, ...]:
    """Other words that mean the same, as they are written."""
    number = meaning(word)
    return () if number is None else LINES[number]


def meaning(word: str) -> int | None:
    """The number of what it means; words of one number mean the same."""
    word = fold(word)
    for form in (word, plain(word)):
        if form in _MEANING:
            return _MEANING[form]
    return None


@lru_cache(maxsize=200_000)
def likeness(one: str, other: str) -> float:
    """From 0 to 1, how surely two words speak of the same."""
    if one == other:
        return 1.0
    if plain(one) == plain(other):
        return 0.95
    if root(one) == root(other):
        return 0.75
    if meaning(one) is not None and meaning(one) == meaning(other):
        return 0.7
    short, long = sorted((plain(one), plain(other)), key=len)
    if len(short) >= 5:
        # The last part of a compound says what it is, the first of what kind.
        if long.endswith(short):
            return 0.75
        if long.startswith(short) and len(long) - len(short) >= 4:
            return 0.5
        if short[:2] == long[:2] and ratio(one, other, score_cutoff=86):
            return 0.7
    return 0.0
