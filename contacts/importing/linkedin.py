"""LinkedIn's `Connections.csv`, as its "Get a copy of your data" gives it."""

import csv
import re
from collections.abc import Iterator
from typing import IO

from contacts.importing.lines import clean, lines, mended
from contacts.importing.records import Method, Record, Unread, fit
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
# How far down the notes may push the header, and a cell may run over lines.
HEADER_WITHIN = 30
ROW_WITHIN = 20
MAX_ROW = 100_000
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "mai": 5, "jun": 6, "jul": 7,
    "aug": 8, "sep": 9, "oct": 10, "okt": 10, "nov": 11, "dec": 12, "dez": 12,
}  # fmt: skip
_DATE = re.compile(r"(\d{1,2})[ .-]+([^\W\d_]{3,9})[ .,-]+(\d{4}|\d\d)")


def columns_of(cells: list[str]) -> dict[str, int] | None:
    columns: dict[str, int] = {}
    for index, cell in enumerate(cells):
        if key := COLUMNS.get(fold(cell)):
            columns.setdefault(key, index)
    return columns if {"given", "family", "on"} <= columns.keys() else None


def rows(texts: Iterator[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of every row that is not blank; a quoted cell may hold lines.

    A quote that is never closed spoils its own line only: it comes as one cell that
    holds the line, the lines after it are read as if it were not there.
    """
    waiting: list[tuple[int, str]] = []
    numbered = enumerate(texts, 1)
    while True:
        taken: list[tuple[int, str]] = []
        quotes = size = 0
        for number, text in _first(waiting, numbered):
            taken.append((number, text))
            quotes += text.count('"')
            size += len(text)
            if quotes % 2 == 0 or len(taken) >= ROW_WITHIN or size > MAX_ROW:
                break
        if not taken:
            return
        number, text = taken[0]
        if quotes % 2 or size > MAX_ROW:
            waiting = taken[1:] + waiting
            yield number, [clean(text[:MAX_ROW])]
            continue
        whole = mended("\n".join(text for _number, text in taken))
        try:
            cells = next(csv.reader([whole], delimiter=delimiter), [])
        except csv.Error:
            waiting = taken[1:] + waiting
            cells = [text]
        cells = [clean(cell) for cell in cells]
        if any(cells):
            yield number, cells


def _first(
    waiting: list[tuple[int, str]], then: Iterator[tuple[int, str]]
) -> Iterator[tuple[int, str]]:
    while waiting:
        yield waiting.pop(0)
    yield from then


def delimiter_of(start: str) -> str:
    """Comma as LinkedIn writes it, or what a spreadsheet made of it."""
    for text in start.splitlines()[:HEADER_WITHIN]:
        for delimiter in ",;\t":
            if columns_of([cell.strip('" \ufeff') for cell in text.split(delimiter)]):
                return delimiter
    return ""


def is_linkedin(start: str) -> bool:
    return bool(delimiter_of(start))


def read(file: IO[bytes]) -> Iterator[Record | Unread]:
    """The people of a Connections.csv, in its order. Never raises for what is in it."""
    start = []
    for text in lines(file):
        start.append(text[:2000])
        if len(start) >= HEADER_WITHIN:
            break
    delimiter = delimiter_of("\n".join(start))
    if not delimiter:
        yield Unread(
            1, "There is no line with the column names First Name and Last Name."
        )
        return
    columns: dict[str, int] | None = None
    width = 0
    for line, cells in rows(lines(file), delimiter):
        if columns is None:
            columns = columns_of(cells)
            width = len(cells)
        elif len(cells) > width or len(cells) == 1:
            yield Unread(
                line,
                f"This line has {len(cells)} columns where the header has {width};"
                " a quotation mark or a comma may be wrong.",
            )
        else:
            yield _record(
                line, {k: cells[i] for k, i in columns.items() if i < len(cells)}
            )


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
