"""Deleting what came of it, and taking that back."""

from typing import Any

from django.db import transaction

from connections.models import Outcome
from networkcrm import snapshots, undo
from networkcrm.models import User


def delete_outcome(outcome: Outcome) -> str:
    """Returns the address to post to for taking it back."""
    payload = {
        "columns": snapshots.taken(outcome),
        "people": list(outcome.shares.values_list("contact_id", flat=True)),
    }
    url = undo.remember(outcome.owner, "outcome", payload)
    outcome.delete()
    return url


@undo.action("outcome")
@transaction.atomic
def _put_outcome_back(user: User, payload: dict[str, Any]) -> str:
    columns = dict(payload["columns"])
    # What it pointed at may be gone for ever; the name of the event is kept beside.
    if not user.events.filter(pk=columns["event_id"]).exists():
        columns["event_id"] = None
    if not user.introductions.filter(pk=columns["introduction_id"]).exists():
        columns["introduction_id"] = None
    people = user.contacts.filter(pk__in=payload["people"])
    outcome = snapshots.put_back(Outcome, columns)
    outcome.set_people(set(people.values_list("pk", flat=True)))
    return f"“{outcome}” is back."
