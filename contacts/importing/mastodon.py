"""Mastodon's `following_accounts.csv` and `followers.csv`."""

import io
import re
from collections.abc import Iterator
from typing import IO

from contacts.importing.archives import Unfit, parts
from contacts.importing.gathering import Gathering
from contacts.importing.records import NOBODY, Myself, Record, Unread
from contacts.importing.tables import Columns, columns_named, delimiter_of, table
from contacts.models.methods import Service
from networkcrm.text import fold

FILES = re.compile(
    r"(?:^|/)(?:following_accounts(?:-\d+)?|followers(?:-\d+)?)\.csv$", re.IGNORECASE
)
_named = columns_named(
    {"account address": "address", "show boosts": "boosts"}, "address"
)
_ADDRESS = re.compile(r"@?([\w.-]{1,100}@[\w-]+(?:\.[\w-]+)+)")


def columns_of(cells: list[str]) -> Columns | None:
    """None for the lists of those who are muted or blocked."""
    words = [fold(cell) for cell in cells]
    if words != ["account address"] and "show boosts" not in words:
        return None
    return _named(cells)


def is_of_muted(start: str) -> bool:
    return bool(delimiter_of(start, columns_named({"hide notifications": "a"}, "a")))


def is_mastodon(start: str) -> bool:
    return bool(delimiter_of(start, columns_of))


def read(file: IO[bytes], myself: Myself = NOBODY) -> Iterator[Record | Unread]:
    """Whom I follow and who follows me. Never raises for what is in the file."""
    crowd = Gathering("Mastodon", Service.MASTODON, myself.tz)
    for part in parts(file, FILES):
        try:
            _take(crowd, io.BytesIO(part.read()))
        except Unfit as error:
            crowd.refuse(part.name, str(error), True)
    yield from crowd.records()


def _take(crowd: Gathering, file: IO[bytes]) -> None:
    for row in table(file, columns_of):
        if isinstance(row, Unread):
            crowd.unread.append(row)
            continue
        line, cells = row
        said = "You follow them" if "boosts" in cells else "They follow you"
        address = _ADDRESS.fullmatch(cells["address"])
        if not address:
            said = "This is no address like ana@social.example."
            crowd.unread.append(Unread(line, said, cells["address"][:300]))
            continue
        _follow(crowd, address[1], said, line)


def _follow(crowd: Gathering, address: str, said: str, line: int) -> None:
    record = crowd.person(address.casefold(), "", address)
    record.line = line
    record.stand_ins = (address, f"@{address}")
    record.noticed = True
    both = record.story and not record.story.startswith(said)
    record.story = f"{'You follow each other' if both else said} on Mastodon."
