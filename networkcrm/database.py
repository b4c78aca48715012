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
        with connection.cursor() as cursor:
            if hurried:
                cursor.execute("SET synchronous_commit TO off")
            call_command("migrate", interactive=False, verbosity=0)
            if hurried:
                cursor.execute("RESET synchronous_commit")
    except DatabaseError as error:
        reason = str(error).partition("\n")[0]
        raise SetupError(
            f"The tables of the database cannot be brought up to date: {reason}."
        ) from error


def check(database: dict[str, Any]) -> None:
    """Raise SetupError when the server of these settings cannot be used."""
    outcome: list[psycopg.Error | tuple[int, str | None]] = []

    def look() -> None:
        options = {k: v for k, v in database["OPTIONS"].items() if k != "pool"}
        try:
            with psycopg.connect(
                **{
                    "host": database["HOST"] or None,
                    "port": database["PORT"] or None,
                    "user": database["USER"] or None,
                    "password": database["PASSWORD"] or None,
                    "dbname": database["NAME"],
                }
                # A socket's folder comes as ?host= in the URL, among the options.
                | options
            ) as connection:
                info = connection.info
                encoding = info.parameter_status("server_encoding")
                outcome.append((info.server_version // 10000, encoding))
        except psycopg.Error as error:
            outcome.append(error)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    match outcome:
        case []:
            raise _unusable(f"it did not answer within {PATIENCE:.0f} seconds")
        case [psycopg.Error() as error]:
            raise _unusable(_reason(error)) from error
        case [(version, _)] if version < OLDEST_VERSION:
            raise _unusable(
                f"it is PostgreSQL {version}, and networkcrm needs"
                f" {OLDEST_VERSION} or newer"
            )
        case [(_, encoding)] if encoding != "UTF8":
            raise _unusable(f"its encoding is {encoding}, and names need UTF8")


def _unusable(reason: str) -> SetupError:
    return SetupError(f"The database of DATABASE_URL cannot be used: {reason}.")


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
