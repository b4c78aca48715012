"""A page without server and wire, in this process."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.accounts import browser
from benchmarks.cold import forget, written_to
from benchmarks.load import percentiles

READS = ("SELECT", "WITH")
# At most so many visits of each kind, fewer when they take longer than so many seconds
# together, and of what takes very long three.
VISITS = 60
LIMITS = ((15, 0.7), (3, 7.0))


@dataclass(frozen=True, slots=True)
class Inside:
    """Milliseconds, half and 95 of 100 of all visits: `cold` when something was
    written since the last one, `again` when nothing was; `first` when nothing is kept
    of earlier visits at all; `sql` is that of the page's statements sent by themselves.
    """

    queries: int
    sql: float
    first: float
    cold: tuple[float, float]
    again: tuple[float, float]
    statements: list[str]


def inside(owner: Any, paths: Sequence[str], visits: int = VISITS) -> Inside:
    """Raises RuntimeError when a page does not answer 200."""
    client = browser(owner)
    get(client, paths[0])
    first = []
    for turn in range(min(3, visits)):
        forget(owner)
        first.append(get(client, paths[turn % len(paths)]))
    get(client, paths[0])
    again = visited(client, paths[:1], visits)
    written_to(owner)
    sent = statements_of(client, paths[0])
    statements = reads(sent)
    cold = visited(client, paths, visits, before=lambda: written_to(owner))
    return Inside(
        len(sent),
        alone(statements, visits),
        median(first) * 1000,
        percentiles(cold),
        percentiles(again),
        statements,
    )


def visited(
    client: Any,
    paths: Sequence[str],
    visits: int,
    before: Callable[[], None] = lambda: None,
) -> list[float]:
    took: list[float] = []
    started = time.perf_counter()
    for turn in range(visits):
        before()
        took.append(get(client, paths[turn % len(paths)]))
        passed = time.perf_counter() - started
        if any(turn + 1 >= few and passed > seconds for few, seconds in LIMITS):
            break
    return took


def statements_of(client: Any, path: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        get(client, path)
    return [query["sql"] for query in captured]


def reads(statements: Sequence[str]) -> list[str]:
    return [sql for sql in statements if sql.lstrip(" (\n").startswith(READS)]


def get(client: Any, path: str) -> float:
    start = time.perf_counter()
    status = client.get(path).status_code
    took = time.perf_counter() - start
    if status != 200:
        raise RuntimeError(f"{path} answered {status}.")
    return took


def alone(statements: Sequence[str], visits: int) -> float:
    """Milliseconds that the statements take when sent by themselves, in the middle."""
    times: list[float] = []
    with connection.cursor() as cursor:
        while len(times) < min(3, visits) or (
            len(times) < min(10, visits) and sum(times) < 1
        ):
            start = time.perf_counter()
            for statement in statements:
                # As captured: its values are in it, and a % is a %.
                cursor.execute(statement, None)
                cursor.fetchall()
            times.append(time.perf_counter() - start)
    return median(times) * 1000
