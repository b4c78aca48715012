from django.db import models
from django.db.models import F

from contacts.models import Contact, Fact
from networkcrm.owned import Owned, OwnedForeignKey, owner_and_id


class Unfit(Owned):
    """The owner said that this contact does not fit this need."""

    need = OwnedForeignKey(Fact, related_name="unfits")
    contact = OwnedForeignKey(Contact, related_name="unfits")

    class Meta:
        verbose_name_plural = "unfits"
        constraints = [
            owner_and_id("unfit"),
            models.UniqueConstraint(
                fields=["owner", "need", "contact"], name="unfit_once"
            ),
        ]
        indexes = [models.Index(F("owner"), F("contact"), name="unfit_of_contact")]

    def __str__(self) -> str:
        return f"{self.contact} does not fit “{self.need}”"
