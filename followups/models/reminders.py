import hashlib
from typing import Any

from django.db import models
from django.db.models import F, Q

from networkcrm.owned import Owned, owner_and_id


class PushSubscription(Owned):
    """A browser that asked for notices, as its push service names it (W3C Push API)."""

    endpoint = models.URLField(max_length=2000)
    endpoint_hash = models.CharField(max_length=64, editable=False)
    # Its public key and secret, base64url.
    p256dh = models.CharField(max_length=200)
    auth = models.CharField(max_length=100)
    # "Firefox on Android", to tell it from the others.
    device = models.CharField(max_length=100, blank=True)
    last_sent_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            owner_and_id("pushsubscription"),
            models.UniqueConstraint(
                fields=["owner", "endpoint_hash"], name="pushsubscription_once"
            ),
        ]

    def __str__(self) -> str:
        return self.device or "A browser"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.endpoint_hash = hashlib.sha256(self.endpoint.encode()).hexdigest()
        super().save(*args, **kwargs)


class Reminder(Owned):
    """That something was sent, or is just being sent: no second one goes out.

    Whoever writes the row sends it. A row without `sent_at` is one that was being
    sent when the server stopped, or whose sending was given up: see `problem`.
    """

    class Channel(models.TextChoices):
        MAIL = "mail", "mail"
        PUSH = "push", "push"

    channel = models.CharField(max_length=4, choices=Channel.choices)
    # What it says, and about what: "digest" of "2026-11-22".
    kind = models.CharField(max_length=20)
    about = models.CharField(max_length=100)
    sent_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            owner_and_id("reminder"),
            models.UniqueConstraint(
                fields=["owner", "channel", "kind", "about"], name="reminder_once"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=["mail", "push"]), name="reminder_channel_known"
            ),
        ]
        indexes = [
            models.Index(F("owner"), F("created_at").desc(), name="reminder_by_date")
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.about} by {self.channel}"
