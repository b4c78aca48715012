"""The evenings, classes and conferences at which people met."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from types import SimpleNamespace
from uuid import UUID
from zoneinfo import ZoneInfo

from connections.seeding.worlds import VENUES, WORLDS, World
from connections.seeding.writing import row
from events.models import Event
from networkcrm.text import fold

# hours it takes, what it costs, hour it starts
_SHAPES: dict[str, tuple[int, int, int]] = {
    "conference": (16, 240, 9),
    "meetup": (3, 0, 19),
    "mixer": (3, 15, 18),
    "dinner": (4, 35, 19),
    "class": (2, 18, 18),
    "talk": (2, 8, 19),
    "fair": (7, 12, 10),
    "trip": (8, 20, 9),
    "online": (1, 0, 17),
}
_PURPOSES = (
    "To meet three people I do not know yet.",
    "To find somebody who has done it before.",
    "Because I laughed last time.",
    "To say thank you in person.",
)
_DEBRIEFS = (
    "Loud, but two good talks by the coats.",
    "Came home with four names and wrote to all of them.",
    "Not again in winter. The people were kind.",
    "The best evening of the year so far.",
)


class Calendar:
    """The events of one owner, in order, to be found by date and world."""

    def __init__(self, events: Sequence[tuple[SimpleNamespace, World, date]]) -> None:
        self.rows = [event for event, _world, _day in events]
        self.entries = events
        self.days = [day for _event, _world, day in events]

    def around(
        self, day: date, world: World, rng: Random
    ) -> tuple[SimpleNamespace, date] | None:
        """An event of about that day, not after it, of this world if there is one."""
        end = bisect_left(self.days, day + timedelta(days=1))
        near = self.entries[max(0, end - 12) : end]
        mine = [entry for entry in near if entry[1] is world]
        if not near:
            return None
        event, _world, found = rng.choice(mine or near)
        return event, found


def make_calendar(
    owner_id: UUID, count: int, first: date, today: date, rng: Random
) -> Calendar:
    """Events spread from the first day until today, and a few still to come."""
    span = (today - first).days
    days = sorted(first + timedelta(days=rng.randrange(span)) for _ in range(count - 4))
    days += [today + timedelta(days=ahead) for ahead in (0, 5, 12, 33)]
    series = [(world, kind, name) for world in WORLDS for kind, name in world.series]
    # Some are gone to again and again, most once or twice.
    rng.shuffle(series)
    entries = []
    for day in days:
        world, kind, name = series[min(int(rng.expovariate(0.12)), len(series) - 1)]
        entries.append(
            (_event(owner_id, world, kind, name, day, today, rng), world, day)
        )
    return Calendar(entries)


def _event(
    owner_id: UUID,
    world: World,
    kind: str,
    name: str,
    day: date,
    today: date,
    rng: Random,
) -> SimpleNamespace:
    hours, cost, hour = _SHAPES[kind]
    city, zone, places = rng.choice(VENUES)
    online = kind == "online"
    starts = datetime.combine(day, time(hour, rng.choice((0, 0, 30))), ZoneInfo(zone))
    past = day < today
    written = min(starts, datetime.combine(today, time(8), UTC)) - timedelta(days=9)
    event = row(
        Event,
        owner_id,
        written,
        name=f"{name} {day.year}" if kind in ("conference", "fair") else name,
        kind=kind,
        starts_at=starts.astimezone(UTC),
        ends_at=(
            starts + timedelta(hours=hours + (16 if hours > 12 else 0))
        ).astimezone(UTC),
        time_zone=zone,
        place="" if online else rng.choice(places),
        city="" if online else city,
        url=f"https://events.example.org/{fold(name).replace(' ', '-')}/{day:%Y-%m}",
        is_online=online,
        series=name,
        purpose=rng.choice(_PURPOSES) if rng.random() < 0.5 else "",
        goal_people=rng.choice((2, 3, 3, 5)) if rng.random() < 0.6 else None,
        cost=Decimal(cost) if cost else None,
        currency="EUR" if cost else "",
        hours=Decimal(hours + 1),
        debrief=rng.choice(_DEBRIEFS) if past and rng.random() < 0.7 else "",
        worth=rng.choice((1, 2, 3, 3, 4, 4, 4, 5)) if past else None,
        would_go_again=rng.random() < 0.7 if past else None,
    )
    words = (event.name, event.city, event.place, event.series)
    event.search_key = fold(" ".join(words))
    return event
