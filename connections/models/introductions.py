from collections.abc import Iterable
from datetime import timedelta
from functools import cached_property
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.urls import reverse
from django.utils import timezone

from connections.models.platforms import Platform
from contacts.models import Contact
from events.models import Event
from networkcrm.owned import Owned, OwnedForeignKey, OwnedQuerySet, owner_and_id
from networkcrm.partial_dates import PartialDateField, partial_date_check

# After so long a silence the owner is asked what to do.
SILENCE = timedelta(days=14)
# So long after an introduction the owner is asked whether they met.
UNTIL_THEY_MEET = timedelta(days=14)


class IntroductionQuerySet(OwnedQuerySet):
    def by_me(self) -> Self:
        return self.filter(role=Introduction.Role.BY_ME)

    def for_me(self) -> Self:
        return self.filter(role=Introduction.Role.FOR_ME)

    def between_others(self) -> Self:
        return self.filter(role=Introduction.Role.BETWEEN)

    def ideas(self) -> Self:
        return self.filter(state=Introduction.State.IDEA)

    def waiting(self) -> Self:
        """Asked, and not everybody has answered."""
        return self.filter(state=Introduction.State.ASKED)

    def made(self) -> Self:
        """It took place, whatever came of it."""
        return self.filter(made_at__isnull=False)

    def open(self) -> Self:
        return self.filter(state__in=Introduction.OPEN)

    def due(self, on: Any) -> Self:
        """Those the owner is to be asked about on this day."""
        return self.filter(ask_on__lte=on)

    def of(self, owner_id: UUID) -> Self:
        return self.filter(owner_id=owner_id)

    def involving(self, contact: Contact) -> Self:
        return self.filter(Q(introducer=contact) | Q(a=contact) | Q(b=contact))

    def with_people(self) -> Self:
        return self.select_related("introducer", "a", "b")

    def latest_first(self) -> Self:
        return self.order_by(F("on").desc(nulls_last=True), "-pk")


