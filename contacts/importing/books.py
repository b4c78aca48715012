"""What the tables of address books have in common: Google, Outlook, Thunderbird.

Their columns are known, so nobody is asked what they are. A cell without a field of
its own is kept with the contact, as a vCard property where there is one for it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import IO

from contacts.importing.days import is_ambiguous, order_of
from contacts.importing.fields import ADDRESS_PARTS, ADDRESSES, KEEP, NAMES, Cell
from contacts.importing.filling import joined_name, record_of
from contacts.importing.records import Record, Unread, escaped
from contacts.importing.tables import IsHeader, sheet
from networkcrm.text import fold

# A note may have as many lines as it likes.
ROW_WITHIN = 1000
DATES = ("birthday", "anniversary", "date")
# Said to everybody, and no part of what somebody is called.
COURTESIES = {
    "mr", "mrs", "ms", "mx", "miss", "sir", "madam", "herr", "herrn", "frau",
    "fraulein", "m", "mme", "mlle", "sr", "sra", "srta", "sig", "sigra", "d", "dna",
    "様", "さん", "殿", "氏", "先生",
}  # fmt: skip
_WORD = re.compile(r"\w+")
# No "0/0/00".
_NUMBERS = re.compile(r"0?[1-9]\d?[-/ ]\s?\d")


class Layout:
    """Which column of a header is what."""

    # What 03/04/2019 is where no other date of the file says it.
    day_first: bool | None = None

    def cells(self, row: Sequence[str]) -> Iterator[Cell]:
        """What is in a row, by the fields of fields.py; a field in capitals is a
        property of a vCard."""
        raise NotImplementedError


def people(
    file: IO[bytes], is_header: IsHeader, layout_of: Callable[[list[str]], Layout]
) -> Iterator[Record | Unread]:
    """The people of such a table, in its order. Never raises for what is in it."""
    layout: Layout | None = None
    day_first: bool | None = None
    is_asked = False
    for row in sheet(file, is_header, ROW_WITHIN):
        if isinstance(row, Unread):
            yield row
            continue
        line, cells = row
        if layout is None:
            layout = layout_of(cells)
            continue
        try:
            said = list(layout.cells(cells))
            if not is_asked and any(map(_may_be_two, said)):
                is_asked = True
                # Back to where we were: `sheet` reads on from there.
                at = file.tell()
                day_first = _order(file, is_header, layout)
                file.seek(at)
            yield _person(line, said, day_first)
        # Anybody may have written the file: one line never stops the rest.
        except Exception as error:
            yield Unread(line, f"This line cannot be read ({error}).")
    if layout is None:
        yield Unread(1, "There is no line with the names of the columns.")


def _may_be_two(cell: Cell) -> bool:
    name, _label, value = cell
    return name in DATES and bool(_NUMBERS.match(value)) and is_ambiguous(value)


def _order(file: IO[bytes], is_header: IsHeader, layout: Layout) -> bool | None:
    """Whether the day comes first: what any date of the file says of all of them."""
    rows = sheet(file, is_header, ROW_WITHIN)
    next(rows)
    for row in rows:
        if not isinstance(row, Unread):
            dates = [value for name, _, value in layout.cells(row[1]) if name in DATES]
            if dates and (found := order_of(dates)) is not None:
                return found
    return layout.day_first


def _person(line: int, said: list[Cell], day_first: bool | None) -> Record | Unread:
    kept, notes, cells = [], [], []
    for name, label, value in said:
        if name.isupper():
            kept.append(f"{name}:{value if 'URI' in name else escaped(value)}")
        elif day_first is None and _may_be_two((name, label, value)):
            notes.append(
                f"“{value[:40]}” ({label or name}) may be two days, and no other date"
                " of the file says whether the month comes first; it is kept aside."
            )
            cells.append((KEEP, label or name, value))
        else:
            cells.append((name, label, value))
    record = record_of(line, cells, day_first)
    if isinstance(record, Record):
        record.extra += [each for each in kept if each not in record.extra]
        record.notes += notes
    return record


def full_name(names: dict[str, str]) -> str:
    """Of its parts, without "Mr" and "Frau"."""
    if not names.keys() & NAMES:
        return ""
    record = Record(0)
    for key in NAMES:
        part = " ".join(names.get(key, "").split())
        is_said_to_all = key in ("prefix", "suffix") and part
        if not is_said_to_all or fold(part).rstrip(".") not in COURTESIES:
            setattr(record, key, part)
    return joined_name(record)


def address(
    index: int, label: str, parts: dict[str, str], whole: str = ""
) -> Iterator[Cell]:
    """The cells of the address with this number, of which some programs also write
    the whole; that is taken where it says more."""
    parts = {part: value for part, value in parts.items() if value}
    said = set(_WORD.findall(fold(" ".join(parts.values()))))
    in_whole = set(_WORD.findall(fold(whole)))
    if index >= len(ADDRESSES) and not whole:
        whole = "\n".join(parts[part] for part in ADDRESS_PARTS if part in parts)
    elif said >= in_whole:
        whole = ""
    if whole:
        yield "address", label, whole
    if whole and in_whole >= said:
        parts = {p: v for p, v in parts.items() if p in ("city", "region", "country")}
    for part, value in parts.items():
        yield f"{ADDRESSES[min(index, 2)]}.{part}", label, value
