"""What contacts are put together by: organizations, tags and circles."""

from collections.abc import Iterable
from typing import Any, Self
from uuid import UUID

from django.core.validators import MinValueValidator
from django.db import models

from networkcrm.owned import Owned, OwnedQuerySet, owner_and_id
from networkcrm.text import fold


class NamedQuerySet(OwnedQuerySet):
    def starting_with(self, text: str) -> Self:
        return self.filter(key__startswith=fold(text)).order_by("key")

    def named(self, owner_id: UUID, names: Iterable[str]) -> dict[str, Any]:
        """The rows with these names, made where missing, by the name as given."""
        wanted = {name: fold(name)[:400] for name in names if fold(name)}
        first_spelling: dict[str, str] = {}
        for name, key in wanted.items():
            tidy = " ".join(name.replace("\0", " ").split())[:200]
            first_spelling.setdefault(key, tidy)
        self.bulk_create(
            # In one order for everybody, so that two makers never wait for each other.
            [
                self.model(owner_id=owner_id, name=name, key=key)
                for key, name in sorted(first_spelling.items())
            ],
            ignore_conflicts=True,
        )
        by_key = {
            row.key: row for row in self.of(owner_id).filter(key__in=wanted.values())
        }
        return {name: by_key[key] for name, key in wanted.items()}


class Named(Owned):
    """A name that is unique for its owner, case-blind and accent-blind."""

    name = models.CharField(max_length=200)
    key = models.CharField(max_length=400, editable=False)

    objects = NamedQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        self.key = fold(self.name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.key = fold(self.name)
        super().save(*args, **kwargs)

    def touches(self) -> Iterable[UUID | None]:
        return self.contacts.values_list("pk", flat=True)  # type: ignore[attr-defined]


def _name_is_unique(model_name: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(
        fields=["owner", "key"],
        name=f"{model_name}_name_unique",
        violation_error_message="You already have one with this name.",
    )


class Organization(Named):
    class Meta:
        constraints = [owner_and_id("organization"), _name_is_unique("organization")]


class Tag(Named):
    class Meta:
        constraints = [owner_and_id("tag"), _name_is_unique("tag")]


class CircleQuerySet(NamedQuerySet):
    def closest_first(self) -> Self:
        """The fewer seats, the closer."""
        return self.order_by("seats", "key")


class Circle(Named):
    """A contact sits in at most one. Seats are what one person can really keep."""

    seats = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    cadence_days = models.PositiveSmallIntegerField(
        "keep in touch every (days)",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
    )

    objects = CircleQuerySet.as_manager()  # type: ignore[misc]

    FIRST = (("Inner circle", 20, 30), ("Close", 80, 90), ("Wider", 400, 365))

    class Meta:
        constraints = [
            owner_and_id("circle"),
            _name_is_unique("circle"),
            models.CheckConstraint(
                condition=models.Q(seats__gte=1),
                name="circle_has_a_seat",
                violation_error_message="A circle needs at least one seat.",
            ),
        ]

    @property
    def free_seats(self) -> int:
        seated = self.contacts.filter(trashed_at=None, is_me=False)
        return self.seats - seated.count()
