"""Lines of a vCard file cut into cards of properties, whatever their dialect.

Follows vCard 2.1 (versit, 1996), RFC 2426 (3.0) and RFC 6350 (4.0) where a file
does, and what phones and mail programs really write where it does not.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from contacts.importing.lines import MAX_LINE, clean, decoded, mended
from contacts.importing.records import Unread

MAX_TEXT = 1 << 20
MAX_CARD = 20 << 20
MAX_PROPERTIES = 5000
# Names that mark a line as a property although nothing else does.
KNOWN = frozenset(
    {
        "BEGIN", "END", "VERSION", "FN", "N", "NICKNAME", "PHOTO", "BDAY", "GENDER",
        "ANNIVERSARY", "ADR", "LABEL", "TEL", "EMAIL", "MAILER", "IMPP", "LANG", "TZ",
        "GEO", "TITLE", "ROLE", "LOGO", "ORG", "MEMBER", "RELATED", "AGENT", "NOTE",
        "CATEGORIES", "PRODID", "REV", "SORT-STRING", "SOUND", "UID", "CLIENTPIDMAP",
        "URL", "CLASS", "KEY", "FBURL", "CALADRURI", "CALURI", "XML", "KIND", "SOURCE",
        "NAME", "PROFILE", "PRONOUNS", "SOCIALPROFILE", "DEATHDATE", "BIRTHPLACE",
        "HOBBY", "INTEREST", "EXPERTISE", "CREATED", "LANGUAGE",
    }
)  # fmt: skip
_HEAD = re.compile(r"\s*(?:([\w-]+)\.)?([A-Za-z][\w-]*)\s*((?:;.*)?)", re.DOTALL)
_QUOTED_LINE = re.compile(r'((?:[^":]|"[^"]*")*):')
_PARAMETERS = re.compile(r';((?:[^";]|"[^"]*"|")*)')
_VALUES = re.compile(r'"([^"]*)"|([^",]+)')
_ENCODINGS = {"QUOTED-PRINTABLE": "Q", "Q": "Q", "BASE64": "B", "B": "B"}


@dataclass(slots=True)
class Header:
    """What stands before the colon: `item1.EMAIL;TYPE=home,pref`."""

    name: str
    group: str = ""
    # By upper-case name, the values as written; TYPE also has the bare ones of 2.1.
    params: dict[str, list[str]] = field(default_factory=dict)
    types: frozenset[str] = frozenset()
    quoted: bool = False
    binary: bool = False
    charset: str = ""
    width: int = 0

    @property
    def preferred(self) -> bool:
        return "pref" in self.types or self.params.get("PREF", [""])[0] in ("1", "100")

    def param(self, *names: str) -> str:
        return next((v for n in names for v in self.params.get(n, ()) if v), "")


@dataclass(slots=True)
class Property:
    header: Header
    value: str
    line: int
    # The lines that follow the first one.
    more: list[str] | None = None

    @property
    def is_plain(self) -> bool:
        """Nothing to unfold, decode or clean."""
        header, value = self.header, self.value
        return (
            self.more is None
            and not (header.quoted or header.charset)
            and value.isascii()
            and value.isprintable()
            and len(value) < 10_000
        )


@dataclass(slots=True)
class Card:
    line: int
    properties: list[Property] = field(default_factory=list)
    # Sentences on how the card is cut: no BEGIN, no END, a line too long.
    notes: list[str] = field(default_factory=list)


_headers: dict[str, Header | None] = {}


def header_of(head: str) -> Header | None:
    """The header, or None when this is no property but the rest of the line above."""
    try:
        return _headers[head]
    except KeyError:
        if len(_headers) > 5000:
            _headers.clear()
        found = _headers[head] = _read_header(head) if len(head) < 2000 else None
        return found


def _read_header(head: str) -> Header | None:
    match = _HEAD.fullmatch(head)
    if not match:
        return None
    group, written, rest = match.groups()
    name = written.upper()
    # "Greeting: hello" inside a note that lost its folding is no property.
    known = name in KNOWN or name.startswith("X-")
    if not known and (written != name or len(name) < 3):
        return None
    header = Header(name, (group or "").upper(), width=len(head) + 1)
    types = []
    for text in _PARAMETERS.findall(rest):
        key, equals, value = text.partition("=")
        key = key.strip().upper()
        if not key:
            continue
        values = [
            clean(mended(_uncaret(a or b))) for a, b in _VALUES.findall(value)
        ] if equals else [key]  # fmt: skip
        if key == "ENCODING" or (not equals and key in _ENCODINGS):
            encoding = _ENCODINGS.get(values[0].upper() if values else "")
            header.quoted |= encoding == "Q"
            header.binary |= encoding == "B"
            continue
        if key == "CHARSET":
            header.charset = values[0] if values else ""
            continue
        if not equals:
            if key in ("8BIT", "7BIT"):
                continue
            key = "TYPE"
        header.params.setdefault(key, []).extend(values)
        if key == "TYPE":
            types += [part.strip().lower() for v in values for part in v.split(",")]
    header.types = frozenset(types)
    return header


def _uncaret(text: str) -> str:
    """Line breaks and quotes in parameters (RFC 6868)."""
    if "^" not in text:
        return text
    return re.sub(r"\^(['n^])", lambda m: {"'": '"', "n": "\n", "^": "^"}[m[1]], text)


def cards(lines: Iterator[str]) -> Iterator[Card | Unread]:
    """Cut the lines into cards; what is none is yielded as Unread with its line."""
    card: Card | None = None
    last: Property | None = None
    depth = gap = size = stray = 0
    refused = ""
    for number, line in enumerate(lines, 1):
        if not line:
            gap += 1
            size += 8
            continue
        if card is None:
            # Between two cards: blank, the next one's beginning, or astray.
            header = _start(line)
            if header is None or header.name == "END":
                if line.strip() and not stray:
                    stray = number
                continue
            if stray:
                yield Unread(stray, "These lines belong to no card.")
                stray = 0
            card, last, size, refused = Card(number), None, 0, ""
            if header.name == "BEGIN":
                continue
            card.notes.append("The card has no BEGIN:VCARD line.")
        # What it costs to hold: a million folds of one letter are no small card.
        size += max(len(line), 40)
        if size > MAX_CARD or len(card.properties) > MAX_PROPERTIES:
            refused = refused or (
                f"The card holds more than {MAX_PROPERTIES:,} lines"
                if len(card.properties) > MAX_PROPERTIES
                else f"The card is larger than {MAX_CARD >> 20} MB"
            )
            if _ends(line):
                yield Unread(card.line, f"{refused} and was left out.")
                card = None
            elif _begins(line):
                yield Unread(card.line, f"{refused} and was left out.")
                card, last, size, refused = Card(number), None, 0, ""
            continue
        if depth and last is not None:
            # A card inside a card (AGENT of 2.1) is kept as it stands.
            assert last.more is not None
            last.more.append(line)
            depth += _begins(line) - _ends(line)
            continue
        if last is not None:
            if line[0] in " \t" and not _is_indented(last, line):
                if last.more is None:
                    last.more = [line]
                else:
                    last.more.append(line)
                gap = 0
                continue
            if last.header.quoted and not gap and not (_ends(line) or _begins(line)):
                before = last.more[-1] if last.more else last.value
                if before.endswith("=") or before.rstrip().endswith("="):
                    if last.more is None:
                        last.more = []
                    last.more.append(line)
                    continue
        head, colon, value = line.partition(":")
        if '"' in head and (match := _QUOTED_LINE.match(line)):
            head, value = match[1], line[match.end() :]
        header = header_of(head) if colon else None
        if header is None:
            if line[0] == "\ufeff" and _begins(line):
                header, value = Header("BEGIN"), "VCARD"
            elif last is None or not _goes_on(last):
                if len(card.notes) < 20:
                    card.notes.append(f"Line {number} is no property: “{line[:80]}”.")
                continue
            else:
                if last.more is None:
                    last.more = []
                last.more += [""] * gap
                last.more.append(line)
                gap = 0
                continue
        gap = 0
        if header.name == "BEGIN" and value.strip().upper() == "VCARD":
            if (
                last is not None
                and last.header.name == "AGENT"
                and not last.value.strip()
            ):
                depth = 1
                last.more = [*(last.more or ()), line]
                continue
            card.notes.append("The card has no END:VCARD line; its end may be missing.")
            yield card
            card, last, size = Card(number), None, 0
            continue
        if header.name == "END" and value.strip().upper() == "VCARD":
            yield card
            card = None
            continue
        last = Property(header, value, number)
        card.properties.append(last)
    if stray:
        yield Unread(stray, "These lines belong to no card.")
    if refused and card:
        yield Unread(card.line, f"{refused} and was left out.")
    elif card:
        card.notes.append("The card has no END:VCARD line; its end may be missing.")
        yield card


def _is_indented(last: Property, line: str) -> bool:
    """Is this line no fold but a property in a file that indents them all?"""
    header = last.header
    if last.more is not None or header.width + len(last.value) >= 60:
        return False
    if header.binary or header.quoted or header.name in ("NOTE", "ADR", "LABEL"):
        return False
    head, colon, _value = line.strip().partition(":")
    found = header_of(head) if colon else None
    return found is not None and (found.name in KNOWN or found.name[:2] == "X-")


def _goes_on(last: Property) -> bool:
    """Can what looks like no property be the rest of this one?"""
    if last.header.name in ("NOTE", "ADR", "LABEL", "PHOTO", "LOGO", "SOUND", "KEY"):
        return True
    if last.more:
        return last.header.quoted or last.header.binary or len(last.more[-1]) >= 70
    return last.header.binary or last.header.width + len(last.value) >= 70


def _start(line: str) -> Header | None:
    """The header of a line outside of any card that can only stand in one."""
    head, colon, value = line.lstrip("\ufeff").partition(":")
    header = header_of(head) if colon else None
    if header is None:
        return None
    if header.name in ("BEGIN", "END"):
        return header if value.strip().upper() == "VCARD" else None
    return header if header.name in ("VERSION", "FN", "N") else None


def _begins(line: str) -> bool:
    return (
        line[-6:-1].upper() in "VCARD "
        and line.strip("\ufeff \t").upper() == "BEGIN:VCARD"
    )


def _ends(line: str) -> bool:
    return line.strip().upper() == "END:VCARD"


def joined(prop: Property, version: str) -> str | None:
    """The whole value: folds undone, charset and quoted-printable decoded.

    Base64 is returned as it stands, without white space. None when it is longer
    than we take.
    """
    header, text, more = prop.header, prop.value, prop.more
    if header.binary or (header.name in ("PHOTO", "LOGO", "SOUND", "KEY")):
        if more:
            text += "".join(part.strip() for part in more)
        return text.strip() if len(text) <= MAX_LINE - 100 else None
    if more and len(text) + sum(map(len, more)) <= MAX_TEXT:
        if header.quoted:
            text = _soft(text, more)
        else:
            text = _unfolded(text, more, header.width, version)
    elif more:
        return None
    if len(text) > MAX_TEXT:
        return None
    if header.quoted:
        raw = binascii.a2b_qp(text.encode("utf-8", "surrogateescape"))
        text = decoded(raw, header.charset)
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    elif header.charset or not text.isascii():
        text = mended(text, header.charset)
    return text if text.isprintable() else clean(text)


def _unfolded(text: str, more: list[str], width: int, version: str) -> str:
    """RFC 6350, 3.2; in 2.1 the white space stays, but for folds at a fixed width."""
    before = width + len(text)
    pieces = [text]
    for part in more:
        if part[:1] in (" ", "\t"):
            keep = version == "2.1" and before not in (75, 76)
            pieces.append(part if keep else part[1:])
        else:
            # A fold without its white space, or a line break that was not escaped.
            pieces.append(part if before >= 70 and part else f"\\n{part}")
        before = len(part)
    return "".join(pieces)


def _soft(text: str, more: list[str]) -> str:
    """Quoted-printable over several lines (RFC 2045, 6.7), some of them folded too."""
    indented = len(more) > 1 and all(part[:1] in (" ", "\t") for part in more)
    for part in more:
        soft = text.rstrip().endswith("=")
        if soft:
            text = text.rstrip()[:-1]
        if part[:1] == "\t" or (part[:1] == " " and (indented or not soft)):
            part = part[1:]
        text += part
    return text.rstrip().removesuffix("=")
