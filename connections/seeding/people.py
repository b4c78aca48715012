"""Invented people: a name, a place, a trade, ways to reach them."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from types import SimpleNamespace
from uuid import UUID

from connections.seeding.names import LANGUAGES, LONG, ONE_WORD
from connections.seeding.worlds import MORE_TAGS, WORLDS, World
from connections.seeding.writing import row
from contacts.models import Contact, ContactMethod, ImportantDate
from contacts.models.methods import normalized
from networkcrm.partial_dates import PartialDate
from networkcrm.text import fold

_WEIGHTS = [language.weight for language in LANGUAGES]
_DOMAINS = ("example.org", "example.com", "example.net")
# North American area codes, none of which is followed by a working 555-01xx.
_AREAS = [
    area
    for area in range(201, 990)
    if area % 100 != 11 and area // 10 % 10 != 9 and area // 10 not in (37, 96)
][:661]  # prime, so that area and number together repeat only after 66,100
_SERVICES = ("linkedin", "mastodon", "x", "bluesky", "instagram", "github", "signal")
_MORE_WORDS = ("North", "West", "Berlin", "Lisboa", "Two", "International")


@dataclass(slots=True)
class Person:
    """What is remembered of somebody who may introduce others."""

    contact: SimpleNamespace
    name: str
    slug: str
    world: World
    since: date
    warmth: float
    reach: int  # how many they may still bring
    brought: int = 0
    organization: str = ""
    met_on: date | None = None

    @property
    def id(self) -> UUID:
        found: UUID = self.contact.id
        return found


class Crowd:
    """Makes people, one after the other, for an account that has `others` already."""

    def __init__(
        self, owner_id: UUID, others: int, today: date, rng: Random, region: str
    ) -> None:
        self.owner_id = owner_id
        self.number = others
        # Where there are people already, every address gets a number.
        self.plain_slugs = 0 if others else 2000
        self.today = today
        self.rng = rng
        self.region = region
        self.slugs: set[str] = set()
        self.phones = others

    def person(self, since: date, moment: datetime) -> Person:
        rng = self.rng
        self.number += 1
        full, given, family, latin, place = self._name()
        world = rng.choice(WORLDS)
        job = rng.choice(world.jobs)
        contact = row(
            Contact,
            self.owner_id,
            moment,
            full_name=full,
            sort_key=fold(full)[:900],
            prefix="Dr." if full.startswith("Dr. ") else "",
            given_name=given,
            family_name=family,
            nickname=given[:3] if given and rng.random() < 0.05 else "",
            pronouns=rng.choice(("she/her", "he/him", "they/them"))
            if rng.random() < 0.12
            else "",
            headline=rng.choice(world.headlines) if rng.random() < 0.8 else "",
            job_title=job if rng.random() < 0.75 else "",
            city=place[0],
            region=place[1],
            country=place[2],
            birthday=self._birthday(),
        )
        warmth = rng.betavariate(1.7, 2.1)
        hub = rng.random() < 0.04
        return Person(
            contact=contact,
            name=full,
            slug=self._slug(latin),
            world=world,
            since=since,
            warmth=max(warmth, 0.6) if hub else warmth,
            reach=rng.randint(12, 40) if hub else rng.choice((0, 0, 1, 1, 2, 3)),
        )

    def _name(self) -> tuple[str, str, str, str, tuple[str, str, str]]:
        """Full, given and family name, how it is spelt in Latin letters, the place."""
        rng = self.rng
        language = rng.choices(LANGUAGES, _WEIGHTS)[0]
        place = rng.choice(language.places)
        dice = rng.random()
        if dice < 0.02:
            name = rng.choice(ONE_WORD)
            return name, name, "", name, place
        if self.number % 200 == 12:
            name = rng.choice(LONG)
            return name, "", "", " ".join(name.split()[:2]), place
        given, _, given_latin = rng.choice(language.given).partition("|")
        family, _, family_latin = rng.choice(language.family).partition("|")
        latin = f"{given_latin or given} {family_latin or family}"
        parts = (family, given) if language.family_first else (given, family)
        full = language.space.join(parts)
        if dice > 0.98 and not language.family_first:
            full = f"Dr. {full}"
        return full, given, family, latin, place

    def _slug(self, latin: str) -> str:
        """How their addresses begin, no two alike."""
        slug = re.sub(r"[^a-z0-9]+", ".", fold(latin)).strip(".") or "someone"
        if self.number > self.plain_slugs or slug in self.slugs:
            return f"{slug}{self.number}"
        self.slugs.add(slug)
        return slug

    def _birthday(self) -> PartialDate | None:
        rng = self.rng
        dice, month, day = rng.random(), rng.randint(1, 12), rng.randint(1, 28)
        year = self.today.year - 22 - int(rng.betavariate(1.6, 2.4) * 55)
        if dice < 0.12:
            return PartialDate(year, month, day)
        if dice < 0.28:
            return PartialDate(None, month, day)
        return PartialDate(year) if dice < 0.31 else None

    def phone(self, country: str) -> str:
        """A number from those set aside for invented people."""
        rng = self.rng
        if country == "United Kingdom":
            return f"+44 20 7946 0{rng.randrange(1000):03}"
        if country == "Germany":
            return f"+49 30 23125 {rng.randrange(1000):03}"
        if country == "France":
            return f"+33 1 99 00 {rng.randrange(100):02} {rng.randrange(100):02}"
        self.phones += 1
        area = _AREAS[self.phones * 7 % len(_AREAS)]
        return f"+1 {area}-555-01{self.phones * 3 % 100:02}"

    def methods(self, person: Person) -> list[SimpleNamespace]:
        rng = self.rng
        contact, slug = person.contact, person.slug
        found: list[tuple[str, str, str, str]] = []
        if rng.random() < 0.82:
            host = rng.choice(_DOMAINS)
            if person.organization and rng.random() < 0.4:
                name = re.sub(r"[^a-z]+", "", fold(person.organization))
                host = f"{name or 'work'}.{host}"
            found.append(("email", "", f"{slug}@{host}", rng.choice(("", "work", ""))))
        if rng.random() < 0.5:
            label = rng.choice(("mobile", "mobile", "work", ""))
            found.append(("phone", "", self.phone(contact.country), label))
        for service in rng.sample(_SERVICES, rng.choice((0, 0, 1, 1, 2))):
            if service == "signal":
                value = self.phone(contact.country)
            elif service == "mastodon":
                value = f"@{slug}@social.example.org"
            else:
                joint = "_" if service in ("x", "instagram") else "-"
                value = f"{slug}.example".replace(".", joint)
            found.append(("handle", service, value, ""))
        if rng.random() < 0.15:
            found.append(("url", "", f"https://{slug}.example.com/", ""))
        if rng.random() < 0.08:
            lines = f"{rng.randint(1, 99)} Example Street\n{contact.city}"
            found.append(("address", "", f"{lines}\n{contact.country}", "home"))
        return [
            row(
                ContactMethod,
                self.owner_id,
                contact.created_at,
                contact_id=contact.id,
                kind=kind,
                service=service,
                value=value,
                # What normalized() says of these phones, in a tenth of the time.
                normalized=f"+{re.sub(r'[^0-9]', '', value)}"
                if value.startswith("+")
                else normalized(kind, service, value, self.region),
                label=label,
                preferred=position == 0 and len(found) > 2,
                position=position,
            )
            for position, (kind, service, value, label) in enumerate(found)
        ]

    def dates(self, person: Person) -> list[SimpleNamespace]:
        rng = self.rng
        if rng.random() > 0.12:
            return []
        kind = rng.choice(("anniversary", "name_day", "child", "child", "other"))
        year = self.today.year - rng.randint(0, 17) if rng.random() < 0.5 else None
        label = {
            "anniversary": "Wedding",
            "child": rng.choice(("Mila", "Otto", "Ida", "Sami")),
            "other": "Opening day",
        }
        on = PartialDate(year, rng.randint(1, 12), rng.randint(1, 28))
        return [
            row(
                ImportantDate,
                self.owner_id,
                person.contact.created_at,
                contact_id=person.id,
                kind=kind,
                label=label.get(kind, ""),
                on=on,
            )
        ]

    def tags(self, person: Person) -> list[str]:
        rng = self.rng
        own = [person.world.tag] if rng.random() < 0.6 else []
        return own + rng.sample(MORE_TAGS, rng.choice((0, 0, 0, 1, 1, 2)))


def organization_names(count: int, rng: Random) -> dict[str, list[str]]:
    """About `count` names in all, by the tag of their world."""
    each = max(1, round(count / len(WORLDS)))
    names = {}
    for world in WORLDS:
        more = (
            f"{name} {word}".strip() + (f" {turn}" if turn else "")
            for turn in range(0, each)
            for word in ("", *_MORE_WORDS)
            for name in world.organizations
        )
        names[world.tag] = [next(more) for _ in range(each)]
        rng.shuffle(names[world.tag])
    return names
