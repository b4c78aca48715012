from collections.abc import Iterable
from typing import Any, Self
from uuid import UUID

from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from connections.models.platforms import Platform
from contacts.models import Contact
from events.models import Event
from networkcrm import derived
from networkcrm.owned import Owned, OwnedForeignKey, OwnedQuerySet, owner_and_id
from networkcrm.partial_dates import PartialDateField, partial_date_check


class InteractionQuerySet(OwnedQuerySet):
    def between_me_and(self, contact: Contact) -> Self:
        return self.filter(pk__in=contact.participations.values("interaction"))

    def in_person(self) -> Self:
        return self.filter(in_person=True)

    def online(self) -> Self:
        return self.filter(in_person=False)

    def with_people(self) -> Self:
        """With the event and the people of each, in three more queries."""
        return self.prefetch_related("event", "participations__contact")

    def latest_first(self) -> Self:
        return self.order_by(
            F("on").desc(nulls_last=True), F("at").desc(nulls_last=True), "-pk"
        )


class Interaction(Owned):
    """Something that happened between me and one or several contacts."""

    class Kind(models.TextChoices):
        MENTION = "mention", "Mention"
        MESSAGE = "message", "Message"
        EMAIL = "email", "E-mail"
        CALL = "call", "Call"
        VIDEO_CALL = "video_call", "Video call"
        LETTER = "letter", "Letter"
        COFFEE = "coffee", "Coffee"
        MEAL = "meal", "Meal"
        MEETING = "meeting", "Meeting"
        EVENT = "event", "Event"
        WORK = "work", "Worked together"
        OTHER = "other", "Other"

    class Starter(models.TextChoices):
        ME = "me", "I did"
        THEM = "them", "they did"

    WRITTEN = (Kind.MESSAGE, Kind.EMAIL, Kind.LETTER)
    SPOKEN = (Kind.CALL, Kind.VIDEO_CALL)
    IN_PERSON = (Kind.COFFEE, Kind.MEAL, Kind.MEETING, Kind.EVENT, Kind.WORK)
    # Being mentioned is no contact: nobody was reached.
    NO_CONTACT = (Kind.MENTION,)

    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.COFFEE)
    in_person = models.BooleanField(
        "in person or online",
        null=True,
        blank=True,
        choices=[(True, "in person"), (False, "online")],
        help_text=(
            "Leave it and the kind decides: a coffee is in person, a call is not."
        ),
    )
    platform = models.CharField(max_length=12, choices=Platform.choices, blank=True)
    on = PartialDateField("when", year_required=True)
    at = models.TimeField("time", null=True, blank=True)
    started_by = models.CharField(
        "who began it", max_length=4, choices=Starter.choices, blank=True
    )
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField(
        "what happened",
        max_length=50_000,
        blank=True,
        help_text="Markdown is understood.",
    )
    event = OwnedForeignKey(
        Event,
        null=True,
        blank=True,
        related_name="interactions",
        on_database_delete="NO ACTION",
    )
    # Stays when the event is deleted.
    event_name = models.CharField(max_length=300, blank=True, editable=False)
    url = models.URLField("address", max_length=1000, blank=True)
    # What an import calls it, so that the same archive twice says it once.
    uid = models.CharField(max_length=300, blank=True, editable=False)
    contacts = models.ManyToManyField(
        Contact, through="Participation", related_name="interactions"
    )

    objects = InteractionQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            owner_and_id("interaction"),
            partial_date_check("on", "interaction_on_partial_date", year_required=True),
            models.CheckConstraint(
                condition=Q(at=None) | Q(on__regex=r"^.{10}$"),
                name="interaction_time_needs_day",
                violation_error_message="A time needs the whole date.",
            ),
            models.CheckConstraint(
                condition=Q(in_person__isnull=False),
                name="interaction_online_or_in_person",
            ),
            models.UniqueConstraint(
                fields=["owner", "uid"],
                condition=~Q(uid=""),
                name="interaction_uid_once",
            ),
        ]
        indexes = [
            models.Index(
                F("owner"),
                F("on").desc(nulls_last=True),
                F("id").desc(),
                include=["kind"],
                name="interaction_last",
            ),
            models.Index(F("owner"), F("event"), name="interaction_of_event"),
        ]

    def __str__(self) -> str:
        return self.title or self.get_kind_display()

    def get_absolute_url(self) -> str:
        return reverse("interaction_edit", kwargs={"interaction_id": self.pk})

    def clean(self) -> None:
        self.in_person = self.in_person_or_not()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.in_person = self.in_person_or_not()
        if self.event:
            self.event_name = self.event.name
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """What was heard on this occasion stays, without its occasion."""
        with transaction.atomic():
            self.facts.update(interaction=None)
            return super().delete(*args, **kwargs)

    def set_people(self, contact_ids: set[UUID]) -> None:
        """These and nobody else were there."""
        with derived.batch():
            there = set(self.participations.values_list("contact_id", flat=True))
            derived.touch(self.owner_id, there | contact_ids)
            self.participations.exclude(contact__in=contact_ids).delete()
            Participation.objects.bulk_create(
                Participation(owner=self.owner, interaction=self, contact_id=contact_id)
                for contact_id in sorted(contact_ids - there)
            )

    def in_person_or_not(self) -> bool:
        """As chosen, else as the kind and the event say."""
        if self.in_person is not None:
            return self.in_person
        return self.in_person_by_itself

    @property
    def in_person_by_itself(self) -> bool:
        """What the kind and the event say when nobody chose."""
        return self.kind in self.IN_PERSON and not (self.event and self.event.is_online)

    def touches(self) -> Iterable[UUID | None]:
        return self.participations.values_list("contact_id", flat=True)

    @property
    def is_planned(self) -> bool:
        """All of the time it can mean is still to come, by the owner's calendar."""
        return str(self.on or "") > str(timezone.localdate())

    ICONS = {
        Kind.MENTION: "at-sign",
        Kind.MESSAGE: "message-circle",
        Kind.EMAIL: "mail",
        Kind.CALL: "phone",
        Kind.VIDEO_CALL: "video",
        Kind.LETTER: "mail-open",
        Kind.COFFEE: "coffee",
        Kind.MEAL: "utensils",
        Kind.MEETING: "users",
        Kind.EVENT: "calendar",
        Kind.WORK: "briefcase",
        Kind.OTHER: "message-square",
    }

    @property
    def icon(self) -> str:
        return self.ICONS[self.Kind(self.kind)]

    @property
    def tone(self) -> str:
        return "person" if self.in_person else "online"

    @property
    def people(self) -> list[Contact]:
        """Who was there, by name. Costs nothing after with_people()."""
        there = [row.contact for row in self.participations.all()]
        return sorted(there, key=lambda contact: (contact.sort_key, contact.pk))


class Participation(Owned):
    interaction = OwnedForeignKey(Interaction, related_name="participations")
    contact = OwnedForeignKey(Contact, related_name="participations")

    class Meta:
        constraints = [
            owner_and_id("participation"),
            models.UniqueConstraint(
                fields=["owner", "interaction", "contact"], name="participation_once"
            ),
        ]
        indexes = [
            models.Index(
                F("owner"),
                F("contact"),
                F("interaction"),
                name="participation_of_contact",
            )
        ]

    def touches(self) -> Iterable[UUID | None]:
        return [self.contact_id]
