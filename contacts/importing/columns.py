"""How a table is to be read: what stands between its cells, what each column is."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from contacts.importing.fields import FIELDS, LEAVE_OUT, NEEDED
from contacts.importing.guessing import label_of
from contacts.importing.records import CannotRead
from networkcrm.text import fold

NOBODY_NAMED = "A name or an e-mail address is needed: say which column it is."


@dataclass(frozen=True, slots=True)
class Columns:
    """Said by the owner, or guessed. `header` is what stands above each column."""

    delimiter: str
    header: list[str]
    fields: list[str]
    # The line of the header, or where there is none the first of the people.
    line: int = 1
    has_header: bool = True
    day_first: bool | None = None

    @property
    def names_somebody(self) -> bool:
        return not NEEDED.isdisjoint(self.fields)

    @property
    def labels(self) -> list[str]:
        pairs = zip(self.header, self.fields, strict=True)
        return [label_of(header, name) for header, name in pairs]

    @property
    def words(self) -> list[tuple[str, str]]:
        """What stands above each column, or its number, and what it is."""
        return [
            (header or f"Column {number}", FIELDS.get(name, "left out"))
            for number, (header, name) in enumerate(
                zip(self.header, self.fields, strict=True), 1
            )
        ]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        return cls(**stored)


# Where the month stands first.
_MONTH_FIRST = ("US", "PH", "FM", "MH", "PW")


def day_first_in(region: str) -> bool | None:
    """Whether 3/4 is the third of April in a country, None when none is known."""
    return region.upper() not in _MONTH_FIRST if region else None


def overridden(header: Sequence[str], fields: Sequence[str], said: str) -> list[str]:
    """The fields with "Firma=organization,3=email" put over them.

    On the left stands what is above a column, or its number from 1; on the right a
    field, or nothing for what is left out. Raises CannotRead.
    """
    found = list(fields)
    names = [fold(name) for name in header]
    for part in filter(None, map(str.strip, said.split(","))):
        name, equals, field = map(str.strip, part.rpartition("="))
        if not equals:
            raise CannotRead(f"“{part}” is not like Firma=organization.")
        if field != LEAVE_OUT and field not in FIELDS:
            raise CannotRead(
                f"There is no field “{field}”. There are: {', '.join(FIELDS)}."
            )
        indexes = [index for index, known in enumerate(names) if known == fold(name)]
        if not indexes and name.isdecimal() and 0 < int(name) <= len(found):
            indexes = [int(name) - 1]
        if not indexes:
            raise CannotRead(f"There is no column “{name}” in this file.")
        for index in indexes:
            found[index] = field
    return found
