from collections.abc import Iterable
from typing import Any, Self
from uuid import UUID

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from contacts.models import Contact, Tag
from events.models.events import Event
from networkcrm.owned import Owned, OwnedForeignKey, OwnedQuerySet, owner_and_id
from networkcrm.text import fold


class AttendanceQuerySet(OwnedQuerySet):
    def met(self) -> Self:
        return self.filter(state=Attendance.State.MET)

    def to_come(self) -> Self:
        """Wanted or expected, and not met yet."""
        return self.filter(
            state__in=[Attendance.State.WANTED, Attendance.State.EXPECTED]
        )

    def here(self) -> Self:
        """Of people who are not in the trash."""
        return self.filter(contact__trashed_at=None)

    def with_people(self) -> Self:
        return self.select_related("contact__organization").order_by(
            "contact__sort_key", "pk"
        )


class Attendance(Owned):
    """Someone I know, or would like to, at an event."""

    class State(models.TextChoices):
        WANTED = "wanted", "want to meet"
        EXPECTED = "expected", "will be there"
        MET = "met", "met there"
        MISSED = "missed", "missed"

    event = OwnedForeignKey(Event, related_name="attendances")
    contact = OwnedForeignKey(Contact, related_name="attendances")
    state = models.CharField(
        max_length=8, choices=State.choices, default=State.EXPECTED
    )
    # Stays when she was met, so that a plan can be held against what came of it.
    was_wanted = models.BooleanField(default=False, editable=False)
    talking_points = models.TextField(max_length=5000, blank=True)
    note = models.TextField(max_length=5000, blank=True)
    met_at = models.DateTimeField(null=True, editable=False)
    # Gone through in the debrief.
    debriefed_at = models.DateTimeField(null=True, editable=False)

    objects = AttendanceQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            owner_and_id("attendance"),
            models.UniqueConstraint(
                fields=["owner", "event", "contact"],
                name="attendance_once",
                violation_error_message="They are on the list already.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["wanted", "expected", "met", "missed"]),
                name="attendance_state_known",
            ),
            models.CheckConstraint(
                condition=Q(met_at=None) | Q(state="met"), name="attendance_met_at"
            ),
        ]
        indexes = [
            models.Index(
                F("owner"), F("contact"), F("event"), name="attendance_of_contact"
            )
        ]

    def __str__(self) -> str:
        return f"{self.contact}, {self.get_state_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.state == self.State.WANTED:
            self.was_wanted = True
        super().save(*args, **kwargs)

    def touches(self) -> Iterable[UUID | None]:
        return [self.contact_id]

    @property
    def first_state(self) -> str:
        """What someone is who is put on the list: met, when it is over."""
        over = self.event.is_over
        return self.State.MET if over else self.State.EXPECTED

    @property
    def is_met(self) -> bool:
        return self.state == self.State.MET

    def want(self) -> None:
        """I want to meet them there."""
        if not self.is_met:
            self._set(self.State.WANTED)

    def unwant(self) -> None:
        """They will be there, and that is all."""
        self.was_wanted = False
        if self.state == self.State.WANTED:
            self.state = self.State.EXPECTED
        self._set(self.State(self.state))

    def meet(self) -> None:
        """We met, now or before the event ended."""
        if not self.is_met:
            now = timezone.now()
            self.met_at = min(now, self.event.ends_at or now)
            self._set(self.State.MET)

    def unmeet(self) -> None:
        """Neither met nor missed, whatever was said before."""
        self.met_at = None
        self._set(self.State.WANTED if self.was_wanted else self.State.EXPECTED)

    def miss(self) -> None:
        self.met_at = None
        self._set(self.State.MISSED)

    def _set(self, state: State) -> None:
        self.state = state
        self.save(update_fields=["state", "was_wanted", "met_at", "updated_at"])


class GuestQuerySet(OwnedQuerySet):
    def in_order(self) -> Self:
        """As they stood in the list."""
        return self.order_by("number", "pk")


class Guest(Owned):
    """A line of a guest list: someone who may be there, known to me or not."""

    event = OwnedForeignKey(Event, related_name="guests")
    name = models.CharField(max_length=300)
    # name and address folded: the same line twice is one guest.
    key = models.CharField(max_length=900, editable=False)
    organization = models.CharField(max_length=200, blank=True)
    job_title = models.CharField(max_length=200, blank=True)
    email = models.CharField("e-mail", max_length=320, blank=True)
    number = models.PositiveIntegerField(default=0, editable=False)
    contact = OwnedForeignKey(
        Contact,
        null=True,
        blank=True,
        related_name="guest_lines",
        on_database_delete="NO ACTION",
    )

    objects = GuestQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            owner_and_id("guest"),
            models.UniqueConstraint(
                fields=["owner", "event", "key"], name="guest_once"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="guest_has_a_name"),
        ]
        indexes = [
            models.Index(F("owner"), F("contact"), name="guest_of_contact"),
            models.Index(F("owner"), F("event"), F("number"), name="guest_in_order"),
        ]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.name, self.organization) if part)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.key = self.make_key(self.name, self.email, self.organization)
        super().save(*args, **kwargs)

    @staticmethod
    def make_key(name: str, email: str, organization: str = "") -> str:
        """Several may come by one address, and namesakes by theirs."""
        parts = (fold(name), fold(email) or fold(organization))
        return " · ".join(part for part in parts if part)[:900]


class Goal(Owned):
    """What an evening is for, in a number: meet 3 founders."""

    event = OwnedForeignKey(Event, related_name="goals")
    text = models.CharField("goal", max_length=200)
    target = models.PositiveSmallIntegerField(
        "how many", default=1, validators=[MinValueValidator(1)]
    )
    # Those met there who carry it count by themselves.
    tag = OwnedForeignKey(
        Tag,
        null=True,
        blank=True,
        related_name="goals",
        on_database_delete="NO ACTION",
    )
    # Counted by hand, on top of that.
    ticked = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            owner_and_id("goal"),
            models.CheckConstraint(condition=~Q(text=""), name="goal_has_text"),
            models.CheckConstraint(
                condition=Q(target__gte=1),
                name="goal_has_target",
                violation_error_message="At least one.",
            ),
        ]
        indexes = [models.Index(F("owner"), F("event"), name="goal_of_event")]

    def __str__(self) -> str:
        return self.text

    def tick(self, to: int) -> None:
        """So many by hand, however often it is said."""
        self.ticked = max(0, min(to, 999))
        self.save(update_fields=["ticked", "updated_at"])
