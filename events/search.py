"""What search finds of events themselves."""

from collections.abc import Iterable

from django.db.models import Q

from contacts import search_things
from contacts.search_things import MOST_OF_A_KIND, Found
from networkcrm.models import User


def _events(user: User, called: Q) -> Iterable[Found]:
    for event in user.events.filter(called).latest_first()[:MOST_OF_A_KIND]:
        tone = "online" if event.is_online else "person"
        said = filter(None, [event.get_kind_display(), event.when, event.where])
        url = event.get_absolute_url()
        yield Found("calendar", tone, event.name, url, " · ".join(said))


def register() -> None:
    search_things.register("search_key", _events)
