"""What has happened with invented people since they came, and what came of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from connections.models import Interaction, Participation
from connections.seeding.happenings import Calendar
from connections.seeding.introductions import Matchmaking
from connections.seeding.memory import Acquaintances, day_between, moment_of, vague
from connections.seeding.origins import Beginnings, Introducers, Occasion
from connections.seeding.outcomes import Fruits
from connections.seeding.people import Person
from connections.seeding.relationships import Ties
from connections.seeding.worlds import (
    CAFES,
    ENJOYS,
    HOPES,
    OBSTACLES,
    OTHERS,
    STORIES,
    TEXTS,
)
from connections.seeding.writing import row
from contacts.models import Fact
from networkcrm.partial_dates import PartialDate


@dataclass
class Ensemble:
    """What stays from the first chapter to the last."""

    owner_id: UUID
    calendar: Calendar
    introducers: Introducers
    acquaintances: Acquaintances
    matchmaking: Matchmaking
    ties: Ties
    fruits: Fruits
    today: date
    rng: Random


class Chapter:
    """The rows that come with one chunk of people."""

    def __init__(self, ensemble: Ensemble) -> None:
        self.ensemble = ensemble
        self.owner_id = ensemble.owner_id
        self.calendar = ensemble.calendar
        self.introducers = ensemble.introducers
        self.today = ensemble.today
        self.rng = ensemble.rng
        self.beginnings = Beginnings(
            ensemble.owner_id,
            ensemble.calendar,
            ensemble.introducers,
            ensemble.today,
            ensemble.rng,
        )
        self.origins: list[SimpleNamespace] = []
        self.interactions: list[SimpleNamespace] = []
        self.participations: list[SimpleNamespace] = []
        self.facts: list[SimpleNamespace] = []
        self.introductions: list[SimpleNamespace] = []
        self.consents: list[SimpleNamespace] = []
        self.relationships: list[SimpleNamespace] = []
        self.outcomes: list[SimpleNamespace] = []
        self.shares: list[SimpleNamespace] = []
        self.touched: set[UUID] = set()

    def tell(self, person: Person, number: int, cadence: int | None) -> None:
        """How this person came, and everything since."""
        origin, occasion = self.beginnings.of(person, number)
        if origin:
            self.origins.append(origin)
        if origin and origin.in_person:
            person.met_on = person.since
        before = len(self.interactions)
        for day, kind, details in self._meetings(person, origin, cadence):
            if day > self.today:
                break
            self._interaction(person, day, kind, details)
        since = self.interactions[before:]
        self._facts(person, since)
        self._introductions(person, number, origin, occasion)
        introducer = occasion.introducer if occasion else None
        for tie in self.ensemble.ties.of(person, introducer):
            self.relationships.append(tie)
            self.touched.update((tie.from_contact_id, tie.to_contact_id))
        if person.met_on and self.rng.random() < 1 / 12:
            self._outcome(person, origin)
        if not person.met_on and all(each.kind == "mention" for each in since):
            self._want(person)
        self.touched.add(person.id)
        self.introducers.add(person)
        self.ensemble.acquaintances.add(person)

    def _introductions(
        self,
        person: Person,
        number: int,
        origin: SimpleNamespace | None,
        occasion: Occasion | None,
    ) -> None:
        matchmaking, rng = self.ensemble.matchmaking, self.rng
        found = []
        if origin and occasion:
            found.append(matchmaking.for_me(person, origin, occasion))
        if rng.random() < 0.07:
            found.append(matchmaking.by_me(person))
        if person.reach and rng.random() < 0.08:
            found.append(matchmaking.between(person))
        for made in found:
            if made is None:
                continue
            introduction = made.introduction
            self.introductions.append(introduction)
            self.consents += made.consents
            parties = introduction.introducer_id, introduction.a_id, introduction.b_id
            self.touched.update(parties)
            is_mine = introduction.role == "by_me"
            if is_mine and introduction.met_at and rng.random() < 0.3:
                self._outcome(person, origin, introduction)

    def _outcome(
        self,
        person: Person,
        origin: SimpleNamespace | None,
        introduction: SimpleNamespace | None = None,
    ) -> None:
        company = [other for other in self.introducers.last if other.met_on]
        with_me = self.rng.sample(company, min(len(company), 2))
        some = with_me[: self.rng.choice((0, 0, 0, 1, 2))]
        told = self.ensemble.fruits.of(person, origin, some, introduction)
        self.outcomes.append(told.outcome)
        self.shares += told.shares
        self.touched.update(share.contact_id for share in told.shares)

    def _want(self, person: Person) -> None:
        """Some of those who were only noticed, or not even that, I want to meet."""
        contact = person.contact
        if self.rng.random() < 0.3 and not (contact.trashed_at or contact.archived_at):
            day = day_between(person.since, self.today, self.rng)
            contact.wanted_at = moment_of(day, self.rng)

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
        on = vague(day, self.today, self.rng) or PartialDate(day.year)
        exact = on.day is not None
        in_person = details.get("in_person", kind in Interaction.IN_PERSON)
        text = rng.choice(TEXTS[kind]).format(
            topic=rng.choice(person.world.topics), place=place
        )
        moment = moment_of(day, rng)
        interaction = row(
            Interaction,
            self.owner_id,
            moment,
            kind=kind,
            in_person=in_person,
            platform=details.get("platform", "zoom" if kind == "video_call" else ""),
            on=on,
            at=time(moment.hour, rng.choice((0, 15, 30, 45)))
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
            last = self.introducers.last
            others = [p for p in last if p.since <= day and not p.contact.wanted_at]
            together += rng.sample(others, min(len(others), rng.randint(1, 3)))
        for companion in together:
            if in_person and not companion.met_on:
                companion.met_on = day
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
