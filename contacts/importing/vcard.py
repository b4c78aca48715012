"""vCard files: 2.1, 3.0 (RFC 2426), 4.0 (RFC 6350) and their many dialects."""

import re
from collections.abc import Iterator
from typing import IO

from contacts.importing import about, reach, related
from contacts.importing.cards import Card, Header, Property, cards, joined
from contacts.importing.lines import clean, lines
from contacts.importing.reading import Reading
from contacts.importing.records import (
    NOBODY,
    Myself,
    Record,
    Unread,
    escaped,
    fit,
)
from contacts.importing.values import one_line, unescaped

_APPLE_LABEL = re.compile(r"_\$!<(.*)>!\$_")
# Say something of the file or the program, not of the person.
VOLATILE = ("REV", "PRODID")
# Words, whatever they look like.
TEXTS = frozenset(
    {
        "NOTE", "FN", "N", "NICKNAME", "ORG", "TITLE", "ROLE", "CATEGORIES", "ADR",
        "LABEL", "X-HEADLINE",
    }
)  # fmt: skip
GROUPS = ("group", "list")
MOST_MEMBERS = 200_000
_NAMES_OTHERS = tuple(related.NAMES)
HANDLERS = about.HANDLERS | reach.HANDLERS


def read(file: IO[bytes], myself: Myself = NOBODY) -> Iterator[Record | Unread]:
    """The people of a vCard file, in its order, with flat memory.

    Never raises for what is in the file: a card that cannot be read is yielded as
    Unread with the line it begins on. Nothing a card points at is ever fetched.
    """
    groups = _groups(file) if _names_members(file) else {}
    for card in cards(lines(file)):
        if isinstance(card, Unread):
            yield card
            continue
        try:
            item = _record(card)
            if groups and isinstance(item, Record):
                mails = [m.value for m in item.methods if m.kind == "email"]
                known = [item.uid, *(f"mailto:{mail}".lower() for mail in mails)]
                told = [name for key in known for name in groups.get(key, ())]
                item.tags = list(dict.fromkeys([*item.tags, *told]))
            yield item
        # Anybody may have written the file: one card never stops the rest.
        except Exception as error:
            yield Unread(card.line, f"This card cannot be read ({error}).")


def _names_members(file: IO[bytes]) -> bool:
    file.seek(0)
    before = b""
    while piece := file.read(1 << 20):
        if b"MEMBER" in before + piece:
            return True
        before = piece[-10:]
    return False


def _groups(file: IO[bytes]) -> dict[str, list[str]]:
    """The names of the groups that each card number stands in (RFC 6350, 6.6.5)."""
    found: dict[str, list[str]] = {}
    for card in cards(lines(file)):
        if isinstance(card, Unread) or len(found) > MOST_MEMBERS:
            continue
        values: dict[str, list[str]] = {}
        for prop in card.properties:
            name = prop.header.name.removeprefix("X-ADDRESSBOOKSERVER-")
            if name in ("KIND", "FN", "MEMBER"):
                value = joined(prop, "") or ""
                values.setdefault(name, []).append(one_line(unescaped(value)))
        if values.get("KIND", [""])[0].lower() in GROUPS and values.get("FN"):
            for member in values.get("MEMBER", ()):
                is_mail = member[:7].lower() == "mailto:"
                if key := member.lower() if is_mail else about.number_of(member):
                    found.setdefault(key, []).append(values["FN"][0][:200])
    return found


def _record(card: Card) -> Record | Unread:
    reading = Reading(card.line)
    record = reading.record
    record.notes += card.notes
    # Nothing is lost, although nobody knows what it is.
    record.extra += [f"X-NO-PROPERTY:{escaped(line)}" for line in card.stray if line]
    for prop in card.properties:
        _look_ahead(reading, prop)
    for prop in card.properties:
        header = prop.header
        if header.name == "VERSION" or (header.group and header.name == "X-ABLABEL"):
            continue
        value = prop.value.strip() if prop.is_plain else joined(prop, reading.version)
        if value is None:
            record.notes.append(
                f"{header.name} on line {prop.line} is longer than 1 MB"
                " and was left out."
            )
        elif refusal := _refusal(header.name, value):
            record.notes.append(f"{refusal} (line {prop.line}).")
        elif value:
            handler = HANDLERS.get(header.name)
            if handler is None or not handler(reading, header, value):
                _keep(reading, header, value)
    return _finished(reading)


