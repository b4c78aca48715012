"""Pages that cannot be sent again as they were: something was written since."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

from networkcrm import cache_table, page_cache, revisions


def written_to(owner: Any) -> None:
    """The owner's data is not what it was, as after any write."""
    revisions.move([owner.pk], connection)


def forget(owner: Any) -> None:
    """Nothing is kept of what was ever shown or counted."""
    written_to(owner)
    page_cache.pages.clear()
    cache_table.forget(owner.pk, "kept")


def forgetting(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """A middleware for what is asked faster than a revision can be committed: the
    page is looked for, made, and kept, as after a write, but the write is not paid."""

    def answer(request: HttpRequest) -> HttpResponse:
        page_cache.pages.clear()
        return get_response(request)

    return answer
