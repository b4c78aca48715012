"""What takes seconds to count over a large network: counted once, and kept.

    def sections(owner: User, when: str) -> str: ...

    counted = kept.Answers(request.user)
    answer = counted.of(sections, when)
    return counted.on(response)

A network of up to LIVE people is counted whenever it is looked at. Of a larger one the
last answer is shown, and the owner's revision (networkcrm.revisions) tells whether it
is still true. When it is not, a job counts anew; until then the answer says as of when
it is, and the page asks again by itself (components/as_of.html). Where no worker does
the job within PATIENCE, and for the first time ever, it is counted there and then.

What counts is a function of a module, of the owner and of texts; answers are plain
values: text, numbers, lists and dicts of them, or None. Another version of networkcrm,
which may count and draw otherwise, keeps its own.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache as once
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.tasks import task
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.module_loading import import_string

from networkcrm.models import User
from networkcrm.tasks import attempts

LIVE = 2_000
PATIENCE = timedelta(minutes=2)
KEPT_SECONDS = 30 * 24 * 60 * 60

Count = Callable[..., Any]
State = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """`at` is when it was counted; None of what is true now."""

    value: Any
    at: datetime | None = None


class Answers:
    """Those of one page, which is kept by nobody when one of them is not true any more.

    One statement, and two for each answer that is kept.
    """

    def __init__(self, owner: User) -> None:
        self.owner = owner
        self.are_true = True

    @cached_property
    def is_large(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM (SELECT FROM contacts_contact"
                " WHERE owner_id = %s LIMIT %s) few",
                [self.owner.pk, LIVE + 1],
            )
            return bool(cursor.fetchone()[0] > LIVE)

    def of(self, count: Count, *said: str) -> Answer:
        if not self.is_large:
            return Answer(count(self.owner, *said))
        answer = _of(self.owner, count, said)
        self.are_true &= answer.at is None
        return answer

    def on(self, response: HttpResponse) -> HttpResponse:
        if not self.are_true:
            response["Cache-Control"] = "no-store"
        return response


@dataclass(frozen=True, slots=True)
class _Kept:
    value: Any
    at: datetime
    state: State


def _of(owner: User, count: Count, said: tuple[str, ...]) -> Answer:
    key = _key(owner, count, said)
    found = _read(key)
    if found is None:
        return Answer(count_anew(owner, count, *said))
    if found.state == _state(owner):
        return Answer(found.value)
    now = timezone.now()
    if cache.add(_asked(key), now, KEPT_SECONDS):
        recount.enqueue(str(owner.pk), _path(count), list(said))
    elif now - (cache.get(_asked(key)) or now) > PATIENCE:
        return Answer(count_anew(owner, count, *said))
    return Answer(found.value, found.at)


def count_anew(owner: User, count: Count, *said: str) -> Any:
    # Read before: what is written meanwhile makes this an old one.
    state = _state(owner)
    value = count(owner, *said)
    key = _key(owner, count, said)
    if value is None:
        # Of what there is not: anybody can ask for any of it.
        cache.delete(key)
    else:
        cache.set(key, (value, timezone.now(), state), KEPT_SECONDS)
    cache.delete(_asked(key))
    return value


@attempts(2)
@task
def recount(owner_id: str, path: str, said: list[str]) -> None:
    owner = User.objects.filter(pk=UUID(owner_id)).first()
    if owner is None:
        return
    with timezone.override(owner.tz):
        count_anew(owner, import_string(path), *said)


def _state(owner: User) -> State:
    """What an answer is true of: the revision of the data, and the owner's day."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number FROM networkcrm_revision WHERE owner_id = %s", [owner.pk]
        )
        row = cursor.fetchone()
    return (row[0] if row else 0), str(timezone.localdate(timezone=owner.tz))


def _read(key: str) -> _Kept | None:
    found = cache.get(key)
    return _Kept(*found) if found else None


def _key(owner: User, count: Count, said: Iterable[str]) -> str:
    # What is said may be of any length, and hold anything.
    about = json.dumps([_version(), _path(count), *said])
    return f"kept:{owner.pk}:{hashlib.sha256(about.encode()).hexdigest()}"


@once
def _version() -> str:
    """Changes with all that counts and draws, and is the same on every machine."""
    base = settings.BASE_DIR
    ours = [Path(app.path) for app in apps.get_app_configs()]
    folders = [base / "templates", *(path for path in ours if path.parent == base)]
    digest = hashlib.sha256()
    for file in sorted(file for folder in folders for file in folder.rglob("*.*")):
        if file.suffix in (".py", ".html"):
            digest.update(f"{file.relative_to(base)}\n".encode() + file.read_bytes())
    return digest.hexdigest()


def _asked(key: str) -> str:
    return f"{key}:asked"


def _path(count: Count) -> str:
    return f"{count.__module__}.{count.__qualname__}"
