"""How often each owner's data has changed, counted by every connection that writes.

Whatever sends a statement that writes (the ORM, a cursor, a job, the admin, a shell)
moves the number of the owners that the statement names, right after the commit.
Since every statement on owned tables names its owner as a constant, the owners are
among its parameters; which of those are owners is left to Postgres.

The number moves after the commit and not with it, so that two who write at the same
time never wait for each other here. A process that is killed between the two leaves
the number where it was: whoever keeps something by it must not keep it for long.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

_WRITES = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|MERGE|COPY|TRUNCATE)\b", re.I)
# One that begins with WITH may end with any of these.
_WITH = re.compile(r"\s*WITH\b.*\b(?:INSERT|UPDATE|DELETE)\b", re.I | re.S)
TABLE = "networkcrm_revision"
_LENGTH = len("01a202e2-bb6c-725e-9e62-c9a8d672356d")


class _Moving:
    """Called at the commit: moves the number of those who were written to until then.

    One for a transaction and all its savepoints. A savepoint that is rolled back takes
    it along when it was made within; then it knows of no write from outside.
    """

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self.named: set[UUID] = set()

    def __call__(self) -> None:
        move(self.named, self.connection)


def watch(connection: BaseDatabaseWrapper, **_kwargs: Any) -> None:
    """Receiver of `connection_created`: count what this connection writes."""
    if _watched not in connection.execute_wrappers:
        # As the first: who looks on for a while takes away the last.
        connection.execute_wrappers.insert(0, _watched)


def _watched(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
) -> Any:
    result = execute(sql, params, many, context)
    text = sql if isinstance(sql, str) else str(sql)
    if (_WRITES.match(text) or _WITH.match(text)) and TABLE not in text:
        rows = params if many else [params]
        if named := {pk for row in rows or () for pk in _uuids(row)}:
            moved(named, context["connection"])
    return result


def _uuids(params: Any) -> Iterator[UUID]:
    values = params.values() if isinstance(params, dict) else params or ()
    for value in values:
        if isinstance(value, UUID):
            yield value
        elif isinstance(value, list):
            # A column of many rows (unnest), as bulk_create sends them.
            yield from (each for each in value if isinstance(each, UUID))
        elif isinstance(value, str) and len(value) == _LENGTH:
            try:
                yield UUID(value)
            except ValueError:
                continue


def moved(
    owner_ids: Iterable[UUID], connection: BaseDatabaseWrapper | None = None
) -> None:
    """Their data is not what it was, as soon as the transaction around us commits."""
    connection = connection or connections[DEFAULT_DB_ALIAS]
    for waiting in connection.run_on_commit:
        if isinstance(call := waiting[1], _Moving):
            call.named |= set(owner_ids)
            return
    moving = _Moving(connection)
    moving.named |= set(owner_ids)
    # What is committed stays so, even if its number could not be moved.
    connection.on_commit(moving, robust=True)


def move(owner_ids: Iterable[UUID], connection: BaseDatabaseWrapper) -> None:
    """Move the numbers now, of those among the ids who are owners."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO {TABLE} AS old (owner_id, number)
            SELECT id, 1 FROM networkcrm_user WHERE id = ANY(%s) ORDER BY id
            ON CONFLICT (owner_id) DO UPDATE SET number = old.number + 1
            """,
            [list(owner_ids)],
        )
