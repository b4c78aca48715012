from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Self
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, IntegerField, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Now
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from networkcrm import derived
from networkcrm.models import User
from networkcrm.owned import Owned, OwnedQuerySet, owner_and_id
from networkcrm.partial_dates import PartialDate
from networkcrm.periods import Period
from networkcrm.text import fold

# When an evening is over for good, and for how long its debrief is asked about.
MORNING = timedelta(hours=5)
ASKED_FOR = timedelta(days=14)


def _is_not_over() -> Q:
    now = timezone.now()
    return Q(ends_at__gte=now) | Q(ends_at=None, starts_at__gte=now)


# Nobody in the trash: few are there, and they are looked up once for all events.
_PEOPLE_MET = """
    SELECT count(DISTINCT there.contact_id) FROM (
        SELECT p.contact_id
        FROM connections_interaction i JOIN connections_participation p
            ON p.owner_id = %s AND p.interaction_id = i.id
        WHERE i.owner_id = %s AND i.event_id = events_event.id
        UNION ALL
        SELECT o.contact_id FROM connections_origin o
        WHERE o.owner_id = %s AND o.event_id = events_event.id
        UNION ALL
        SELECT a.contact_id FROM events_attendance a
        WHERE a.owner_id = %s AND a.event_id = events_event.id AND a.state = 'met'
    ) there
    WHERE there.contact_id NOT IN (
        SELECT c.id FROM contacts_contact c
        WHERE c.owner_id = %s AND c.trashed_at IS NOT NULL)
"""


class EventQuerySet(OwnedQuerySet):
    def upcoming(self) -> Self:
        return self.filter(_is_not_over())

    def past(self) -> Self:
        """What is over, and what has no date."""
        return self.exclude(_is_not_over())

    def to_debrief(self, owner: User) -> Self:
        """Over since the morning, where someone was expected or something was planned.

        The night belongs to the evening before: asked from five o'clock on, by the
        owner's clock, for two weeks, until it is done or waved away.
        """
        local = timezone.now().astimezone(owner.tz) - MORNING
        morning = datetime.combine(local.date(), time.min, owner.tz) + MORNING
        over = Coalesce("ends_at", "starts_at")
        asked = (
            Exists(owner.attendances.filter(event=OuterRef("pk")))
            | Exists(owner.goals.filter(event=OuterRef("pk")))
            | Exists(owner.captures.filter(event=OuterRef("pk")))
        )
        still = self.filter(debriefed_at=None, debrief_waved_at=None, cancelled_at=None)
        still = still.annotate(over_at=over).filter(
            over_at__lt=morning, over_at__gte=morning - ASKED_FOR
        )
        return still.filter(asked).order_by("-over_at", "pk")

    def took_place(self, within: Period, zone: tzinfo) -> Self:
        """Begun by now, not cancelled, by the clocks of this zone."""
        begun = self.filter(starts_at__lte=timezone.now(), cancelled_at=None)
        return begun.filter(within.holds_moment("starts_at", zone))

    def with_people_met(self, owner: User) -> Self:
        """With `people_met`: how many I got to know or saw there, each once."""
        count = RawSQL(_PEOPLE_MET, [owner.pk] * 5, IntegerField())
        return self.annotate(people_met=count)

    def sorted_by(self, order: str) -> Self:
        orders: dict[str, list[Any]] = {
            "earliest": [F("starts_at").asc(nulls_last=True), "pk"],
            "name": ["search_key", "pk"],
            "people": [
                F("people_met").desc(),
                F("starts_at").desc(nulls_last=True),
                "pk",
            ],
            "worth": [
                F("worth").desc(nulls_last=True),
                F("starts_at").desc(nulls_last=True),
                "pk",
            ],
        }
        return self.order_by(*orders[order]) if order in orders else self.latest_first()

    def latest_first(self) -> Self:
        return self.order_by(F("starts_at").desc(nulls_last=True), "-pk")

    def search(self, text: str) -> Self:
        for word in fold(text).split():
            self = self.filter(search_key__contains=word)
        return self


