"""Which readers there are, and which one a file is for."""

import codecs
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from contacts.importing import edges, linkedin, vcard
from contacts.importing.lines import encoding_of
from contacts.importing.records import Record, Unread

MAX_FILE = 100 << 20
SNIFFED = 1 << 16
# How files begin that are no text (the forms people rename to .vcf).
_BINARY = {
    b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"GIF8": "a picture",
    b"RIFF": "a picture or a sound", b"BM": "a picture", b"II*\0": "a picture",
    b"MM\0*": "a picture", b"%PDF": "a PDF", b"PK\x03\x04": "a zip archive",
    b"PK\x05\x06": "a zip archive", b"\x1f\x8b": "a compressed file",
    b"BZh": "a compressed file", b"\xfd7zXZ": "a compressed file",
    b"7z\xbc\xaf": "a 7-Zip archive", b"Rar!": "a RAR archive",
    b"\xd0\xcf\x11\xe0": "an old Office file", b"SQLite format": "a database",
    b"!BDN": "an Outlook archive", b"\x7fELF": "a program", b"MZ": "a program",
}  # fmt: skip


class CannotRead(Exception):
    """The file as a whole is refused; the message says why, in a sentence."""


@dataclass(frozen=True, slots=True)
class Reader:
    """One source of people. `knows` looks at the first 64 kB, as text; `read` takes
    the file and Myself, whose it is."""

    name: str
    title: str
    knows: Callable[[str], bool]
    read: Callable[..., Iterator[Record | Unread]]


READERS = {
    reader.name: reader
    for reader in (
        Reader(
            "vcard",
            "vCard file",
            lambda start: "BEGIN:VCARD" in start.upper(),
            vcard.read,
        ),
        Reader("linkedin", "LinkedIn connections", linkedin.is_linkedin, linkedin.read),
        Reader("edges", "table of who knows whom", edges.is_edges, edges.read),
    )
}


def reader_for(file: IO[bytes], size: int, name: str = "auto") -> Reader:
    """The reader for this file, by its name or by what it begins with.

    Raises CannotRead with a sentence for a file that none of them should see: empty,
    too large, a picture, an archive, a web page, or text of some other kind.
    """
    if size > MAX_FILE:
        raise CannotRead(
            f"This file is {size / 1e6:,.0f} MB; the most we take is"
            f" {MAX_FILE >> 20} MB. Split it into several files."
        )
    file.seek(0)
    head = file.read(SNIFFED)
    if not head.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise CannotRead("This file is empty.")
    encoding = encoding_of(head)
    for magic, what in _BINARY.items():
        # Two letters alone begin many a text.
        if head.startswith(magic) and (len(magic) > 2 or b"\0" in head):
            raise CannotRead(f"This is {what}, not an address book. {_HOW}")
    if b"\0" in head[:4096] and encoding == "utf-8-sig":
        raise CannotRead(f"This is no text file, so no address book. {_HOW}")
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    start = decoder.decode(head).replace("\r\n", "\n").replace("\r", "\n")
    if start.lstrip("\ufeff \n\t").startswith("<"):
        raise CannotRead(
            f"This is a web page or an XML file, which we do not open. {_HOW}"
        )
    if name != "auto":
        reader = READERS.get(name)
        if reader is None:
            raise CannotRead(f"There is no reader for “{name}”: {', '.join(READERS)}.")
        if not reader.knows(start):
            raise CannotRead(f"This is no {reader.title}. {_HOW}")
        return reader
    for reader in READERS.values():
        if reader.knows(start):
            return reader
    raise CannotRead(f"We do not know this kind of file. {_HOW}")


_HOW = "Bring a vCard file (.vcf) or LinkedIn's Connections.csv."
