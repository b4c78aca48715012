from collections.abc import Iterable
from datetime import date
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from connections.models import Interaction, Introduction
from contacts.models import Contact
from events.models import Event
from networkcrm.owned import Owned, OwnedForeignKey, OwnedQuerySet, owner_and_id


class FollowUpQuerySet(OwnedQuerySet):
    def open(self) -> Self:
        return self.filter(done_at=None, dismissed_at=None)

    def mine(self) -> Self:
        """What I promised."""
        return self.filter(promised_by=FollowUp.By.ME)

    def waiting(self) -> Self:
        """What they promised."""
        return self.filter(promised_by=FollowUp.By.THEM)

    def due(self, on: date) -> Self:
        return self.open().filter(due_on__lte=on)

    def by_date(self) -> Self:
        return self.order_by(F("due_on").asc(nulls_last=True), "pk")


class FollowUp(Owned):
    """A promise, mine or theirs."""

    class By(models.TextChoices):
        ME = "me", "I promised"
        THEM = "them", "they promised"

    title = models.CharField("what", max_length=300)
    contact = OwnedForeignKey(
        Contact,
        null=True,
        blank=True,
        related_name="follow_ups",
        on_database_delete="NO ACTION",
    )
    contact_name = models.CharField(max_length=300, blank=True, editable=False)
    due_on = models.DateField("when", null=True, blank=True)
    promised_by = models.CharField(max_length=4, choices=By.choices, default=By.ME)
    # RFC 5545, 3.3.10: "FREQ=MONTHLY;INTERVAL=3".
    repeat = models.CharField(max_length=200, blank=True)
    note = models.TextField(max_length=5000, blank=True)
    done_at = models.DateTimeField(null=True, editable=False)
    dismissed_at = models.DateTimeField(null=True, editable=False)
    event = OwnedForeignKey(
        Event,
        null=True,
        blank=True,
        related_name="follow_ups",
        on_database_delete="NO ACTION",
    )
    introduction = OwnedForeignKey(
        Introduction,
        null=True,
        blank=True,
        related_name="follow_ups",
        on_database_delete="NO ACTION",
    )
    interaction = OwnedForeignKey(
        Interaction,
        null=True,
        blank=True,
        related_name="follow_ups",
        on_database_delete="NO ACTION",
    )

    objects = FollowUpQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            owner_and_id("followup"),
            models.CheckConstraint(
                condition=~Q(title=""),
                name="followup_has_title",
                violation_error_message="What is it that was promised?",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(dismissed_at=None),
                name="followup_done_or_dismissed",
            ),
            models.CheckConstraint(
                condition=Q(promised_by__in=["me", "them"]), name="followup_by_whom"
            ),
            models.CheckConstraint(
                condition=Q(repeat="") | Q(due_on__isnull=False),
                name="followup_repeats_from_a_day",
                violation_error_message="From which day on does it repeat?",
            ),
        ]
        indexes = [
            models.Index(
                F("owner"),
                F("due_on"),
                F("id"),
                condition=Q(done_at=None, dismissed_at=None),
                name="followup_open",
            ),
            models.Index(
                F("owner"),
                F("done_at").desc(),
                condition=Q(done_at__isnull=False),
                name="followup_done",
            ),
            models.Index(F("owner"), F("contact"), name="followup_of_contact"),
            models.Index(F("owner"), F("event"), name="followup_of_event"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.contact:
            self.contact_name = self.contact.full_name
        super().save(*args, **kwargs)

    def touches(self) -> Iterable[UUID | None]:
        return [self.contact_id]
