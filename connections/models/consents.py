import hashlib
import secrets
from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from connections.models.introductions import Introduction, Party
from networkcrm.owned import Owned, OwnedForeignKey, OwnedQuerySet, owner_and_id
from networkcrm.tokens import parts_of, token_of

LINK_LASTS = timedelta(days=30)
SECRET_BYTES = 24


class ConsentQuerySet(OwnedQuerySet):
    def by_token(self, token: str) -> Self:
        """The one whose link holds this; nobody's when it is made up or altered.

        They are compared by the hash of the secret: how long that takes says nothing
        about the secret.
        """
        parts = parts_of(token, SECRET_BYTES)
        if parts is None:
            return self.none()
        owner_id, secret = parts
        found = self.of(owner_id).filter(token_hash=_hashed(secret))
        return found.select_related("introduction")

    def answered(self) -> Self:
        return self.exclude(answer="")


def _hashed(secret: bytes) -> str:
    return hashlib.sha256(secret).hexdigest()


class Consent(Owned):
    """What one of them was asked and what they answered, by a link or by hand.

    The link holds a secret of which only the hash is kept. It can be answered once:
    what is answered has no second answer.
    """

    class Answer(models.TextChoices):
        YES = "yes", "yes"
        NO = "no", "no"
        NOT_NOW = "not_now", "not now"

    introduction = OwnedForeignKey(Introduction, related_name="consents")
    party = models.CharField(max_length=10, choices=Party.choices, editable=False)
    # All that the asked person reads.
    message = models.TextField("what they read", max_length=5000, blank=True)
    # SHA-256 of the secret in the link, "" when asked by hand.
    token_hash = models.CharField(max_length=64, blank=True, editable=False)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(null=True, editable=False)
    answer = models.CharField(
        max_length=7, choices=Answer.choices, blank=True, editable=False
    )
    answered_at = models.DateTimeField(null=True, editable=False)
    words = models.TextField(max_length=2000, blank=True, editable=False)

    objects = ConsentQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            owner_and_id("consent"),
            models.UniqueConstraint(
                fields=["owner", "introduction", "party"],
                name="consent_once_per_party",
                violation_error_message="They are asked already.",
            ),
            models.UniqueConstraint(
                fields=["owner", "token_hash"],
                condition=~Q(token_hash=""),
                name="consent_token_once",
            ),
            models.CheckConstraint(
                condition=Q(party__in=["introducer", "a", "b"]),
                name="consent_party_known",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None)
                | Q(answer__in=["yes", "no", "not_now"], answered_at__isnull=False),
                name="consent_answer_has_its_date",
            ),
            models.CheckConstraint(
                condition=Q(token_hash="") | Q(expires_at__isnull=False),
                name="consent_link_expires",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_party_display()}: {self.get_answer_display() or 'asked'}"

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def is_link_open(self) -> bool:
        """Whether there is a link that can still be answered."""
        return bool(self.token_hash) and not self.answer and not self.is_expired

    def renew(self) -> str:
        """Ask by a new link, which is returned; one before it leads nowhere now.

        What they wrote last time stays until they write again.
        """
        secret = secrets.token_bytes(SECRET_BYTES)
        self.token_hash = _hashed(secret)
        self.asked_at = timezone.now()
        self.expires_at = self.asked_at + LINK_LASTS
        self.answer, self.answered_at = "", None
        self.save()
        return token_of(self.owner_id, secret)

    def ask_by_hand(self) -> None:
        # They read nothing of ours: the page tells by it how they were asked.
        self.message, self.token_hash, self.expires_at = "", "", None
        self.asked_at = timezone.now()
        self.answer, self.answered_at = "", None
        self.save()

    def hear(self, answer: str, words: str) -> None:
        self.answer, self.answered_at = answer, timezone.now()
        self.words = words or self.words
        self.save()

    def forget_answer(self) -> None:
        """A link that was answered can be answered again."""
        self.answer, self.answered_at = "", None
        self.save()

    def withdraw_link(self) -> None:
        self.token_hash, self.expires_at = "", None
        self.save()
