"""What came of knowing these people."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from types import SimpleNamespace
from uuid import UUID

from connections.models import Outcome, OutcomeShare
from connections.seeding.memory import day_between, vague
from connections.seeding.people import Person
from connections.seeding.phrases import OUTCOMES, STORY_OF_OUTCOME, WORTH
from connections.seeding.writing import row

_KINDS = (
    ("work", 22), ("client", 18), ("advice", 16), ("friendship", 12), ("talk", 9),
    ("introduction", 8), ("job", 6), ("money", 5), ("other", 4),
)  # fmt: skip


@dataclass(slots=True)
class Told:
    """The rows of one outcome."""

    outcome: SimpleNamespace
    shares: list[SimpleNamespace]


class Fruits:
    def __init__(self, owner_id: UUID, today: date, rng: Random) -> None:
        self.owner_id = owner_id
        self.today = today
        self.rng = rng

    def of(
        self,
        person: Person,
        origin: SimpleNamespace | None,
        company: list[Person],
        introduction: SimpleNamespace | None = None,
    ) -> Told:
        """Something that came of meeting this person, by themselves or with others.

        Of `introduction` when one of mine led to it, otherwise of how they came.
        """
        rng = self.rng
        names, weights = zip(*_KINDS, strict=True)
        kind = "introduction" if introduction else rng.choices(names, weights)[0]
        day = day_between(person.met_on or person.since, self.today, rng)
        day = min(day, (person.met_on or person.since) + timedelta(days=900))
        moment = datetime.combine(day, time(rng.randint(8, 21)), UTC)
        topics, works = person.world.topics, person.world.works_on
        value = self._value(kind)
        of_origin = origin if rng.random() < 0.5 else None
        came_by = introduction.id if introduction else None
        if of_origin and not introduction:
            came_by = of_origin.introduction_id
        outcome = row(
            Outcome,
            self.owner_id,
            moment,
            kind=kind,
            title=rng.choice(OUTCOMES[kind]).format(
                topic=rng.choice(topics), work=rng.choice(works)
            ),
            on=vague(day, self.today, rng),
            value=value,
            currency=rng.choice(("EUR", "EUR", "EUR", "USD", "GBP")) if value else "",
            text=rng.choice(STORY_OF_OUTCOME),
            introduction_id=came_by,
            event_id=of_origin.event_id if of_origin else None,
            event_name=of_origin.event_name if of_origin else "",
        )
        people = {each.id: each for each in [person, *company]}
        shares = [
            row(
                OutcomeShare,
                self.owner_id,
                moment,
                outcome_id=outcome.id,
                contact_id=contact_id,
            )
            for contact_id in people
        ]
        return Told(outcome, shares)

    def _value(self, kind: str) -> Decimal | None:
        if kind not in WORTH or self.rng.random() < 0.25:
            return None
        return Decimal(self.rng.randint(*WORTH[kind]) * 10)
