"""Lines of a vCard file cut into cards of properties, whatever their dialect.

Follows vCard 2.1 (versit, 1996), RFC 2426 (3.0) and RFC 6350 (4.0) where a file
does, and what phones and mail programs really write where it does not.
"""

import binascii
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from contacts.importing.lines import MAX_LINE, clean, known_charset
from contacts.importing.records import Unread

MAX_TEXT = 1 << 20
MAX_CARD = 20 << 20
MAX_PROPERTIES = 5000
# What these hold is base64, unless they say otherwise.
BINARY = ("PHOTO", "LOGO", "SOUND", "KEY")
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
# Longer heads are read anew each time; beyond the second no name stands before it.
SHORT_HEAD, LONGEST_HEAD = 2000, 1 << 16
_HEAD = re.compile(r"\s*(?:([\w.-]*)\.)?([A-Za-z][\w/-]*)\s*((?:;.*)?)", re.DOTALL)
# At the end of a line.
_STUCK = re.compile(r"END:VCARD\s*(BEGIN:VCARD)?\s*$", re.IGNORECASE)
# What nobody sees at the beginning of a line: byte order marks, odd spaces.
UNSEEN = "\ufeff\u200b\u200e\u200f\u00a0 \t"
_JAPANESE = re.compile("[\u3041-\u30ff\u4e00-\u9fff]")
# Bytes of western letters make such too, but next to Latin ones: "J駻ﾔme".
_NOT_JAPANESE = re.compile(
    "[A-Za-z][\u3041-\u30ff\u4e00-\u9fff\uff61-\uff9f]"
    "|[\u3041-\u30ff\u4e00-\u9fff\uff61-\uff9f][A-Za-z]"
)
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
    # Lines that are no property, in readable letters.
    stray: list[str] = field(default_factory=list)


_headers: dict[str, Header | None] = {}


def header_of(head: str) -> Header | None:
    """The header, or None when this is no property but the rest of the line above."""
    try:
        return _headers[head]
    except KeyError:
        if len(_headers) > 5000:
            _headers.clear()
        if len(head) >= SHORT_HEAD:
            return _read_header(head) if len(head) < LONGEST_HEAD else None
        found = _headers[head] = _read_header(head)
        return found


def _read_header(head: str) -> Header | None:
    width = len(head) + 1
    if not (head.isascii() and head.isprintable()):
        head = clean(as_meant(head))
    match = _HEAD.fullmatch(head)
    if not match:
        return None
    group, written, rest = match.groups()
    name = written.upper()
    # "Greeting: hello" inside a note that lost its folding is no property.
    known = name in KNOWN or name.startswith("X-")
    if not known and (written != name or len(name) < 3):
        return None
    header = Header(name, (group or "").upper(), width=width)
    types = []
    for text in _PARAMETERS.findall(rest):
        written, equals, value = text.partition("=")
        key = written.strip().upper()
        if not key:
            continue
        values = [
            clean(_uncaret(a or b)) for a, b in _VALUES.findall(value)
        ] if equals else [written.strip()]  # fmt: skip
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
    for number, line in _apart(lines):
        if not line:
            gap += 1
            size += 8
            continue
        if card is None:
            # Between two cards: blank, the next one's beginning, or astray.
            header = _start(line)
            if header is None:
                if line.strip() and not stray and not _ends(line):
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
                said = clean(as_meant(line))
                if len(card.stray) < 20:
                    card.notes.append(f"Line {number} is no property: “{said[:80]}”.")
                card.stray.append(said)
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
                and not (last.value.strip() or last.more)
            ):
                depth = 1
                last.more = [line]
                continue
            if not card.properties:
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
        if header.name == "AGENT" and _begins(value):
            depth, last.more = 1, []
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
    if last.header.name in ("NOTE", "ADR", "LABEL", *BINARY):
        return True
    if last.more:
        return last.header.quoted or last.header.binary or len(last.more[-1]) >= 70
    return last.header.binary or last.header.width + len(last.value) >= 70


def _start(line: str) -> Header | None:
    """The header of a line outside of any card that can only stand in one."""
    head, colon, value = line.lstrip(UNSEEN).partition(":")
    header = header_of(head) if colon else None
    if header is None:
        return None
    if header.name == "BEGIN":
        return header if value.strip().upper() == "VCARD" else None
    return header if header.name in ("VERSION", "FN", "N") else None


