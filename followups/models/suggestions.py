from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from connections.models import Introduction
from contacts.models import Contact, Fact
from followups.models.followups import FollowUp
from networkcrm.owned import Owned, OwnedForeignKey, OwnedQuerySet, owner_and_id

A_DAY_AT_MOST = 3


class SuggestionQuerySet(OwnedQuerySet):
    def in_order(self) -> Self:
        return self.order_by("-on", "place")

    def with_links(self) -> Self:
        links = ("contact", "other", "need", "offer", "followup", "introduction")
        return self.select_related(*links)

    def of_day(self, day: date) -> Self:
        """In the order they came, with all they point at."""
        return self.filter(on=day).with_links().order_by("place")


class Suggestion(Owned):
    """Whom to help on a day, why, and what was answered, so that nothing nags twice."""

    class Kind(models.TextChoices):
        MATCH = "match", "two who fit"
        MINE = "mine", "I can help, or be helped"
        PROMISE = "promise", "a promise due"
        INTRODUCTION = "introduction", "an introduction to make"
        BIRTHDAY = "birthday", "a birthday"
        NEED = "need", "an old need"

    class Answer(models.TextChoices):
        DONE = "done", "done"
        LATER = "later", "later"
        NEVER = "never", "never"

    # A day of the owner's calendar.
    on = models.DateField()
    # The first one of the day is 0; others come on demand.
    place = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    contact = OwnedForeignKey(Contact, related_name="suggestions")
    other = OwnedForeignKey(
        Contact,
        null=True,
        blank=True,
        related_name="suggestions_for_others",
        on_database_delete="NO ACTION",
    )
    need = OwnedForeignKey(
        Fact,
        null=True,
        blank=True,
        related_name="suggestions_to_meet",
        on_database_delete="NO ACTION",
    )
    offer = OwnedForeignKey(
        Fact,
        null=True,
        blank=True,
        related_name="suggestions_to_use",
        on_database_delete="NO ACTION",
    )
    followup = OwnedForeignKey(
        FollowUp,
        null=True,
        blank=True,
        related_name="suggestions",
        on_database_delete="NO ACTION",
    )
    introduction = OwnedForeignKey(
        Introduction,
        null=True,
        blank=True,
        related_name="suggestions",
        on_database_delete="NO ACTION",
    )
    # The reason behind it, the same on any day: what was never to come comes never.
    key = models.CharField(max_length=120)
    # The reason as it was told.
    why = models.CharField(max_length=600)
    answer = models.CharField(max_length=5, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = SuggestionQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            owner_and_id("suggestion"),
            models.UniqueConstraint(
                fields=["owner", "on", "place"], name="suggestion_one_per_place"
            ),
            models.CheckConstraint(
                condition=Q(place__lt=A_DAY_AT_MOST), name="suggestion_three_a_day"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None)
                | Q(answer__in=["done", "later", "never"], answered_at__isnull=False),
                name="suggestion_answer_has_moment",
            ),
        ]
        indexes = [
            models.Index(
                F("owner"), F("contact"), F("on"), name="suggestion_of_contact"
            ),
            models.Index(
                F("owner"), F("key"), condition=Q(answer="never"),
                name="suggestion_never",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.why

    ICONS = {
        Kind.MATCH: "gift",
        Kind.MINE: "gift",
        Kind.NEED: "gift",
        Kind.PROMISE: "bell",
        Kind.INTRODUCTION: "share-2",
        Kind.BIRTHDAY: "cake",
    }

    @property
    def icon(self) -> str:
        return self.ICONS[self.Kind(self.kind)]

    @property
    def is_of_two(self) -> bool:
        """It is about two people, and stands only while both are there."""
        return self.kind in (self.Kind.MATCH, self.Kind.INTRODUCTION)

    @property
    def is_open(self) -> bool:
        return self.answer == ""

    def settle(self, answer: Answer) -> None:
        """The first answer stays until it is taken back."""
        self.answer, self.answered_at = answer, timezone.now()
        self.save(update_fields=["answer", "answered_at", "updated_at"])

    def reopen(self) -> None:
        self.answer, self.answered_at = "", None
        self.save(update_fields=["answer", "answered_at", "updated_at"])
