"""Who knows whom, as a table: `person,knows,how,since`.

Each line names two people. `how` says what the first is to the second ("colleague",
"parent of"), acquaintance when it says nothing; `since` is a year, a month or a day.
"me" is the owner.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from contacts.importing.records import (
    NOBODY,
    Method,
    Myself,
    Record,
    Relation,
    Unread,
    Who,
)
from contacts.importing.related import plain_kind
from contacts.importing.tables import columns_named, delimiter_of, table
from networkcrm.partial_dates import PartialDate, parse
from networkcrm.text import fold

COLUMNS = {
    "person": "person", "source": "person",
    "knows": "knows", "target": "knows",
    "how": "how", "kind": "how", "relationship": "how",
    "since": "since",
}  # fmt: skip
columns_of = columns_named(COLUMNS, "person", "knows")
ME = ("me", "i", "myself")
DEFAULT = "acquaintance"
HINT = "For example 2019, May 2019 or 3 May 2019."
# What is held in memory at once: a name stands in many lines.
MAX_LINES = 1_000_000
_ADDRESS = re.compile(r"(?P<name>[^<>@]*?)\s*<?(?P<email>[^\s@,;<>]+@[^\s@,;<>]+)>?")


@dataclass(slots=True)
class Someone:
    """What is held of a person until the file is read: a fifth of a Record."""

    line: int
    name: str
    email: str
    place: int
    is_me: bool
    relations: list[Relation] = field(default_factory=list)

    def who(self) -> Who:
        if self.is_me:
            return Who(is_me=True)
        return Who(self.name, email=self.email.casefold())

    def record(self) -> Record:
        return Record(
            self.line,
            full_name=self.name or self.email,
            methods=[Method("email", self.email)] if self.email else [],
            relations=self.relations,
            is_me=self.is_me,
            by_name=True,
            stand_ins=() if self.name else (self.email,),
        )


@dataclass(slots=True)
class Crowd:
    """Everybody in the file, once, in the order of their first line."""

    myself: Myself
    people: dict[str, Someone] = field(default_factory=dict)
    # (name, address) of those who stand with an address, and their keys by either.
    mailed: dict[str, tuple[str, str]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    def find(self, said: str) -> str:
        """A key for the person that this cell names."""
        name, email = said, ""
        if "@" in said and (match := _ADDRESS.fullmatch(said)):
            name, email = match["name"].strip('" '), match["email"]
        key, address = fold(name), f"<{email.casefold()}>"
        if key in ME or key in self.myself.names:
            return "me"
        if not email:
            return self.keys.get(key, key)
        if email.casefold() in self.myself.emails:
            return "me"
        if address not in self.keys:
            known = self.people.get(key)
            if known and not known.email:
                # Who stood there with the name alone.
                known.email = email
                self.keys[address] = key
            else:
                self.mailed[address] = (name, email)
                self.keys[address] = address
                self.keys.setdefault(key, address)
        return self.keys[address]

    def person(self, key: str, said: str, line: int) -> Someone:
        if key not in self.people:
            name, email = self.mailed.get(key, (said, ""))
            place = len(self.people)
            self.people[key] = Someone(line, name, email, place, key == "me")
        return self.people[key]


def is_edges(start: str) -> bool:
    return bool(delimiter_of(start, columns_of))


def read(file: IO[bytes], myself: Myself = NOBODY) -> Iterator[Record | Unread]:
    """The people of the file, each with what they are to those before them, and the
    lines that say nothing. Never raises for what is in it."""
    crowd = Crowd(myself)
    unread: list[Unread] = []
    seen: dict[tuple[str, str, str], int] = {}
    for count, row in enumerate(table(file, columns_of), 1):
        if count > MAX_LINES:
            line = row.line if isinstance(row, Unread) else row[0]
            unread.append(
                Unread(
                    line,
                    f"From here on nothing is read: {MAX_LINES:,} lines are the most at"
                    " once. Split the file.",
                )
            )
            break
        if isinstance(row, Unread):
            unread.append(row)
        elif refused := _take(crowd, seen, *row):
            unread.append(refused)
    found: list[Someone | Unread] = [*crowd.people.values(), *unread]
    for item in sorted(found, key=lambda item: item.line):
        yield item.record() if isinstance(item, Someone) else item


def _take(
    crowd: Crowd,
    seen: dict[tuple[str, str, str], int],
    line: int,
    cells: dict[str, str],
) -> Unread | None:
    """Note who is what to whom, or say why not."""
    person, knows = (
        " ".join(cells.get(key, "").split()) for key in ("person", "knows")
    )
    between = f"{person or '?'} and {knows or '?'}"[:300]
    if not fold(person) or not fold(knows):
        return Unread(
            line, "This line needs two names: who, and whom they know.", between
        )
    if max(len(person), len(knows)) > 300:
        return Unread(line, "A name has at most 300 characters.", between)
    first, second = crowd.find(person), crowd.find(knows)
    if first == second:
        return Unread(line, "Nobody is related to themselves.", between)
    said = plain_kind(cells.get("how", "")) or DEFAULT
    since = None
    if text := cells.get("since", ""):
        since = _since(text)
        if since is None:
            return Unread(
                line,
                f"“{text[:40]}” is no date we understand. {HINT}",
                between,
            )
    before = seen.setdefault((first, second, said), line)
    if before != line:
        return Unread(line, f"The same as line {before}.", between, failed=False)
    one, other = crowd.person(first, person, line), crowd.person(second, knows, line)
    # With whom stands later in the file: the other is written by then.
    if one.place > other.place:
        one.relations.append(Relation(said, other.who(), since))
    else:
        other.relations.append(Relation(said, one.who(), since, is_theirs=True))
    return None


def _since(text: str) -> PartialDate | None:
    try:
        found = parse(text[:40])
    except (ValueError, OverflowError):
        return None
    return found if found.year else None
