"""How invented people came into the network, and what has happened since."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from connections.models import Interaction, Origin, Participation
from connections.seeding.happenings import Calendar
from connections.seeding.people import Person
from connections.seeding.worlds import (
    CAFES,
    ENJOYS,
    HOPES,
    OBSTACLES,
    OTHERS,
    STORIES,
    STORIES_OF_ORIGIN,
    TEXTS,
)
from connections.seeding.writing import row
from contacts.models import Fact
from networkcrm.partial_dates import PartialDate

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


class Chapter:
    """The rows that come with one chunk of people, in the order they are written."""

    def __init__(
        self, owner_id: UUID, calendar: Calendar, introducers: Introducers,
        today: date, rng: Random,
    ) -> None:  # fmt: skip
        self.owner_id = owner_id
        self.calendar = calendar
        self.introducers = introducers
        self.today = today
        self.rng = rng
        self.origins: list[SimpleNamespace] = []
        self.interactions: list[SimpleNamespace] = []
        self.participations: list[SimpleNamespace] = []
        self.facts: list[SimpleNamespace] = []
        self.touched: set[UUID] = set()

    def tell(self, person: Person, number: int, cadence: int | None) -> None:
        """How this person came, and everything since."""
        origin = self._origin(person, number)
        if origin:
            self.origins.append(origin)
        before = len(self.interactions)
        for day, kind, details in self._meetings(person, origin, cadence):
            if day > self.today:
                break
            self._interaction(person, day, kind, details)
        self._facts(person, self.interactions[before:])
        self.touched.add(person.id)
        self.introducers.add(person)

    def _origin(self, person: Person, number: int) -> SimpleNamespace | None:
        rng = self.rng
        names, weights = zip(*_HOWS, strict=True)
        how = rng.choices(names, weights)[0]
        introducer = None
        if number < BACKBONE:
            introducer = self.introducers.last[-1] if number else None
            how = "introduction" if number else "online"
        elif how == "introduction" or (
            how in ("online", "event") and rng.random() < 0.25
        ):
            introducer = self.introducers.pick(person)
            how = how if introducer else "event"
        if not how:
            return None
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
            on=self._vague(day),
            story=self._story(person, introducer, how),
        )
        person.since = day
        if introducer:
            origin.introducer_id = introducer.id
            origin.introducer_name = introducer.name
            # Depths as connections.chains keeps them.
            origin.introducer_depth = introducer.contact.chain_depth
            origin.contact_depth = introducer.contact.chain_depth + 1
            person.contact.chain_depth = origin.contact_depth
            self.introducers.has_brought(introducer)
        return origin

    def _story(self, person: Person, introducer: Person | None, how: str) -> str:
        rng = self.rng
        if rng.random() < 0.2:
            return ""
        kind = "named" if introducer and how == "online" else how
        return rng.choice(STORIES_OF_ORIGIN[kind]).format(
            topic=rng.choice(person.world.topics),
            introducer=introducer.name if introducer else "",
        )

    def _vague(self, day: date) -> PartialDate | None:
        """The longer ago, the less is remembered."""
        years = (self.today - day).days / 365
        dice = self.rng.random() * (1 + years / 4)
        if dice < 0.85:
            return PartialDate.of(day)
        if dice < 1.6:
            return PartialDate(day.year, day.month)
        return PartialDate(day.year) if dice < 2.6 else None

    def _meetings(
        self, person: Person, origin: SimpleNamespace | None, cadence: int | None
    ) -> Iterator[tuple[date, str, dict[str, Any]]]:
        """Noticed, wrote, spoke, met, met again, worked together: as far as it went."""
        rng, warmth, day = self.rng, person.warmth, person.since
        platform = origin.platform if origin else ""
        written = {"platform": platform} if platform else {}
        in_person = bool(origin and origin.in_person)
        if origin and origin.event_id:
            kind = "other" if not in_person else "event"
            met = {"event_id": origin.event_id, "event_name": origin.event_name}
            yield day, kind, {**met, "in_person": in_person}
        elif platform and rng.random() < 0.35:
            yield day, "mention", written
        if warmth > 0.22 or in_person:
            day += timedelta(days=rng.randint(1, 25))
            if rng.random() < 0.85:
                kind = "message" if platform or rng.random() < 0.4 else "email"
                yield day, kind, written if kind == "message" else {}
        if warmth > 0.4:
            day += timedelta(days=rng.randint(3, 60))
            if rng.random() < 0.75:
                yield day, rng.choice(("video_call", "video_call", "call")), {}
        if warmth > 0.53:
            day += timedelta(days=rng.randint(5, 150))
            yield from self._encounter(person, day)
        if warmth > 0.64:
            yield from self._again(person, day, cadence)
        if warmth > 0.78 and rng.random() < 0.5:
            yield self.today - timedelta(days=rng.randint(1, 200)), "work", {}

    def _encounter(
        self, person: Person, day: date
    ) -> Iterator[tuple[date, str, dict[str, Any]]]:
        if self.rng.random() < 0.2:
            happened = self.calendar.around(day, person.world, self.rng)
            if happened and not happened[0].is_online and happened[1] > person.since:
                event, day = happened
                yield day, "event", {"event_id": event.id, "event_name": event.name}
                return
        yield day, self.rng.choice(("coffee", "coffee", "meal", "meeting")), {}

    def _again(
        self, person: Person, day: date, cadence: int | None
    ) -> Iterator[tuple[date, str, dict[str, Any]]]:
        """Kept in touch with: those in a circle until lately, others for a while."""
        rng = self.rng
        rhythm = cadence or rng.choice((120, 200, 365, 500))
        most = 12 if cadence else 3
        if cadence:
            last = self.today - timedelta(days=int(rhythm * rng.random() * 1.5))
            day = max(day, last - timedelta(days=rhythm * (most - 1)))
        for _turn in range(most):
            day += timedelta(days=int(rhythm * rng.uniform(0.6, 1.4)) + 1)
            kinds = [
                "coffee",
                "meal",
                "call",
                "message",
                "email",
                "video_call",
                "meeting",
                "letter",
            ]
            kind = rng.choices(kinds, (7, 4, 4, 4, 3, 3, 2, 1))[0]
            yield day, kind, {}

    def _interaction(
        self, person: Person, day: date, kind: str, details: dict[str, Any]
    ) -> None:
        rng = self.rng
        place = rng.choice(CAFES)
        on = self._vague(day) or PartialDate(day.year)
        exact = on.day is not None
        in_person = details.get("in_person", kind in Interaction.IN_PERSON)
        text = rng.choice(TEXTS[kind]).format(
            topic=rng.choice(person.world.topics), place=place
        )
        hour = rng.randint(8, 20)
        moment = datetime.combine(day, time(hour, rng.randrange(60)), UTC)
        interaction = row(
            Interaction,
            self.owner_id,
            moment,
            kind=kind,
            in_person=in_person,
            platform=details.get("platform", "zoom" if kind == "video_call" else ""),
            on=on,
            at=time(hour, rng.choice((0, 15, 30, 45)))
            if exact and rng.random() < 0.3
            else None,
            started_by=rng.choice(("me", "me", "them", "")),
            title=f"{kind.capitalize()} at {place}"
            if kind in ("coffee", "meal") and rng.random() < 0.3
            else "",
            text=text[:1].upper() + text[1:],
            event_id=details.get("event_id"),
            event_name=details.get("event_name", ""),
        )
        self.interactions.append(interaction)
        together = [person]
        if kind in ("meal", "meeting", "event") and rng.random() < 0.2:
            others = [p for p in self.introducers.last if p.since <= day]
            together += rng.sample(others, min(len(others), rng.randint(1, 3)))
        for companion in together:
            self.touched.add(companion.id)
            participation = row(
                Participation,
                self.owner_id,
                moment,
                interaction_id=interaction.id,
                contact_id=companion.id,
            )
            self.participations.append(participation)

    def _facts(self, person: Person, interactions: list[SimpleNamespace]) -> None:
        rng, world = self.rng, person.world
        heard = [
            i for i in interactions if i.kind not in ("mention", "message", "other")
        ]
        if not heard:
            return
        chances = (
            ("works_on", 0.55, rng.choice(world.works_on)),
            ("enjoys", 0.4, rng.choice(ENJOYS)),
            ("obstacle", 0.2, rng.choice(OBSTACLES)),
            ("hope", 0.25, rng.choice(HOPES)),
            ("need", 0.3, rng.choice(world.matches)[0]),
            ("offer", 0.3, rng.choice(world.matches)[1]),
            ("story", 0.15, rng.choice(STORIES)),
            ("other", 0.12, rng.choice(OTHERS)),
        )
        for kind, chance, text in chances:
            if rng.random() > chance:
                continue
            interaction = rng.choice(heard)
            state = ""
            if kind in ("need", "offer"):
                old = (self.today - interaction.created_at.date()).days > 900
                states = ("open", "met", "stale") if old else ("open", "open", "met")
                state = rng.choice(states)
            fact = row(
                Fact,
                self.owner_id,
                interaction.created_at,
                contact_id=person.id,
                kind=kind,
                text=text[:1].upper() + text[1:] if kind == "story" else text,
                heard_on=interaction.on,
                interaction_id=interaction.id,
                state=state,
            )
            self.facts.append(fact)
