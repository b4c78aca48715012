"""Promises, which the seeds do not write."""

from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from followups.models import FollowUp

MOST = 5000
SINCE = 3 * 365
TITLES = (
    "Send the grant list",
    "Ask how the pilot went",
    "Bring the book back",
    "Introduce them to a buyer",
)


def promise(owner: Any, contacts: int, seed: int = 1) -> None:
    """One for every second contact, of the last three years; one in ten is open."""
    rng = Random(seed)
    today = timezone.localdate(timezone=owner.tz)
    people = list(owner.contacts.active().by_name()[:MOST])
    rows = []
    for number in range(min(max(1, contacts // 2), MOST)):
        contact = rng.choice(people)
        is_open = number % 10 == 0
        ago = rng.randint(-90, 5) if is_open else rng.randint(1, SINCE)
        due = today - timedelta(ago)
        done = datetime.combine(due, time(12), owner.tz)
        rows.append(
            FollowUp(
                owner=owner,
                contact=contact,
                contact_name=contact.full_name,
                title=rng.choice(TITLES),
                due_on=due,
                promised_by=rng.choice(["me", "me", "me", "them"]),
                done_at=None if is_open else done + timedelta(rng.randint(-5, 2)),
            )
        )
    FollowUp.objects.bulk_create(rows, batch_size=1000)
