"""The rows of the tables of pages: inside, over the wire, and beside the floor."""

import http.client
import json
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any, NamedTuple

from benchmarks import accounts, load
from benchmarks.asked import Paths
from benchmarks.cold import forget
from benchmarks.inside import VISITS, Inside, inside
from benchmarks.progress import say

HEAD = (
    "| | answer | queries | SQL ms | first ms | cold p50 | p95 | again p50 | p95"
    " | cold/s | again/s | bare/s | bare ÷ cold | bare ÷ again | bare with SQL ÷ cold"
    " | cold ÷ SQL |"
)
SHORT = (
    "| | queries | SQL ms | first ms | cold p50 | p95 | again p50 | p95 | cold ÷ SQL |"
)


class Ports(NamedTuple):
    """Of the servers that are asked by turns: see servers.py."""

    cold: int
    again: int
    floor: int


def rule(head: str) -> str:
    """The line below the names of the columns: numbers stand on the right."""
    return "|---|" + "--:|" * (head.count("|") - 2)


def wired(
    owner: Any, pages: Paths, ports: Ports, seconds: float, rounds: int
) -> list[str]:
    """Each page in this process and over the wire."""
    lines = [HEAD, rule(HEAD)]
    contact = owner.contacts.get(is_me=True)
    bare = f"/floor/{owner.pk}/{contact.pk}"
    headers = accounts.headers(owner)
    for name, paths in pages.items():
        found = inside(owner, paths)
        rates, length = _rates(
            owner, paths, found, ports, bare, headers, seconds, rounds
        )
        cold, again, floor, same = rates
        lines.append(
            f"| {name} | {length / 1000:.1f} kB | {found.queries} | {_times(found)}"
            f" | {cold:.0f} | {again:.0f} | {floor:.0f} | {floor / cold:.2f}"
            f" | {floor / again:.2f} | {same / cold:.2f} | {_to_sql(found)} |"
        )
        say(lines[-1])
    return lines


def unwired(owner: Any, pages: Paths, visits: int = VISITS) -> list[str]:
    """Each page in this process only."""
    lines = [SHORT, rule(SHORT)]
    for name, paths in pages.items():
        found = inside(owner, paths, visits)
        lines.append(
            f"| {name} | {found.queries} | {_times(found)} | {_to_sql(found)} |"
        )
        say(lines[-1])
    return lines


def _times(found: Inside) -> str:
    cold, again = found.cold, found.again
    return (
        f"{found.sql:.1f} | {found.first:.0f} | {cold[0]:.1f} | {cold[1]:.1f}"
        f" | {again[0]:.1f} | {again[1]:.1f}"
    )


def _to_sql(found: Inside) -> str:
    return f"{found.cold[0] / found.sql:.1f}" if found.statements else "–"


def _rates(
    owner: Any,
    paths: Sequence[str],
    found: Inside,
    ports: Ports,
    bare: str,
    headers: Mapping[str, str],
    seconds: float,
    rounds: int,
) -> tuple[list[float], int]:
    """Requests per second of the page after a change and again, of the bare view, and
    of a bare view with the page's statements; and the length of the answer."""
    tell(ports.floor, "page", found.statements)
    # What is counted for it is true again, and the page is kept from now on. It is one
    # address: a hundred contacts would each be a first visit.
    forget(owner)
    length = visit(ports.again, paths[0], headers)
    bare_path, sql_path = f"{bare}/{length}/", f"/sql/page/{length}/"
    rates: list[list[float]] = [[], [], [], []]
    for _round in range(rounds):
        for rate, port, asked in (
            (rates[0], ports.cold, paths),
            (rates[1], ports.again, paths[:1]),
            (rates[2], ports.floor, [bare_path]),
            (rates[3], ports.floor, [sql_path]),
        ):
            rate.append(load.ask(port, asked, seconds, headers).rate)
    return [median(rate) for rate in rates], length


def visit(port: int, path: str, headers: Mapping[str, str]) -> int:
    """The length of the answer."""
    connection = load.Connection(port, headers)
    length = connection.ask(path)
    connection.close()
    return length


def tell(port: int, name: str, statements: Sequence[str]) -> None:
    """Give the floor the statements of a page."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("POST", f"/sql/{name}/", body=json.dumps(statements))
    connection.getresponse().read()
    connection.close()