def _begins(line: str) -> bool:
    return len(line) < 40 and _marks(line) == "BEGIN:VCARD"


def _ends(line: str) -> bool:
    return len(line) < 40 and _marks(line) == "END:VCARD"


def _marks(line: str) -> str:
    return "".join(line.strip(UNSEEN).upper().split())


def _apart(lines: Iterator[str]) -> Iterator[tuple[int, str]]:
    """The lines with their numbers, an END or BEGIN that is stuck to others on its own.

    A text may end with these words too: then the card goes on in the next line.
    """
    numbered = enumerate(lines, 1)
    for number, line in numbered:
        found = None
        if len(line) > 9 and ("VCARD" in line or "vcard" in line):
            found = _STUCK.search(line, max(len(line) - 60, 0))
        before = line[: found.start()].rstrip() if found else ""
        begin = found[1] if found else ""
        if not (before or begin) or before.endswith(("\\n", "\\N")):
            yield number, line
            continue
        following = next(numbered, None)
        if begin or following is None or not following[1] or _begins(following[1]):
            if before:
                yield number, before
            yield number, "END:VCARD"
            if begin:
                yield number, begin
        else:
            yield number, line
        if following is not None:
            yield following


def joined(prop: Property, version: str) -> str | None:
    """The whole value: folds undone, charset and quoted-printable decoded.

    Base64 is returned as it stands, without white space. None when it is longer
    than we take.
    """
    header, text, more = prop.header, prop.value, prop.more
    if header.binary or (header.name in BINARY and not header.quoted):
        if more:
            text += "".join(part.strip() for part in more)
        if len(text) > MAX_LINE - 100:
            return None
        # Phones of Japan write how a name is read into SOUND, in their own letters.
        if text.isascii() and text.isprintable():
            return text.strip()
        return clean(as_meant(text, header.charset))
    if more and len(text) + sum(map(len, more)) > MAX_TEXT:
        return None
    if more and not header.quoted:
        text = _unfolded(text, more, header.width, version)
    if len(text) > MAX_TEXT:
        return None
    if header.quoted:
        text = _quoted(text, more or [], header.charset)
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    elif header.charset or not text.isascii():
        text = as_meant(text, header.charset)
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


def _quoted(text: str, more: list[str], charset: str) -> str:
    """Quoted-printable (RFC 2045, 6.7) over several lines, some of them folded too.

    White space before a line is text or a fold: whichever makes whole letters.
    """
    folded = len(more) > 1 and all(part[:1] in (" ", "\t") for part in more)
    either = [folded, not folded] if any(part[:1] == " " for part in more) else [folded]
    raws = []
    for each in either:
        whole = _soft(text, more, each).encode("utf-8", "surrogateescape")
        raws.append(binascii.a2b_qp(whole))
        with suppress(UnicodeError):
            return raws[-1].decode(known_charset(charset) or "utf-8")
    return as_meant(raws[0].decode("utf-8", "surrogateescape"), charset)


def _soft(text: str, more: list[str], folded: bool) -> str:
    pieces = [text]
    for part in more:
        before = pieces[-1].rstrip()
        if soft := before.endswith("="):
            pieces[-1] = before[:-1]
        if part[:1] == "\t" or (part[:1] == " " and (folded or not soft)):
            part = part[1:]
        pieces.append(part)
    return "".join(pieces).rstrip().removesuffix("=")


def as_meant(text: str, charset: str = "") -> str:
    """The text with bytes that are no UTF-8 read as some phone or program meant them.

    After UTF-8 and the charset it names: halves of letters written one by one, as Java
    does (CESU-8); Shift-JIS that says nothing of it; then Windows-1252.
    """
    raw = text.encode("utf-8", "surrogateescape")
    known = known_charset(charset) if charset else ""
    for name in (known, "utf-8") if b"\x1b" in raw else ("utf-8", known):
        with suppress(UnicodeError):
            if name:
                return raw.decode(name)
    with suppress(UnicodeError):
        halves = raw.decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass")
        return halves.decode("utf-16", "replace")
    with suppress(UnicodeError):
        japanese = raw.decode("cp932")
        if _JAPANESE.search(japanese) and not _NOT_JAPANESE.search(japanese):
            return japanese
    return raw.decode("cp1252", "replace")
