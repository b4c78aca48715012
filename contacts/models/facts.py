from collections.abc import Iterable
from datetime import date
from typing import Any, Self
from uuid import UUID

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q

from contacts.models.contacts import Contact
from networkcrm.owned import Owned, OwnedForeignKey, OwnedQuerySet, owner_and_id
from networkcrm.partial_dates import PartialDateField, partial_date_check

# What somebody may offer, do or wish, so that it answers what another needs.
OFFERING = Q(kind__in=["offer", "works_on", "hope", "enjoys"], state__in=["", "open"])


class FactQuerySet(OwnedQuerySet):
    def in_order(self) -> Self:
        """By kind, as listed, the latest first."""
        order = models.Case(
            *[
                models.When(kind=kind, then=number)
                for number, kind in enumerate(Fact.Kind.values)
            ]
        )
        return self.order_by(order, "-created_at", "-pk")

    def offering(self) -> Self:
        return self.filter(OFFERING)


class Fact(Owned):
    """What they told me."""

    class Kind(models.TextChoices):
        WORKS_ON = "works_on", "Works on"
        ENJOYS = "enjoys", "Enjoys"
        OBSTACLE = "obstacle", "Obstacle"
        HOPE = "hope", "Hopes"
        NEED = "need", "Needs"
        OFFER = "offer", "Offers"
        STORY = "story", "Story"
        OTHER = "other", "Also"

    class State(models.TextChoices):
        OPEN = "open", "open"
        MET = "met", "met"
        STALE = "stale", "stale"

    contact = OwnedForeignKey(Contact, related_name="facts")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text = models.CharField(max_length=2000)
    heard_on = PartialDateField(year_required=True)
    interaction = OwnedForeignKey(
        "connections.Interaction",
        null=True,
        blank=True,
        related_name="facts",
        on_database_delete="NO ACTION",
        editable=False,
    )
    state = models.CharField(
        max_length=10, choices=State.choices, blank=True, editable=False
    )
    # When a need or an offer was last said to be still so.
    confirmed_on = models.DateField(null=True, editable=False)

    objects = FactQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            owner_and_id("fact"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=["need", "offer"], state__in=["open", "met", "stale"]
                )
                | ~Q(kind__in=["need", "offer"]) & Q(state=""),
                name="fact_state_of_needs_and_offers",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="fact_has_text"),
            partial_date_check(
                "heard_on", "fact_heard_on_partial_date", year_required=True
            ),
        ]
        indexes = [
            models.Index(F("owner"), F("contact"), name="fact_of_contact"),
            models.Index(F("owner"), F("kind"), F("state"), name="fact_by_kind"),
            # What is needed and offered is counted and sorted without being read.
            models.Index(
                F("owner"), F("kind"), F("id").desc(),
                include=["contact", "confirmed_on", "heard_on", "created_at"],
                condition=Q(kind__in=["need", "offer"], state="open"),
                name="fact_asked_or_offered",
            ),
            # What may answer a need, by its words and by parts of them. Every search
            # reads through what waits to be sorted in, so little of it waits.
            GinIndex(
                F("owner"),
                SearchVector("text", config="english"),
                condition=OFFERING,
                gin_pending_list_limit=64,
                name="fact_offering_words",
            ),
            GinIndex(
                OpClass("owner", "uuid_ops"),
                OpClass("text", "gin_trgm_ops"),
                condition=OFFERING,
                gin_pending_list_limit=64,
                name="fact_offering_trigrams",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        asks = self.kind in (self.Kind.NEED, self.Kind.OFFER)
        self.state = (self.state or self.State.OPEN) if asks else ""

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.clean()
        super().save(*args, **kwargs)

    def touches(self) -> Iterable[UUID | None]:
        return [self.contact_id]

    def confirm(self, today: date) -> None:
        """It was said today to be still so."""
        self.state, self.confirmed_on = self.State.OPEN, today
        self.save(update_fields=["state", "confirmed_on", "updated_at"])

    def become(self, state: "Fact.State") -> None:
        self.state = state
        self.save(update_fields=["state", "updated_at"])

    def turn(self) -> None:
        """Met becomes open again, anything else becomes met."""
        met = self.state == self.State.MET
        self.state = self.State.OPEN if met else self.State.MET
        self.save(update_fields=["state", "updated_at"])


class ImportantDate(Owned):
    class Kind(models.TextChoices):
        ANNIVERSARY = "anniversary", "Anniversary"
        NAME_DAY = "name_day", "Name day"
        CHILD = "child", "A child's birthday"
        OTHER = "other", "Other"

    contact = OwnedForeignKey(Contact, related_name="dates")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    label = models.CharField(max_length=100, blank=True)
    on = PartialDateField("date")
    yearly = models.BooleanField("every year", default=True)

    class Meta:
        constraints = [
            owner_and_id("importantdate"),
            models.CheckConstraint(
                condition=Q(on__isnull=False), name="importantdate_has_date"
            ),
            partial_date_check("on", "importantdate_on_partial_date"),
        ]
        indexes = [
            models.Index(F("owner"), F("contact"), name="importantdate_of_contact")
        ]

    def __str__(self) -> str:
        return f"{self.label or self.get_kind_display()} {self.on and self.on.words}"

    def touches(self) -> Iterable[UUID | None]:
        return [self.contact_id]
