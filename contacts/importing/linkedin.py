"""LinkedIn's `Connections.csv`, as its "Get a copy of your data" gives it."""

import re
from collections.abc import Iterator
from typing import IO

from contacts.importing.records import NOBODY, Method, Myself, Record, Unread, fit
from contacts.importing.tables import (
    columns_named,
    has_header,
    table,
)
from contacts.models.methods import Service
from networkcrm.partial_dates import PartialDate
from networkcrm.text import fold

# What stands above a column in English and in German, folded.
COLUMNS = {
    "first name": "given", "vorname": "given",
    "last name": "family", "nachname": "family",
    "url": "url", "profile url": "url", "profil-url": "url",
    "email address": "email", "e-mail address": "email", "e-mail-adresse": "email",
    "e-mail": "email", "email": "email",
    "company": "company", "unternehmen": "company", "firma": "company",
    "position": "position",
    "connected on": "on", "verbunden am": "on", "vernetzt am": "on",
    "verknupft am": "on", "kontakt seit": "on",
}  # fmt: skip
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "mai": 5, "jun": 6, "jul": 7,
    "aug": 8, "sep": 9, "oct": 10, "okt": 10, "nov": 11, "dec": 12, "dez": 12,
}  # fmt: skip
_DATE = re.compile(r"(\d{1,2})[ .-]+([^\W\d_]{3,9})[ .,-]+(\d{4}|\d\d)")


columns_of = columns_named(COLUMNS, "given", "family", "on")


def read(file: IO[bytes], myself: Myself = NOBODY) -> Iterator[Record | Unread]:
    """The people of a Connections.csv, in its order. Never raises for what is in it."""
    if not has_header(file, columns_of):
        yield Unread(
            1, "There is no line with the column names First Name and Last Name."
        )
    for row in table(file, columns_of):
        yield row if isinstance(row, Unread) else _record(*row)


def _record(line: int, cells: dict[str, str]) -> Record | Unread:
    given, family = (
        " ".join(cells.get(key, "").split()) for key in ("given", "family")
    )
    name = f"{given} {family}".strip()
    if not name:
        return Unread(line, "A member who hides their name.", failed=False)
    record = Record(
        line,
        full_name=name,
        given_name=given,
        family_name=family,
        organization=" ".join(cells.get("company", "").split()),
        job_title=" ".join(cells.get("position", "").split()),
        platform="LinkedIn",
    )
    if url := cells.get("url", ""):
        record.methods.append(Method("handle", url, Service.LINKEDIN))
    if "@" in (email := cells.get("email", "")):
        record.methods.append(Method("email", email))
    if on := cells.get("on", ""):
        record.connected_on = connected_on(on)
        if record.connected_on is None:
            record.notes.append(f"“{on[:40]}” is no date we understand.")
    fit(record)
    return record


def connected_on(text: str) -> PartialDate | None:
    """08 Feb 2026 and 7-Feb-22; None for what leaves the day or the month open."""
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return PartialDate.from_iso(text)
        match = _DATE.fullmatch(text.strip())
        if not match:
            return None
        year = int(match[3])
        month = _MONTHS.get(fold(match[2])[:3])
        # LinkedIn is of this century.
        return PartialDate(year + 2000 * (year < 100), month, int(match[1]))
    except ValueError:
        return None
