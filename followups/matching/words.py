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

# They say nothing of what is needed or offered.
_EMPTY_WORDS = """
a aber able about after again all alle als also am an and any anybody anyone are
around as at auch auf aus be been before bei being biete bietet bin bis both brauche
braucht but by can could das dass dein dem den der des did die dir do does doing du
each ein eine einem einen einer eines er es etwas every few find finds for from für
gegen gern gerne get gets give gives good got gute guten guter habe haben had has
hat have he her here herself hilfe him his hope hopes how i ich ideally if ihm ihn
ihr ihre im in into is ist it its jemand jemanden just kann keep keeps kein keine
kept kind like likes little look looking looks lot machen macht made make makes
making man many may me mein meine mich might mir mit more most much my nach near
nearby need needed needing needs neue neuen neuer new nice nicht no nobody noch not
nur ob oder of off offer offering offers ohne on one ones only or other others our
out over own people perhaps person please really reliable search searches searching
seek seeking seeks sein seine she sich sie sind so some somebody someone something
soon still such suche suchen sucht than that the their them then there these they
this those through to too two um und under uns unser unsere until up us very vom von
vor want wants war was we well wenn wer were what when where which while who whom
whose wie will wir wird wish wishes with within without wo would yet you your yours
zu zum zur über
"""
# They say something, but half of all needs and offers have one of them.
_WEAK_WORDS = """
advice advise advises ask asks autumn available berlin best better big book books
build builds buy buys call cheap city come comes coming day days difficult dozen
early eight eighty euro evening evenings experience experienced expert experte
expertin experts fast feedback fifty first five forty four free frei freie freund
friend friends gemeinsam go goes group gruppe half help helping helps home hour
hours house hundred idea ideas interested introduction introductions jahr jahre
jahren kennt klein kleine kleinen know knowing knowledge knows kontakt kontakte
large learn learns lernen local long love loves monat monate month months morning
mornings nine old open part professional project projects public quick quiet rat
read reads run runs second serious seven several share shared shares short simple
six sixty skill skills small speak speaks spring stadt start starting starts summer
support tag tage take takes teach teaches team ten test thirty thousand three time
times tipps tips trusted twenty understands use uses week weekend weekends weeks
winter woche wochen wochenende work working works world write writes year years
young zeit
"""
WEAK = 0.2
# What comes after one of these says more of what stands before.
_BEFORE = re.compile(
    r"\b(?:for|who|that|which|with|in|at|from|to|on|near|of"
    r"|fur|der|die|das|mit|aus|bei|zum|zur|von|um)\b"
)
HEAD = 2.0

_EMPTY = frozenset(fold(_EMPTY_WORDS).split())
_WEAK = frozenset(fold(_WEAK_WORDS).split())
_MEANING = {fold(word): number for word, number in MEANING.items()}
_ENDING_WORDS = """
ability able al ance ant ate ated ates ating ation ations ator ators e ed en er
eries erin erinnen ern ers ery es eur eure eurin ibility ible ied ier ies in ing
ings innen ion ions ist ists ive ment ments n or ors s ship ung ungen y
"""
# The longest first.
_ENDINGS = sorted(_ENDING_WORDS.split(), key=lambda ending: (-len(ending), ending))
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
