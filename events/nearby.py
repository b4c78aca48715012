"""Which event I am at."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from events.models import Event
from networkcrm.models import User

# People talk before it begins, and on the way home.
EARLY = timedelta(hours=1)
LATE = timedelta(hours=3)
# What has no end is over by then.
USUAL_LENGTH = timedelta(hours=6)
# A phone that is offline from now on knows of the events until then.
AHEAD = timedelta(hours=36)
MOST_EVENTS = 12


def window(event: Event) -> tuple[datetime, datetime] | None:
    """From when to when it is on, with the time around it; None without a date."""
    if event.starts_at is None:
        return None
    length = timedelta(days=1) if event.is_all_day else USUAL_LENGTH
    ends_at = event.ends_at or event.starts_at + length
    return event.starts_at - EARLY, ends_at + LATE


def events_nearby(owner: User) -> list[Event]:
    """Those that are on, were until just now, or begin soon; the first stands first."""
    now = timezone.now()
    soon = owner.events.filter(cancelled_at=None, starts_at__lte=now + AHEAD)
    latest_start = now - LATE - timedelta(days=1)
    lasting = Q(ends_at__gte=now - LATE) | Q(ends_at=None, starts_at__gte=latest_start)
    return list(soon.filter(lasting).order_by("starts_at", "pk")[:MOST_EVENTS])


def on_now(events: Sequence[Event]) -> Event | None:
    """The one of these that is on; of several, the one that began last."""
    now = timezone.now()
    on = []
    for event in events:
        around = window(event)
        if around and around[0] <= now <= around[1]:
            on.append(event)
    begun = [event for event in on if event.has_begun]
    return begun[-1] if begun else next(iter(on), None)
