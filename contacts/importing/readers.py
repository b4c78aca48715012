"""Which readers there are, and which one a file is for."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from contacts.importing import (
    archives,
    edges,
    google,
    linkedin_archive,
    mastodon,
    meta,
    outlook,
    plain,
    thunderbird,
    vcard,
    x,
)
from contacts.importing.lines import encoding_of, text_of
from contacts.importing.records import CannotRead, Record, Unread

MAX_FILE = 100 << 20
# Most of an archive are pictures, which are not read.
MAX_ZIP = 1 << 30
SNIFFED = 1 << 16
# How files begin that are no text (the forms people rename to .vcf).
_BINARY = {
    b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"GIF8": "a picture",
    b"RIFF": "a picture or a sound", b"BM": "a picture", b"II*\0": "a picture",
    b"MM\0*": "a picture", b"%PDF": "a PDF", b"\x1f\x8b": "a compressed file",
    b"BZh": "a compressed file", b"\xfd7zXZ": "a compressed file",
    b"7z\xbc\xaf": "a 7-Zip archive", b"Rar!": "a RAR archive",
    b"\xd0\xcf\x11\xe0": "an old Office file", b"SQLite format": "a database",
    b"!BDN": "an Outlook archive", b"\x7fELF": "a program", b"MZ": "a program",
}  # fmt: skip
# A few of them stand in tables of old programs.
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


# What the files of Excel, LibreOffice and Numbers hold, which are zip archives.
_SHEETS = {"xl/workbook.xml", "xl/workbook.bin", "content.xml", "Index/Document.iwa"}


@dataclass(frozen=True, slots=True)
class Reader:
    """One source of people. `knows` looks at the first 64 kB, as text; `read` takes
    the file and Myself, whose it is. Of a zip, `files` are the members it would open,
    and one that matches `marks` tells that the zip is for it."""

    name: str
    title: str
    knows: Callable[[str], bool]
    read: Callable[..., Iterator[Record | Unread]]
    files: re.Pattern[str] | None = None
    marks: re.Pattern[str] | None = None
    # What the owner should know before it is written.
    remark: str = ""

    @property
    def is_mapped(self) -> bool:
        """Whether its owner says which column is what; `read` takes that too."""
        return self.name == "csv"

    @property
    def has_lines(self) -> bool:
        """Whether the line of a record is one of the file, and not just its number."""
        return self.name not in ("x", "instagram", "facebook")


READERS = {
    reader.name: reader
    for reader in (
        Reader(
            "vcard",
            "vCard file",
            lambda start: "BEGIN:VCARD" in start.upper(),
            vcard.read,
        ),
        Reader(
            "linkedin",
            "LinkedIn archive",
            linkedin_archive.is_linkedin,
            linkedin_archive.read,
            linkedin_archive.FILES,
            linkedin_archive.MARKS,
        ),
        Reader(
            "google",
            "table of Google Contacts",
            google.is_google,
            google.read,
            remark="Photos are only links in this table: they are kept and nothing is"
            " fetched. A vCard from Google holds the pictures themselves.",
        ),
        Reader("outlook", "table of Outlook", outlook.is_outlook, outlook.read),
        Reader(
            "thunderbird",
            "table of Thunderbird",
            thunderbird.is_thunderbird,
            thunderbird.read,
        ),
        Reader("edges", "table of who knows whom", edges.is_edges, edges.read),
        Reader(
            "x",
            "archive of X",
            x.is_x,
            x.read,
            x.FILES,
            x.MARKS,
            "X's archive has numbers instead of names. Names come from the tweets in"
            " which you mention someone; who is mentioned nowhere is left out, unless"
            " you wrote messages to each other.",
        ),
        Reader(
            "mastodon",
            "Mastodon list of accounts",
            mastodon.is_mastodon,
            mastodon.read,
            mastodon.FILES,
            mastodon.FILES,
        ),
        Reader(
            "instagram",
            "Instagram archive",
            meta.is_instagram,
            meta.read_instagram,
            meta.INSTAGRAM_FILES,
            meta.INSTAGRAM_MARKS,
            "Instagram lists followers by their handle and messages by name, and does"
            " not say which belong together: someone may come twice.",
        ),
        Reader(
            "facebook",
            "Facebook archive",
            meta.is_facebook,
            meta.read_facebook,
            meta.FACEBOOK_FILES,
            meta.FACEBOOK_MARKS,
        ),
        # Knows nearly every table, so it stands after those who know theirs.
        Reader("csv", "table", plain.is_table, plain.read),
    )
}


def reader_for(file: IO[bytes], size: int, name: str = "auto") -> Reader:
    """The reader for this file, by its name or by what it begins with.

    Raises CannotRead with a sentence for a file that none of them should see: empty,
    too large, a picture, an archive of something else, a web page, or text of some
    other kind.
    """
    most = MAX_ZIP if archives.is_zip(file) else MAX_FILE
    if size > most:
        raise CannotRead(
            f"This file is {size / 1e6:,.0f} MB; the most we take is"
            f" {most >> 20} MB. Split it into several files."
        )
    file.seek(0)
    head = file.read(SNIFFED)
    if not head.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise CannotRead("This file is empty.")
    if archives.is_zip(file):
        return _reader_of_zip(file, name)
    encoding = encoding_of(head)
    for magic, what in _BINARY.items():
        # Two letters alone begin many a text.
        if head.startswith(magic) and (len(magic) > 2 or b"\0" in head):
            raise CannotRead(f"This is {what}, not an address book. {_HOW}")
    if encoding == "utf-8-sig" and len(_CONTROL.findall(head)) * 100 > len(head):
        raise CannotRead(f"This is no text file, so no address book. {_HOW}")
    start = text_of(head)
    if start.lstrip("\ufeff \n\t").startswith("<"):
        raise CannotRead(
            f"This is a web page or an XML file, which we do not open. {_HOW}"
        )
    if mastodon.is_of_muted(start):
        raise CannotRead(
            "This is Mastodon's list of whom you muted, not of whom you know."
        )
    if name != "auto":
        reader = _named(name)
        if not reader.knows(start) and not _could_be(reader, start):
            raise CannotRead(f"This is no {reader.title}. {_HOW}")
        return reader
    for reader in READERS.values():
        if reader.knows(start):
            return reader
    raise CannotRead(f"We do not know this kind of file. {_HOW}")


def _named(name: str) -> Reader:
    reader = READERS.get(name)
    if reader is None:
        raise CannotRead(f"There is no reader for “{name}”: {', '.join(READERS)}.")
    return reader


def _could_be(reader: Reader, start: str) -> bool:
    """A table is what its owner says is one; messages alone look the same on Instagram
    and Facebook."""
    return reader.is_mapped or (reader.name == "instagram" and meta.is_facebook(start))


def _reader_of_zip(file: IO[bytes], name: str) -> Reader:
    names = archives.names(file)
    if _SHEETS.intersection(names):
        raise CannotRead(
            "This is a spreadsheet. Open it, save the sheet as CSV and bring that."
        )
    wanted = list(READERS.values()) if name == "auto" else [_named(name)]
    for reader in wanted:
        if reader.marks and any(map(reader.marks.search, names)):
            assert reader.files is not None
            archives.check(file, reader.files)
            return reader
    raise CannotRead(
        "In this zip archive is nothing we know: no following.js or tweets.js of X, no"
        " followers_1.json of Instagram, no your_friends.json of Facebook, no"
        " Connections.csv of LinkedIn, no following_accounts.csv of Mastodon."
    )


_HOW = (
    "Bring a vCard file (.vcf), a table (.csv) with a line for each person or an"
    " archive of a network."
)