class Introduction(Owned):
    """Someone brings two people together: an introducer, A and B.

    Any of the three may be me. The date of every change of state stands in its own
    column, and the checks below say which of them a state must and cannot have: so
    no state is reached without those before it, and going back one is always known.
    """

    class Kind(models.TextChoices):
        IN_PERSON = "in_person", "In person"
        EMAIL = "email", "By e-mail"
        GROUP_MESSAGE = "group_message", "Group message"
        MENTION = "mention", "Public mention"
        REFERRAL = "referral", "Referral"

    class State(models.TextChoices):
        IDEA = "idea", "Idea"
        ASKED = "asked", "Asked"
        AGREED = "agreed", "Agreed"
        MADE = "made", "Made"
        MET = "met", "They met"
        CLOSED = "closed", "Closed"
        DECLINED = "declined", "Declined"
        EXPIRED = "expired", "No answer"

    class Role(models.TextChoices):
        """Mine in it."""

        BY_ME = "by_me", "By me"
        FOR_ME = "for_me", "For me"
        BETWEEN = "between", "Between others"

    OPEN = (State.IDEA, State.ASKED, State.AGREED)
    # While in one of these, the same introducer cannot bring the same two together.
    CURRENT = (*OPEN, State.MADE, State.MET)

    introducer = OwnedForeignKey(
        Contact,
        null=True,
        blank=True,
        related_name="introductions_made",
        on_database_delete="NO ACTION",
    )
    introducer_name = models.CharField(max_length=300, blank=True, editable=False)
    a = OwnedForeignKey(
        Contact,
        null=True,
        related_name="introductions_as_a",
        on_database_delete="NO ACTION",
    )
    a_name = models.CharField(max_length=300, blank=True, editable=False)
    b = OwnedForeignKey(
        Contact,
        null=True,
        related_name="introductions_as_b",
        on_database_delete="NO ACTION",
    )
    b_name = models.CharField(max_length=300, blank=True, editable=False)
    role = models.CharField(max_length=8, choices=Role.choices, editable=False)
    kind = models.CharField(max_length=15, choices=Kind.choices, default=Kind.EMAIL)
    platform = models.CharField(max_length=12, choices=Platform.choices, blank=True)
    why_a = models.TextField(
        "why it is good for the first", max_length=5000, blank=True
    )
    why_b = models.TextField(
        "why it is good for the second", max_length=5000, blank=True
    )
    on = PartialDateField("when", year_required=True)
    place = models.CharField("where", max_length=300, blank=True)
    url = models.URLField("address of the post", max_length=1000, blank=True)
    event = OwnedForeignKey(
        Event,
        null=True,
        blank=True,
        related_name="introductions",
        on_database_delete="NO ACTION",
    )
    event_name = models.CharField(max_length=300, blank=True, editable=False)
    text = models.TextField(
        "in which words",
        max_length=50_000,
        blank=True,
        help_text="Markdown is understood.",
    )
    # Introductions of several people by one post or at one table share this.
    occasion = models.UUIDField(null=True, editable=False)
    state = models.CharField(
        max_length=8, choices=State.choices, default=State.IDEA, editable=False
    )
    asked_at = models.DateTimeField(null=True, editable=False)
    agreed_at = models.DateTimeField(null=True, editable=False)
    made_at = models.DateTimeField(null=True, editable=False)
    met_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    declined_at = models.DateTimeField(null=True, editable=False)
    expired_at = models.DateTimeField(null=True, editable=False)
    # When the owner is asked "what now?" or "did they meet?".
    ask_on = models.DateField(null=True, blank=True, editable=False)

    objects = IntroductionQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            owner_and_id("introduction"),
            models.CheckConstraint(
                condition=~Q(a=F("b")),
                name="introduction_of_two",
                violation_error_message="An introduction needs two different people.",
            ),
            models.CheckConstraint(
                condition=~Q(introducer=F("a")) & ~Q(introducer=F("b")),
                name="introduction_not_by_self",
                violation_error_message="Someone cannot introduce themselves.",
            ),
            models.UniqueConstraint(
                F("owner"),
                F("introducer"),
                Least("a", "b"),
                Greatest("a", "b"),
                condition=Q(
                    state__in=["idea", "asked", "agreed", "made", "met"],
                    introducer__isnull=False,
                    a__isnull=False,
                    b__isnull=False,
                ),
                name="introduction_of_pair_once",
                violation_error_message="This introduction is already written down.",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="idea",
                    asked_at=None,
                    agreed_at=None,
                    made_at=None,
                    met_at=None,
                    closed_at=None,
                    declined_at=None,
                    expired_at=None,
                )
                | Q(
                    state="asked",
                    asked_at__isnull=False,
                    agreed_at=None,
                    made_at=None,
                    met_at=None,
                    closed_at=None,
                    declined_at=None,
                    expired_at=None,
                )
                | Q(
                    state="agreed",
                    asked_at__isnull=False,
                    agreed_at__isnull=False,
                    made_at=None,
                    met_at=None,
                    closed_at=None,
                    declined_at=None,
                    expired_at=None,
                )
                | Q(
                    Q(asked_at=None, agreed_at=None)
                    | Q(asked_at__isnull=False, agreed_at__isnull=False),
                    Q(state="made", met_at=None, closed_at=None)
                    | Q(state="met", met_at__isnull=False, closed_at=None)
                    | Q(state="closed", closed_at__isnull=False),
                    made_at__isnull=False,
                    declined_at=None,
                    expired_at=None,
                )
                | Q(
                    Q(state="declined", declined_at__isnull=False, expired_at=None)
                    | Q(state="expired", expired_at__isnull=False, declined_at=None),
                    asked_at__isnull=False,
                    made_at=None,
                    met_at=None,
                    closed_at=None,
                ),
                name="introduction_state_has_its_dates",
            ),
            models.CheckConstraint(
                condition=(Q(agreed_at=None) | Q(agreed_at__gte=F("asked_at")))
                & (Q(made_at=None) | Q(agreed_at=None) | Q(made_at__gte=F("agreed_at")))
                & (Q(met_at=None) | Q(met_at__gte=F("made_at")))
                & (Q(closed_at=None) | Q(closed_at__gte=F("made_at")))
                & (Q(declined_at=None) | Q(declined_at__gte=F("asked_at")))
                & (Q(expired_at=None) | Q(expired_at__gte=F("asked_at"))),
                name="introduction_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(ask_on=None) | ~Q(state__in=["closed", "declined"]),
                name="introduction_asks_while_open",
            ),
            models.CheckConstraint(
                condition=Q(role__in=["by_me", "for_me", "between"]),
                name="introduction_role_known",
            ),
            partial_date_check(
                "on", "introduction_on_partial_date", year_required=True
            ),
        ]
        indexes = [
            models.Index(
                F("owner"), F("state"), F("id").desc(), name="introduction_by_state"
            ),
            models.Index(
                F("owner"), F("introducer"), name="introduction_of_introducer"
            ),
            models.Index(F("owner"), F("a"), name="introduction_of_a"),
            models.Index(F("owner"), F("b"), name="introduction_of_b"),
            models.Index(F("owner"), F("event"), name="introduction_of_event"),
            models.Index(
                F("owner"),
                F("ask_on"),
                condition=Q(ask_on__isnull=False),
                name="introduction_to_ask",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name_of('a')} and {self.name_of('b')}"

    def get_absolute_url(self) -> str:
        return reverse("introduction_detail", kwargs={"introduction_id": self.pk})

    def save(self, *args: Any, **kwargs: Any) -> None:
        for party in Party.values:
            contact = getattr(self, party)
            if contact is not None:
                setattr(self, f"{party}_name", contact.full_name)
        if self.event:
            self.event_name = self.event.name
        self.role = self.role_by_people
        super().save(*args, **kwargs)

    @property
    def role_by_people(self) -> "Introduction.Role":
        if self.introducer and self.introducer.is_me:
            return self.Role.BY_ME
        if (self.a and self.a.is_me) or (self.b and self.b.is_me):
            return self.Role.FOR_ME
        return self.Role.BETWEEN

    def name_of(self, party: str) -> str:
        """As they are called now, or were when they were deleted for ever."""
        contact = getattr(self, party)
        return contact.full_name if contact else getattr(self, f"{party}_name")

    @cached_property
    def is_made(self) -> bool:
        return self.made_at is not None

    def touches(self) -> Iterable[UUID | None]:
        return [self.introducer_id, self.a_id, self.b_id]


class Party(models.TextChoices):
    """Who of an introduction is asked."""

    INTRODUCER = "introducer", "the introducer"
    A = "a", "the first"
    B = "b", "the second"


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
