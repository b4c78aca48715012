"""What is still known: days, the longer ago the vaguer, and some of those met."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random

from connections.seeding.people import Person
from networkcrm.partial_dates import PartialDate


def vague(day: date, today: date, rng: Random) -> PartialDate | None:
    """The longer ago, the less is remembered."""
    years = (today - day).days / 365
    dice = rng.random() * (1 + years / 4)
    if dice < 0.85:
        return PartialDate.of(day)
    if dice < 1.6:
        return PartialDate(day.year, day.month)
    return PartialDate(day.year) if dice < 2.6 else None


def moment_of(day: date, rng: Random) -> datetime:
    return datetime.combine(day, time(rng.randint(8, 20), rng.randrange(60)), UTC)


def day_between(first: date, last: date, rng: Random) -> date:
    """One of these days; the first when the last lies before it."""
    return first + timedelta(days=rng.randint(0, max(0, (last - first).days)))


class Acquaintances:
    """Those who may be tied to each other: a bounded choice, however many there are."""

    OF_A_WORLD = 200
    OF_AN_ORGANIZATION = 4

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.worlds: dict[str, list[Person]] = {}
        self.organizations: dict[str, list[Person]] = {}

    def add(self, person: Person) -> None:
        if person.contact.trashed_at:
            return
        world = self.worlds.setdefault(person.world.tag, [])
        self._keep(world, person, self.OF_A_WORLD)
        if person.organization:
            those = self.organizations.setdefault(person.organization, [])
            self._keep(those, person, self.OF_AN_ORGANIZATION)

    def of_the_world(self, person: Person) -> Person | None:
        return self._any(self.worlds.get(person.world.tag))

    def of_the_organization(self, person: Person) -> Person | None:
        return self._any(self.organizations.get(person.organization))

    def anybody(self) -> Person | None:
        return self._any(self.rng.choice(list(self.worlds.values()) or [[]]))

    def _any(self, people: list[Person] | None) -> Person | None:
        return self.rng.choice(people) if people else None

    def _keep(self, people: list[Person], person: Person, most: int) -> None:
        if len(people) < most:
            people.append(person)
        else:
            people[self.rng.randrange(most)] = person
