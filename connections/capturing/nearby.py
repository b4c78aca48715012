"""Which event I am at, and who else is there."""

from typing import Any
from uuid import UUID

from events.models import Event
from events.nearby import events_nearby, on_now, window
from networkcrm.models import User

__all__ = ["MOST_PEOPLE", "events_nearby", "on_now", "people_at", "window"]

MOST_PEOPLE = 200


def people_at(owner: User, event: Event | None) -> list[tuple[UUID, str]]:
    """(id, name) of those who are said to be there, or were met there."""
    if event is None:
        return []
    there: Any = owner.attendances.filter(event=event).exclude(state="missed")
    people = owner.contacts.kept().others()
    people = people.filter(pk__in=there.values("contact")).by_name()
    return list(people.values_list("pk", "full_name")[:MOST_PEOPLE])
