"""How invented people came into the network, and who brought them."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from types import SimpleNamespace
from uuid import UUID

from connections.models import Origin
from connections.seeding.happenings import Calendar
from connections.seeding.memory import vague
from connections.seeding.people import Person
from connections.seeding.worlds import CAFES, STORIES_OF_ORIGIN
from connections.seeding.writing import row

# The first of an account form one chain of this many introducers.
BACKBONE = 7
DEEPEST = 10
_NETWORKS = ("mastodon", "linkedin", "x", "bluesky", "forum", "slack", "github")
_HOWS = (
    ("introduction", 42), ("event", 22), ("online", 20), ("work", 5), ("school", 3),
    ("family", 2), ("neighbourhood", 3), ("other", 1), ("", 5),
)  # fmt: skip


class Introducers:
    """Those who may bring others: a bounded choice, however many people there are."""

    SIZE = 3000

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.last: list[Person] = []
        self.pool: list[Person] = []
        self.bringers: list[Person] = []

    def add(self, person: Person) -> None:
        self.last = [*self.last[-40:], person]
        if person.reach:
            self._keep(self.pool, person)

    def pick(self, person: Person) -> Person | None:
        """Somebody known before, of the same world if possible, most likely a hub."""
        for _attempt in range(6):
            among = self.bringers if self.rng.random() < 0.6 else self.pool
            if not among:
                continue
            found = self.rng.choice(among)
            if (
                found.brought < found.reach
                and found.since <= person.since
                and found.contact.chain_depth < DEEPEST
                and (found.world is person.world or self.rng.random() < 0.3)
            ):
                return found
        return None

    def has_brought(self, introducer: Person) -> None:
        introducer.brought += 1
        self._keep(self.bringers, introducer)

    def _keep(self, people: list[Person], person: Person) -> None:
        if len(people) < self.SIZE:
            people.append(person)
        else:
            people[self.rng.randrange(self.SIZE)] = person


@dataclass(slots=True)
class Occasion:
    """A post, a mail or an evening by which somebody brought one or several people."""

    introducer: Person
    day: date
    origin: SimpleNamespace
    people: int = 1
    # The first introduction, and what those of one occasion share.
    introduction: SimpleNamespace | None = None
    id: UUID | None = None


class Beginnings:
    """The origins of one chunk of people."""

    MOST_AT_ONCE = 5
    # An evening is as long as one hears of those who were there.
    REMEMBERED = timedelta(days=120)

    def __init__(
        self, owner_id: UUID, calendar: Calendar, introducers: Introducers,
        today: date, rng: Random,
    ) -> None:  # fmt: skip
        self.owner_id = owner_id
        self.calendar = calendar
        self.introducers = introducers
        self.today = today
        self.rng = rng
        self.latest: list[Occasion] = []

    def of(
        self, person: Person, number: int
    ) -> tuple[SimpleNamespace | None, Occasion | None]:
        """The origin of this person, and the occasion on which somebody brought them.

        Sets since when they are known, and how deep in the chain they stand.
        """
        how, introducer = self._how(person, number)
        if not how:
            return None, None
        occasion = self._joined(person) if introducer and number >= BACKBONE else None
        if occasion:
            origin = self._like(occasion, person)
        else:
            origin = self._alone(person, how, introducer)
            if introducer:
                occasion = Occasion(introducer, person.since, origin)
                self.latest = [*self.latest[-1:], occasion]
        if occasion:
            self._came_through(occasion.introducer, person, origin)
        return origin, occasion

    def _how(self, person: Person, number: int) -> tuple[str, Person | None]:
        rng = self.rng
        names, weights = zip(*_HOWS, strict=True)
        how = rng.choices(names, weights)[0]
        if number < BACKBONE:
            introducer = self.introducers.last[-1] if number else None
            return "introduction" if number else "online", introducer
        if how == "introduction" or (
            how in ("online", "event") and rng.random() < 0.25
        ):
            introducer = self.introducers.pick(person)
            return how if introducer else "event", introducer
        return how, None

    def _joined(self, person: Person) -> Occasion | None:
        """One of the last occasions, when this person can have been there too."""
        if not self.latest or self.rng.random() > 0.4:
            return None
        occasion = self.rng.choice(self.latest)
        fits = (
            occasion.introduction
            and occasion.people < self.MOST_AT_ONCE
            and occasion.day + self.REMEMBERED >= person.since
        )
        return occasion if fits else None

    def _like(self, occasion: Occasion, person: Person) -> SimpleNamespace:
        first = occasion.origin
        occasion.people += 1
        person.since = occasion.day
        return row(
            Origin,
            self.owner_id,
            person.contact.created_at,
            contact_id=person.id,
            how=first.how,
            in_person=first.in_person,
            platform=first.platform,
            event_id=first.event_id,
            event_name=first.event_name,
            url=first.url,
            place=first.place,
            on=first.on,
            story=self._story(person, occasion.introducer, first.how),
        )

    def _alone(
        self, person: Person, how: str, introducer: Person | None
    ) -> SimpleNamespace:
        rng = self.rng
        happened = None
        if how == "event":
            happened = self.calendar.around(person.since, person.world, rng)
            how = how if happened else "online"
        event, day = happened or (None, person.since)
        if introducer and day < introducer.since:
            event, day = None, person.since
            how = "introduction"
        online = how == "online" or (how == "introduction" and rng.random() < 0.5)
        platform = rng.choice(_NETWORKS) if online else ""
        if event:
            online = event.is_online
        origin = row(
            Origin,
            self.owner_id,
            person.contact.created_at,
            contact_id=person.id,
            how=how,
            in_person=not online,
            platform=platform,
            event_id=event and event.id,
            event_name=event.name if event else "",
            url=f"https://social.example.org/@{person.slug}/{rng.randrange(9000)}"
            if platform and rng.random() < 0.6
            else "",
            place=rng.choice(CAFES) if not (online or event) else "",
            on=vague(day, self.today, rng),
            story=self._story(person, introducer, how),
        )
        person.since = day
        return origin

    def _came_through(
        self, introducer: Person, person: Person, origin: SimpleNamespace
    ) -> None:
        origin.introducer_id = introducer.id
        origin.introducer_name = introducer.name
        # Depths as connections.chains keeps them.
        origin.introducer_depth = introducer.contact.chain_depth
        origin.contact_depth = introducer.contact.chain_depth + 1
        person.contact.chain_depth = origin.contact_depth
        self.introducers.has_brought(introducer)

    def _story(self, person: Person, introducer: Person | None, how: str) -> str:
        rng = self.rng
        if rng.random() < 0.2:
            return ""
        kind = "named" if introducer and how == "online" else how
        return rng.choice(STORIES_OF_ORIGIN[kind]).format(
            topic=rng.choice(person.world.topics),
            introducer=introducer.name if introducer else "",
        )
