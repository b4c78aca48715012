"""A network of which only the links matter, written by COPY: for path and graph."""

import time
from collections.abc import Iterable
from datetime import UTC, datetime
from random import Random
from statistics import mean
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from benchmarks.accounts import tidy
from benchmarks.load import percentiles
from benchmarks.pages import rule
from benchmarks.progress import say
from connections.models import Origin, Relationship
from connections.network.paths import trails
from connections.seeding.writing import copy, row
from contacts.models import Contact, Organization
from events.models import Event
from networkcrm.copying import analyze
from networkcrm.models import User

# Of a hundred thousand people so many were at one event, and so many work together.
AT_ONE_EVENT = 0.05
IN_ONE_ORGANIZATION = 0.02
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


def connect(owner: Any, people: int, edges: int, seed: int = 1) -> None:
    """Gives an owner so many people and relationships between them, at random.

    Five in a hundred of them were at one event, two in a hundred work in one
    organization, and nobody is in touch with the owner.
    """
    rng = Random(seed)
    hall = row(Event, owner.pk, MOMENT, name="A fair", search_key="a fair", kind="fair")
    firm = row(Organization, owner.pk, MOMENT, name="A firm", key="a firm")
    employed = round(people * IN_ONE_ORGANIZATION)
    contacts = [
        row(
            Contact,
            owner.pk,
            MOMENT,
            full_name=f"Tester {n}",
            sort_key=f"tester {n}",
            organization_id=firm.id if n < employed else None,
        )
        for n in range(people)
    ]
    ids = [contact.id for contact in contacts]
    rng.shuffle(ids)
    kind = owner.relationshipkinds.get(key="colleague").pk
    pairs = {_pair(rng, ids) for _ in range(edges)}
    while len(pairs) < edges:
        pairs.add(_pair(rng, ids))
    with transaction.atomic():
        copy(Event, [hall])
        copy(Organization, [firm])
        copy(Contact, contacts)
        copy(
            Relationship,
            (
                row(
                    Relationship,
                    owner.pk,
                    MOMENT,
                    from_contact_id=a,
                    to_contact_id=b,
                    kind_id=kind,
                    strength=rng.randint(1, 5),
                )
                for a, b in sorted(pairs)
            ),
        )
        copy(
            Origin,
            (
                row(
                    Origin,
                    owner.pk,
                    MOMENT,
                    contact_id=contact_id,
                    how="event",
                    in_person=True,
                    event_id=hall.id,
                    event_name="A fair",
                )
                for contact_id in ids[: round(people * AT_ONE_EVENT)]
            ),
        )
        # Before the checks of the links, which are made at the end.
        analyze(Event, Organization, Contact, Relationship, Origin)


def _pair(rng: Random, ids: list[UUID]) -> tuple[UUID, UUID]:
    a, b = rng.sample(ids, 2)
    return min(a, b), max(a, b)


HEAD = (
    "| | people | links | statements | first p50 ms | p95 ms"
    " | again p50 ms | p95 ms | length |"
)


def ways(owners: Iterable[Any], sizes: Iterable[int]) -> list[str]:
    """Ways in the networks of these owners, and in networks at random of these sizes,
    each with twice as many relationships."""
    lines = [HEAD, rule(HEAD)]
    for owner in owners:
        people = owner.contacts.count()
        lines.append(measured(owner, "invented people", people, links(owner)))
        say(lines[-1])
    for people in sizes:
        owner = User.objects.create_user(f"ways-{time.time_ns()}@example.org")
        connect(owner, people, 2 * people)
        tidy()
        lines.append(measured(owner, "at random", people, 2 * people))
        say(lines[-1])
        owner.delete()
    return lines


def links(owner: Any) -> int:
    """Pairs that know each other, and what they did together."""
    return owner.relationships.count() + owner.interactions.count()


def measured(owner: Any, name: str, people: int, links: int, pairs: int = 100) -> str:
    """A line of the table: the ways between so many pairs, asked for the first time
    and then twice again."""
    rng = Random(4)
    everybody = list(owner.contacts.kept().filter(is_me=False).order_by("pk"))
    chosen = [rng.sample(everybody, 2) for _ in range(pairs)]
    lengths: list[int] = []

    def ask() -> list[float]:
        took = []
        for start, goal in chosen:
            began = time.perf_counter()
            found = trails(owner, start, goal)
            took.append(time.perf_counter() - began)
            lengths.extend(len(trail) - 1 for trail in found)
        return took

    first = percentiles(ask())
    again = percentiles([*ask(), *ask()])
    with CaptureQueriesContext(connection) as captured:
        for start, goal in chosen:
            trails(owner, start, goal)
    return (
        f"| {name} | {people:,} | {links:,} | {len(captured) / pairs:.0f} |"
        f" {first[0]:.1f} | {first[1]:.1f} | {again[0]:.1f} | {again[1]:.1f} |"
        f" {mean(lengths):.1f} |"
    )
