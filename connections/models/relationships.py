from collections.abc import Iterable
from typing import Any, Self
from uuid import UUID

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, Count, F, Q, Value, When
from django.utils import timezone

from contacts.models import Contact
from networkcrm import derived
from networkcrm.owned import Owned, OwnedForeignKey, OwnedQuerySet, owner_and_id
from networkcrm.partial_dates import PartialDateField, partial_date_check
from networkcrm.text import fold

# After these no "of" is needed: emergency contact for.
PREPOSITIONS = ("for", "of", "to", "with", "at", "from", "by")
LONGEST_KEY = 180


def relation_words(role: str, to: Any) -> str:
    """ "mentor of Maya", "emergency contact for Maya"."""
    return f"{role} {to}" if role.split()[-1] in PREPOSITIONS else f"{role} of {to}"


class RelationshipKindQuerySet(OwnedQuerySet):
    def in_order(self) -> Self:
        """Those everybody has first, then one's own in the order they were made."""
        return self.order_by("pk")

    def with_uses(self) -> Self:
        """With `uses`: how many relationships are of this kind."""
        return self.annotate(uses=Count("relationships"))


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
    key = models.CharField(max_length=LONGEST_KEY, editable=False)
    inverse_key = models.CharField(max_length=LONGEST_KEY, editable=False)

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

    # The names as they stand in the table, None before they do.
    _stored_names: tuple[str, str] | None = None

    objects = RelationshipKindQuerySet.as_manager()  # type: ignore[misc]

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

    @classmethod
    def from_db(cls, db: Any, field_names: Any, values: Any, **kwargs: Any) -> Self:
        kind = super().from_db(db, field_names, values, **kwargs)
        kind._stored_names = (
            kind.__dict__.get("name", ""),
            kind.__dict__.get("inverse_name", ""),
        )
        return kind

    def clean(self) -> None:
        self.name = " ".join(self.name.split())
        self.inverse_name = " ".join(self.inverse_name.split()) or self.name
        # One letter can fold into eighteen.
        self.key = fold(self.name)[:LONGEST_KEY]
        self.inverse_key = fold(self.inverse_name)[:LONGEST_KEY]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """What becomes the same from both sides is in one order from then on."""
        self.clean()
        with derived.batch():
            super().save(*args, **kwargs)
            if self._was_asymmetrical and self.is_symmetrical:
                self._write_in_one_order()
        self._stored_names = (self.name, self.inverse_name)

    @property
    def is_symmetrical(self) -> bool:
        return self.key == self.inverse_key

    @property
    def _was_asymmetrical(self) -> bool:
        if self._stored_names is None:
            return False
        name, inverse_name = self._stored_names
        return fold(name) != fold(inverse_name)

    def touches(self) -> Iterable[UUID | None]:
        if self._stored_names in (None, (self.name, self.inverse_name)):
            return []
        ends = self.relationships.values_list("from_contact_id", "to_contact_id")
        return [contact_id for pair in ends for contact_id in pair]

    def twins(self) -> "list[tuple[Relationship, Relationship]]":
        """The pairs that are this to each other, written down from both sides."""
        rows = self.relationships.select_related("from_contact", "to_contact")
        by_ends = {(row.from_contact_id, row.to_contact_id): row for row in rows}
        return [
            (row, by_ends[second, first])
            for (first, second), row in by_ends.items()
            if first < second and (second, first) in by_ends
        ]

    def _write_in_one_order(self) -> None:
        for row, twin in self.twins():
            row.take_in(twin)
        turned = self.relationships.filter(from_contact__gt=F("to_contact"))
        turned.update(from_contact=F("to_contact"), to_contact=F("from_contact"))


class RelationshipQuerySet(OwnedQuerySet):
    def of_contact(self, contact: Contact) -> Self:
        """Those with others who are not in the trash, the living and the close first.

        With `is_over`, and with the kind and both contacts.
        """
        today = str(timezone.localdate())
        # "Until 2026" is not over in 2026.
        is_over = Q(until__lt=today) & ~Q(until__in=[today[:4], today[:7]])
        sides = Q(from_contact=contact, to_contact__trashed_at=None) | Q(
            to_contact=contact, from_contact__trashed_at=None
        )
        return (
            self.filter(sides)
            .select_related("kind", "from_contact", "to_contact")
            .annotate(
                is_over=Case(When(is_over, then=Value(True)), default=Value(False))
            )
            .order_by("is_over", F("strength").desc(nulls_last=True), "pk")
        )


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

    objects = RelationshipQuerySet.as_manager()  # type: ignore[misc]

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
        return f"{self.from_contact}, {relation_words(self.kind.name, self.to_contact)}"

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

    def take_in(self, twin: "Relationship") -> None:
        """The same two were written down from both sides: keep what either says."""
        self.note = self.note_with(twin)
        self.since = min(
            (one for one in (self.since, twin.since) if one), key=str, default=None
        )
        ends = (self.until, twin.until)
        # "2019" may last longer than "2019-05".
        self.until = max(ends, key=lambda end: f"{end}~") if all(ends) else None
        self.strength = max(self.strength or 0, twin.strength or 0) or None
        twin.delete()
        self.save()

    def note_with(self, twin: "Relationship") -> str:
        notes = dict.fromkeys(note for note in (self.note, twin.note) if note)
        return "; ".join(notes)

    @property
    def when(self) -> str:
        """ "since May 2019", "2015 to 2019", "until 2019", "" when it is not known."""
        if self.since and self.until:
            if self.since == self.until:
                return f"in {self.since.words}"
            return f"{self.since.words} to {self.until.words}"
        if self.since:
            return f"since {self.since.words}"
        return f"until {self.until.words}" if self.until else ""

    def touches(self) -> Iterable[UUID | None]:
        return [self.from_contact_id, self.to_contact_id]
