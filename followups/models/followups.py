from collections.abc import Iterable
from datetime import date, timedelta, tzinfo
from typing import Any, Self
from uuid import UUID

from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce, TruncDate
from django.db.models.lookups import GreaterThan
from django.urls import reverse
from django.utils import timezone

from connections.models import Interaction, Introduction, Stuck
from contacts.models import Contact
from events.models import Event
from followups import repeats
from networkcrm.owned import Owned, OwnedForeignKey, OwnedQuerySet, owner_and_id
from networkcrm.periods import Period


def done_late(zone: tzinfo) -> Q:
    """Of what is done: later than on its day, by the clocks of this zone."""
    day = TruncDate("done_at", tzinfo=zone)
    return Q(GreaterThan(day, F("due_on")), due_on__isnull=False)


class FollowUpQuerySet(OwnedQuerySet):
    def open(self) -> Self:
        return self.filter(done_at=None, dismissed_at=None)

    def mine(self) -> Self:
        """What I promised."""
        return self.filter(promised_by=FollowUp.By.ME)

    def waiting(self) -> Self:
        """What they promised."""
        return self.filter(promised_by=FollowUp.By.THEM)

    def over(self) -> Self:
        """Done or let go, the latest first."""
        over = self.filter(Q(done_at__isnull=False) | Q(dismissed_at__isnull=False))
        return over.order_by(Coalesce("done_at", "dismissed_at").desc(), "-pk")

    def done_in(self, within: Period, zone: tzinfo) -> Self:
        return self.filter(within.holds_moment("done_at", zone), done_at__isnull=False)

    def on_time(self, zone: tzinfo) -> Self:
        """Done on its day or before, by the clocks of this zone, or without a day."""
        return self.exclude(done_late(zone))

    def too_late(self, zone: tzinfo) -> Self:
        return self.filter(done_late(zone))

    def search(self, text: str) -> Self:
        """Each word stands in what was promised, to whom, or in the note."""
        found = self
        for word in text.replace("\0", "").split()[:10]:
            found = found.filter(
                Q(title__icontains=word)
                | Q(contact_name__icontains=word)
                | Q(note__icontains=word)
            )
        return found

    def due(self, on: date) -> Self:
        return self.open().filter(due_on__lte=on)

    def of_event(self, event: Event) -> Self:
        return self.open().filter(event=event).select_related("contact").by_date()

    def of_introduction(self, introduction: Introduction) -> Self:
        rows = self.open().filter(introduction=introduction)
        return rows.select_related("contact").by_date()

    def soon(self, today: date) -> Self:
        """Mine that are late, or due within three days."""
        return self.due(today + timedelta(3)).mine().by_date()

    def by_date(self) -> Self:
        return self.order_by(F("due_on").asc(nulls_last=True), "pk")


