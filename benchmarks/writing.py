"""What is written down: one line of capture.

In this process each is taken back by its transaction. Over the wire they are written,
and deleted at the end.
"""

import itertools
import time
from collections.abc import Iterator
from statistics import median
from typing import Any
from urllib.parse import urlencode

from django.db import connection, transaction
from django.db.models import Count, Min
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks import accounts, load
from benchmarks.pages import Ports, rule
from benchmarks.progress import say

TURNS = 40
HEAD = (
    "| capture | queries | SQL ms | p50 ms | p95 ms | requests/s | bare view"
    " | bare ÷ ours | ours ÷ SQL |"
)


def captures(owner: Any, ports: Ports, seconds: float) -> list[str]:
    """Somebody new, as a phone sends it; and somebody who is known, met through
    somebody who is, which is measured without the wire."""
    lines = [HEAD, rule(HEAD)]
    ours, bare = _rates(owner, ports, seconds)
    rates = f"{ours:.0f} | {bare:.0f} | {bare / ours:.2f}"
    for name, texts, wire in (
        ("somebody new", [_new(n, "Acme") for n in range(TURNS)], rates),
        ("somebody known, through somebody", _known(owner), "– | – | –"),
    ):
        if not texts:  # Among very many people nobody has a name of their own.
            continue
        queries, sql, p50, p95 = inside(accounts.browser(owner), texts)
        lines.append(
            f"| {name} | {queries} | {sql:.1f} | {p50:.1f} | {p95:.1f} | {wire}"
            f" | {p50 / sql:.1f} |"
        )
        say(lines[-1])
    return lines


def inside(client: Any, texts: list[str]) -> tuple[int, float, float, float]:
    """Queries of one line, and milliseconds: of its statements sent by themselves, and
    of the whole, half and 95 of 100."""
    took, alone = [], []
    queries = 0
    # The first one finds nothing warm.
    for text in [texts[0], *texts]:
        with transaction.atomic():
            with CaptureQueriesContext(connection) as captured:
                took.append(_send(client, text))
            transaction.set_rollback(True)
        statements = [query["sql"] for query in captured]
        queries = len(statements)
        alone.append(_alone(statements))
    return queries, median(alone[1:]) * 1000, *load.percentiles(took[1:])


def _send(client: Any, text: str) -> float:
    start = time.perf_counter()
    answer = client.post(reverse("capture"), {"text": text})
    took = time.perf_counter() - start
    if answer.status_code != 302:
        raise RuntimeError(f"Capturing “{text}” answered {answer.status_code}.")
    return took


def _alone(statements: list[str]) -> float:
    """Taken back as well; what marks the transaction itself is left out."""
    with transaction.atomic(), connection.cursor() as cursor:
        start = time.perf_counter()
        for statement in statements:
            if "SAVEPOINT" not in statement:
                cursor.execute(statement, None)
        took = time.perf_counter() - start
        transaction.set_rollback(True)
    return took


def _rates(owner: Any, ports: Ports, seconds: float) -> tuple[float, float]:
    """Requests per second, ours and those of a view that writes one row."""
    work = owner.organizations.order_by("key").first()
    began = time.time_ns()
    bodies: Iterator[str] = (
        urlencode({"text": _new(n, work.name if work else "Acme")})
        for n in itertools.count(began)
    )
    headers = accounts.headers(owner)
    try:
        load.ask(ports.cold, [reverse("capture")], 0.2, headers, bodies)
        ours = load.ask(ports.cold, [reverse("capture")], seconds, headers, bodies)
        bare = load.ask(ports.floor, [f"/write/{owner.pk}/"], seconds, headers, bodies)
    finally:
        made = owner.contactmethods.filter(normalized__startswith="bench-visitor")
        people = list(made.values_list("contact_id", flat=True))
        owner.captures.filter(text__startswith="Newcomer").delete()
        owner.contacts.filter(pk__in=people).delete()
    return ours.rate, bare.rate


def _new(number: int, work: str) -> str:
    name = "".join(chr(97 + int(digit)) for digit in str(number)[-9:])
    return f"Newcomer{name} Visitor, {work}, bench-visitor{number}@example.org"


def _known(owner: Any) -> list[str]:
    """People of a plain name that nobody else has, so that it is clear who is meant."""
    names = (
        owner.contacts.active()
        .filter(full_name__regex=r"^\w+ \w+$")
        .values("sort_key")
        .annotate(count=Count("pk"), full_name=Min("full_name"))
        .filter(count=1)
        .order_by("sort_key")
        .values_list("full_name", flat=True)[: 2 * TURNS]
    )
    known = list(names)
    return [
        f"{one}, tired of reporting, via {other}"
        for one, other in zip(known[::2], known[1::2], strict=False)
    ]
