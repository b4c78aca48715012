"""What was promised and given: the seeds of connections/ do not write it."""

from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from followups.models import Favour, FollowUp

MOST = 5000
SINCE = 3 * 365
TITLES = (
    "Send the grant list",
    "Ask how the pilot went",
    "Bring the book back",
    "Introduce them to a buyer",
)


def promise(owner: Any, contacts: int, seed: int = 1) -> None:
    """A promise for every second contact, one in ten of them open, and half as many
    favours; of the last three years."""
    rng = Random(seed)
    today = timezone.localdate(timezone=owner.tz)
    people = list(owner.contacts.active().by_name()[:MOST])
    promises, favours = [], []
    for number in range(min(max(1, contacts // 2), MOST)):
        contact = rng.choice(people)
        due = today - timedelta(rng.randint(1, SINCE))
        is_open = number % 10 == 0
        if is_open:
            due = today + timedelta(rng.randint(-5, 90))
        done = datetime.combine(due, time(12), owner.tz)
        promises.append(
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
        if number % 2:
            favours.append(
                Favour(
                    owner=owner,
                    contact=contact,
                    direction=rng.choice(["given", "given", "received"]),
                    on=str(due),
                    text="Read a draft and wrote three pages of notes",
                )
            )
    FollowUp.objects.bulk_create(promises, batch_size=1000)
    Favour.objects.bulk_create(favours, batch_size=1000)