class FollowUp(Owned):
    """A promise, mine or theirs."""

    class By(models.TextChoices):
        ME = "me", "I promised"
        THEM = "them", "they promised"

    title = models.CharField("what", max_length=300)
    contact = OwnedForeignKey(
        Contact,
        null=True,
        blank=True,
        related_name="follow_ups",
        on_database_delete="NO ACTION",
    )
    contact_name = models.CharField(max_length=300, blank=True, editable=False)
    due_on = models.DateField("when", null=True, blank=True)
    promised_by = models.CharField(max_length=4, choices=By.choices, default=By.ME)
    # RFC 5545, 3.3.10: "FREQ=MONTHLY;INTERVAL=3".
    repeat = models.CharField(max_length=200, blank=True)
    note = models.TextField(max_length=5000, blank=True)
    done_at = models.DateTimeField(null=True, editable=False)
    dismissed_at = models.DateTimeField(null=True, editable=False)
    event = OwnedForeignKey(
        Event,
        null=True,
        blank=True,
        related_name="follow_ups",
        on_database_delete="NO ACTION",
    )
    introduction = OwnedForeignKey(
        Introduction,
        null=True,
        blank=True,
        related_name="follow_ups",
        on_database_delete="NO ACTION",
    )
    interaction = OwnedForeignKey(
        Interaction,
        null=True,
        blank=True,
        related_name="follow_ups",
        on_database_delete="NO ACTION",
    )

    objects = FollowUpQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            owner_and_id("followup"),
            models.CheckConstraint(
                condition=~Q(title=""),
                name="followup_has_title",
                violation_error_message="What is it that was promised?",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(dismissed_at=None),
                name="followup_done_or_dismissed",
            ),
            models.CheckConstraint(
                condition=Q(promised_by__in=["me", "them"]), name="followup_by_whom"
            ),
            models.CheckConstraint(
                condition=Q(repeat="") | Q(due_on__isnull=False),
                name="followup_repeats_from_a_day",
                violation_error_message="From which day on does it repeat?",
            ),
        ]
        indexes = [
            models.Index(
                F("owner"),
                F("due_on"),
                F("id"),
                condition=Q(done_at=None, dismissed_at=None),
                name="followup_open",
            ),
            models.Index(
                F("owner"),
                F("done_at").desc(),
                condition=Q(done_at__isnull=False),
                name="followup_done",
            ),
            models.Index(F("owner"), F("contact"), name="followup_of_contact"),
            models.Index(F("owner"), F("event"), name="followup_of_event"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.contact:
            self.contact_name = self.contact.full_name
        super().save(*args, **kwargs)

    def touches(self) -> Iterable[UUID | None]:
        return [self.contact_id]

    def clean(self) -> None:
        super().clean()
        repeats.parts(self.repeat)

    def get_absolute_url(self) -> str:
        return reverse("followup_edit", kwargs={"followup_id": self.pk})

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.dismissed_at is None

    @property
    def repeats(self) -> str:
        return repeats.words(self.repeat)

    @property
    def who(self) -> str:
        """Their name, also when the contact is gone."""
        return self.contact.full_name if self.contact else self.contact_name

    @property
    def is_due(self) -> bool:
        return self.due_on is not None and self.due_on <= timezone.localdate()

    @property
    def is_late(self) -> bool:
        return self.due_on is not None and self.due_on < timezone.localdate()

    @property
    def when(self) -> str:
        """ "4 days late", "due today", "on Friday, 27 November"; of the active zone."""
        if self.due_on is None:
            return "no date"
        days = (self.due_on - timezone.localdate()).days
        if days < 0:
            return f"{_long(-days)} late"
        if days < 2:
            return ("due today", "due tomorrow")[days]
        if days < 7:
            return f"on {self.due_on:%A}"
        same_year = self.due_on.year == timezone.localdate().year
        return f"on {self.due_on:%-d %B}" + ("" if same_year else f" {self.due_on:%Y}")

    @transaction.atomic
    def complete(self) -> "FollowUp | None":
        """Returns the next one, of what comes again."""
        self._refuse_what_is_over()
        self.done_at = timezone.now()
        self.save(update_fields=["done_at", "updated_at"])
        if not self.repeat or self.due_on is None:
            return None
        day = repeats.following(self.repeat, self.due_on, timezone.localdate())
        if day is None:
            return None
        following = FollowUp(
            owner_id=self.owner_id,
            title=self.title,
            contact=self.contact,
            contact_name=self.contact_name,
            due_on=day,
            promised_by=self.promised_by,
            repeat=self.repeat,
            note=self.note,
        )
        following.save()
        return following

    def snooze(self, *, days: int = 0, until: date | None = None) -> None:
        """Put it off until a day, or by days, counted from today when it is overdue."""
        self._refuse_what_is_over()
        today = timezone.localdate()
        try:
            day = until or max(self.due_on or today, today) + timedelta(days)
        except OverflowError:
            raise Stuck("It cannot be put off any further.") from None
        if day < today:
            raise Stuck("That day is past. Put it off until today or later.")
        self.due_on = day
        self.save(update_fields=["due_on", "updated_at"])

    def dismiss(self) -> None:
        self._refuse_what_is_over()
        self.dismissed_at = timezone.now()
        self.save(update_fields=["dismissed_at", "updated_at"])

    def reopen(self) -> None:
        if self.is_open:
            raise Stuck(f"“{self}” is open already.")
        if self.done_at:
            # The next one is written down already, and will be followed by others.
            self.repeat = ""
        self.done_at = self.dismissed_at = None
        self.save(update_fields=["done_at", "dismissed_at", "repeat", "updated_at"])

    def _refuse_what_is_over(self) -> None:
        if self.done_at:
            raise Stuck(f"“{self}” is done already. Open it again first.")
        if self.dismissed_at:
            raise Stuck(f"“{self}” was let go. Open it again first.")


def _long(days: int) -> str:
    count, unit = days, "day"
    if days >= 730:
        count, unit = days // 365, "year"
    elif days >= 61:
        count, unit = days // 30, "month"
    elif days >= 14:
        count, unit = days // 7, "week"
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
