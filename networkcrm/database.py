"""The database of this installation, there for as long as it is needed."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.db import DatabaseError, connection, connections

from networkcrm import embedded
from networkcrm.home import SetupError

OLDEST_VERSION = 15
# A host that swallows packets must not keep anyone waiting; nor its name server.
PATIENCE = 8.0


@contextmanager
def ready() -> Iterator[Callable[[], None]]:
    """The database answers while the block runs: the embedded one, or DATABASE_URL's.

    Yields what to call now and then to keep it so. Raises SetupError with a
    sentence when it does not answer.
    """
    with ExitStack() as stack:
        if settings.EMBEDDED:
            server = stack.enter_context(embedded.attached(settings.HOME))
            watch = server.keep_running
        else:
            check(settings.DATABASES["default"])
            if settings.DIRECT_DATABASE:
                check(settings.DIRECT_DATABASE, "DIRECT_DATABASE_URL")
            watch = _leave_it
        stack.callback(disconnect)
        yield watch


def _leave_it() -> None:
    """Someone else's server is not ours to start again."""


def disconnect() -> None:
    """Close what this thread and the pool hold, so that nothing dies in our hands."""
    for open_one in connections.all(initialized_only=True):
        open_one.close()
        open_one.close_pool()  # type: ignore[attr-defined]


@contextmanager
def straight() -> Iterator[None]:
    """This process talks to the server itself while the block runs, past a pooler."""
    if not settings.DIRECT_DATABASE:
        yield
        return
    used = connection.settings_dict
    pooled = dict(used)
    direct = settings.DIRECT_DATABASE
    options = {"connect_timeout": 5} | direct.get("OPTIONS", {})
    disconnect()
    used |= direct | {"OPTIONS": options, "DISABLE_SERVER_SIDE_CURSORS": False}
    try:
        yield
    finally:
        disconnect()
        used.clear()
        used |= pooled


@contextmanager
def one_at_a_time(key: int) -> Iterator[None]:
    """Whoever comes here with this key, from whatever machine, waits for its turn.

    The lock is one transaction's, in a connection of its own: it ends with its process,
    and a pooler cannot hand it to anybody else.
    """
    with (
        connection.wrap_database_errors,
        _connected(connection.settings_dict) as another,
    ):
        another.execute("SELECT pg_advisory_xact_lock(%s)", [key])
        yield


def migrate() -> None:
    """Bring the tables up to date. Raises SetupError when that cannot be."""
    # Only where it is needed: these take a while to import.
    from django.core.management import call_command
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return
        # Eighty commits need not each wait for the disk while there is nothing to lose.
        hurried = settings.EMBEDDED and not executor.loader.applied_migrations
        if hurried:
            _execute("SET synchronous_commit TO off")
        call_command("migrate", interactive=False, verbosity=0)
        if hurried:
            _execute("RESET synchronous_commit")
    except DatabaseError as error:
        reason = str(error).partition("\n")[0]
        raise SetupError(
            f"The tables of the database cannot be brought up to date: {reason}."
        ) from error


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def check(database: dict[str, Any], variable: str = "DATABASE_URL") -> None:
    """Raise SetupError when the server of these settings cannot be used."""
    outcome: list[psycopg.Error | tuple[int, str | None, bool]] = []

    def look() -> None:
        try:
            with _connected(database) as there:
                info = there.info
                encoding = info.parameter_status("server_encoding")
                version = info.server_version // 10000
                outcome.append((version, encoding, _is_pooled(there)))
        except psycopg.Error as error:
            outcome.append(error)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    match outcome:
        case []:
            reason = f"it did not answer within {PATIENCE:.0f} seconds"
        case [psycopg.Error() as error]:
            raise _unusable(variable, _reason(error)) from error
        case [(version, _, _)] if version < OLDEST_VERSION:
            reason = (
                f"it is PostgreSQL {version}, and networkcrm needs"
                f" {OLDEST_VERSION} or newer"
            )
        case [(_, encoding, _)] if encoding != "UTF8":
            reason = f"its encoding is {encoding}, and names need UTF8"
        case [(_, _, True)] if variable == "DIRECT_DATABASE_URL":
            reason = "a pooler answers there, and not the server itself"
        case [(_, _, True)] if not settings.DIRECT_DATABASE:
            reason = (
                "a pooler answers there, and some work needs the server itself:"
                " name it in DIRECT_DATABASE_URL"
            )
        case _:
            return
    raise _unusable(variable, reason)


def _connected(database: dict[str, Any]) -> psycopg.Connection[Any]:
    """A connection past Django's, by the settings of one of its databases."""
    options = {k: v for k, v in database.get("OPTIONS", {}).items() if k != "pool"}
    address = {
        "host": database["HOST"] or None,
        "port": database["PORT"] or None,
        "user": database["USER"] or None,
        "password": database["PASSWORD"] or None,
        "dbname": database["NAME"],
    }
    # A socket's folder comes as ?host= in the URL, among the options.
    return psycopg.connect(**address | {"connect_timeout": 5} | options)


def _is_pooled(there: psycopg.Connection[Any]) -> bool:
    """A pooler makes up the number of the process that it greets with."""
    (process,) = there.execute("SELECT pg_backend_pid()").fetchone() or (None,)
    return process != there.info.backend_pid


def _unusable(variable: str, reason: str) -> SetupError:
    return SetupError(f"The database of {variable} cannot be used: {reason}.")


def _reason(error: psycopg.Error) -> str:
    """What libpq says, on one line and without the address it repeats."""
    lines = [line.strip(" -\t") for line in str(error).splitlines() if line.strip()]
    if "timeout expired" in str(error) or isinstance(
        error, psycopg.errors.ConnectionTimeout
    ):
        return "its server does not answer"
    first = next((line for line in lines if "failed" in line or "FATAL" in line), "")
    text = (first or (lines[0] if lines else type(error).__name__)).rstrip(".")
    return text.split("FATAL: ")[-1].strip()
