"""Any other table as text: its columns are named by its owner, or guessed."""

import codecs
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import IO, Any

from contacts.importing.columns import NOBODY_NAMED, Columns
from contacts.importing.days import is_ambiguous, order_of
from contacts.importing.fields import NEEDED
from contacts.importing.filling import record_of
from contacts.importing.guessing import field_by_values, field_of, fields_of, is_value
from contacts.importing.lines import PIECE, encoding_of, legacy_of, lines
from contacts.importing.records import NOBODY, CannotRead, Myself, Record, Unread
from contacts.importing.tables import HEADER_WITHIN, MAX_ROW, Row, Rows

# In the order in which they are preferred.
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
ENCODINGS = {
    "utf-8-sig": "UTF-8", "cp1252": "Windows-1252", "cp1251": "Windows-1251",
    "cp1253": "Windows-1253", "cp932": "Shift-JIS",
    "cp949": "EUC-KR", "cp950": "Big5", "mac_roman": "Mac Roman",
}  # fmt: skip
# Stands in no text: for a table of one column.
NOTHING = "\x1f"
DATES = {"birthday", "anniversary", "date", "met_on", "connected_on"}
MAX_COLUMNS = 300
# Looked at before the columns are named.
LOOKED_AT = 1000
SNIFFED = 60


@dataclass(frozen=True, slots=True)
class Look:
    """What a file is found to be, before anybody says more."""

    columns: Columns
    # The first of them, and whether there are no more.
    rows: list[Row]
    is_all: bool
    # By column, what is not empty in these rows.
    values: list[list[str]]

    def day_first(self, fields: Sequence[str]) -> bool | None:
        """As some date in these rows tells of all the others."""
        return order_of(self._dates(fields))

    def _dates(self, fields: Sequence[str]) -> list[str]:
        pairs = zip(fields, self.values, strict=True)
        return [value for name, values in pairs if name in DATES for value in values]

    def ambiguous_date(self, fields: Sequence[str]) -> str:
        """One that may be two, when no other tells which; "" when there is none."""
        if self.day_first(fields) is not None:
            return ""
        return next(filter(is_ambiguous, self._dates(fields)), "")

    def people(self, columns: Columns, most: int) -> list[Record | Unread]:
        return [_person(row, columns, columns.labels) for row in self.rows[:most]]


def look(
    file: IO[bytes], delimiter: str | None = None, has_header: bool | None = None
) -> Look:
    """Find out how a table is written, as far as it is not said, and what is in it.

    Raises CannotRead with a sentence for what is no table, or none we can take.
    """
    if delimiter is None:
        delimiter = delimiter_of(islice(lines(file), SNIFFED))
    most = LOOKED_AT + HEADER_WITHIN
    found = list(islice(_rows(file, delimiter), most))
    is_all = len(found) < most
    if not found:
        raise CannotRead("This file is empty.")
    found = found[_first_of(found) :]
    line, top = found[0]
    if has_header is None:
        has_header = not any(map(is_value, top))
    people = found[1:] if has_header else found
    if not people:
        raise CannotRead(
            "There is one line of column names in this file, and nobody below it."
        )
    width = _width_of(top if has_header else [], [cells for _line, cells in people])
    header = (top if has_header else [])[:width]
    header = header + [""] * (width - len(header))
    values = [
        [cells[index] for _line, cells in people if index < len(cells) and cells[index]]
        for index in range(width)
    ]
    fields = fields_of(header, [sample[:100] for sample in values])
    columns = Columns(delimiter, header, fields, line, has_header)
    found_out = Look(columns, people, is_all, values)
    columns = replace(columns, day_first=found_out.day_first(fields))
    return replace(found_out, columns=columns)


def _width_of(header: Sequence[str], people: Sequence[Sequence[str]]) -> int:
    """How many columns there are: as many as have a name, or as most people have.

    Raises CannotRead when there are too many.
    """
    named = max((i for i, name in enumerate(header, 1) if name), default=0)
    filled = Counter(
        max((i for i, cell in enumerate(cells, 1) if cell), default=0)
        for cells in people
    )
    # Not the few rows that a stray separator made wider.
    few = len(people) // 2 if header else len(people) // 5
    often = [width for width, count in filled.items() if count > few]
    width = max(named, *often, 1)
    if width > MAX_COLUMNS:
        raise CannotRead(
            f"This table has {width:,} columns; the most we take is {MAX_COLUMNS}."
            " Delete those that say nothing of a person, and bring it again."
        )
    return width


