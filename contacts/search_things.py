"""What is no person and is called so: organizations, tags, and what other apps add."""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.safestring import SafeString

from contacts.search_reasons import marked
from contacts.search_words import MOST_TERMS, parts, terms
from contacts.spellings import plain
from networkcrm.models import User

MOST_OF_A_KIND = 2
# The column of a name may hold more than that, and not all in it are called so.
MOST_LOOKED_AT = 20
SHORTEST = 2


class Found(NamedTuple):
    icon: str
    # "Tag", for those who do not see the icon.
    kind: str
    name: str
    url: str
    # What tells it from another of this name.
    detail: str = ""


class Thing(NamedTuple):
    found: Found
    name: SafeString


Finder = Callable[[User, Q], Iterable[Found]]
_finders: list[tuple[str, Finder]] = []


def register(key: str, finder: Finder) -> None:
    """Add what finds things by their names.

    `finder(user, called)` yields those whose folded name, in the column `key`, fits
    the condition `called`, the best first. Of each kind few are shown.
    """
    _finders.append((key, finder))


def things(user: User, text: str) -> list[Thing]:
    """All whose names hold every word of the text, a few of each kind."""
    words = parts(plain(text))[:MOST_TERMS]
    if len("".join(words)) < SHORTEST:
        return []
    asked = terms(text)
    return [
        thing
        for key, finder in _finders
        for thing in islice(
            (
                Thing(found, marked(found.name, asked))
                for found in finder(user, _called(key, words))
                if _holds(found.name, words)
            ),
            MOST_OF_A_KIND,
        )
    ]


def _holds(name: str, words: list[str]) -> bool:
    there = parts(plain(name))
    return all(any(one.startswith(word) for one in there) for word in words)


def _called(key: str, words: list[str]) -> Q:
    called = Q()
    for word in words:
        # Words of scripts that do not part them begin anywhere.
        inside = f" {word}" if word.isascii() else word
        called &= Q(**{f"{key}__startswith": word}) | Q(**{f"{key}__contains": inside})
    return called


def _organizations(user: User, called: Q) -> Iterable[Found]:
    somebody = user.contacts.kept().filter(organization=OuterRef("pk"))
    rows = user.organizations.filter(called).filter(Exists(somebody)).order_by("key")
    for row in rows[:MOST_LOOKED_AT]:
        url = f"{reverse('contact_list')}?{urlencode({'organization': row.name})}"
        yield Found("building-2", "Organization", row.name, url)


def _tags(user: User, called: Q) -> Iterable[Found]:
    somebody = user.contacttags.filter(tag=OuterRef("pk"))
    rows = user.tags.filter(called).filter(Exists(somebody)).order_by("key")
    for row in rows[:MOST_LOOKED_AT]:
        url = f"{reverse('contact_list')}?tag={row.pk}"
        yield Found("tag", "Tag", row.name, url)


register("key", _organizations)
register("key", _tags)
