from followups.models.followups import FollowUp, FollowUpQuerySet

__all__ = ["FollowUp", "FollowUpQuerySet"]
