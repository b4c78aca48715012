"""Guest lists held against all people one knows: read, kept, and matched."""

import time
from statistics import median
from typing import Any

LISTS = (1000, 5000)
TURNS = 5


def guest_lists(owner: Any) -> list[str]:
    """A half of each list are people of the account, a half nobody knows, in part from
    organizations where someone is known."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from events.guests import matching, reading, writing
    from events.models import Event

    lines = [
        "| lines | read ms | kept ms | queries | matched ms | queries |",
        "|--:|--:|--:|--:|--:|--:|",
    ]
    for count in LISTS:
        event = Event(owner=owner, name=f"A fair of {count}")
        event.save()
        raw = _list_of(owner, count)
        start = time.perf_counter()
        found = list(reading.read(raw))
        read = time.perf_counter() - start
        with CaptureQueriesContext(connection) as writes:
            start = time.perf_counter()
            writing.add(event, found)
            kept = time.perf_counter() - start
        took = []
        for _turn in range(TURNS):
            guests = list(event.guests.in_order())
            with CaptureQueriesContext(connection) as reads:
                start = time.perf_counter()
                matching.match(owner, guests)
                took.append(time.perf_counter() - start)
        event.delete()
        lines.append(
            f"| {count:,} | {read * 1000:.0f} | {kept * 1000:.0f} | {len(writes)} |"
            f" {median(took) * 1000:.0f} | {len(reads)} |"
        )
    return lines


def _list_of(owner: Any, count: int) -> bytes:
    people = owner.contacts.active().select_related("organization").by_name()
    works = list(owner.organizations.values_list("name", flat=True)[:200])
    known = [f"{p.full_name}, {p.organization or ''}" for p in people[: count // 2]]
    new = [
        f"Newcomer {_letters(n)} Visitor, {works[n % len(works)] if n % 3 else ''},"
        f" visitor{n}@example.org"
        for n in range(count - len(known))
    ]
    return "\n".join([*known, *new]).encode()


def _letters(number: int) -> str:
    return "".join(chr(97 + int(digit)) for digit in str(number))
