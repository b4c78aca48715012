"""A pasted text or a file as guests: names, "Name, Company", mail addresses, tables.

The columns of tables are those of the exports of Luma
(https://help.luma.com/p/exporting-guests), Eventbrite (the attendee summary report)
and Meetup (the attendee list), and of lists that people keep themselves.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from contacts.importing.lines import clean, lines, mended
from contacts.importing.records import Unread
from contacts.importing.tables import Columns, delimiter_of, start_of, table
from networkcrm.text import fold

MOST_LINES = 5000
MAX_BYTES = 4 << 20
LONGEST_NAME = 300

# What stands above a column, folded, without what stands around it.
COLUMNS = {
    "name": "name", "full name": "name", "guest name": "name", "guest": "name",
    "attendee": "name", "attendee name": "name", "participant": "name",
    "first name": "given", "first_name": "given", "attendee first name": "given",
    "given name": "given", "vorname": "given",
    "last name": "family", "last_name": "family", "surname": "family",
    "attendee last name": "family", "attendee surname": "family",
    "family name": "family", "nachname": "family",
    "email": "email", "e-mail": "email", "email address": "email",
    "e-mail address": "email", "attendee email": "email", "mail": "email",
    "company": "company", "organization": "company", "organisation": "company",
    "company name": "company", "what company do you work for?": "company",
    "firma": "company", "employer": "company",
    "job title": "job", "job_title": "job", "position": "job", "role": "job",
    "what is your job title?": "job", "title": "title",
    "rsvp": "coming", "approval_status": "coming", "attendee status": "coming",
}  # fmt: skip
# Who answered like this does not come.
NOT_COMING = {
    "no", "declined", "not attending", "deleted", "cancelled", "canceled", "refunded",
    "transferred", "not going", "rejected",
}  # fmt: skip
HEADER_WORDS = {"name", "names", "guest", "guests", "attendees", "participants"}
_SUFFIXES = {
    "jr",
    "jr.",
    "sr",
    "sr.",
    "phd",
    "ph.d.",
    "md",
    "m.d.",
    "mba",
    "esq",
    "esq.",
}
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"@]+\.[^\W\d_]{2,}")
_NAMED = re.compile(rf"\s*\"?([^<>\"]*?)\"?\s*<\s*({_ADDRESS.pattern})\s*>[\s,;]*")
_BULLET = re.compile(r"^(?:[-–—*•·▪‣]|\d{1,4}[.)])\s+")
_FORMULA = re.compile(r"^'?[=|@]|^'?[+-](?=[^\s])")


@dataclass(slots=True)
class Line:
    """One guest of the list. The number is that of the line, from 1."""

    number: int
    name: str
    organization: str = ""
    email: str = ""
    job_title: str = ""


class CannotRead(Exception):
    """The list as a whole is refused; the message says why, in a sentence."""


def read(raw: bytes) -> Iterator[Line | Unread]:
    """The guests, in the order of the list, and the lines that are none, with why.

    Raises CannotRead for a file that is too large or no text.
    """
    if len(raw) > MAX_BYTES:
        raise CannotRead("This is larger than 4 MB, which no guest list is.")
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise CannotRead(
            "This is a spreadsheet. Save it as CSV, or copy the rows and paste them."
        )
    if raw.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")):
        raise CannotRead("This is a picture or a PDF. Copy the names and paste them.")
    file = io.BytesIO(raw)
    if _is_html(raw):
        text = "\n".join(mended(line) for line in lines(file))
        file = io.BytesIO(_text_of(text).encode("utf-8", "replace"))
    start = start_of(file)
    found = _table(file) if delimiter_of(start, _columns_of) else _plain(file)
    for number, one in enumerate(found):
        if number == MOST_LINES:
            yield Unread(
                one.number if isinstance(one, Line) else one.line,
                f"The first {MOST_LINES:,} were read. Bring the rest as another list.",
            )
            return
        yield one


def _columns_of(cells: list[str]) -> Columns | None:
    columns: Columns = {}
    for index, cell in enumerate(cells):
        if key := COLUMNS.get(fold(cell).rstrip(" *:")):
            columns.setdefault(key, index)
    # On Meetup a title is one of the group: organizer, event host.
    title = columns.pop("title", None)
    if title is not None and "coming" not in columns:
        columns.setdefault("job", title)
    says_who = columns.keys() & {"name", "given", "family", "email"}
    return columns if says_who and len(columns) > 1 else None


def _table(file: io.BytesIO) -> Iterator[Line | Unread]:
    for row in table(file, _columns_of):
        if isinstance(row, Unread):
            yield row
            continue
        number, cells = row
        given, family = cells.get("given", ""), cells.get("family", "")
        name = cells.get("name", "") or f"{given} {family}"
        if fold(cells.get("coming", "")) in NOT_COMING:
            yield Unread(number, f"{name.strip()} does not come.", failed=False)
            continue
        yield _line(
            number,
            name,
            cells.get("company", ""),
            cells.get("email", ""),
            cells.get("job", ""),
        )


def _plain(file: io.BytesIO) -> Iterator[Line | Unread]:
    for number, text in enumerate(lines(file), 1):
        text = clean(mended(text))
        if not text or (number == 1 and fold(text).rstrip(":") in HEADER_WORDS):
            continue
        several = list(_NAMED.finditer(text)) if "<" in text else []
        if len(several) > 1 or (several and several[0].end() == len(text)):
            for one in several:
                yield _line(number, one[1] or one[2], "", one[2])
            continue
        yield _one(number, text)


def _one(number: int, text: str) -> Line | Unread:
    text = _BULLET.sub("", text)
    if re.match(r"[a-z]+://|www\.", text, re.I):
        return Unread(number, "This is the address of a page, not a name.")
    email = ""
    if "@" in text and (found := _ADDRESS.search(text)):
        email = found[0]
        text = f"{text[: found.start()]} {text[found.end() :]}"
        text = re.sub(r"mailto:|<\s*>|\(\s*\)", " ", text).strip(" ,;\t<>|-–—")
    parts = _parts(text)
    return _line(number, parts[0], " ".join(parts[1:2]), email)


def _parts(text: str) -> list[str]:
    """What stands for the name, the company and the rest."""
    for delimiter in ("\t", ";", ",", " | "):
        if delimiter.strip(" ") in text:
            quoted = delimiter.strip(" ") if len(delimiter) > 1 else delimiter
            try:
                cells = next(csv.reader([text], delimiter=quoted), [""])
            except csv.Error:
                cells = text.split(delimiter)
            cells = [cell.strip() for cell in cells if cell.strip()]
            return cells or [""]
    if match := re.fullmatch(r"(.+?)\s+\((.+)\)", text):
        return [match[1], match[2]]
    return re.split(r"\s+[-–—@]\s+|\s+(?:at|bei|from)\s+", text, maxsplit=1)


def _line(
    number: int, name: str, organization: str = "", email: str = "", job: str = ""
) -> Line | Unread:
    name = " ".join(clean(name).split())
    found = _ADDRESS.search(email) if "@" in email else _ADDRESS.fullmatch(name)
    address = found[0][:320] if found else ""
    if _FORMULA.match(name):
        return Unread(number, f"“{name[:40]}” is a formula, not a name.")
    name = turned(name.strip("\"' ,;")) or address
    if not name:
        return Unread(number, "There is no name in this line.")
    if not any(char.isalpha() for char in name):
        return Unread(number, f"“{name[:40]}” is no name.")
    if len(name) > LONGEST_NAME:
        return Unread(number, f"“{name[:40]}…” is longer than any name.")
    organization = _harmless(organization)[:200]
    return Line(number, name, organization, address, _harmless(job)[:200])


def turned(name: str) -> str:
    """ "Ruiz, Ana" as she says it herself."""
    family, comma, given = (part.strip() for part in name.partition(","))
    is_suffix = fold(given).replace(".", "") in _SUFFIXES
    if not comma or not given or "," in given or is_suffix:
        return name
    return f"{given} {family}"


def _harmless(text: str) -> str:
    """Without what a spreadsheet would take for a formula."""
    text = " ".join(clean(text).split())
    return "" if _FORMULA.match(text) else text


def _is_html(raw: bytes) -> bool:
    start = raw[:20_000].lower()
    return bool(re.search(rb"</(p|li|td|tr|div|span|table|body|a|h\d|ul|ol)>", start))


class _Text(HTMLParser):
    """The words of a page: a line per block, a tab between the cells of a row."""

    BLOCKS = {
        "p", "li", "tr", "div", "br", "table", "ul", "ol", "section", "article",
        "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "option", "header", "footer",
    }  # fmt: skip
    SILENT = {"script", "style", "template", "noscript", "svg", "head"}

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in self.SILENT:
            self.silent += 1
        elif tag in self.BLOCKS:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in self.BLOCKS:
            self.found.append("\n")
        elif tag in ("td", "th"):
            self.found.append("\t")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append(" ".join(data.split("\n")))


def _text_of(page: str) -> str:
    parser = _Text()
    parser.feed(page)
    parser.close()
    rows = "".join(parser.found).split("\n")
    return "\n".join(row.strip() for row in rows if row.strip())
