"""Favours and promises of invented people: see connections/seeding."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from types import SimpleNamespace

from connections.seeding.memory import day_between, vague
from connections.seeding.people import Person
from connections.seeding.writing import copy, row
from followups.models import Favour, FollowUp
from networkcrm.models import User

_FAVOURS = (
    ("advice", "An hour about {topic}, and no bill"),
    ("advice", "Said what was wrong with {work}, kindly"),
    ("knowledge", "Sent the one article on {topic} that is worth it"),
    ("work", "Carried boxes for a whole Saturday"),
    ("lending", "Lent the van, with a full tank"),
    ("recommendation", "Put in a good word for {work}"),
    ("referral", "Passed on a client who asked about {topic}"),
    ("gift", "A jar of honey on the doorstep"),
)
_PROMISES = (
    "Send {name} the article on {topic}",
    "Ask {name} how it went with {work}",
    "Bring the book on {topic} back to {name}",
    "Find {name} somebody who knows about {topic}",
)
# So much later, in days, a need was met.
_UNTIL_MET = 120


def favours(
    owner: User,
    people: list[Person],
    facts: list[SimpleNamespace],
    today: date,
    rng: Random,
) -> None:
    """I met half of the needs that are met; a few of those I know helped me."""
    by_id = {person.id: person for person in people}
    rows = []
    for fact in facts:
        if fact.kind == "need" and fact.state == "met" and rng.random() < 0.5:
            since = fact.created_at.date()
            day = day_between(since, since + timedelta(_UNTIL_MET), rng)
            person = by_id[fact.contact_id]
            rows.append(_favour(owner, person, "given", min(day, today), today, rng))
            rows[-1].met_need_id = fact.id
    for person in people:
        if person.met_on and rng.random() < 0.08:
            day = day_between(person.met_on, today, rng)
            direction = rng.choice(("given", "received", "received"))
            rows.append(_favour(owner, person, direction, day, today, rng))
    copy(Favour, rows)


def _favour(
    owner: User, person: Person, direction: str, day: date, today: date, rng: Random
) -> SimpleNamespace:
    kind, words = rng.choice(_FAVOURS)
    world = person.world
    said = {"topic": rng.choice(world.topics), "work": rng.choice(world.works_on)}
    return row(
        Favour,
        owner.pk,
        datetime.combine(day, time(rng.randint(8, 21)), UTC),
        contact_id=person.id,
        direction=direction,
        kind=kind,
        text=words.format(**said),
        on=vague(day, today, rng),
    )


def promises(
    owner: User,
    people: list[Person],
    facts: list[SimpleNamespace],
    today: date,
    rng: Random,
) -> None:
    """Some were made when we met and kept since; of a few the day is near or past."""
    rows = []
    for person in people:
        dice = rng.random()
        if person.met_on is None or dice > 0.12:
            continue
        if is_open := dice < 0.03:
            due = today + timedelta(rng.randint(-9, 40))
        else:
            due = min(person.met_on + timedelta(rng.randint(3, 30)), today)
        done = None if is_open else datetime.combine(due, time(rng.randint(8, 21)), UTC)
        rows.append(_promise(owner, person, due, done, rng))
    copy(FollowUp, rows)


def _promise(
    owner: User, person: Person, due: date, done: datetime | None, rng: Random
) -> SimpleNamespace:
    world = person.world
    said = {"topic": rng.choice(world.topics), "work": rng.choice(world.works_on)}
    title = rng.choice(_PROMISES).format(name=person.name.split()[0], **said)
    made = datetime.combine(person.met_on or due, time(22), UTC)
    return row(
        FollowUp,
        owner.pk,
        made,
        title=title,
        contact_id=person.id,
        contact_name=person.name,
        due_on=due,
        promised_by=rng.choice(("me", "me", "me", "them")),
        done_at=done,
    )
