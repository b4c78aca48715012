"""What is written down: one line of capture, taken back after each turn."""

import time
from typing import Any

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

TURNS = 40


def captures(owner: Any, client: Any) -> list[str]:
    """Each line as a phone sends it: somebody new; and somebody who is known, met
    through somebody who is."""
    from benchmarks.load import percentiles

    known = list(owner.contacts.active().by_name()[: 2 * TURNS])
    lines = {
        "somebody new": [
            f"Newcomer{chr(97 + n % 26)} Visitor, Acme, visitor{n}@example.org"
            for n in range(TURNS)
        ],
        "somebody known, through somebody": [
            f"{one.full_name}, tired of reporting, via {other.full_name}"
            for one, other in zip(known[::2], known[1::2], strict=False)
        ],
    }
    table = ["| capture | queries | p50 ms | p95 ms |", "|---|--:|--:|--:|"]
    for name, texts in lines.items():
        took, queries = [], 0
        for text in [texts[0], *texts]:
            queries, seconds = _send(client, text)
            took.append(seconds)
        # The first one finds nothing warm.
        p50, p95 = percentiles(took[1:])
        table.append(f"| {name} | {queries} | {p50:.1f} | {p95:.1f} |")
    return table


def _send(client: Any, text: str) -> tuple[int, float]:
    with transaction.atomic(), CaptureQueriesContext(connection) as captured:
        start = time.perf_counter()
        answer = client.post(reverse("capture"), {"text": text})
        took = time.perf_counter() - start
        transaction.set_rollback(True)
        if answer.status_code != 302:
            raise RuntimeError(f"Capturing “{text}” answered {answer.status_code}.")
        return len(captured), took
