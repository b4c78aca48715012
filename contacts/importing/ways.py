"""Cells that say how to reach someone, and where."""

import re

from contacts.importing.cells import Line
from contacts.importing.fields import ADDRESS_PARTS, ADDRESSES, SERVICE_FIELDS
from contacts.importing.reach import OTHERS, SERVICES
from contacts.importing.records import Method
from contacts.importing.values import one_line
from contacts.models.methods import Service, service_of
from networkcrm.text import fold

_EMAIL = re.compile(r"[^\s@,;:<>()\[\]\"]+@[^\s@,;:<>()\[\]\"]+")
LABELS = {
    "business": "work", "office": "work", "company": "work", "geschaftlich": "work",
    "arbeit": "work", "travail": "work", "trabajo": "work", "dienstlich": "work",
    "private": "home", "personal": "home", "privat": "home", "domicile": "home",
    "casa": "home", "cell": "mobile", "handy": "mobile", "mobil": "mobile",
    "cellular": "mobile", "portable": "mobile", "movil": "mobile",
}  # fmt: skip
COMMON = {"home", "work", "mobile", "main", "fax", "other", "school", "pager", "car"}
# What may stand between two numbers; "030/123" is one.
_NUMBERS = re.compile(r",|\s/\s")
# Digits that a spreadsheet has shortened: 4.91761E+12.
_SHORTENED = re.compile(r"\d+(?:[.,]\d+)?[eE]\+\d+")


def reach(reading: Line) -> None:
    for label, value in reading.of("email"):
        _emails(reading, label, value)
    for label, value in reading.of("phone"):
        _phones(reading, label, value)
    for label, value in reading.of("url"):
        for part in value.replace(":::", " ").split():
            _url(reading, label, part)
    for name in (*SERVICE_FIELDS, "handle"):
        for label, value in reading.of(name):
            for part in re.split(r"\s*(?::::|[\n;])\s*", value):
                _handle(reading, name, label, part)


def _add(reading: Line, kind: str, value: str, label: str, service: str = "") -> None:
    words, preferred = _label(label)
    reading.record.methods.append(Method(kind, value, service, words, preferred))


def _label(label: str) -> tuple[str, bool]:
    """In our words, and whether a star marks it as the one to use (Google)."""
    label, preferred = label.strip(), label.startswith("*")
    label = label.lstrip("* ")
    word = fold(label)
    word = LABELS.get(word, word)
    return (word if word in COMMON else label), preferred


def _emails(reading: Line, label: str, value: str) -> None:
    # From every letter on it looks for the @: not in a whole book.
    found = dict.fromkeys(_EMAIL.findall(value[:2000]) if "@" in value else [])
    rest = value
    for address in found:
        rest = rest.replace(address, "")
        _add(reading, "email", address.strip("'."), label)
    if not found:
        reading.keep_aside(label or "e-mail", value, "is no e-mail address")
    elif any(map(str.isalnum, rest.replace("mailto", ""))):
        reading.keep(label or "e-mail", value)


def _phones(reading: Line, label: str, value: str) -> None:
    parts = re.split(r"\s*(?::::|[\n;])\s*", value)
    if all(sum(map(str.isdigit, part)) > 5 for part in _NUMBERS.split(value)):
        parts = [each.strip() for part in parts for each in _NUMBERS.split(part)]
    for part in filter(None, parts):
        if _SHORTENED.fullmatch(part):
            why = "is a number that a spreadsheet shortened"
            reading.keep_aside(label or "phone", part, why)
        elif any(map(str.isdigit, part)):
            _add(reading, "phone", one_line(re.sub("(?i)^tel:", "", part)), label)
        else:
            reading.keep_aside(label or "phone", part, "is no phone number")


def _url(reading: Line, label: str, address: str) -> None:
    if found := service_of(address):
        _add(reading, "handle", address, label, found[0])
    elif re.match(r"(?i)https?://.", address) or (
        "." in address and not re.match(r"(?i)[a-z][a-z0-9+-]*:(?!\d)", address)
    ):
        _add(reading, "url", address, label)
    else:
        reading.keep_aside(label or "web page", address, "is no web page")


def _handle(reading: Line, name: str, label: str, value: str) -> None:
    value = one_line(value)
    if not value:
        return
    if found := service_of(value):
        _add(reading, "handle", value, "", found[0])
    elif re.match(r"(?i)(?:https?://|www\.)", value):
        _url(reading, label, value)
    elif name != "handle":
        _add(reading, "handle", value, "", name)
    else:
        word = fold(label).lstrip("* ")
        service = SERVICES.get(word) or Service.OTHER
        said = OTHERS.get(word, label) if service == Service.OTHER else ""
        _add(reading, "handle", value, said, service)


def place(reading: Line) -> None:
    """City, region and country as they are told, else those of the first address."""
    record, places, bare = reading.record, [], []
    cut = {key.partition(".")[0] for key in reading.cells if "." in key}
    for name in ADDRESSES:
        for label, value in reading.of(name):
            text = "\n".join(filter(None, map(one_line, value.split("\n"))))
            _add(reading, "address", text, label)
        if name in cut:
            label, rows, where = _address(reading, name)
            places.append(where)
            if rows:
                _add(reading, "address", "\n".join(rows), label)
            else:
                bare.append((label, where))
    told = [one_line(reading.first(name)) for name in ("city", "region", "country")]
    if not any(told):
        told = next((found for found in places if any(found)), told)
    record.city, record.region, record.country = told
    # No other place is lost, unless it stands in an address that was told as a whole.
    whole = [m.value for m in record.methods if m.kind == "address"]
    for label, where in bare:
        if where != told and not any(all(w in text for w in where) for text in whole):
            _add(reading, "address", "\n".join(filter(None, where)), label)


def _address(reading: Line, name: str) -> tuple[str, list[str], list[str]]:
    """Put together what several columns hold of one: its label, its rows, none when
    there is but a place, and its city, region and country."""
    cells = {part: reading.of(f"{name}.{part}") for part in ADDRESS_PARTS}
    parts = {
        part: " ".join(one_line(value) for _label, value in found)
        for part, found in cells.items()
    }
    where = [parts["city"], parts["region"], parts["country"]]
    rows = [parts["box"], parts["extra"], parts["street"]]
    if any(rows) or parts["code"]:
        rows += [f"{parts['code']} {parts['city']}".strip(), *where[1:]]
    label = next(label for found in cells.values() for label, _value in found)
    return label, list(filter(None, rows)), where
