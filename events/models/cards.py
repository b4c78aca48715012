"""My card: what I show of myself, and what those who saw it left for me."""

import secrets
from base64 import urlsafe_b64decode
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from contacts.models import Contact
from events.models.events import Event
from networkcrm.models import User
from networkcrm.owned import Owned, OwnedForeignKey, OwnedQuerySet, owner_and_id
from networkcrm.text import fold
from networkcrm.tokens import in_letters, parts_of, token_of

SECRET_BYTES = 18


class Card(Owned):
    """Which of my own fields others may see."""

    # Names of fields of my contact, and "method:<id>" for ways to reach me.
    shown = models.JSONField(default=list, blank=True)
    greeting = models.CharField(
        max_length=300, blank=True, help_text="A sentence above your card."
    )

    class Meta:
        constraints = [
            owner_and_id("card"),
            models.UniqueConstraint(fields=["owner"], name="card_one"),
        ]

    def __str__(self) -> str:
        return f"card of {self.owner}"


class CardOffer(Owned):
    """What I can do for them, in one sentence, for one kind of people."""

    audience = models.CharField("for whom", max_length=60)
    key = models.CharField(max_length=180, editable=False)
    text = models.CharField(
        "what is in it for them",
        max_length=160,
        help_text="One sentence of at most 160 characters.",
    )

    class Meta:
        constraints = [
            owner_and_id("cardoffer"),
            models.UniqueConstraint(
                fields=["owner", "key"],
                name="cardoffer_once_per_audience",
                violation_error_message="You have a sentence for them already.",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="cardoffer_has_text"),
        ]

    def __str__(self) -> str:
        return f"{self.audience}: {self.text}"

    def clean(self) -> None:
        self.key = fold(self.audience)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.clean()
        super().save(*args, **kwargs)


class CardLinkQuerySet(OwnedQuerySet):
    def live(self) -> Self:
        return self.filter(revoked_at=None)

    def by_token(self, token: str) -> Self:
        """The one that this address opens; none when it is revoked or altered."""
        parts = parts_of(token, SECRET_BYTES)
        if parts is None:
            return self.none()
        owner_id, secret = parts
        mine = self.of(owner_id).live().filter(owner__is_active=True)
        return mine.filter(secret=in_letters(secret))

    def with_note_counts(self, owner: User) -> Self:
        """With `note_count`: how many left something there."""
        left = owner.cardnotes.filter(link=OuterRef("pk")).order_by()
        counted = left.values("link").annotate(number=Count("pk")).values("number")
        return self.annotate(note_count=Coalesce(Subquery(counted), 0))

    def latest_first(self) -> Self:
        """Those that lead somewhere stand first."""
        return self.order_by(F("revoked_at").desc(nulls_first=True), "-created_at")


def _new_secret() -> str:
    return secrets.token_urlsafe(SECRET_BYTES)


class CardLink(Owned):
    """An address under which others see my card, until I revoke it."""

    label = models.CharField(max_length=100, blank=True)
    # Shown as a code again and again, so it is not hashed; it opens what is public.
    secret = models.CharField(max_length=40, default=_new_secret, editable=False)
    event = OwnedForeignKey(
        Event,
        null=True,
        blank=True,
        related_name="card_links",
        on_database_delete="NO ACTION",
    )
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects = CardLinkQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            owner_and_id("cardlink"),
            models.UniqueConstraint(fields=["owner", "secret"], name="cardlink_secret"),
        ]

    def __str__(self) -> str:
        return self.label or "my card"

    @property
    def token(self) -> str:
        return token_of(self.owner_id, urlsafe_b64decode(self.secret))

    @property
    def address(self) -> str:
        return f"{settings.BASE_URL}{reverse('card', kwargs={'token': self.token})}"

    def revoke(self) -> None:
        self.revoked_at = timezone.now()
        self.save(update_fields=["revoked_at", "updated_at"])

    def renew(self) -> None:
        """A new address; the one before leads nowhere from now on."""
        self.secret, self.revoked_at = _new_secret(), None
        self.save(update_fields=["secret", "revoked_at", "updated_at"])


class CardNoteQuerySet(OwnedQuerySet):
    def new(self) -> Self:
        return self.filter(state=CardNote.State.NEW)

    def latest_first(self) -> Self:
        return self.order_by("-created_at", "pk")


class CardNote(Owned):
    """Someone saw my card and left how to reach them."""

    class State(models.TextChoices):
        NEW = "new", "new"
        KEPT = "kept", "kept"
        DISMISSED = "dismissed", "dismissed"

    link = OwnedForeignKey(
        CardLink, null=True, related_name="notes", on_database_delete="NO ACTION"
    )
    event = OwnedForeignKey(
        Event,
        null=True,
        blank=True,
        related_name="card_notes",
        on_database_delete="NO ACTION",
    )
    name = models.CharField(max_length=300)
    reach = models.CharField("how to reach you", max_length=320)
    words = models.CharField("a few words", max_length=1000, blank=True)
    state = models.CharField(
        max_length=9, choices=State.choices, default=State.NEW, editable=False
    )
    contact = OwnedForeignKey(
        Contact,
        null=True,
        blank=True,
        related_name="card_notes",
        on_database_delete="NO ACTION",
    )

    objects = CardNoteQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            owner_and_id("cardnote"),
            models.CheckConstraint(condition=~Q(name=""), name="cardnote_has_a_name"),
            models.CheckConstraint(
                condition=Q(state__in=["new", "kept", "dismissed"]),
                name="cardnote_state_known",
            ),
        ]
        indexes = [
            models.Index(
                F("owner"), F("state"), F("created_at").desc(), name="cardnote_inbox"
            ),
            models.Index(F("owner"), F("contact"), name="cardnote_of_contact"),
        ]

    def __str__(self) -> str:
        return self.name

    def kept_as(self, contact: Contact) -> None:
        self._become(self.State.KEPT, contact)

    def dismiss(self) -> None:
        self._become(self.State.DISMISSED)

    def be_new(self) -> None:
        """Once more, whatever was made of it."""
        self._become(self.State.NEW)

    def _become(self, state: State, contact: Contact | None = None) -> None:
        self.state, self.contact = state, contact
        self.save(update_fields=["state", "contact", "updated_at"])
