"""A synthetic network: a believable one, of invented people, of any size."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from types import SimpleNamespace

from django.db import transaction

from connections.models import (
    Consent,
    Interaction,
    Introduction,
    Origin,
    Outcome,
    OutcomeShare,
    Participation,
    Relationship,
)
from connections.seeding.happenings import Calendar, make_calendar
from connections.seeding.introductions import Matchmaking
from connections.seeding.memory import Acquaintances
from connections.seeding.origins import Introducers
from connections.seeding.outcomes import Fruits
from connections.seeding.people import Crowd, Person, organization_names
from connections.seeding.relationships import Ties
from connections.seeding.stories import Chapter, Ensemble
from connections.seeding.worlds import MORE_TAGS, WORLDS
from connections.seeding.writing import copy, row
from contacts.models import (
    Circle,
    Contact,
    ContactMethod,
    ContactTag,
    Fact,
    ImportantDate,
    Organization,
    Tag,
)
from events.models import Event
from networkcrm import derived
from networkcrm.copying import analyze
from networkcrm.models import User

CHUNK = 1000
YEARS = 12
TABLES = (
    Contact,
    Origin,
    ContactMethod,
    ImportantDate,
    ContactTag,
    Interaction,
    Participation,
    Fact,
    Introduction,
    Consent,
    Relationship,
    Outcome,
    OutcomeShare,
)
# What apps above write for each chunk of people, in its transaction: of the owner, the
# people, their facts, the day it is, and dice of its own.
Ending = Callable[[User, list[Person], list[SimpleNamespace], date, Random], None]
_endings: list[Ending] = []


def register(ending: Ending) -> None:
    _endings.append(ending)


# Of all, how many may sit in a circle, the closest first.
_SHARES = (0.1, 0.15, 0.3)


@dataclass
class Counts:
    contacts: int = 0
    events: int = 0
    interactions: int = 0
    origins: int = 0
    introductions: int = 0
    relationships: int = 0
    outcomes: int = 0


def seed(
    owner: User,
    count: int,
    number: int = 1,
    today: date | None = None,
    report: Callable[[int], None] = lambda done: None,
) -> Counts:
    """Add `count` invented contacts, with all that happened, to those of the owner.

    The same `number` gives the same people, links and words each time; dates are
    counted back from `today` (by default the day it is for the owner). Row ids and
    what depends on the rows already there (free seats, names that are taken) differ.
    Written in transactions of at most CHUNK contacts, each with its search rows;
    `report` is called after each with the number of contacts written so far.
    Memory does not grow with `count`.
    """
    today = today or datetime.now(owner.tz).date()
    rng = Random(number)
    setting = Setting(owner, count, today, rng)
    counts = Counts(events=len(setting.calendar.rows))
    for start in range(0, count, CHUNK):
        with transaction.atomic():
            if start == 0:
                copy(Event, setting.calendar.rows)
            setting.write_chunk(start, min(CHUNK, count - start), counts)
        report(counts.contacts)
    return counts


@dataclass
class Setting:
    """What stays the same from the first person to the last."""

    owner: User
    count: int
    today: date
    rng: Random
    first: date = field(init=False)
    calendar: Calendar = field(init=False)

    def __post_init__(self) -> None:
        owner, rng = self.owner, self.rng
        self.first = self.today - timedelta(days=365 * YEARS)
        names = organization_names(min(self.count // 12 + 30, 400), rng)
        with transaction.atomic():
            found = owner.organizations.named(
                owner.pk, (name for those in names.values() for name in those)
            )
            self.tags: dict[str, Tag] = owner.tags.named(
                owner.pk, [*(world.tag for world in WORLDS), *MORE_TAGS]
            )
        self.organizations: dict[str, list[Organization]] = {
            tag: [found[name] for name in those] for tag, those in names.items()
        }
        self.circles = self._free_seats()
        events = min(max(8, self.count // 12), 600)
        self.calendar = make_calendar(owner.pk, events, self.first, self.today, rng)
        acquaintances = Acquaintances(rng)
        self.ensemble = Ensemble(
            owner_id=owner.pk,
            calendar=self.calendar,
            introducers=Introducers(rng),
            acquaintances=acquaintances,
            matchmaking=Matchmaking(
                owner.contacts.get(is_me=True), acquaintances, self.today, rng
            ),
            ties=Ties(owner, acquaintances, self.today, rng),
            fruits=Fruits(owner.pk, self.today, rng),
            today=self.today,
            rng=rng,
        )
        others = owner.contacts.others().count()
        self.crowd = Crowd(owner.pk, others, self.today, rng, owner.phone_region)

    def _free_seats(self) -> list[tuple[Circle, int]]:
        """The circles, closest first, and how many people of ours may sit in each."""
        circles = self.owner.circles.order_by("cadence_days", "seats", "pk")
        shares = zip(circles, _SHARES, strict=False)
        return [
            (circle, max(0, min(circle.free_seats, int(self.count * share))))
            for circle, share in shares
        ]

    def write_chunk(self, start: int, size: int, counts: Counts) -> None:
        chapter = Chapter(self.ensemble)
        crowd = self.crowd
        people = [self._person(start + n, chapter) for n in range(size)]
        copy(Contact, [person.contact for person in people])
        copy(Origin, chapter.origins)
        copy(ContactMethod, (row for p in people for row in crowd.methods(p)))
        copy(ImportantDate, (row for p in people for row in crowd.dates(p)))
        copy(ContactTag, (row for p in people for row in self._tags(p)))
        copy(Interaction, chapter.interactions)
        copy(Participation, chapter.participations)
        copy(Fact, chapter.facts)
        copy(Introduction, chapter.introductions)
        copy(Consent, chapter.consents)
        copy(Relationship, chapter.relationships)
        copy(Outcome, chapter.outcomes)
        copy(OutcomeShare, chapter.shares)
        for ending in _endings:
            ending(self.owner, people, chapter.facts, self.today, Random(start))
        if start // CHUNK in (0, 1, 3, 7, 15):
            analyze(*TABLES)
        derived.touch(self.owner.pk, chapter.touched)
        counts.contacts += size
        counts.origins += len(chapter.origins)
        counts.interactions += len(chapter.interactions)
        counts.introductions += len(chapter.introductions)
        counts.relationships += len(chapter.relationships)
        counts.outcomes += len(chapter.outcomes)

    def _person(self, number: int, chapter: Chapter) -> Person:
        rng = self.rng
        since = self._known_since(number)
        moment = datetime.combine(
            since, time(rng.randint(7, 20), rng.randrange(60)), UTC
        )
        person = self.crowd.person(since, moment)
        contact = person.contact
        if rng.random() < 0.7:
            found = rng.choice(self.organizations[person.world.tag])
            contact.organization_id, person.organization = found.pk, found.name
        circle = self._sit_down(person, self.count - number)
        if circle:
            contact.circle_id = circle.pk
        elif rng.random() < 0.06:
            self._put_away(person)
        chapter.tell(person, number, circle.cadence_days if circle else None)
        return person

    def _known_since(self, number: int) -> date:
        """In order, and more of them lately than long ago."""
        part = (number + self.rng.random()) / self.count
        days = 365 * YEARS * part**0.6
        return self.first + timedelta(days=int(days))

    def _sit_down(self, person: Person, left: int) -> Circle | None:
        """A seat for the warm ones, so that circles are about full at the end."""
        for place, (circle, seats) in enumerate(self.circles):
            warm_enough = person.warmth > (0.68, 0.6, 0.4)[place]
            warm_share = (0.16, 0.27, 0.6)[place]
            if warm_enough and self.rng.random() < seats / (left * warm_share):
                self.circles[place] = (circle, seats - 1)
                return circle
        return None

    def _put_away(self, person: Person) -> None:
        rng = self.rng
        day = max(person.since, self.today - timedelta(days=rng.randint(1, 85)))
        moment = datetime.combine(day, time(21, rng.randrange(60)), UTC)
        if rng.random() < 0.3:
            person.contact.trashed_at = moment
        else:
            person.contact.archived_at = moment

    def _tags(self, person: Person) -> list[SimpleNamespace]:
        contact = person.contact
        return [
            row(
                ContactTag,
                self.owner.pk,
                contact.created_at,
                contact_id=contact.id,
                tag_id=self.tags[name].pk,
            )
            for name in self.crowd.tags(person)
        ]


__all__ = ["Counts", "register", "seed"]
