"""Tables as text: comma, semicolon, tab or bar, quotes or none, notes above."""

import csv
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import IO

from contacts.importing.lines import clean, lines, mended
from contacts.importing.records import Unread
from networkcrm.text import fold

# How far down notes may push the header, and a cell may run over lines.
HEADER_WITHIN = 30
ROW_WITHIN = 20
MAX_ROW = 100_000
# Address books have headers of some hundred columns.
MAX_HEADER = 20_000
DELIMITERS = ",;\t|"
_BLANK = ",;|\t\n\"'-–—_. \xa0"
# What Excel reads as "this is what stands between the cells".
_SAID = re.compile(r'\ufeff?"?sep=(.)"?[,;\t]*', re.IGNORECASE)
Row = tuple[int, list[str]]
Columns = dict[str, int]
# The columns of a header, by our names; None for a line that is none.
ColumnsOf = Callable[[list[str]], Columns | None]
# Whether these cells are the header.
IsHeader = Callable[[list[str]], object]


def columns_named(names: Mapping[str, str], *needed: str) -> ColumnsOf:
    """`names` has, by what may stand above a column, folded, what we call it."""

    def columns_of(cells: list[str]) -> Columns | None:
        columns: Columns = {}
        for index, cell in enumerate(cells):
            if key := names.get(fold(cell)):
                columns.setdefault(key, index)
        return columns if columns.keys() >= set(needed) else None

    return columns_of


def delimiter_of(start: str, is_header: IsHeader) -> str:
    """What stands between the cells; "" when there is no such header."""
    delimiters = DELIMITERS
    for text in start.splitlines()[:HEADER_WITHIN]:
        if said := _SAID.fullmatch(text):
            delimiters = said[1] + DELIMITERS
            continue
        for delimiter in delimiters:
            if is_header(_header(text[:MAX_HEADER], delimiter)):
                return delimiter
    return ""


def _header(text: str, delimiter: str) -> list[str]:
    cells = _parsed(text, delimiter) if '"' in text else None
    return [cell.strip('" \ufeff') for cell in cells or text.split(delimiter)]


def start_of(file: IO[bytes]) -> str:
    start = []
    for text in lines(file):
        start.append(mended(text[:MAX_HEADER]))
        if len(start) >= HEADER_WITHIN:
            break
    return "\n".join(start)


def has_header(file: IO[bytes], is_header: IsHeader) -> bool:
    return bool(delimiter_of(start_of(file), is_header))


def table(
    file: IO[bytes], columns_of: ColumnsOf, row_within: int = ROW_WITHIN
) -> Iterator[tuple[int, dict[str, str]] | Unread]:
    """(line, cells by column) of every row below the header, as of `sheet`."""
    columns: Columns | None = None
    for row in sheet(file, columns_of, row_within):
        if isinstance(row, Unread):
            yield row
        elif columns is None:
            columns = columns_of(row[1])
            assert columns is not None
        else:
            line, cells = row
            yield line, {k: cells[i] for k, i in columns.items() if i < len(cells)}


def sheet(
    file: IO[bytes], is_header: IsHeader, row_within: int = ROW_WITHIN
) -> Iterator[Row | Unread]:
    """The header and every row below it that is not blank: (line, cells).

    A row may have fewer cells than the header. One with more, or with one where a
    quotation mark or a separator went wrong, is Unread; without a header there is
    nothing. A cell may run over so many lines.
    """
    delimiter = delimiter_of(start_of(file), is_header)
    if not delimiter:
        return
    reader = Rows(lines(file), delimiter, row_within)
    for line, cells in reader:
        width = reader.width
        if not width:
            if is_header(cells):
                reader.width = len(cells)
                yield line, cells
            continue
        while len(cells) > width and not cells[-1]:
            cells.pop()
        if len(cells) > width or (len(cells) == 1 < width and reader.is_broken):
            yield Unread(
                line,
                f"This line has {len(cells)} column{'s' * (len(cells) != 1)} where the"
                f" header has {width}; a quotation mark or a separator may be wrong.",
            )
        else:
            yield line, cells


class Rows:
    """(line, cells) of every row that is not blank; a quoted cell may hold lines.

    A quote that is never closed spoils its own line only: it comes as one cell that
    holds the line, the lines after it are read as if it were not there. `width`, once
    it is known, tells such a quote from one that is closed some lines later.
    """

    def __init__(
        self, texts: Iterator[str], delimiter: str, within: int = ROW_WITHIN
    ) -> None:
        self.delimiter = delimiter
        self.within = within
        self.width = 0
        # Of the row that came last.
        self.is_broken = False
        self._numbered = enumerate(texts, 1)
        # Taken for a row that then turned out to end before them.
        self._waiting: deque[tuple[int, str]] = deque()

    def __iter__(self) -> Iterator[Row]:
        delimiter = self.delimiter
        while True:
            number, text = self._next()
            if not number:
                return
            cells = None
            if len(text) <= MAX_ROW:
                text = mended(text)
                if '"' not in text:
                    cells = text.split(delimiter)
                else:
                    cells = self._quoted(number, text)
            self.is_broken = cells is None
            cells = [cell and clean(cell) for cell in cells or [text[:MAX_ROW]]]
            # Also a row of separators of another kind, or of dashes, is blank.
            if "".join(cells).strip(_BLANK):
                yield number, cells

    def _next(self) -> tuple[int, str]:
        if self._waiting:
            return self._waiting.popleft()
        return next(self._numbered, (0, ""))

    def _quoted(self, number: int, text: str) -> list[str] | None:
        """The cells of the row that begins with this line, None when it is broken."""
        if cells := _parsed(text, self.delimiter):
            return cells
        if text.count('"') % 2 == 0:
            # Quotes inside of quotes: not right, but plain.
            return _parsed(text, self.delimiter, strict=False)
        taken: list[tuple[int, str]] = []
        whole = text
        while len(taken) < self.within - 1 and len(whole) <= MAX_ROW:
            next_number, following = self._next()
            if not next_number:
                break
            taken.append((next_number, following))
            whole = f"{whole}\n{mended(following[: MAX_ROW + 1])}"
            if following.count('"') % 2:
                cells = _parsed(whole, self.delimiter)
                if cells and (not self.width or len(cells) <= self.width):
                    return cells
                cells = _parsed(whole, self.delimiter, strict=False)
                if cells and len(cells) == self.width > 1:
                    return cells
                break
        self._waiting.extendleft(reversed(taken))
        return None


def _parsed(text: str, delimiter: str, strict: bool = True) -> list[str] | None:
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=strict), [])
    except csv.Error:
        return None
