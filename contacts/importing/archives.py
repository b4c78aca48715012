"""What people download of themselves from a network: one file of it, or all in a zip.

Of a zip only members with names we know are opened, in memory, each with a limit;
nothing is unpacked, so where a name points makes no difference.
"""

import json
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import IO, Any

from contacts.importing.lines import decoded, encoding_of
from contacts.importing.records import CannotRead

MAX_MEMBER = 100 << 20
MAX_TOGETHER = 300 << 20
MAX_MEMBERS = 20_000
# A listing of half a million names is about this long.
MAX_LISTING = 50 << 20
# Text shrinks to a tenth, seldom to a hundredth; what explodes is made for that.
MAX_RATIO = 500
# What a parsed file takes in memory goes by its parts, not by its bytes.
MAX_PARTS = 10_000_000
_GONE_WRONG = (
    zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError,
    OSError, ValueError, struct.error,
)  # fmt: skip


class Unfit(Exception):
    """This part of an archive cannot be read; the message says why."""


def is_zip(file: IO[bytes]) -> bool:
    file.seek(0)
    return file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")


def names(file: IO[bytes]) -> list[str]:
    """Of all members of a zip. Raises CannotRead."""
    return [member.filename for member in _opened(file).infolist()]


def check(file: IO[bytes], known: re.Pattern[str]) -> None:
    """Raises CannotRead when what we would open of this zip is not fit for it."""
    members = [m for m in _opened(file).infolist() if known.search(m.filename)]
    if not members:
        raise CannotRead(
            "This archive holds no file that we can read: it may be made of web pages."
            " Ask the network for it once more, as JSON."
        )
    if any(member.flag_bits & 1 for member in members):
        raise CannotRead("This zip archive is locked with a password. Unlock it first.")
    if len(members) > MAX_MEMBERS:
        raise CannotRead(
            f"This archive holds {len(members):,} files to read; the most we take is"
            f" {MAX_MEMBERS:,}."
        )
    together = sum(member.file_size for member in members)
    if together > MAX_TOGETHER:
        raise CannotRead(
            f"Unpacked this would be {together / 1e6:,.0f} MB of text; the most we take"
            f" is {MAX_TOGETHER >> 20} MB. Unpack it and bring the files one by one."
        )


@dataclass(frozen=True, slots=True)
class Part:
    """One file of an archive; the name is "" when it came alone."""

    name: str
    # Raises Unfit.
    read: Callable[[], bytes]


def parts(file: IO[bytes], known: re.Pattern[str]) -> Iterator[Part]:
    """The known members of a zip in the order of their names, or the file itself."""
    if not is_zip(file):
        yield Part("", partial(_whole, file))
        return
    archive = _opened(file)
    members = [m for m in archive.infolist() if known.search(m.filename)]
    for member in sorted(members, key=lambda m: m.filename)[:MAX_MEMBERS]:
        yield Part(member.filename, partial(_read, archive, member))


def json_parts(
    file: IO[bytes], known: re.Pattern[str], refuse: Callable[[str, str, bool], None]
) -> Iterator[tuple[str, Any]]:
    """(name, value) of each; what cannot be read is refused (name, reason, failed)."""
    for part in parts(file, known):
        try:
            yield part.name, loaded(part.read())
        except Unfit as error:
            refuse(part.name, str(error), True)


def _whole(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read(MAX_MEMBER + 1)


def _opened(file: IO[bytes]) -> zipfile.ZipFile:
    file.seek(0, 2)
    size = file.tell()
    file.seek(max(0, size - 66_000))
    tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    listing = int.from_bytes(tail[end + 12 : end + 16], "little") if end >= 0 else 0
    far = tail.rfind(b"PK\x06\x06")
    if listing == 0xFFFFFFFF and far >= 0:
        listing = int.from_bytes(tail[far + 40 : far + 48], "little")
    if listing > MAX_LISTING:
        raise CannotRead("This zip archive holds more files than we look through.")
    try:
        return zipfile.ZipFile(file)
    except _GONE_WRONG as error:
        raise CannotRead("This zip archive is damaged or cut off.") from error


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    name = member.filename.rpartition("/")[2]
    if member.file_size > MAX_MEMBER:
        raise Unfit(
            f"{name} would be {member.file_size / 1e6:,.0f} MB; the most we take is"
            f" {MAX_MEMBER >> 20} MB."
        )
    if member.file_size > MAX_RATIO * max(member.compress_size, 2000):
        raise Unfit(f"{name} unpacks to more than {MAX_RATIO} times its size.")
    try:
        with archive.open(member) as opened:
            return opened.read(MAX_MEMBER + 1)
    except _GONE_WRONG as error:
        raise Unfit(f"{name} is damaged or locked.") from error


def text_of(data: bytes) -> str:
    """Whatever its charset. Never raises."""
    encoding = encoding_of(data[:200])
    if encoding != "utf-8-sig":
        return data.decode(encoding, "replace")
    return decoded(data.removeprefix(b"\xef\xbb\xbf"))


def loaded(data: bytes) -> Any:
    """The JSON of a file, also behind `window.YTD.following.part0 =`. Raises Unfit."""
    if len(data) > MAX_MEMBER:
        raise Unfit(f"This file is larger than {MAX_MEMBER >> 20} MB.")
    if sum(data.count(mark) for mark in (b"[", b"{", b",", b":")) > MAX_PARTS:
        raise Unfit("This file holds more than we can look through at once.")
    text = text_of(data).strip()
    text = re.sub(r"^window\.[\w.\[\]\"']{1,200}\s*=\s*", "", text).rstrip("; \n\r\t")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        why = "It is cut off" if error.pos >= len(text) - 1 else "It is no JSON"
        raise Unfit(f"{why}, from line {error.lineno} on.") from error
    except RecursionError as error:
        raise Unfit("It is nested deeper than any real archive.") from error
    except ValueError as error:
        raise Unfit("It holds a number that is none.") from error


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def mapped(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def text_in(value: Any, *path: str) -> str:
    """The text at the end of these keys, "" when there is none."""
    for key in path:
        value = mapped(value).get(key)
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""
