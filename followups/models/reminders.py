import hashlib
from datetime import datetime, timedelta
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from networkcrm.owned import Owned, OwnedQuerySet, owner_and_id

# Nothing takes longer to send: what does was cut off by the end of the server.
SENT_WITHIN = timedelta(minutes=10)


def hashed(endpoint: str) -> str:
    return hashlib.sha256(endpoint.encode()).hexdigest()


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
        self.endpoint_hash = hashed(self.endpoint)
        super().save(*args, **kwargs)


class ReminderQuerySet(OwnedQuerySet):
    def shown(self) -> Self:
        """What was sent or failed, the latest first."""
        said = self.exclude(state=Reminder.State.NOTHING)
        return said.order_by("-created_at", "-pk")

    def waiting(self) -> Self:
        return self.filter(state=Reminder.State.WAITING)


class Reminder(Owned):
    """That something was sent, or is just being sent: no second one goes out.

    Whoever writes the row, or takes a waiting one over, sends it. What stays in
    `sending` was being sent when the server stopped, and is never sent again.
    """

    class Channel(models.TextChoices):
        MAIL = "mail", "mail"
        PUSH = "push", "push"

    class Kind(models.TextChoices):
        DIGEST = "digest", "The mail of the day"
        PROMISES = "promises", "Promises due"
        EVENT = "event", "Tonight's event"

    class State(models.TextChoices):
        SENDING = "sending", "being sent"
        SENT = "sent", "sent"
        NOTHING = "nothing", "nothing to say"
        WAITING = "waiting", "refused, to be tried again"
        FAILED = "failed", "given up"

    channel = models.CharField(max_length=4, choices=Channel.choices)
    # What it says, and about what: "digest" of "2026-11-22".
    kind = models.CharField(max_length=20, choices=Kind.choices)
    about = models.CharField(max_length=100)
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.SENDING
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=500, blank=True)
    tries = models.PositiveSmallIntegerField(default=1, editable=False)
    next_try_at = models.DateTimeField(null=True, editable=False)
    # The browsers that have it, when others are asked again.
    taken_by = ArrayField(models.UUIDField(), default=list, editable=False)

    objects = ReminderQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            owner_and_id("reminder"),
            models.UniqueConstraint(
                fields=["owner", "channel", "kind", "about"], name="reminder_once"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=["mail", "push"]), name="reminder_channel_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False),
                name="reminder_sent_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", next_try_at__isnull=False)
                | ~Q(state="waiting") & Q(next_try_at=None),
                name="reminder_waits_for_a_moment",
            ),
        ]
        indexes = [
            models.Index(F("owner"), F("created_at").desc(), name="reminder_by_date")
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.about} by {self.channel}"

    @property
    def is_cut_off(self) -> bool:
        """The server stopped while it was being sent."""
        is_old = self.updated_at < timezone.now() - SENT_WITHIN
        return self.state == self.State.SENDING and is_old

    @property
    def sentence(self) -> str:
        """What came of it; the page says when."""
        if self.is_cut_off:
            return (
                "The server stopped while it was being sent. It may have arrived or"
                " not, and is not sent a second time."
            )
        return {
            self.State.SENDING: "It is being sent.",
            self.State.SENT: "Sent.",
            self.State.NOTHING: "There was nothing to say.",
            self.State.WAITING: f"{self.problem} It is tried again.",
            self.State.FAILED: self.problem,
        }[self.State(self.state)]

    def succeed(self, at: datetime) -> None:
        self._settle(self.State.SENT, sent_at=at)

    def say_nothing(self) -> None:
        self._settle(self.State.NOTHING)

    def wait(self, problem: str, until: datetime) -> None:
        self._settle(self.State.WAITING, problem=problem[:500], next_try_at=until)

    def fail(self, problem: str) -> None:
        self._settle(self.State.FAILED, problem=problem[:500])

    def _settle(self, state: State, **values: Any) -> None:
        values = {"state": state, "next_try_at": None} | values
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=[*values, "updated_at"])