class Event(Owned):
    class Kind(models.TextChoices):
        CONFERENCE = "conference", "Conference"
        MEETUP = "meetup", "Meetup"
        MIXER = "mixer", "Mixer"
        DINNER = "dinner", "Dinner or party"
        CLASS = "class", "Class or course"
        TALK = "talk", "Talk"
        FAIR = "fair", "Fair"
        TRIP = "trip", "Trip"
        ONLINE = "online", "Online gathering"
        OTHER = "other", "Other"

    name = models.CharField(max_length=300)
    search_key = models.CharField(max_length=2000, editable=False)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.MEETUP)
    starts_at = models.DateTimeField("starts", null=True, blank=True)
    ends_at = models.DateTimeField("ends", null=True, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    place = models.CharField(max_length=300, blank=True)
    city = models.CharField(max_length=200, blank=True)
    url = models.URLField("web page", max_length=1000, blank=True)
    is_online = models.BooleanField("online", default=False)
    series = models.CharField(
        max_length=200, blank=True, help_text="For events that come again."
    )
    purpose = models.TextField(
        max_length=5000, blank=True, help_text="Why go? One sentence is enough."
    )
    goal_people = models.PositiveSmallIntegerField(
        "people to meet", null=True, blank=True
    )
    cost = models.DecimalField(
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    currency = models.CharField(max_length=3, blank=True, help_text="EUR, USD, …")
    hours = models.DecimalField(
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="With the way there and back.",
    )
    notes = models.TextField(max_length=50_000, blank=True)
    debrief = models.TextField(max_length=50_000, blank=True)
    worth = models.PositiveSmallIntegerField(
        "worth it, 1 to 5",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
    )
    would_go_again = models.BooleanField(null=True, blank=True)
    best_story = models.TextField(max_length=5000, blank=True)
    # The debrief was done, or waved away.
    debriefed_at = models.DateTimeField(null=True, editable=False)
    debrief_waved_at = models.DateTimeField(null=True, editable=False)
    is_all_day = models.BooleanField("all day", default=False)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    uid = models.CharField(max_length=500, blank=True, editable=False)
    # What its calendar file said last: only what the next one says otherwise is new.
    as_imported = models.JSONField(default=dict, blank=True, editable=False)

    # As it stands in the table, None before it does.
    _was_online: bool | None = None

    objects = EventQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            owner_and_id("event"),
            models.CheckConstraint(condition=~Q(name=""), name="event_has_a_name"),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")),
                name="event_ends_after_start",
                violation_error_message="An event cannot end before it starts.",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(starts_at__isnull=False),
                name="event_end_needs_start",
                violation_error_message="When does it start?",
            ),
            models.CheckConstraint(
                condition=Q(worth=None) | Q(worth__range=(1, 5)), name="event_worth"
            ),
            models.CheckConstraint(
                condition=Q(cost=None) | Q(cost__gte=0), name="event_cost_positive"
            ),
            models.UniqueConstraint(
                fields=["owner", "uid"],
                condition=~Q(uid=""),
                name="event_uid_once",
            ),
        ]
        indexes = [
            models.Index(
                F("owner"),
                F("starts_at").desc(nulls_last=True),
                F("id").desc(),
                name="event_latest",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def from_db(cls, db: Any, field_names: Any, values: Any, **kwargs: Any) -> Self:
        event = super().from_db(db, field_names, values, **kwargs)
        event._stored_name = event.__dict__.get("name", "")
        event._was_online = event.__dict__.get("is_online")
        return event

    def get_absolute_url(self) -> str:
        return reverse("event_detail", kwargs={"event_id": self.pk})

    def clean(self) -> None:
        self.currency = self.currency.upper()
        if self.time_zone and self.time_zone not in available_timezones():
            raise ValidationError({"time_zone": "There is no such time zone."})

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.make_search_key()
        with derived.batch():
            super().save(*args, **kwargs)
            self._tell_of_name()
            self._tell_of_being_online()
        self._stored_name, self._was_online = self.name, self.is_online

    def make_search_key(self) -> None:
        words = (self.name, self.city, self.place, self.series)
        self.search_key = fold(" ".join(words))[:2000]

    def _tell_of_name(self) -> None:
        """What began or happened there keeps the name it has now."""
        if getattr(self, "_stored_name", "") not in ("", self.name):
            for rows in self._what_keeps_its_name():
                rows.update(event_name=self.name, updated_at=Now())

    def _what_keeps_its_name(self) -> "list[models.Manager[Any]]":
        return [self.origins, self.interactions, self.introductions, self.outcomes]

    def _tell_of_being_online(self) -> None:
        """What was in person, or not, because of the event changes with it.

        Where the owner chose otherwise, the choice stays.
        """
        was_online = self._was_online
        if was_online in (None, self.is_online):
            return
        derived.touch(self.owner_id, self.contact_ids())
        gatherings = self.interactions.model.IN_PERSON
        for rows in (
            self.origins.all(),
            self.interactions.filter(kind__in=gatherings),
        ):
            as_implied = rows.filter(in_person=not was_online)
            as_implied.update(in_person=not self.is_online, updated_at=Now())

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """The people met there stay met there: their links keep the name."""
        with derived.batch():
            derived.touch(self.owner_id, self.linked_ids())
            for rows in self._what_keeps_its_name():
                rows.update(event=None, event_name=self.name)
            return super().delete(*args, **kwargs)

    def touches(self) -> Iterable[UUID | None]:
        if getattr(self, "_stored_name", "") in ("", self.name):
            return []
        return self.linked_ids()

    def contact_ids(self) -> list[UUID]:
        there = self.owner.participations.filter(
            interaction__in=self.interactions.values("pk")
        )
        return [
            *self.origins.values_list("contact_id", flat=True),
            *there.values_list("contact_id", flat=True),
        ]

    def linked_ids(self) -> set[UUID]:
        """The ids of all who are found by its name."""
        introduced = self.introductions.values_list("introducer_id", "a_id", "b_id")
        shares = self.owner.outcomeshares.filter(outcome__in=self.outcomes.values("pk"))
        return {
            *self.contact_ids(),
            *self.attendances.values_list("contact_id", flat=True),
            *shares.values_list("contact_id", flat=True),
            *(pk for ids in introduced for pk in ids if pk),
        }

    def met_ids(self) -> set[UUID]:
        """The ids of all I met there, whoever and wherever it was written down."""
        marked = self.attendances.met().values_list("contact_id", flat=True)
        return {*self.contact_ids(), *marked}

    @property
    def tz(self) -> ZoneInfo:
        """The zone of the place, or the owner's."""
        return ZoneInfo(self.time_zone or self.owner.time_zone)

    @property
    def local_start(self) -> datetime | None:
        return self.starts_at and self.starts_at.astimezone(self.tz)

    @property
    def local_end(self) -> datetime | None:
        return self.ends_at and self.ends_at.astimezone(self.tz)

    @property
    def day(self) -> date | None:
        """The day on which it starts, where it takes place."""
        return self.local_start and self.local_start.date()

    @property
    def last_day(self) -> date | None:
        """The day on which it ends. Midnight belongs to the day before."""
        end = self.local_end
        if end is None or self.local_start is None:
            return self.day
        return max(self.local_start, end - timedelta(seconds=1)).date()

    @property
    def partial_date(self) -> PartialDate | None:
        return PartialDate.of(self.day) if self.day else None

    @property
    def has_begun(self) -> bool:
        return self.starts_at is None or self.starts_at <= timezone.now()

    @property
    def is_over(self) -> bool:
        """Its end is past; what has none is over with its day."""
        if self.ends_at:
            return self.ends_at <= timezone.now()
        if self.starts_at is None:
            return False
        now = timezone.now().astimezone(self.tz)
        return bool(self.day and self.day < now.date())

    @property
    def when(self) -> str:
        """As clocks there show it: "Fri 20 Nov 2026, 21:00 to Sat 21 Nov, 02:00"."""
        if self.is_all_day:
            return _days(self.day, self.last_day)
        return _span(self.local_start, self.local_end)

    @property
    def when_for_owner(self) -> str:
        """The same in the owner's zone, "" when the clocks show the same there."""
        if self.is_all_day:
            return ""
        mine = self.owner.tz
        start, end = self.local_start, self.local_end
        if start is None or start.utcoffset() == start.astimezone(mine).utcoffset():
            return ""
        return _span(start.astimezone(mine), end and end.astimezone(mine))

    @property
    def where(self) -> str:
        parts = [self.place, self.city, "online" if self.is_online else ""]
        return ", ".join(part for part in parts if part)


def _days(first: date | None, last: date | None) -> str:
    if first is None:
        return ""
    text = date_format(first, "D j M Y")
    return text if last in (None, first) else f"{text} to {date_format(last, 'D j M')}"


def _span(start: datetime | None, end: datetime | None) -> str:
    if start is None:
        return ""
    text = date_format(start, "D j M Y, H:i")
    if end is None or end == start:
        return text
    if end.date() == start.date():
        return f"{text} to {date_format(end, 'H:i')}"
    pattern = "D j M, H:i" if end.year == start.year else "D j M Y, H:i"
    return f"{text} to {date_format(end, pattern)}"
