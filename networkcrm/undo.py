"""Taking back what was just done.

An action remembers what its undoing needs under a token that only its owner can
spend, once, within a day:

    @undo.action("archive")
    def _unarchive(user, payload): ...; return "Ana is back in your list."

    undoable(request, "Archived Ana.", undo.remember(request.user, "archive", [...]))
"""

from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.urls import reverse
from django.utils.crypto import get_random_string

from networkcrm.models import User

Undoer = Callable[[User, Any], str]

KEPT_FOR = 24 * 60 * 60

_undoers: dict[str, Undoer] = {}


class TooLate(Exception):
    """The token was spent, is a day old, or is somebody else's."""


def action(name: str) -> Callable[[Undoer], Undoer]:
    """Register how to undo; it gets the user and the payload and returns a sentence."""

    def register(undoer: Undoer) -> Undoer:
        _undoers[name] = undoer
        return undoer

    return register


def remember(user: User, name: str, payload: Any) -> str:
    """The address to post to for undoing. The payload is JSON-like."""
    token = get_random_string(32)
    cache.set(_key(user, token), (name, payload), KEPT_FOR)
    return reverse("undo", kwargs={"token": token})


def spend(user: User, token: str) -> str:
    """Undo, and say what was undone. Raises TooLate."""
    key = _key(user, token)
    found = cache.get(key)
    # Only one of two clicks deletes it, and that one acts.
    if found is None or not cache.delete(key):
        raise TooLate
    name, payload = found
    try:
        return _undoers[name](user, payload)
    except Exception:
        # Nothing was undone: it can be tried again.
        cache.set(key, found, KEPT_FOR)
        raise


def _key(user: User, token: str) -> str:
    return f"undo:{user.pk}:{token}"
