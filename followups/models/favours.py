from collections.abc import Iterable
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from contacts.models import Contact, Fact
from networkcrm.models import User
from networkcrm.owned import Owned, OwnedForeignKey, OwnedQuerySet, owner_and_id
from networkcrm.partial_dates import PartialDateField, partial_date_check


class FavourQuerySet(OwnedQuerySet):
    def latest_first(self) -> Self:
        """Those of which nobody knows when stand last."""
        return self.order_by(F("on").desc(nulls_last=True), "-pk")

    def with_people(self) -> Self:
        return self.select_related("contact", "met_need")

    def there(self, owner: User) -> Self:
        """With those who are not in the trash."""
        return self.exclude(contact__in=owner.contacts.trashed().values("pk"))

    def search(self, text: str) -> Self:
        """Each word stands in what it was, or in the name of whom it was with."""
        found = self
        for word in text.replace("\0", "").split()[:10]:
            found = found.filter(
                Q(text__icontains=word) | Q(contact__full_name__icontains=word)
            )
        return found


class Favour(Owned):
    """What was given or received. Introductions stand for themselves."""

    class Direction(models.TextChoices):
        GIVEN = "given", "I helped"
        RECEIVED = "received", "They helped me"

    class Kind(models.TextChoices):
        ADVICE = "advice", "Advice"
        REFERRAL = "referral", "A client or a job"
        KNOWLEDGE = "knowledge", "Something to read or know"
        WORK = "work", "Work or time"
        LENDING = "lending", "Lent or shared"
        RECOMMENDATION = "recommendation", "A good word"
        MONEY = "money", "Money"
        GIFT = "gift", "A gift"
        OTHER = "other", "Something else"

    direction = models.CharField(
        "who helped", max_length=8, choices=Direction.choices, default=Direction.GIVEN
    )
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.ADVICE)
    contact = OwnedForeignKey(Contact, related_name="favours")
    on = PartialDateField("when", year_required=True)
    text = models.CharField("what", max_length=2000)
    # Which need was met with it.
    met_need = OwnedForeignKey(
        Fact,
        null=True,
        blank=True,
        related_name="favours",
        on_database_delete="NO ACTION",
    )

    objects = FavourQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            owner_and_id("favour"),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="favour_has_text",
                violation_error_message="What was it?",
            ),
            models.CheckConstraint(
                condition=Q(direction__in=["given", "received"]),
                name="favour_direction_known",
            ),
            partial_date_check("on", "favour_on_partial_date", year_required=True),
        ]
        indexes = [
            models.Index(F("owner"), F("contact"), name="favour_of_contact"),
            models.Index(F("owner"), F("on").desc(), F("id"), name="favour_by_date"),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("favour_edit", kwargs={"favour_id": self.pk})

    def clean(self) -> None:
        super().clean()
        self.text = self.text.strip()

    ICONS = {
        Kind.ADVICE: "lightbulb",
        Kind.REFERRAL: "briefcase",
        Kind.KNOWLEDGE: "book-open",
        Kind.WORK: "footprints",
        Kind.LENDING: "repeat",
        Kind.RECOMMENDATION: "megaphone",
        Kind.MONEY: "badge-check",
        Kind.GIFT: "gift",
        Kind.OTHER: "hand-heart",
    }

    @property
    def icon(self) -> str:
        return self.ICONS[self.Kind(self.kind)]

    @property
    def is_given(self) -> bool:
        return self.direction == self.Direction.GIVEN

    def touches(self) -> Iterable[UUID | None]:
        return [self.contact_id]
