"""The events Today speaks of: the next one, and those whose debrief is open."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, OuterRef, Q, When
from django.db.models.functions import JSONObject
from django.utils import timezone

from events.models import Event
from networkcrm.models import User

# Further away than this an event is no matter of these days.
AHEAD = timedelta(days=30)
MOST_DEBRIEFS = 3
MOST_GOALS = 3
MOST_THERE = 3
EVENING = time(17)


@dataclass(frozen=True, slots=True)
class Evening:
    """The next event, with what it is for and whom I look for there."""

    event: Event
    today: date

    @property
    def start(self) -> datetime:
        """By the owner's clock."""
        starts_at: datetime = self.event.starts_at  # type: ignore[assignment]
        return starts_at.astimezone(self.event.owner.tz)

    @property
    def title(self) -> str:
        """ "On now", "Tonight", "Today", "Tomorrow", "On Friday", "In 12 days"."""
        start = self.start
        days = (start.date() - self.today).days
        if self.is_on or days < 0:
            return "On now"
        if days == 0:
            is_evening = not self.event.is_all_day and start.time() >= EVENING
            return "Tonight" if is_evening else "Today"
        if days == 1:
            return "Tomorrow"
        return f"On {start:%A}" if days < 7 else f"In {days} days"

    @property
    def is_on(self) -> bool:
        return self.event.has_begun

    @property
    def is_today(self) -> bool:
        """It is a matter of this day: the event mode is for it."""
        return self.start.date() <= self.today

    @property
    def when(self) -> str:
        """ "18:30, Cambridge"; with the day when it is another."""
        clock = "" if self.event.is_all_day else f"{self.start:%H:%M}"
        if not self.is_today:
            clock = " ".join(filter(None, [f"{self.start:%-d %B}", clock]))
        place = self.event.city or self.event.place
        if self.event.is_online and not place:
            place = "online"
        return ", ".join(filter(None, [clock, place]))

    @property
    def goals(self) -> list[str]:
        """ "meet 3 founders": the number is put in where the words have none."""
        people = self.event.goal_people
        counted = (
            [f"meet {people} {'person' if people == 1 else 'people'}"] if people else []
        )
        found: Any = self.event
        return counted + [_goal(one["text"], one["target"]) for one in found.aims]

    @property
    def there(self) -> list[dict[str, Any]]:
        """Whom I look for first, with what to ask them."""
        found: Any = self.event
        return list(found.there)


def _goal(text: str, target: int) -> str:
    text = text[:1].lower() + text[1:]
    if target == 1 or any(char.isdigit() for char in text):
        return text
    return f"{text} ({target})"


@dataclass(frozen=True, slots=True)
class Evenings:
    next: Evening | None
    debriefs: list[Event]


def evenings(owner: User, today: date) -> Evenings:
    """Both in one query."""
    debriefs = owner.events.to_debrief(owner).values("pk")[:MOST_DEBRIEFS]
    coming = (
        owner.events.upcoming()
        .filter(cancelled_at=None, starts_at__lte=timezone.now() + AHEAD)
        .order_by("starts_at", "pk")
        .values("pk")[:1]
    )
    goals = owner.goals.filter(event=OuterRef("pk")).order_by("pk")[:MOST_GOALS]
    there = (
        owner.attendances.filter(event=OuterRef("pk"))
        .to_come()
        .here()
        .order_by("-was_wanted", "contact__sort_key", "pk")[:MOST_THERE]
    )
    rows = owner.events.filter(Q(pk__in=debriefs) | Q(pk__in=coming)).annotate(
        is_next=Case(When(pk__in=coming, then=True), default=False),
        aims=ArraySubquery(goals.values_list(JSONObject(text="text", target="target"))),
        there=ArraySubquery(
            there.values_list(
                JSONObject(
                    pk="contact_id",
                    name="contact__full_name",
                    points="talking_points",
                )
            )
        ),
    )
    found = list(rows.order_by(F("ends_at").desc(nulls_last=True), "-starts_at", "pk"))
    coming_up = next((event for event in found if event.is_next), None)
    for event in found:
        event.owner = owner
    return Evenings(
        coming_up and Evening(coming_up, today),
        [event for event in found if not event.is_next],
    )
