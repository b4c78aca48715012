import hashlib
import secrets
from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from networkcrm.owned import Owned, OwnedQuerySet, owner_and_id
from networkcrm.tokens import parts_of, token_of

SECRET_BYTES = 24


class FeedQuerySet(OwnedQuerySet):
    def by_token(self, token: str) -> Self:
        """The one whose address holds this; none when it is made up or altered.

        They are compared by the hash of the secret.
        """
        parts = parts_of(token, SECRET_BYTES)
        if parts is None:
            return self.none()
        owner_id, secret = parts
        mine = self.of(owner_id).filter(owner__is_active=True)
        return mine.filter(token_hash=_hashed(secret))


def _hashed(secret: bytes) -> str:
    return hashlib.sha256(secret).hexdigest()


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

    objects = FeedQuerySet.as_manager()  # type: ignore[misc]

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

    @classmethod
    def at(cls, token: str, kind: str) -> Self | None:
        """What this address leads to, None when nowhere."""
        found: Self | None = cls.objects.by_token(token).filter(kind=kind).first()
        return found

    def note_reading(self) -> None:
        """That a calendar came by; once an hour is enough to know."""
        now = timezone.now()
        if self.last_read_at is None or self.last_read_at < now - timedelta(hours=1):
            # Not `updated_at`: the address is as old as it was.
            self.last_read_at = now
            self.save(update_fields=["last_read_at"])

    def renew(self) -> str:
        """Returns the token of its address, which is shown now and never again."""
        secret = secrets.token_bytes(SECRET_BYTES)
        self.token_hash = _hashed(secret)
        self.last_read_at = None
        self.save()
        return token_of(self.owner_id, secret)
