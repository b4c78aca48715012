"""How well a text that offers answers a text that needs: from 0 to 1."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from math import log

from followups.matching.words import HEAD, likeness, meaning, plain, root, terms

# Below this two texts share a word by chance.
ENOUGH = 0.36
# Of the score: how much of the need is answered, the rest how much of the offer
# is about it.
OF_NEED = 0.8
# What a word counts that nobody has, beside the 1 of one that a single text has.
UNKNOWN = 0.6
# What is left of a score when all that fits is one word after "for" or "who".
BESIDES = 0.7


class Texts:
    """Distinct texts that offer something, to be asked by texts that need it."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.terms = {text: dict(terms(text)) for text in texts}
        self.having: dict[str, list[str]] = defaultdict(list)
        for text, words in self.terms.items():
            for word in words:
                self.having[word].append(text)
        self._keys: dict[object, list[str]] = defaultdict(list)
        for word in self.having:
            for key in _keys(word):
                self._keys[key].append(word)
        self.most = log(1 + (len(self.terms) + 20) / 3)
        self._near: dict[str, dict[str, float]] = {}

    def near(self, word: str) -> dict[str, float]:
        """Which words of the texts speak of the same, and how surely."""
        if word not in self._near:
            some = {other for key in _keys(word) for other in self._keys.get(key, ())}
            sure = {other: likeness(word, other) for other in some}
            self._near[word] = {other: how for other, how in sure.items() if how}
        return self._near[word]

    def rarity(self, word: str) -> float:
        """The fewer texts have such a word, the more it tells."""
        having = {
            text
            for other, how in self.near(word).items()
            if how >= 0.7
            for text in self.having[other]
        }
        if not having:
            return UNKNOWN
        return log(1 + (len(self.terms) + 20) / (len(having) + 2)) / self.most

    def ranked(self, need: str) -> Iterator[tuple[float, str]]:
        """The texts that answer it, each after its score, in no order."""
        wanted = terms(need)
        heads = {word for word, weight in wanted if weight == HEAD}
        weights = {word: weight * self.rarity(word) for word, weight in wanted}
        whole = sum(weights.values())
        answered: dict[str, dict[str, tuple[float, str]]] = defaultdict(dict)
        for word, _weight in wanted:
            for other, how in self.near(word).items():
                for text in self.having[other]:
                    best = answered[text].get(word, (0.0, ""))
                    answered[text][word] = max(best, (how, other))
        for text, found in answered.items():
            told = sum(weights[word] * how for word, (how, _other) in found.items())
            mine = self.terms[text]
            used = {other for _how, other in found.values()}
            about = sum(mine[other] for other in used) / sum(mine.values())
            score = OF_NEED * told / whole + (1 - OF_NEED) * about
            if len(found) == 1 and not heads.intersection(found):
                score *= BESIDES
            if score >= ENOUGH:
                yield score, text


def _keys(word: str) -> Iterator[object]:
    """Words that are alike in any way share one of these."""
    yield word
    yield root(word), ""
    if (number := meaning(word)) is not None:
        yield number
    if len(word) >= 5:
        yield "begins", word[:2]
        yield "ends", plain(word)[-4:]
