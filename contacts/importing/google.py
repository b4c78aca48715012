"""Google Contacts as a table, with the headers of before 2024 and those since.

Several values of one kind stand in one cell, with ` ::: ` between them; a label that
begins with a star is the preferred one, or a group of Google's own.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import IO

from contacts.importing.books import Layout, address, full_name, people
from contacts.importing.fields import KEEP, Cell
from contacts.importing.reach import SERVICES
from contacts.importing.records import NOBODY, Myself, Record, Unread
from contacts.importing.tables import delimiter_of
from contacts.models.methods import service_of
from networkcrm.text import fold

# "e-mail", "2".
Group = tuple[str, str]
BETWEEN = re.compile(r"\s*:::\s*")
# Columns that stand once, folded.
ONCE = {
    "name": "full_name", "given name": "given_name", "first name": "given_name",
    "additional name": "middle_name", "middle name": "middle_name",
    "family name": "family_name", "last name": "family_name",
    "name prefix": "prefix", "name suffix": "suffix", "nickname": "nickname",
    "given name yomi": "X-PHONETIC-FIRST-NAME",
    "additional name yomi": "X-PHONETIC-MIDDLE-NAME",
    "family name yomi": "X-PHONETIC-LAST-NAME",
    "phonetic first name": "X-PHONETIC-FIRST-NAME",
    "phonetic middle name": "X-PHONETIC-MIDDLE-NAME",
    "phonetic last name": "X-PHONETIC-LAST-NAME",
    "maiden name": "X-MAIDENNAME", "photo": "PHOTO;VALUE=URI",
    "birthday": "birthday", "notes": "about",
    "group membership": "tags", "labels": "tags",
    "organization name": "organization", "organization title": "job_title",
    "organization department": "department", "occupation": "job_title",
}  # fmt: skip
# Columns that stand several times: "E-mail 2 - Value".
NUMBERED = re.compile(r"(.+?) (\d{1,4}) - (.+)")
FIELDS = {
    "e-mail": "email", "email": "email", "phone": "phone", "website": "url",
    "relation": "relation", "event": "date", "im": "handle",
}  # fmt: skip
PARTS = {
    "po box": "box", "extended address": "extra", "street": "street",
    "postal code": "code", "city": "city", "region": "region", "country": "country",
}  # fmt: skip
WORK = {"name": "organization", "title": "job_title", "department": "department"}
ANNIVERSARIES = ("anniversary", "jahrestag", "aniversario", "anniversario")
# Google's own groups; the first is on everybody and says nothing of anybody.
MINE = "mycontacts"
OWN_GROUPS = {
    "starred": "Starred", "friends": "Friends", "family": "Family",
    "coworkers": "Coworkers", "othercontacts": "Other contacts",
}  # fmt: skip
# What says nothing.
UNSAID = ("", "home", "work", "other", "unknown")
EMPTY = {"sensitivity": ("normal",), "priority": ("normal",)}


def is_header(cells: list[str]) -> bool:
    names = {fold(cell) for cell in cells}
    kinds = {match[1] for match in map(NUMBERED.fullmatch, names) if match}
    has_name = names & {"name", "given name", "first name", "last name", "family name"}
    return bool(
        (kinds & {"address", "organization", "custom field", *FIELDS})
        and (has_name or "organization name" in names or "organization" in kinds)
    ) or (bool(has_name) and bool(names & {"group membership", "yomi name", "file as"}))


def is_google(start: str) -> bool:
    return bool(delimiter_of(start, is_header))


def read(file: IO[bytes], myself: Myself = NOBODY) -> Iterator[Record | Unread]:
    """The people of the table, in its order. Never raises for what is in it."""
    return people(file, is_header, Google)


class Google(Layout):
    def __init__(self, header: Sequence[str]) -> None:
        # By column: its field, or its part and the group that it is of.
        self.columns: list[tuple[str, str, Group | None]] = []
        taken = set()
        for name in header:
            key = fold(name)
            match = NUMBERED.fullmatch(key)
            is_first = key not in taken
            taken.add(key)
            if match and is_first:
                part = "type" if match[3] == "label" else match[3]
                self.columns.append((part, name, (match[1], match[2])))
            else:
                field = ONCE.get(key, KEEP) if is_first else KEEP
                self.columns.append((field, name or "column without a name", None))

    def cells(self, row: Sequence[str]) -> Iterator[Cell]:
        names: dict[str, str] = {}
        groups: dict[Group, dict[str, str]] = {}
        file_as = ""
        for (field, label, group), value in zip(self.columns, row, strict=False):
            if not value:
                continue
            if group:
                groups.setdefault(group, {})[field] = value
            elif field == "tags":
                yield field, "", _tags(value)
            elif field != KEEP:
                names[field] = value
                yield field, "", value
            elif fold(label) == "file as":
                file_as = value
            elif fold(value) not in EMPTY.get(fold(label), ()):
                yield KEEP, label, value
        if "full_name" not in names and (name := full_name(names)):
            names["full_name"] = name
            yield "full_name", "", name
        if file_as and fold(file_as) != fold(names.get("full_name", "")):
            yield KEEP, "File As", file_as
        place = 0
        for (kind, number), said in groups.items():
            if said.keys() == {"type"}:
                continue
            if kind != "address":
                yield from _cells(kind, number, said)
                continue
            for part, value in said.items():
                if part not in PARTS and part not in ("type", "formatted"):
                    yield KEEP, f"address {number} - {part}", value
            for one in _addresses(said):
                yield from address(place, *one)
                place += 1


def _tags(text: str) -> str:
    tags = []
    for label in BETWEEN.split(text):
        if label.startswith("*"):
            word = fold(label.lstrip("* "))
            key = word.replace(" ", "")
            label = "" if key == MINE else OWN_GROUPS.get(key, label.lstrip("* "))
        tags.append(label)
    # With this mark in it, a comma is one of the label.
    return " ::: ".join([*filter(None, tags), ""])


def _addresses(
    said: Mapping[str, str],
) -> Iterator[tuple[str, dict[str, str], str]]:
    columns = {name: BETWEEN.split(value) for name, value in said.items()}
    label = columns.pop("type", [""])[0]
    wholes = columns.pop("formatted", [])
    others = {name: column for name, column in columns.items() if name in PARTS}
    for whole, *values in zip_longest(wholes, *others.values(), fillvalue=""):
        parts = dict(zip((PARTS[name] for name in others), values, strict=True))
        yield label, parts, whole or ""


def _cells(kind: str, number: str, said: dict[str, str]) -> Iterator[Cell]:
    label = said.pop("type", "").strip()
    value = said.get("value", "")
    if kind in ("organization", "im") and fold(label.lstrip("* ")) not in UNSAID:
        yield KEEP, f"{kind} {number} - type", label
    if kind == "organization":
        for part, text in said.items():
            # A second department would stand beside the first organization.
            is_ours = part in WORK and not (part == "department" and number != "1")
            field = WORK[part] if is_ours else KEEP
            yield field, f"organization {number} - {part}", text
    elif kind in FIELDS and value:
        field = FIELDS[kind]
        if kind == "im":
            label = said.get("service", "") or label
        elif kind == "event":
            word = fold(label.lstrip("* "))
            field = "anniversary" if word in ANNIVERSARIES else field
            field = "birthday" if word == "birthday" else field
        elif kind == "phone" and fold(label.lstrip("* ")) in ("home fax", "work fax"):
            label = label.lower()
        for each in BETWEEN.split(value):
            yield field, label, each
            # Only the first of them can be the one to use.
            label = label.lstrip("* ")
    elif kind == "custom field" and value:
        known = fold(label) in SERVICES
        for each in BETWEEN.split(value):
            if known:
                yield "handle", label, each
            else:
                yield "url" if service_of(each) else KEEP, label, each
    else:
        for part, text in said.items():
            yield KEEP, f"{kind} {label}".strip() if part == "value" else part, text