def letters_of(file: IO[bytes]) -> str:
    """The encoding of a file, as people call it."""
    file.seek(0)
    piece = file.read(PIECE)
    encoding = encoding_of(piece)
    if encoding == "utf-8-sig":
        try:
            codecs.getincrementaldecoder("utf-8")().decode(piece)
        except UnicodeDecodeError:
            encoding = legacy_of(piece) or "cp1252"
    return ENCODINGS.get(encoding, encoding.upper().replace("_", "-"))


def is_table(start: str) -> bool:
    """Whether a text looks like a table with people in it."""
    if start.lstrip("\ufeff \n\t")[:1] in ("", "{", "[", "<"):
        return False
    texts = start.split("\n")[:SNIFFED]
    delimiter = delimiter_of(texts)
    found = list(Rows(iter(texts), delimiter or NOTHING))
    if len(found) < 2:
        cells = found[0][1] if found else []
        return len(cells) > 1 and any(field_of(c) or is_value(c) for c in cells)
    if delimiter:
        return True
    one = [cells[0] for _line, cells in found]
    return bool(field_of(one[0]) or field_by_values(one))


def read(
    file: IO[bytes], myself: Myself = NOBODY, told: Mapping[str, Any] | None = None
) -> Iterator[Record | Unread]:
    """The people of a table, in its order, as its `Columns` say, or as we guess.

    Never raises for what is in the file.
    """
    if told:
        columns = Columns.from_json(dict(told))
    else:
        try:
            columns = look(file).columns
        except CannotRead as error:
            yield Unread(1, str(error))
            return
    if not columns.names_somebody:
        yield Unread(columns.line, NOBODY_NAMED)
        return
    labels = columns.labels
    rows = _rows(file, columns.delimiter)
    rows.width = len(columns.fields)
    for row in rows:
        if row[0] > columns.line or (row[0] == columns.line and not columns.has_header):
            yield _person(row, columns, labels)


def _rows(file: IO[bytes], delimiter: str) -> Rows:
    return Rows(lines(file), delimiter or NOTHING)


def _person(row: Row, columns: Columns, labels: Sequence[str]) -> Record | Unread:
    line, cells = row
    width = len(columns.fields)
    if len(cells) == 1 and len(cells[0]) > MAX_ROW * 0.9:
        return Unread(
            line,
            f"This line is longer than {MAX_ROW:,} characters, which no person is.",
        )
    if len(cells) == 1 < width and cells[0].count('"') % 2:
        return Unread(line, "A quotation mark in this line is never closed.")
    if any(cells[width:]):
        return Unread(
            line,
            f"This line has {len(cells)} columns where there are {width}; a quotation"
            " mark or a separator may be wrong.",
        )
    said = zip(columns.fields, labels, cells, strict=False)
    try:
        return record_of(line, said, columns.day_first)
    # Anybody may have written the file: one line never stops the rest.
    except Exception as error:
        return Unread(line, f"This line cannot be read ({error}).")


def delimiter_of(texts: Iterable[str]) -> str:
    """What stands between the cells of most lines; "" when there is only one each."""
    texts = list(texts)
    if texts and (match := re.fullmatch(r'"?sep=(.)"?', texts[0].strip("\ufeff "))):
        return match[1]
    top = "".join(texts[:1]).strip('\ufeff" ')
    if field_of(top) in NEEDED and not any(mark in top for mark in DELIMITERS):
        # One column with names like "Ruiz, Ana".
        return ""
    for delimiter in DELIMITERS:
        if sum(bool(field_of(cell)) for cell in _first(texts, delimiter)) > 1:
            return delimiter
    best, most = "", 0
    for delimiter in DELIMITERS:
        widths = Counter(len(cells) for _line, cells in Rows(iter(texts), delimiter))
        wide = Counter({width: n for width, n in widths.items() if width > 1})
        if wide.total() * 3 >= widths.total() * 2:
            score = wide.total() * min(wide.most_common(1)[0][0], 10) if wide else 0
            if score > most:
                best, most = delimiter, score
    return best


def _first(texts: Sequence[str], delimiter: str) -> list[str]:
    found = next(iter(Rows(iter(texts[:1]), delimiter)), (0, [""]))[1]
    return found if len(found) > 1 else []


def _first_of(found: Sequence[Row]) -> int:
    """The index of the first row of the table; above it there may be notes."""
    widths = Counter(len(cells) for _line, cells in found[:SNIFFED])
    usual = max(widths, key=lambda width: (widths[width], width))
    for index, (_line, cells) in enumerate(found[:HEADER_WITHIN]):
        if len(cells) > 1 or usual == 1:
            if re.fullmatch("sep=.?", "".join(cells)):
                continue
            return index
    return 0