def _look_ahead(reading: Reading, prop: Property) -> None:
    """The version and the labels of groups, wherever in the card they stand."""
    name = prop.header.name
    if name == "VERSION":
        reading.version = prop.value.strip()
    elif name == "X-ABLABEL" and prop.header.group:
        label = clean(unescaped(joined(prop, "") or ""))
        if match := _APPLE_LABEL.fullmatch(label):
            label = match[1].lower()
        reading.groups[prop.header.group] = label


def _refusal(name: str, value: str) -> str:
    """Why this property is not taken at all, "" when it is."""
    if name in TEXTS:
        return ""
    if value[:5].lower() == "file:":
        return f"{name} points at a file on some computer and was left out"
    if "<!DOCTYPE" in value or "<!ENTITY" in value:
        return f"{name} holds an XML document type and was left out"
    return ""


def _keep(reading: Reading, header: Header, value: str) -> None:
    """Into `extra`, as one unfolded line that says all its header said."""
    line = [header.name]
    for key, values in header.params.items():
        line.append(f"{key}={','.join(map(_parameter, values))}")
    if header.binary:
        line.append("ENCODING=b")
    if label := reading.groups.get(header.group, ""):
        line.append(f'X-ABLABEL="{label.replace(chr(34), "")}"')
    text = value.replace("\n", "\\n")
    reading.record.extra.append(f"{';'.join(line)}:{text}")


def _parameter(value: str) -> str:
    """Quoted where it must be, with what no quotes take as RFC 6868 has it."""
    value = value.replace("^", "^^").replace("\n", "^n").replace('"', "^'")
    return f'"{value}"' if re.search("[:;,]", value) else value


def _finished(reading: Reading) -> Record | Unread:
    record = reading.record
    if reading.kind in GROUPS:
        name = reading.formatted[0][1] if reading.formatted else ""
        return Unread(
            record.line, "A group of contacts, not a person.", name, failed=False
        )
    if reading.formatted:
        best = max(reading.formatted, key=lambda pair: pair[0])
        record.full_name = best[1]
        for _preferred, other in reading.formatted:
            if other != best[1]:
                record.extra.append(f"FN:{escaped(other)}")
    _spread_name(reading)
    if not record.full_name:
        record.full_name = _some_name(record)
    if not record.full_name:
        return Unread(
            record.line,
            "This card has no name, organization, e-mail address or phone number.",
        )
    for header, label in reading.labels:
        if not any(m.kind == "address" for m in record.methods):
            reach.add_method(reading, header, "address", label)
        elif not any(m.value == label for m in record.methods):
            _keep(reading, header, escaped(label))
    if record.extra and any(line.startswith(_NAMES_OTHERS) for line in record.extra):
        record.relations = related.relations(record.extra)
    fit(record)
    return record


def _spread_name(reading: Reading) -> None:
    """N: family; given; additional; prefixes; suffixes (RFC 6350, 6.2.2)."""
    record, parts = reading.record, reading.n
    if not any(parts):
        return
    if len(parts) == 1:
        # A dialect that has the whole name here.
        if not record.full_name:
            family, comma, given = parts[0].partition(",")
            if comma:
                record.family_name, record.given_name = family.strip(), given.strip()
            record.full_name = one_line(f"{given} {family}" if comma else parts[0])
        elif parts[0] != record.full_name:
            record.family_name = parts[0]
        return
    parts += [""] * (5 - len(parts))
    (
        record.family_name,
        record.given_name,
        record.middle_name,
        record.prefix,
        record.suffix,
    ) = parts[:5]
    if not record.full_name:
        order = (
            record.prefix,
            record.given_name,
            record.middle_name,
            record.family_name,
        )
        record.full_name = " ".join(part for part in (*order, record.suffix) if part)


def _some_name(record: Record) -> str:
    values = {m.kind: m.value for m in reversed(record.methods)}
    return one_line(
        record.nickname
        or record.organization
        or values.get("email", "")
        or values.get("phone", "")
        or values.get("handle", "")
    )[:300]
