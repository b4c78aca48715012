"""Circles with their seats: who is in touch, who is slipping, and who is left in peace.

Whoever sits there and is not in the trash takes a seat, the archived too; who is in
touch or slipping is told of the others.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber

from contacts.models import Circle, Contact
from contacts.models.contacts import ContactQuerySet
from followups import rhythms
from followups.cadence import Due
from networkcrm.models import User

SLIPPING_AT_ONCE = 5
# A bar of more seats than this is drawn smaller.
MOST_DRAWN = 80


@dataclass(frozen=True, slots=True)
class Seats:
    """One circle, counted; the first of those who slip."""

    circle: Circle
    taken: int = 0
    in_touch: int = 0
    slipping: int = 0
    quiet: int = 0
    first: list[Due] = field(default_factory=list)

    @property
    def free(self) -> int:
        return max(self.circle.seats - self.taken, 0)

    @property
    def too_many(self) -> int:
        return max(self.taken - self.circle.seats, 0)

    @property
    def others(self) -> int:
        """Left in peace, archived, or without a rhythm."""
        return self.taken - self.in_touch - self.slipping

    @property
    def rhythm(self) -> str:
        days = self.circle.cadence_days
        return rhythms.every_words(days) if days else "no rhythm"

    @property
    def bar(self) -> list[str]:
        """What each seat is drawn as: "on", "late", "other" or "" where it is free."""
        kinds = {"on": self.in_touch, "late": self.slipping, "other": self.others}
        seats = [kind for kind, number in kinds.items() for _ in range(number)]
        seats += [""] * self.free
        if len(seats) <= MOST_DRAWN:
            return seats
        return [seats[len(seats) * n // MOST_DRAWN] for n in range(MOST_DRAWN)]


def overview(owner: User, today: date) -> list[Seats]:
    """All circles, the closest first. Three queries."""
    counts = _counts(owner, today)
    first: dict[Any, list[Due]] = {}
    for contact in _first_slipping(owner, today):
        first.setdefault(contact.circle_id, []).append(Due.of(contact))
    return [
        Seats(circle, **counts.get(circle.pk, {}), first=first.get(circle.pk, []))
        for circle in owner.circles.closest_first()
    ]


def seats_of(circle: Circle, today: date) -> Seats:
    """One circle, counted, without the list of those who slip. One query."""
    return Seats(circle, **_counts(circle.owner, today).get(circle.pk, {}))


def seated(owner: User) -> ContactQuerySet:
    """Everybody who takes a seat."""
    rows: ContactQuerySet = owner.contacts.kept().others()
    return rows.filter(circle__isnull=False)


def is_slipping(today: date) -> Q:
    """Of contacts with their rhythm. Those left in peace are not."""
    return is_awake(today) & Q(late__gt=0)


def is_in_touch() -> Q:
    return Q(archived_at=None, late__lte=0)


def is_quiet(today: date) -> Q:
    return Q(quiet_until__gt=today)


def is_awake(today: date) -> Q:
    not_quiet = Q(quiet_until=None) | Q(quiet_until__lte=today)
    return Q(archived_at=None) & not_quiet


def _counts(owner: User, today: date) -> dict[Any, dict[str, Any]]:
    rows = rhythms.with_rhythm(seated(owner), owner, today, read=False)
    counted = rows.order_by().values("circle_id").annotate(
        taken=Count("pk"),
        in_touch=Count("pk", filter=is_in_touch()),
        slipping=Count("pk", filter=is_slipping(today)),
        quiet=Count("pk", filter=is_quiet(today) & Q(archived_at=None, late__gt=0)),
    )  # fmt: skip
    return {row.pop("circle_id"): row for row in counted}


def _first_slipping(owner: User, today: date) -> Iterable[Contact]:
    """The most overdue of each circle, a few."""
    rows = rhythms.with_rhythm(seated(owner), owner, today)
    rows = rows.filter(is_slipping(today)).select_related("circle", "organization")
    place = Window(
        RowNumber(), partition_by="circle_id", order_by=[*rhythms.MOST_OVERDUE_FIRST]
    )
    rows = rows.annotate(place=place).filter(place__lte=SLIPPING_AT_ONCE)
    return rows.order_by("place", F("pk"))


def members(circle: Circle, today: date) -> ContactQuerySet:
    """Who sits there, the most overdue first, then by name, the archived last."""
    rows = seated(circle.owner).filter(circle=circle)
    rows = rhythms.with_rhythm(rows, circle.owner, today)
    rows = rows.select_related("circle", "organization")
    return rows.order_by(
        F("archived_at").asc(nulls_first=True), *rhythms.MOST_OVERDUE_FIRST
    )


@dataclass(frozen=True, slots=True)
class Sitting:
    """A row of the list of a circle."""

    contact: Contact
    due: Due | None
    quiet_until: date | None

    @classmethod
    def of(cls, contact: Any, today: date) -> "Sitting":
        due = Due.of(contact) if contact.every else None
        quiet = contact.quiet_until
        return cls(contact, due, quiet if quiet and quiet > today else None)


def too_few(circle: Circle, number: int) -> str:
    """In a sentence, why the circle cannot have so few seats; "" if it can."""
    taken = seated(circle.owner).filter(circle=circle).count()
    # Whoever has come back from the trash to a full circle is told of there.
    if number >= taken or number >= circle.seats:
        return ""
    seats = "one seat" if number == 1 else f"{number} seats"
    return (
        f"{taken} people sit in {circle}. For {seats}, take {taken - number} of them"
        " out first."
    )
