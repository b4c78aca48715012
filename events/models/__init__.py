from events.models.attendances import Attendance, Goal, Guest
from events.models.captures import Capture
from events.models.cards import Card, CardLink, CardNote, CardOffer
from events.models.events import Event, EventQuerySet
from events.models.feeds import Feed

__all__ = [
    "Attendance",
    "Capture",
    "Card",
    "CardLink",
    "CardNote",
    "CardOffer",
    "Event",
    "EventQuerySet",
    "Feed",
    "Goal",
    "Guest",
]
