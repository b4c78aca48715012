from typing import Self

from django.db import models
from django.db.models import F, Q

from contacts.models import Circle, Contact
from networkcrm.owned import Owned, OwnedForeignKey, OwnedQuerySet, owner_and_id


class CircleMoveQuerySet(OwnedQuerySet):
    def latest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")


class CircleMove(Owned):
    """What a review proposed for one person, and what the owner made of it."""

    class Answer(models.TextChoices):
        MOVED = "moved", "moved"
        KEPT = "kept", "stays where they are"

    contact = OwnedForeignKey(Contact, related_name="circle_moves")
    before = OwnedForeignKey(
        Circle,
        null=True,
        blank=True,
        related_name="moves_away",
        on_database_delete="NO ACTION",
    )
    after = OwnedForeignKey(
        Circle,
        null=True,
        blank=True,
        related_name="moves_here",
        on_database_delete="NO ACTION",
    )
    # The reason, as it was told.
    why = models.CharField(max_length=500)
    answer = models.CharField(max_length=5, choices=Answer.choices)

    objects = CircleMoveQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            owner_and_id("circlemove"),
            models.CheckConstraint(
                condition=Q(answer__in=["moved", "kept"]),
                name="circlemove_answer_known",
            ),
        ]
        indexes = [
            models.Index(
                F("owner"), F("contact"), F("created_at"), name="circlemove_of_contact"
            ),
            models.Index(
                F("owner"), F("created_at").desc(), name="circlemove_by_date"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.why
