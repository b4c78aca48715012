"""Tables as text: comma, semicolon or tab, quotation marks or none, notes above."""

import csv
from collections.abc import Callable, Iterator, Mapping
from typing import IO

from contacts.importing.lines import clean, lines, mended
from contacts.importing.records import Unread
from networkcrm.text import fold

# How far down notes may push the header, and a cell may run over lines.
HEADER_WITHIN = 30
ROW_WITHIN = 20
MAX_ROW = 100_000
Columns = dict[str, int]
# The columns of a header, by our names; None for a line that is none.
ColumnsOf = Callable[[list[str]], Columns | None]


def columns_named(names: Mapping[str, str], *needed: str) -> ColumnsOf:
    """`names` has, by what may stand above a column, folded, what we call it."""

    def columns_of(cells: list[str]) -> Columns | None:
        columns: Columns = {}
        for index, cell in enumerate(cells):
            if key := names.get(fold(cell)):
                columns.setdefault(key, index)
        return columns if columns.keys() >= set(needed) else None

    return columns_of


def delimiter_of(start: str, columns_of: ColumnsOf) -> str:
    """What stands between the cells; "" when there is no such header."""
    for text in start.splitlines()[:HEADER_WITHIN]:
        for delimiter in ",;\t":
            if columns_of([cell.strip('" \ufeff') for cell in text.split(delimiter)]):
                return delimiter
    return ""


def start_of(file: IO[bytes]) -> str:
    start = []
    for text in lines(file):
        start.append(text[:2000])
        if len(start) >= HEADER_WITHIN:
            break
    return "\n".join(start)


def has_header(file: IO[bytes], columns_of: ColumnsOf) -> bool:
    return bool(delimiter_of(start_of(file), columns_of))


def table(
    file: IO[bytes], columns_of: ColumnsOf, row_within: int = ROW_WITHIN
) -> Iterator[tuple[int, dict[str, str]] | Unread]:
    """(line, cells by column) of every row below the header.

    A row with too many cells, or with one where several are due, is Unread; without
    a header there is nothing. A cell may run over so many lines.
    """
    delimiter = delimiter_of(start_of(file), columns_of)
    if not delimiter:
        return
    columns: Columns | None = None
    width = 0
    for line, cells in rows(lines(file), delimiter, row_within):
        if columns is None:
            columns = columns_of(cells)
            width = len(cells)
        elif len(cells) > width or len(cells) == 1 < width:
            yield Unread(
                line,
                f"This line has {len(cells)} column{'s' * (len(cells) != 1)} where the"
                f" header has {width}; a quotation mark or a separator may be wrong.",
            )
        else:
            yield line, {k: cells[i] for k, i in columns.items() if i < len(cells)}


def rows(
    texts: Iterator[str], delimiter: str, within: int = ROW_WITHIN
) -> Iterator[tuple[int, list[str]]]:
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
            if quotes % 2 == 0 or len(taken) >= within or size > MAX_ROW:
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
