from django.db import models
from django.db.models import Q

from networkcrm.owned import Owned, owner_and_id


class Feed(Owned):
    """A secret address where a calendar reads what is mine; a new one revokes it."""

    class Kind(models.TextChoices):
        EVENTS = "events", "My events"
        FOLLOW_UPS = "follow-ups", "My follow-ups"
        BIRTHDAYS = "birthdays", "Birthdays"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    # SHA-256 of the secret in the address.
    token_hash = models.CharField(max_length=64, editable=False)
    last_read_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            owner_and_id("feed"),
            models.UniqueConstraint(fields=["owner", "kind"], name="feed_one_per_kind"),
            models.UniqueConstraint(fields=["owner", "token_hash"], name="feed_token"),
            models.CheckConstraint(
                condition=Q(kind__in=["events", "follow-ups", "birthdays"]),
                name="feed_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
