"""Outlook's contacts as a table, of the desktop and of the web, in six languages.

Gmail's "Outlook CSV" and LinkedIn's of old are the same.
"""

import re
from collections.abc import Iterator, Sequence
from typing import IO

from contacts.importing.books import Layout, address, full_name, people
from contacts.importing.fields import KEEP, Cell
from contacts.importing.outlook_names import (
    BY_NAME,
    DAY_FIRST,
    EVERYWHERE,
    LEFT_OUT,
    USUAL,
)
from contacts.importing.records import NOBODY, Myself, Record, Unread
from contacts.importing.tables import delimiter_of
from networkcrm.text import fold

PLACES = ("work", "home", "other")
_MAIL = re.compile(r"[^\s@()<>]+@[^\s@()<>]+")


def is_header(cells: list[str]) -> bool:
    """Most columns are called as Outlook calls them, and some as nobody else does."""
    names = {fold(cell) for cell in cells} - {""}
    known = names & BY_NAME.keys()
    most = len(known) > 4 and len(known) * 3 > len(names) * 2
    return most and len(known - EVERYWHERE) > 2


def is_outlook(start: str) -> bool:
    return bool(delimiter_of(start, is_header))


def read(file: IO[bytes], myself: Myself = NOBODY) -> Iterator[Record | Unread]:
    """The people of the table, in its order. Never raises for what is in it."""
    return people(file, is_header, Outlook)


class Outlook(Layout):
    def __init__(self, header: Sequence[str]) -> None:
        # By column: its field, our label, and what stands above it.
        self.columns: list[tuple[str, str, str]] = []
        taken = set()
        for name in header:
            key = fold(name)
            field, label = BY_NAME.get(key, (KEEP, ""))
            if key in taken:
                # French has two of this name: before the name, and at work.
                field = "job_title" if key == "titre" else KEEP
            taken.add(key)
            self.columns.append((field, label, name or "column without a name"))
        if taken & DAY_FIRST:
            self.day_first = True

    def cells(self, row: Sequence[str]) -> Iterator[Cell]:
        names: dict[str, str] = {}
        places: dict[str, dict[str, str]] = {}
        shown: list[tuple[str, str]] = []
        emails = []
        initials = ""
        for (field, label, name), value in zip(self.columns, row, strict=False):
            if not value or field == LEFT_OUT:
                continue
            if label in PLACES and field != "phone" and field != "url":
                places.setdefault(label, {})[field] = value
            elif field == "shown":
                shown.append((name, value))
            elif field == "initials":
                initials = value
            elif field == "usual":
                if fold(value) not in USUAL:
                    yield KEEP, label, value
            elif field == KEEP:
                yield KEEP, name, value
            elif field == "tags":
                # Gmail's own group, which is on everybody.
                yield field, "", re.sub(r"(?i)(?:^|;)\s*my ?contacts\b", "", value)
            elif field == "child":
                yield "relation", "child", value
            elif field == "email":
                emails.append(value)
                # Within a company Exchange has addresses of its own.
                yield (
                    (KEEP, name, value)
                    if value[:3] in ("/o=", "/O=")
                    else (field, "", value)
                )
            else:
                names.setdefault(field, value)
                yield field, label, value
        name = full_name(names) or _shown_name(shown)
        if name:
            yield "full_name", "", name
        if initials and not _are_of(initials, name):
            yield KEEP, "Initials", initials
        words = set(
            re.findall(r"\w+", fold(" ".join([name, *names.values(), *emails])))
        )
        for label, value in shown:
            if not words.issuperset(re.findall(r"\w+", fold(value))):
                yield KEEP, label, value
        for number, (place, parts) in enumerate(sorted(places.items(), key=_place)):
            streets = [parts.pop(key, "") for key in ("street", "street2", "street3")]
            parts["street"] = "\n".join(filter(None, streets))
            yield from address(number, place, parts, parts.pop("whole", ""))


def _place(pair: tuple[str, dict[str, str]]) -> int:
    return PLACES.index(pair[0])


def _shown_name(shown: list[tuple[str, str]]) -> str:
    """Of "Ana Ruiz (ana@example.org)"."""
    for _label, value in shown:
        name = re.sub(r"[()<>\"']", " ", _MAIL.sub("", value)).strip()
        if name:
            return " ".join(name.split())
    return ""


def _are_of(initials: str, name: str) -> bool:
    first = [word[0] for word in re.findall(r"[^\W\d_]+", fold(name))]
    return set(re.findall(r"\w", fold(initials))) <= set(first)
