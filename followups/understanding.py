"""One line of words, and what is understood of it: what, when, with whom."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from contacts.models import Contact
from followups.dates import Reading, read_day
from networkcrm.models import User
from networkcrm.text import fold

MOST_OFFERED = 8
MOST_WORDS = 40
LONGEST_NAME = 4
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
# "the grant list" names no Grant.
_ARTICLES = set("the a an my our your his her their this that some".split())  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Understood:
    """`people` are those that can be meant; a single one is meant."""

    reading: Reading
    people: list[Contact] = field(default_factory=list)

    @property
    def contact(self) -> Contact | None:
        return self.people[0] if len(self.people) == 1 else None


class _Name(NamedTuple):
    key: str
    words: int
    is_capital: bool


def understood(owner: User, line: str, today: date) -> Understood:
    """At most one query, on the owner's people."""
    reading = read_day(line, today)
    return Understood(reading, mentioned(owner, reading.title))


def mentioned(owner: User, text: str) -> list[Contact]:
    """The people whose name, or first name, stands in the text.

    Full names count more than first names, longer ones more than shorter, and a
    first name with a capital more than a word that may be no name.
    """
    names = list(_names(text))
    if not names:
        return []
    firsts = {name.key for name in names if name.words == 1}
    either = Q(sort_key__in=[name.key for name in names])
    for first in sorted(firsts):
        either |= Q(sort_key__startswith=f"{first} ")
    people = owner.contacts.kept().others().filter(either)
    ranked: dict[tuple[int, bool], list[Contact]] = {}
    for contact in people.select_related("organization").by_name()[:100]:
        ranked.setdefault(_rank(contact, names), []).append(contact)
    return ranked[max(ranked)][:MOST_OFFERED] if ranked else []


def _names(text: str) -> Iterator[_Name]:
    words = [re.sub(r"['’]s?$", "", word) for word in _WORD.findall(text)][:MOST_WORDS]
    for start, word in enumerate(words):
        # Every line begins with a capital.
        is_capital = start > 0 and not word[0].islower()
        after_article = start > 0 and words[start - 1].lower() in _ARTICLES
        for count in range(1, LONGEST_NAME + 1):
            key = fold(" ".join(words[start : start + count]))
            is_no_name = count == 1 and (len(key) < 2 or key in _ARTICLES)
            if start + count > len(words) or is_no_name:
                continue
            if after_article and not is_capital and count == 1:
                continue
            yield _Name(key, count, is_capital)


def _rank(contact: Contact, names: list[_Name]) -> tuple[int, bool]:
    key = contact.sort_key
    whole = [(name.words, name.is_capital) for name in names if name.key == key]
    first = key.partition(" ")[0]
    part = [(0, name.is_capital) for name in names if name.key == first]
    # A single word that is all of a name says no more than a first name does.
    return max((words if words > 1 else 0, capital) for words, capital in whole + part)
