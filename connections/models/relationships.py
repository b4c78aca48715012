from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from contacts.models import Contact
from networkcrm.owned import Owned, OwnedForeignKey, owner_and_id
from networkcrm.partial_dates import PartialDateField, partial_date_check
from networkcrm.text import fold


class RelationshipKind(Owned):
    """What someone is to another, and the other to them: parent and child."""

    name = models.CharField(
        max_length=60, help_text="What the first is to the second: mentor."
    )
    inverse_name = models.CharField(
        "the other way round",
        max_length=60,
        help_text="What the second is to the first: mentee, or the same word again.",
    )
    key = models.CharField(max_length=180, editable=False)
    inverse_key = models.CharField(max_length=180, editable=False)

    FIRST = (
        ("friend", "friend"),
        ("acquaintance", "acquaintance"),
        ("colleague", "colleague"),
        ("manager", "report"),
        ("business partner", "business partner"),
        ("co-founder", "co-founder"),
        ("investor", "investee"),
        ("client", "supplier"),
        ("mentor", "mentee"),
        ("teacher", "student"),
        ("classmate", "classmate"),
        ("partner", "partner"),
        ("spouse", "spouse"),
        ("parent", "child"),
        ("sibling", "sibling"),
        ("relative", "relative"),
        ("neighbour", "neighbour"),
        ("flatmate", "flatmate"),
        ("assistant", "principal"),
        ("emergency contact", "emergency contact for"),
    )

    class Meta:
        constraints = [
            owner_and_id("relationshipkind"),
            models.UniqueConstraint(
                fields=["owner", "key"],
                name="relationshipkind_name_unique",
                violation_error_message="You already have a kind with this name.",
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(inverse_name=""),
                name="relationshipkind_has_names",
            ),
        ]

    def __str__(self) -> str:
        return (
            self.name if self.is_symmetrical else f"{self.name} / {self.inverse_name}"
        )

    def clean(self) -> None:
        self.name = " ".join(self.name.split())
        self.inverse_name = " ".join(self.inverse_name.split()) or self.name
        self.key = fold(self.name)
        self.inverse_key = fold(self.inverse_name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.clean()
        super().save(*args, **kwargs)

    @property
    def is_symmetrical(self) -> bool:
        return self.key == self.inverse_key


class Relationship(Owned):
    """What two contacts are to each other: from_contact is the `kind` of to_contact.

    One row for a pair and a kind, seen from both sides. Of a symmetrical kind the
    contact with the lower id is the first, so that there is no second way to say it.
    """

    from_contact = OwnedForeignKey(Contact, related_name="relationships_from")
    to_contact = OwnedForeignKey(Contact, related_name="relationships_to")
    kind = OwnedForeignKey(RelationshipKind, related_name="relationships")
    since = PartialDateField(year_required=True)
    until = PartialDateField(year_required=True)
    strength = models.PositiveSmallIntegerField(
        "how close, 1 to 5",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
    )
    note = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            owner_and_id("relationship"),
            models.UniqueConstraint(
                fields=["owner", "from_contact", "to_contact", "kind"],
                name="relationship_once",
                violation_error_message="That is already written down.",
            ),
            models.CheckConstraint(
                condition=~Q(from_contact=F("to_contact")),
                name="relationship_between_two",
                violation_error_message="Nobody is that to themselves.",
            ),
            models.CheckConstraint(
                condition=Q(strength=None) | Q(strength__range=(1, 5)),
                name="relationship_strength",
            ),
            partial_date_check("since", "relationship_since", year_required=True),
            partial_date_check("until", "relationship_until", year_required=True),
            models.CheckConstraint(
                # "2019" lies after "2019-05" in time and before it as text.
                condition=Q(since=None)
                | Q(until=None)
                | Q(until__gte=F("since"))
                | Q(since__startswith=F("until")),
                name="relationship_ends_after_it_began",
                violation_error_message="It cannot end before it began.",
            ),
        ]
        indexes = [
            models.Index(
                F("owner"), F("to_contact"), F("from_contact"), name="relationship_to"
            ),
            models.Index(F("owner"), F("kind"), name="relationship_of_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.from_contact}, {self.kind.name} of {self.to_contact}"

    def clean(self) -> None:
        self.in_one_order()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.in_one_order()
        super().save(*args, **kwargs)

    def in_one_order(self) -> None:
        """Of a symmetrical kind the lower id stands first."""
        if self.from_contact_id is None or self.to_contact_id is None:
            return
        if self.kind.is_symmetrical and self.from_contact_id > self.to_contact_id:
            self.from_contact, self.to_contact = self.to_contact, self.from_contact

    def touches(self) -> Iterable[UUID | None]:
        return [self.from_contact_id, self.to_contact_id]
