import hashlib
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Q

from networkcrm.owned import Owned, OwnedQuerySet, owner_and_id

SECRET_BYTES = 24


class FeedQuerySet(OwnedQuerySet):
    def by_token(self, token: str) -> Self:
        """The one whose address holds this; none when it is made up or altered.

        A token is the owner's id and a secret, so that only this owner's rows are
        looked at. They are compared by the hash of the secret.
        """
        try:
            raw = urlsafe_b64decode(token.encode("ascii") + b"==")
        except ValueError:
            return self.none()
        if len(raw) != 16 + SECRET_BYTES or _in_letters(raw) != token:
            return self.none()
        mine = self.of(UUID(bytes=raw[:16])).filter(owner__is_active=True)
        return mine.filter(token_hash=_hashed(raw[16:]))


def _hashed(secret: bytes) -> str:
    return hashlib.sha256(secret).hexdigest()


def _in_letters(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


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

    def renew(self) -> str:
        """Returns the token of its address, which is shown now and never again."""
        secret = secrets.token_bytes(SECRET_BYTES)
        self.token_hash = _hashed(secret)
        self.save()
        return _in_letters(self.owner_id.bytes + secret)
