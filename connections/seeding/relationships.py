"""What invented people are to each other."""

from collections.abc import Iterator
from datetime import date
from random import Random
from types import SimpleNamespace

from connections.models import Relationship, RelationshipKind
from connections.seeding.memory import Acquaintances
from connections.seeding.people import Person
from connections.seeding.phrases import NOTES
from connections.seeding.writing import row
from networkcrm.models import User
from networkcrm.partial_dates import PartialDate

# Which kinds there are among those who share an organization, an introduction, a
# world or a family name, and how common.
_COLLEAGUES = (
    ("colleague", 70), ("manager", 14), ("friend", 6), ("co-founder", 5),
    ("assistant", 3), ("mentor", 2),
)  # fmt: skip
_BROUGHT = (
    ("friend", 42), ("acquaintance", 12), ("colleague", 12), ("client", 8),
    ("mentor", 8), ("classmate", 6), ("partner", 4), ("business partner", 4),
    ("flatmate", 2), ("sibling", 2),
)  # fmt: skip
_WORLD = (
    ("friend", 30), ("acquaintance", 20), ("classmate", 12), ("client", 9),
    ("business partner", 8), ("mentor", 7), ("teacher", 6), ("neighbour", 4),
    ("investor", 2), ("partner", 2),
)  # fmt: skip
_FAMILY = (("sibling", 40), ("spouse", 25), ("parent", 20), ("relative", 15))
_ENDS = {
    "colleague", "manager", "client", "business partner", "flatmate", "partner",
    "assistant", "co-founder", "neighbour",
}  # fmt: skip
# How many one is tied to by those who were there before: two for every five.
_TIES = ((0, 70), (1, 21), (2, 8), (3, 1))


def _one_of(choices: tuple[tuple[str, int], ...], rng: Random) -> str:
    names, weights = zip(*choices, strict=True)
    found: str = rng.choices(names, weights)[0]
    return found


class Ties:
    def __init__(
        self, owner: User, acquaintances: Acquaintances, today: date, rng: Random
    ) -> None:
        self.owner_id = owner.pk
        # By the names they come with: one that was deleted or renamed is not used.
        self.kinds: dict[str, RelationshipKind] = {
            kind.name: kind for kind in owner.relationshipkinds.all()
        }
        self.acquaintances = acquaintances
        self.today = today
        self.rng = rng

    def of(self, person: Person, introducer: Person | None) -> list[SimpleNamespace]:
        """What they are to some of those who were known before them."""
        numbers, weights = zip(*_TIES, strict=True)
        found = {}
        for _turn in range(self.rng.choices(numbers, weights)[0]):
            for other, name in self._tied(person, introducer):
                kind = self.kinds.get(name)
                if kind and other is not person:
                    found[other.id, name] = self._row(person, other, kind)
        return list(found.values())

    def _tied(
        self, person: Person, introducer: Person | None
    ) -> Iterator[tuple[Person, str]]:
        rng = self.rng
        colleague = self.acquaintances.of_the_organization(person)
        other = self.acquaintances.of_the_world(person)
        dice = rng.random()
        if introducer and dice < 0.4:
            yield introducer, _one_of(_BROUGHT, rng)
        elif colleague and dice < 0.75:
            yield colleague, _one_of(_COLLEAGUES, rng)
            if rng.random() < 0.1:
                yield colleague, "classmate"
        elif other:
            family = person.contact.family_name
            is_family = family and family == other.contact.family_name
            yield other, _one_of(_FAMILY if is_family else _WORLD, rng)

    def _row(
        self, person: Person, other: Person, kind: RelationshipKind
    ) -> SimpleNamespace:
        rng = self.rng
        # Who was there first is more often the mentor, the teacher, the parent.
        first, second = (other, person) if rng.random() < 0.7 else (person, other)
        if kind.is_symmetrical and first.id > second.id:
            first, second = second, first
        since, until = self._years(kind.name)
        return row(
            Relationship,
            self.owner_id,
            person.contact.created_at,
            from_contact_id=first.id,
            to_contact_id=second.id,
            kind_id=kind.pk,
            since=since,
            until=until,
            strength=rng.choice((1, 2, 3, 3, 4, 4, 5)) if rng.random() < 0.6 else None,
            note=rng.choice(NOTES) if rng.random() < 0.06 else "",
        )

    def _years(self, name: str) -> tuple[PartialDate | None, PartialDate | None]:
        rng = self.rng
        years = rng.randint(1, 25)
        lasted = rng.randint(0, years - 1)
        has_ended = name in _ENDS and rng.random() < 0.25
        began = self.today.year - years
        month = rng.randint(1, 12)
        dice = rng.random()
        since = None
        if dice < 0.45:
            since = PartialDate(began)
        elif dice < 0.65:
            since = PartialDate(began, month)
        elif dice < 0.75:
            since = PartialDate(began, month, rng.randint(1, 28))
        return since, PartialDate(began + lasted) if has_ended else None
