from followups.models.favours import Favour, FavourQuerySet
from followups.models.followups import FollowUp, FollowUpQuerySet
from followups.models.moves import CircleMove
from followups.models.reminders import PushSubscription, Reminder
from followups.models.suggestions import Suggestion
from followups.models.unfit import Unfit

__all__ = [
    "CircleMove",
    "Favour",
    "FavourQuerySet",
    "FollowUp",
    "FollowUpQuerySet",
    "PushSubscription",
    "Reminder",
    "Suggestion",
    "Unfit",
]
