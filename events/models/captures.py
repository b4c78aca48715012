from typing import Any

from django.db import models
from django.db.models import F

from contacts.models import Contact
from events.models.events import Event
from networkcrm.owned import Owned, OwnedForeignKey, owner_and_id


class Capture(Owned):
    """What was typed into a phone, once, however often the phone sends it.

    Its id is made by the phone. The row stays when the contact it made is merged,
    undone or deleted, so that a late second sending does not make them again.
    """

    text = models.TextField("as typed", max_length=20_000, blank=True)
    fields = models.JSONField("as understood", default=dict, blank=True)
    captured_at = models.DateTimeField(editable=False)
    event = OwnedForeignKey(
        Event,
        null=True,
        blank=True,
        related_name="captures",
        on_database_delete="NO ACTION",
    )
    contact = OwnedForeignKey(
        Contact,
        null=True,
        blank=True,
        related_name="captures",
        on_database_delete="NO ACTION",
    )
    contact_name = models.CharField(max_length=300, blank=True, editable=False)
    picture = models.ImageField(upload_to="cards/%Y", blank=True, editable=False)
    undone_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [owner_and_id("capture")]
        indexes = [
            models.Index(
                F("owner"), F("captured_at").desc(), F("id"), name="capture_latest"
            ),
            models.Index(F("owner"), F("event"), name="capture_of_event"),
            models.Index(F("owner"), F("contact"), name="capture_of_contact"),
        ]

    def __str__(self) -> str:
        return self.contact_name or self.text[:80]

    @property
    def line(self) -> str:
        """Whom I have before me, in one line: "designer at Acme · via Ben"."""
        said = self.fields
        who = (self.contact and self.contact.summary) or said.get("remember", "")
        via = said.get("introducer", "")
        return " · ".join(part for part in (who, via and f"via {via}") if part)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.contact:
            self.contact_name = self.contact.full_name
        super().save(*args, **kwargs)
