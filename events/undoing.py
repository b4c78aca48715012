"""Deleting an event, and taking that back with all that pointed at it."""

from typing import Any

from django.db import transaction

from events.models import Event
from networkcrm import derived, snapshots, undo
from networkcrm.models import User


def delete_event(event: Event) -> str:
    """Returns the address to post to for taking it back, links and all."""
    payload = {
        "columns": snapshots.taken(event),
        "origins": list(event.origins.values_list("pk", flat=True)),
        "interactions": list(event.interactions.values_list("pk", flat=True)),
    }
    url = undo.remember(event.owner, "event", payload)
    event.delete()
    return url


@undo.action("event")
@transaction.atomic
def _put_event_back(user: User, payload: dict[str, Any]) -> str:
    with derived.batch():
        event = snapshots.put_back(Event, payload["columns"])
        # What has found another event since keeps that one.
        for rows in (
            user.origins.filter(pk__in=payload["origins"], event=None),
            user.interactions.filter(pk__in=payload["interactions"], event=None),
        ):
            rows.update(event=event)
        derived.touch(user.pk, event.contact_ids())
    return f"{event} is back."
