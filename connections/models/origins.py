from collections.abc import Iterable
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import F, Q

from connections import chains
from connections.models.introductions import Introduction
from connections.models.platforms import Platform
from connections.words import how_words
from contacts.models import Contact
from events.models import Event
from networkcrm.owned import (
    Owned,
    OwnedForeignKey,
    OwnedOneToOneField,
    owner_and_id,
)
from networkcrm.partial_dates import PartialDateField, partial_date_check


class Origin(Owned):
    """How a relation came to be: at most one per contact."""

    class How(models.TextChoices):
        INTRODUCTION = "introduction", "Someone introduced us"
        EVENT = "event", "At an event"
        ONLINE = "online", "Online"
        WORK = "work", "Work"
        SCHOOL = "school", "School"
        FAMILY = "family", "Family"
        NEIGHBOURHOOD = "neighbourhood", "Neighbourhood"
        OTHER = "other", "Other"

    IN_PERSON = (How.EVENT, How.WORK, How.SCHOOL, How.FAMILY, How.NEIGHBOURHOOD)

    contact = OwnedOneToOneField(Contact, related_name="origin")
    how = models.CharField(max_length=15, choices=How.choices, default=How.INTRODUCTION)
    in_person = models.BooleanField(
        "in person or online",
        null=True,
        blank=True,
        choices=[(True, "in person"), (False, "online")],
        help_text=(
            "Leave it and the rest decides: an event is in person, a post is not."
        ),
    )
    platform = models.CharField(max_length=12, choices=Platform.choices, blank=True)
    introducer = OwnedForeignKey(
        Contact,
        null=True,
        blank=True,
        related_name="brought",
        on_database_delete="NO ACTION",
    )
    introducer_name = models.CharField(max_length=300, blank=True, editable=False)
    introduction = OwnedForeignKey(
        Introduction,
        null=True,
        blank=True,
        related_name="origins",
        on_database_delete="NO ACTION",
        editable=False,
    )
    event = OwnedForeignKey(
        Event,
        null=True,
        blank=True,
        related_name="origins",
        on_database_delete="NO ACTION",
    )
    event_name = models.CharField(max_length=300, blank=True, editable=False)
    url = models.URLField("address of the post", max_length=1000, blank=True)
    place = models.CharField(max_length=300, blank=True)
    on = PartialDateField("when")
    story = models.TextField(
        "the story",
        max_length=50_000,
        blank=True,
        help_text="What happened, in a sentence or two. Markdown is understood.",
    )
    # The depths of both ends, held to those of the contacts by foreign keys:
    # see chains.py.
    contact_depth = models.PositiveIntegerField(default=0, editable=False)
    introducer_depth = models.PositiveIntegerField(null=True, editable=False)

    class Meta:
        constraints = [
            owner_and_id("origin"),
            models.UniqueConstraint(
                fields=["owner", "contact"],
                name="origin_one_per_contact",
                violation_error_message="How you met is already written down.",
            ),
            models.CheckConstraint(
                condition=Q(introducer=None) | ~Q(introducer=F("contact")),
                name="origin_not_by_self",
                violation_error_message="Nobody can introduce themselves to you.",
            ),
            models.CheckConstraint(
                condition=Q(introducer=None, introducer_depth=None)
                | Q(
                    introducer__isnull=False,
                    introducer_depth__isnull=False,
                    introducer_depth__lt=F("contact_depth"),
                ),
                name="origin_no_cycle",
                violation_error_message=(
                    "They came to you through this person: the chain would bite"
                    " its tail."
                ),
            ),
            models.CheckConstraint(
                condition=Q(in_person__isnull=False), name="origin_online_or_in_person"
            ),
            partial_date_check("on", "origin_on_partial_date"),
        ]
        indexes = [
            models.Index(
                F("owner"), F("introducer"), F("contact"), name="origin_of_introducer"
            ),
            models.Index(
                F("owner"), F("event"), include=["contact"], name="origin_at_event"
            ),
            models.Index(
                F("owner"), F("on"), include=["contact"], name="origin_by_date"
            ),
            models.Index(
                F("owner"),
                F("introduction"),
                condition=Q(introduction__isnull=False),
                name="origin_of_introduction",
            ),
        ]

    def __str__(self) -> str:
        return self.get_how_display()

    def get_absolute_url(self) -> str:
        return self.contact.get_absolute_url()

    def clean(self) -> None:
        if self.introducer and self.introducer.is_me:
            self.introducer = None
        # Stand-ins for the check of the table; saving finds the real ones.
        self.introducer_depth = 0 if self.introducer_id else None
        self.contact_depth = 1 if self.introducer_id else 0
        self.in_person = self.in_person_or_not()
        chains.refuse_cycle(self)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises chains.Cycle when the introducer came through this contact."""
        if self.introducer and self.introducer.is_me:
            self.introducer = None
        if self.introducer:
            self.introducer_name = self.introducer.full_name
        if self.event:
            self.event_name = self.event.name
        self.in_person = self.in_person_or_not()
        with transaction.atomic():
            chains.deepen(self)
            super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            done = super().delete(*args, **kwargs)
            chains.surface(self)
            return done

    def in_person_or_not(self) -> bool:
        """As chosen, else as the event, the place and the platform say."""
        if self.in_person is not None:
            return self.in_person
        return self.in_person_by_itself

    @property
    def in_person_by_itself(self) -> bool:
        """What the rest says when nobody chose."""
        if self.event:
            return not self.event.is_online
        if self.how == self.How.INTRODUCTION:
            return bool(self.place) and not self.platform
        return self.how in self.IN_PERSON and not self.platform

    @property
    def words(self) -> str:
        return how_words(self.how, self.platform, self.place, bool(self.in_person))

    @cached_property
    def occasion(self) -> list[Introduction]:
        """The introduction behind it, before all of the same post or evening."""
        if self.introduction_id is None:
            return []
        rows = self.owner.introductions.of_occasion(self.introduction_id).with_people()
        return sorted(rows, key=lambda row: (row.pk != self.introduction_id, row.pk))

    @property
    def came_with(self) -> list[Contact]:
        """Whom else the same occasion brought me, by name."""
        others = [row.brought_me for row in self.occasion[1:]]
        return sorted((one for one in others if one), key=lambda one: one.sort_key)

    @property
    def tone(self) -> str:
        if self.how == self.How.INTRODUCTION:
            return "intro"
        return "person" if self.in_person else "online"

    def touches(self) -> Iterable[UUID | None]:
        return [self.contact_id]
