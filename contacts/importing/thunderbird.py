"""Thunderbird's address book as a table, in English or German."""

from collections.abc import Iterator, Sequence
from typing import IO

from contacts.importing.books import Layout, address, full_name, people
from contacts.importing.fields import KEEP, Cell
from contacts.importing.records import NOBODY, Myself, Record, Unread
from contacts.importing.tables import delimiter_of
from networkcrm.text import fold

# By what stands above a column, its field and our label; American, British, German.
COLUMNS = {
    fold(name): column
    for column, names in {
        ("given_name", ""): "first name|vorname",
        ("family_name", ""): "last name|nachname",
        ("full_name", ""): "display name|anzeigename",
        ("nickname", ""): "nickname|spitzname",
        ("email", "1"): "primary email|primäre e-mail-adresse",
        ("email", "2"): "secondary email|sekundäre e-mail-adresse",
        ("handle", "Screen name"): "screen name|messenger-name",
        ("phone", "work"): "work phone|tel. dienstlich",
        ("phone", "home"): "home phone|tel. privat",
        ("phone", "fax"): "fax number|fax-nummer",
        ("phone", "pager"): "pager number|pager-nummer",
        ("phone", "mobile"): "mobile number|mobil-tel.-nr.",
        ("street", "home"): "home address|privat: adresse",
        ("extra", "home"): "home address 2|home address2|privat: adresse 2",
        ("city", "home"): "home city|privat: ort",
        ("region", "home"): "home state|home county|privat: bundesland",
        ("code", "home"): "home zipcode|home post code|home zip|privat: plz",
        ("country", "home"): "home country|privat: land",
        ("street", "work"): "work address|dienstlich: adresse",
        ("extra", "work"): "work address 2|work address2|dienstlich: adresse 2",
        ("city", "work"): "work city|dienstlich: ort",
        ("region", "work"): "work state|work county|dienstlich: bundesland",
        ("code", "work"): "work zipcode|work post code|work zip|dienstlich: plz",
        ("country", "work"): "work country|dienstlich: land",
        ("job_title", ""): "job title|arbeitstitel",
        ("department", ""): "department|abteilung",
        ("organization", ""): "organization|organisation",
        ("url", "work"): "web page 1|webseite 1",
        ("url", "home"): "web page 2|webseite 2",
        ("birth", "year"): "birth year|geburtsjahr",
        ("birth", "month"): "birth month|geburtsmonat",
        ("birth", "day"): "birth day|geburtstag",
        ("about", ""): "notes|notizen",
    }.items()
    for name in names.split("|")
}
PLACES = ("work", "home")


def is_header(cells: list[str]) -> bool:
    """It is the only one with two addresses of its own kind or a birthday in three."""
    columns = {COLUMNS.get(fold(cell)) for cell in cells}
    whole = {("birth", "year"), ("birth", "month"), ("birth", "day")}
    return ("email", "1") in columns and bool(
        whole <= columns or ("email", "2") in columns
    )


def is_thunderbird(start: str) -> bool:
    return bool(delimiter_of(start, is_header))


def read(file: IO[bytes], myself: Myself = NOBODY) -> Iterator[Record | Unread]:
    """The people of the table, in its order. Never raises for what is in it."""
    return people(file, is_header, Thunderbird)


class Thunderbird(Layout):
    def __init__(self, header: Sequence[str]) -> None:
        # By column: its field, our label, and what stands above it.
        self.columns: list[tuple[str, str, str]] = []
        taken = set()
        for name in header:
            column = COLUMNS.get(fold(name), (KEEP, ""))
            column = (KEEP, "") if column in taken else column
            taken.add(column)
            self.columns.append((*column, name or "column without a name"))

    def cells(self, row: Sequence[str]) -> Iterator[Cell]:
        names: dict[str, str] = {}
        places: dict[str, dict[str, str]] = {place: {} for place in PLACES}
        birth: dict[str, str] = {}
        for (field, label, name), value in zip(self.columns, row, strict=False):
            if not value:
                continue
            if field == "birth":
                birth[label] = value
            elif label in places and field not in ("phone", "url"):
                places[label][field] = value
            elif field == KEEP:
                yield KEEP, name, value
            else:
                names[field] = value
                yield field, "" if field == "email" else label, value
        if "full_name" not in names and (name := full_name(names)):
            yield "full_name", "", name
        if birth:
            yield "birthday", "", _birthday(birth)
        for number, parts in enumerate(filter(None, places.values())):
            label = next(place for place in PLACES if places[place] is parts)
            yield from address(number, label, parts)


def _birthday(birth: dict[str, str]) -> str:
    """1985-04-12, --04-12 or 1985, as far as it is known."""
    year, month, day = (
        birth.get(part, "").strip().lstrip("0") for part in ("year", "month", "day")
    )
    days = (part.zfill(2) for part in (month, day) if part)
    return "-".join((year or "-", *days))
