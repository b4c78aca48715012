"""What search finds of events themselves."""

from collections.abc import Iterable

from django.db.models import Q

from contacts import search_things
from contacts.search_things import MOST_LOOKED_AT, Found
from networkcrm.models import User


def _events(user: User, called: Q) -> Iterable[Found]:
    for event in user.events.filter(called).latest_first()[:MOST_LOOKED_AT]:
        day = f"{event.day:%-d %b %Y}" if event.day else ""
        yield Found("calendar", "Event", event.name, event.get_absolute_url(), day)


def register() -> None:
    search_things.register("search_key", _events)
