"""An iCalendar file cut into its events and time zones, however badly it is folded."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from icalendar.parser import Contentline

from contacts.importing.lines import clean, lines, mended

# RFC 5545, 3.1: a name, then a parameter or the value.
_PROPERTY = re.compile(r"[A-Za-z][A-Za-z0-9-]*[;:]")
_ESCAPED = re.compile(r"\\([\\;,nN])")
# A description is cut here: nobody reads more of it.
LONGEST_LINE = 60_000


@dataclass(slots=True)
class Property:
    name: str
    parameters: dict[str, str]
    value: str

    @property
    def text(self) -> str:
        """The value as it is read (RFC 5545, 3.3.11)."""
        plain = _ESCAPED.sub(lambda m: "\n" if m[1] in "nN" else m[1], self.value)
        return "\n".join(clean(line) for line in plain.split("\n")).strip()


@dataclass(slots=True)
class Block:
    """A component and the line on which it begins."""

    kind: str
    line: int
    properties: list[Property] = field(default_factory=list)
    is_whole: bool = False

    def first(self, name: str) -> Property | None:
        return next((p for p in self.properties if p.name == name), None)

    def all(self, name: str) -> list[Property]:
        return [p for p in self.properties if p.name == name]

    def text(self, name: str) -> str:
        found = self.first(name)
        return found.text if found else ""


def unfolded(raw: bytes) -> Iterator[tuple[int, str]]:
    """(line, text) of every property, its folded lines put together.

    What begins like no property belongs to the one before, also without the space
    that should say so: some programs break long lines and forget it.
    """
    number, held = 0, ""
    for count, text in enumerate(lines(io.BytesIO(raw)), 1):
        if text[:1] in (" ", "\t"):
            held = (held + text[1:])[:LONGEST_LINE]
        elif held and text and not _PROPERTY.match(text):
            held = (held + text)[:LONGEST_LINE]
        elif text:
            if held:
                yield number, mended(held)
            number, held = count, text
    if held:
        yield number, mended(held)


def blocks(raw: bytes) -> Iterator[Block]:
    """Every event and time zone, and last the calendar itself. An alarm and the like
    within an event is left out; daylight and standard time stay with their zone."""
    calendar = Block("VCALENDAR", 1, is_whole=True)
    open_one: Block | None = None
    inside: list[str] = []
    for number, text in unfolded(raw):
        upper = text[:40].upper().strip()
        if upper in ("BEGIN:VEVENT", "BEGIN:VTIMEZONE"):
            if open_one:
                yield open_one
            open_one, inside = Block(upper[6:], number), []
        elif open_one and upper == f"END:{open_one.kind}":
            open_one.is_whole = True
            yield open_one
            open_one, inside = None, []
        elif upper.startswith("BEGIN:"):
            inside.append(upper[6:])
        elif upper.startswith("END:"):
            if inside:
                inside.pop()
        elif open_one is None:
            if not inside or inside == ["VCALENDAR"]:
                _take(calendar, text)
        elif not inside:
            _take(open_one, text)
    if open_one:
        yield open_one
    yield calendar


def _take(block: Block, text: str) -> None:
    try:
        name, parameters, value = Contentline(text).parts()
        said = {str(k).upper(): _one(v) for k, v in dict(parameters).items()}
    except ValueError:
        # Quotation marks in the wrong place: what stands behind the colon counts.
        head, _colon, value = text.partition(":")
        name, said = head.partition(";")[0], {}
    block.properties.append(Property(str(name).upper(), said, str(value)))


def _one(value: object) -> str:
    return str(value[0] if isinstance(value, list) and value else value)
