"""Who introduced whom: to me, by me, and among themselves."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from random import Random
from secrets import token_bytes
from types import SimpleNamespace
from typing import Any

from connections.models import Consent, Introduction
from connections.models.progress import SILENCE, UNTIL_THEY_MEET
from connections.seeding import phrases
from connections.seeding.memory import (
    Acquaintances,
    day_between,
    moment_of,
    vague,
)
from connections.seeding.origins import Occasion
from connections.seeding.people import Person
from connections.seeding.worlds import CAFES
from connections.seeding.writing import row
from contacts.models import Contact
from networkcrm.owned import uuid7
from networkcrm.partial_dates import PartialDate

_STATES = (
    "idea", "asked", "made", "met", "closed", "agreed", "met", "declined", "made",
    "asked", "closed", "expired", "met", "idea",
)  # fmt: skip
# How long ago an introduction of mine that is still open can have begun, in days.
_LATELY = {"idea": 60, "asked": 24, "agreed": 20, "made": 40}


@dataclass(slots=True)
class Introduced:
    """The rows of one introduction."""

    introduction: SimpleNamespace
    consents: list[SimpleNamespace]


class Matchmaking:
    """Makes introductions for the owner of `me`, of every kind and state in turn."""

    def __init__(
        self, me: Contact, acquaintances: Acquaintances, today: date, rng: Random
    ) -> None:
        self.me = me
        self.acquaintances = acquaintances
        self.today = today
        self.rng = rng
        self.mine = 0

    def for_me(
        self, person: Person, origin: SimpleNamespace, occasion: Occasion
    ) -> Introduced | None:
        """What caused this origin, when it is written down."""
        rng = self.rng
        if occasion.people == 1 and rng.random() < 0.15:
            return None
        first = occasion.introduction
        if first and not occasion.id:
            first.occasion = occasion.id = uuid7()
        kind = first.kind if first else self._kind(origin)
        topic = rng.choice(person.world.topics)
        words = rng.choice(phrases.INTRODUCED_IN[kind]).format(topic=topic)
        made = moment_of(occasion.day, rng)
        introduction = self._row(
            made,
            occasion.introducer,
            person,
            self.me,
            "for_me",
            kind=kind,
            platform=origin.platform,
            why_b=rng.choice(phrases.WHY_FOR_ME).format(topic=topic),
            on=origin.on,
            place=origin.place,
            url=origin.url,
            event_id=origin.event_id,
            event_name=origin.event_name,
            text=first.text if first else words,
            occasion=occasion.id,
            **self._since_made(made, person.met_on),
        )
        occasion.introduction = first or introduction
        origin.introduction_id = introduction.id
        return Introduced(introduction, [])

    def _kind(self, origin: SimpleNamespace) -> str:
        if origin.how == "online":
            return "mention"
        if origin.in_person:
            return "in_person" if self.rng.random() < 0.8 else "referral"
        return self.rng.choice(("email", "email", "group_message", "mention"))

    def _since_made(self, made: datetime, met_on: date | None) -> dict[str, Any]:
        rng = self.rng
        if met_on is None:
            return {"state": "made", "made_at": made}
        met = max(made, moment_of(met_on, rng))
        times = {"made_at": made, "met_at": met}
        if (self.today - met.date()).days < 90 or rng.random() < 0.3:
            return {"state": "met", **times}
        return {"state": "closed", **times, "closed_at": met + timedelta(days=30)}

    def by_me(self, person: Person) -> Introduced | None:
        """I brought, or would like to bring, this person and another together."""
        rng = self.rng
        other = self.acquaintances.of_the_world(person)
        if person.contact.trashed_at or not other:
            return None
        state = _STATES[self.mine % len(_STATES)]
        self.mine += 1
        need, offer = rng.choice(person.world.matches)
        topic = rng.choice(person.world.topics)
        said = {"need": need, "offer": offer, "topic": topic}
        first = max(person.since, other.since)
        if state in _LATELY:
            lately = self.today - timedelta(days=_LATELY[state])
            begun = day_between(max(first, lately), self.today, rng)
        else:
            begun = day_between(first, self.today - timedelta(days=60), rng)
        times, consents = self._times(state, begun)
        made_at = times.get("made_at")
        introduction = self._row(
            moment_of(begun, rng),
            self.me,
            person,
            other,
            "by_me",
            state=state,
            kind=rng.choice(("email", "email", "group_message", "in_person")),
            why_a=rng.choice(phrases.WHY_NEEDS).format(other=other.name, **said),
            why_b=rng.choice(phrases.WHY_OFFERS).format(other=person.name, **said),
            on=made_at and PartialDate.of(made_at.date()),
            text=rng.choice(phrases.MADE_IN).format(**said) if made_at else "",
            **times,
        )
        rows = [
            self._consent(introduction, party, answer, topic)
            for party, answer in zip(("a", "b"), consents, strict=False)
        ]
        return Introduced(introduction, rows)

    def _times(self, state: str, begun: date) -> tuple[dict[str, Any], list[str]]:
        """When it came to each step on its way to this state, and what they said."""
        rng = self.rng
        if state == "idea":
            return {}, []
        asked = moment_of(begun, rng)
        times: dict[str, Any] = {"asked_at": asked}
        if state == "asked":
            times["ask_on"] = (asked + SILENCE).date()
            return times, [rng.choice(("yes", "")), ""]
        if state == "declined":
            times["declined_at"] = self._later(asked, 9)
            return times, rng.choice((["yes", "no"], ["no", ""]))
        if state == "expired":
            times["expired_at"] = self._later(asked, 30)
            turn = self.mine // len(_STATES)
            return times, [("yes", "not_now", "")[turn % 3], ""]
        times["agreed_at"] = agreed = self._later(asked, 8)
        if state == "agreed":
            return times, ["yes", "yes"]
        times["made_at"] = made = self._later(agreed, 3)
        if state == "made":
            times["ask_on"] = (made + UNTIL_THEY_MEET).date()
        if state in ("met", "closed"):
            times["met_at"] = met = self._later(made, 20)
            if state == "closed":
                times["closed_at"] = self._later(met, 20)
        # What is agreed among friends is not always asked of both sides first.
        if rng.random() < 0.25:
            del times["asked_at"], times["agreed_at"]
            return times, []
        return times, ["yes", "yes"]

    def _later(self, moment: datetime, days: int) -> datetime:
        """Some days after it, and not after today."""
        last = max(moment, moment_of(self.today - timedelta(days=1), self.rng))
        return min(moment + timedelta(days=self.rng.randint(0, days), hours=2), last)

    def _consent(
        self, introduction: SimpleNamespace, party: str, answer: str, topic: str
    ) -> SimpleNamespace:
        rng = self.rng
        asked = introduction.asked_at
        ends = (
            introduction.agreed_at
            or introduction.declined_at
            or introduction.expired_at
            or self._later(asked, 5)
        )
        by_link = rng.random() < 0.6
        return row(
            Consent,
            self.me.owner_id,
            asked,
            introduction_id=introduction.id,
            party=party,
            message=rng.choice(phrases.ASKED).format(topic=topic),
            # Of a secret that nobody knows.
            token_hash=sha256(token_bytes(32)).hexdigest() if by_link else "",
            asked_at=asked,
            expires_at=asked + timedelta(days=30) if by_link else None,
            answer=answer,
            answered_at=ends if answer else None,
            words=rng.choice(phrases.ANSWERED[answer]) if by_link else "",
        )

    def between(self, introducer: Person) -> Introduced | None:
        """This person brought two others together, as I heard."""
        rng = self.rng
        a, b = (
            self.acquaintances.of_the_world(introducer),
            self.acquaintances.anybody(),
        )
        if introducer.contact.trashed_at or not a or not b or a is b:
            return None
        first = max(introducer.since, a.since, b.since)
        day = day_between(first, self.today, rng)
        made = moment_of(day, rng)
        introduction = self._row(
            made,
            introducer,
            a,
            b,
            "between",
            kind=rng.choice(("in_person", "email", "referral")),
            on=vague(day, self.today, rng),
            text=rng.choice(phrases.BETWEEN).format(
                topic=rng.choice(a.world.topics), place=rng.choice(CAFES)
            ),
            **self._since_made(made, day if rng.random() < 0.7 else None),
        )
        return Introduced(introduction, [])

    def _row(
        self,
        moment: datetime,
        introducer: Person | Contact,
        a: Person,
        b: Person | Contact,
        role: str,
        **values: Any,
    ) -> SimpleNamespace:
        return row(
            Introduction,
            self.me.owner_id,
            moment,
            introducer_id=introducer.id,
            introducer_name=_name(introducer),
            a_id=a.id,
            a_name=a.name,
            b_id=b.id,
            b_name=_name(b),
            role=role,
            **values,
        )


def _name(who: Person | Contact) -> str:
    return who.name if isinstance(who, Person) else who.full_name
