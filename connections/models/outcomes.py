from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q, Sum
from django.urls import reverse

from connections import credit
from connections.models.introductions import Introduction
from contacts.models import Contact
from events.models import Event
from networkcrm import derived
from networkcrm.models import User
from networkcrm.owned import Owned, OwnedForeignKey, OwnedQuerySet, owner_and_id
from networkcrm.partial_dates import PartialDateField, partial_date_check


class OutcomeQuerySet(OwnedQuerySet):
    def with_people(self) -> Self:
        return self.select_related("introduction", "event").prefetch_related(
            "shares__contact"
        )

    def with_contact(self, owner: User, contact_id: UUID) -> Self:
        """Those in which this contact had a share."""
        shares = owner.outcomeshares.filter(contact=contact_id)
        return self.filter(pk__in=shares.values("outcome"))

    def through(self, owner: User, contact_ids: Collection[UUID]) -> Self:
        """To the credit of any of these: see connections/credit.py."""
        return self.filter(pk__in=credit.through(owner.pk, contact_ids))

    def began_at(self, owner: User, event: Event) -> Self:
        """Linked to this event, or with people whose chain passes through it."""
        return self.filter(pk__in=credit.began_at(owner.pk, event.pk))

    def sums(self) -> list[tuple[str, Decimal]]:
        """What they are worth together, by currency."""
        worth = self.filter(value__isnull=False).order_by("currency")
        return list(worth.values_list("currency").annotate(total=Sum("value")))

    def latest_first(self) -> Self:
        return self.order_by(F("on").desc(nulls_last=True), "-pk")


class Outcome(Owned):
    """What came of it. Credit goes up the chain of origins of the people in it."""

    class Kind(models.TextChoices):
        WORK = "work", "Worked together"
        CLIENT = "client", "Client"
        JOB = "job", "Job"
        TALK = "talk", "Talk"
        ADVICE = "advice", "Advice"
        MONEY = "money", "Money"
        FRIENDSHIP = "friendship", "Friendship"
        INTRODUCTION = "introduction", "Introduction"
        OTHER = "other", "Other"

    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.WORK)
    title = models.CharField("what came of it", max_length=200)
    on = PartialDateField("when", year_required=True)
    value = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    currency = models.CharField(max_length=3, blank=True, help_text="EUR, USD, …")
    text = models.TextField(
        "the story", max_length=50_000, blank=True, help_text="Markdown is understood."
    )
    introduction = OwnedForeignKey(
        Introduction,
        null=True,
        blank=True,
        related_name="outcomes",
        on_database_delete="NO ACTION",
    )
    event = OwnedForeignKey(
        Event,
        null=True,
        blank=True,
        related_name="outcomes",
        on_database_delete="NO ACTION",
    )
    event_name = models.CharField(max_length=300, blank=True, editable=False)
    contacts = models.ManyToManyField(
        Contact, through="OutcomeShare", related_name="outcomes"
    )

    objects = OutcomeQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            owner_and_id("outcome"),
            models.CheckConstraint(condition=~Q(title=""), name="outcome_has_title"),
            models.CheckConstraint(
                condition=Q(value=None) | Q(value__gte=0),
                name="outcome_value_positive",
                violation_error_message="A value cannot be below zero.",
            ),
            models.CheckConstraint(
                condition=Q(value=None) | Q(currency__regex=r"^[A-Z]{3}$"),
                name="outcome_value_has_currency",
                violation_error_message="In which currency? Three letters, as in EUR.",
            ),
            partial_date_check("on", "outcome_on_partial_date", year_required=True),
        ]
        indexes = [
            models.Index(
                F("owner"),
                F("on").desc(nulls_last=True),
                F("id").desc(),
                name="outcome_latest",
            ),
            models.Index(F("owner"), F("event"), name="outcome_of_event"),
            models.Index(F("owner"), F("introduction"), name="outcome_of_introduction"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("outcome_edit", kwargs={"outcome_id": self.pk})

    def clean(self) -> None:
        self.currency = self.currency.upper()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.clean()
        if self.event:
            self.event_name = self.event.name
        super().save(*args, **kwargs)

    def set_people(self, contact_ids: set[UUID]) -> None:
        """These and nobody else had a share in it."""
        with derived.batch():
            there = set(self.shares.values_list("contact_id", flat=True))
            derived.touch(self.owner_id, there | contact_ids)
            self.shares.exclude(contact__in=contact_ids).delete()
            OutcomeShare.objects.bulk_create(
                OutcomeShare(owner=self.owner, outcome=self, contact_id=contact_id)
                for contact_id in sorted(contact_ids - there)
            )

    def touches(self) -> Iterable[UUID | None]:
        return self.shares.values_list("contact_id", flat=True)

    ICONS = {
        Kind.WORK: "briefcase",
        Kind.CLIENT: "handshake",
        Kind.JOB: "id-card",
        Kind.TALK: "megaphone",
        Kind.ADVICE: "lightbulb",
        Kind.MONEY: "hand-heart",
        Kind.FRIENDSHIP: "heart",
        Kind.INTRODUCTION: "share-2",
        Kind.OTHER: "sparkles",
    }

    @property
    def icon(self) -> str:
        return self.ICONS[self.Kind(self.kind)]

    @property
    def worth(self) -> str:
        """ "1,250 EUR", "" when there was no money in it."""
        if self.value is None:
            return ""
        return f"{self.value:,.2f}".removesuffix(".00") + f" {self.currency}"

    @property
    def people(self) -> list[Contact]:
        """Who had a share and is not in the trash, by name.

        Costs nothing after with_people().
        """
        shares = [share.contact for share in self.shares.all()]
        there = [contact for contact in shares if not contact.trashed_at]
        return sorted(there, key=lambda contact: (contact.sort_key, contact.pk))


class OutcomeShare(Owned):
    outcome = OwnedForeignKey(Outcome, related_name="shares")
    contact = OwnedForeignKey(Contact, related_name="outcome_shares")

    class Meta:
        constraints = [
            owner_and_id("outcomeshare"),
            models.UniqueConstraint(
                fields=["owner", "outcome", "contact"], name="outcomeshare_once"
            ),
        ]
        indexes = [
            models.Index(
                F("owner"), F("contact"), F("outcome"), name="outcomeshare_of_contact"
            )
        ]

    def touches(self) -> Iterable[UUID | None]:
        return [self.contact_id]
