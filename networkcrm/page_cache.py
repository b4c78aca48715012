"""Pages kept as they were sent, and sent again as long as nothing has changed.

A page is kept in the memory of its process. It is sent again only to the very same
request (address, cookies and all headers that a page of ours looks at), and only
after the database said that the session is the same to the letter and that nothing
was written to the owner's data since: one statement (see revisions.py). Otherwise it
is made anew, and after MOST_SECONDS in any case: "4 minutes ago" moves on by itself,
and so does midnight.

Only whole answers of our own pages to GET are kept: nothing of the log-in, the admin,
nothing that changes the session or brings a message, no files.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.http import HttpResponse
from django.utils import timezone

from networkcrm.http import HttpRequest

MOST_SECONDS = 60
# All kept pages of a process together, and the largest of them.
MOST_BYTES = 16 << 20
LARGEST = 2 << 20
KEPT_TYPES = ("text/html", "application/json")
# A page of ours may be another one for each of these, and for HX-*.
HEADERS = (
    "HTTP_HOST",
    "HTTP_COOKIE",
    "HTTP_ACCEPT",
    "HTTP_ACCEPT_ENCODING",
    "HTTP_ACCEPT_LANGUAGE",
    "HTTP_REFERER",
    "HTTP_USER_AGENT",
    "HTTP_X_FORWARDED_PROTO",
    "wsgi.url_scheme",
)
OURS = {"networkcrm", "contacts", "events", "connections", "followups"}
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class State:
    """What a page was made from: the session as it is stored, and the revision."""

    session: str
    owner_id: UUID
    revision: int


@dataclass(frozen=True, slots=True)
class Page:
    state: State
    content: bytes
    headers: dict[str, str]
    # At most the one of the form tokens, for a browser that has none yet.
    cookies: SimpleCookie
    until: float

    def answer(self) -> HttpResponse:
        response = HttpResponse(self.content, headers=self.headers)
        response.cookies = self.cookies
        return response


class Pages:
    """The kept pages, those used last at the end; for all threads of a process."""

    def __init__(self) -> None:
        self.by_key: OrderedDict[Key, Page] = OrderedDict()
        self.size = 0
        self.lock = threading.Lock()

    def get(self, key: Key) -> Page | None:
        with self.lock:
            page = self.by_key.get(key)
            if page is None:
                return None
            if page.until < time.monotonic():
                self._drop(key)
                return None
            self.by_key.move_to_end(key)
            return page

    def keep(self, key: Key, page: Page) -> None:
        with self.lock:
            self._drop(key)
            self.by_key[key] = page
            self.size += len(page.content)
            while self.size > MOST_BYTES:
                self._drop(next(iter(self.by_key)))

    def _drop(self, key: Key) -> None:
        if dropped := self.by_key.pop(key, None):
            self.size -= len(dropped.content)

    def clear(self) -> None:
        with self.lock:
            self.by_key.clear()
            self.size = 0


pages = Pages()


class PageCacheMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        # Whose session is whose; asked for anew when a session changes.
        self.owners: dict[str, tuple[str, UUID]] = {}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session_key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        if not (session_key and settings.PAGE_CACHE and request.method == "GET"):
            return self.get_response(request)
        # Read before the page is made: what is written meanwhile makes it an old one.
        state = self.state_of(session_key)
        if state is None:
            return self.get_response(request)
        key = _key(request)
        page = pages.get(key)
        if page and page.state == state:
            return page.answer()
        response = self.get_response(request)
        if _can_be_kept(request, response, state):
            headers = dict(response.items())
            until = time.monotonic() + MOST_SECONDS
            page = Page(state, response.content, headers, response.cookies, until)
            pages.keep(key, page)
        return response

    def state_of(self, session_key: str) -> State | None:
        """None when nobody is logged in by this session."""
        known = self.owners.get(session_key)
        session, revision = _ask(session_key, known and known[1])
        if session is None:
            self.owners.pop(session_key, None)
            return None
        if known is None or known[0] != session:
            owner_id = SessionStore(session_key).decode(session).get("_auth_user_id")
            if owner_id is None:
                return None
            if len(self.owners) > 10_000:
                self.owners.clear()
            self.owners[session_key] = known = session, UUID(owner_id)
            session, revision = _ask(session_key, known[1])
            if session != known[0]:
                return None
        return State(session, known[1], revision)


def _key(request: HttpRequest) -> Key:
    meta = request.META
    asked = [(name, meta[name]) for name in meta if name.startswith("HTTP_HX_")]
    return (
        request.get_full_path(),
        *(meta.get(name) for name in HEADERS),
        *sorted(asked),
    )


def _ask(session_key: str, owner_id: UUID | None) -> tuple[str | None, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT session_data, coalesce((SELECT number FROM networkcrm_revision"
            " WHERE owner_id = %s), 0) FROM django_session"
            " WHERE session_key = %s AND expire_date > %s",
            [owner_id, session_key, timezone.now()],
        )
        return cursor.fetchone() or (None, 0)


def _can_be_kept(request: HttpRequest, response: HttpResponse, state: State) -> bool:
    match = request.resolver_match
    return (
        response.status_code == 200
        and not response.streaming
        and response.cookies.keys() <= {settings.CSRF_COOKIE_NAME}
        and response.headers.get("Content-Type", "").startswith(KEPT_TYPES)
        and "no-store" not in response.headers.get("Cache-Control", "")
        and len(response.content) <= LARGEST
        and match is not None
        and match.func.__module__.partition(".")[0] in OURS
        and request.user.pk == state.owner_id
        and not request.session.modified
    )
