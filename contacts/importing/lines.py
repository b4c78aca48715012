"""The bytes of a file as lines of text, a piece at a time."""

import codecs
import io
import re
from collections.abc import Iterable, Iterator
from typing import IO

from contacts.importing import charsets

PIECE = 1 << 18
# Room for a photo of ten megabytes written as base64 on one line.
MAX_LINE = 14 << 20
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]")
# Encodings that real address books name; none that could run or rewrite anything.
_TEXT = re.compile(
    r"utf-8|ascii|iso8859-\d+|cp\d+|windows-\d+|koi8-[ru]|shift_jis\w*|euc_\w+|gb\w+"
    r"|big5\w*|iso2022_\w+|mac-\w+",
)
_SURROGATE = re.compile("[\udc80-\udcff]")
_HALVES = re.compile(rb"^([ \t]*)[\x80-\xbf]{1,3}|[\xc2-\xf4][\x80-\xbf]{0,2}$")
# Whose properties say so of themselves.
_SAYS = re.compile(rb"CHARSET=", re.IGNORECASE)


def encoding_of(start: bytes) -> str:
    """UTF-16 by its mark or by its zeros, ISO-2022-JP by its escapes; everything else
    is read as UTF-8.

    What then turns out not to be UTF-8 is decoded line by line: see `lines`.
    """
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    pairs = start[:2000]
    low, high = pairs[1::2].count(0), pairs[0::2].count(0)
    # Of what is written in kanji only the ends of lines tell.
    most, ends = len(pairs) * 0.35, len(re.findall(b"[\r\n]", pairs)) / 2
    if not high and (low > most > 1 or len(re.findall(b"[\r\n]\0", pairs)) > ends > 0):
        return "utf-16-le"
    if not low and (high > most > 1 or len(re.findall(b"\0[\r\n]", pairs)) > ends > 0):
        return "utf-16-be"
    if charsets.is_escaped(start) and not _SAYS.search(start):
        return "iso2022_jp_2"
    return "utf-8-sig"


def _whole_letters(line: bytes) -> bytes:
    """Without the halves of letters that a fold has split, which tell neither way."""
    try:
        line.decode()
    except UnicodeDecodeError:
        return _HALVES.sub(rb"\1", line)
    return line


def legacy_of(piece: bytes) -> str:
    """The encoding of those lines of a piece that are no UTF-8, when they are most of
    the lines that are not plain ASCII and something else than Windows-1252 fits."""
    bad, good = [], 0
    for line in piece.replace(b"\r", b"\n").split(b"\n"):
        if not line.isascii():
            try:
                good += not _whole_letters(line).decode().isascii()
            except UnicodeDecodeError:
                bad.append(line)
    if len(bad) <= good or _SAYS.search(piece):
        return ""
    # The last line of a piece may be cut in the middle of a letter.
    return charsets.guessed(bad[:-1] if len(piece) >= PIECE and bad[1:] else bad)


def lines(file: IO[bytes]) -> Iterator[str]:
    """The lines of a file from its start, with CRLF, LF or CR after them, however long.

    Lines that are no UTF-8 are decoded as what most of them are; where that cannot be
    told, their bytes stand in them as surrogates (PEP 383) until `mended`. A line
    beyond MAX_LINE is cut there.
    """
    file.seek(0)
    piece = file.read(PIECE)
    encoding = encoding_of(piece)
    is_bytewise = encoding == "utf-8-sig"
    decoder = codecs.getincrementaldecoder(encoding)(
        "surrogateescape" if is_bytewise else "replace"
    )
    rest = ""
    legacy: str | None = None
    while piece:
        text = decoder.decode(piece)
        if is_bytewise and legacy is None and _SURROGATE.search(text):
            legacy = legacy_of(piece)
        text = rest + text
        # A CR at the very end may belong to an LF that is still to come.
        held = len(text) - len(text.rstrip("\r"))
        text, tail = (text[:-held], text[-held:]) if held else (text, "")
        if "\r" in text:
            text = (
                text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
            )
        found = text.split("\n")
        rest = found.pop()[:MAX_LINE] + tail
        yield from _decoded(found, legacy) if legacy else found
        piece = file.read(PIECE)
    rest += decoder.decode(b"", final=True)
    if rest:
        found = rest.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
        yield from _decoded(found, legacy) if legacy else found


def _decoded(found: Iterable[str], legacy: str) -> Iterator[str]:
    for text in found:
        if _SURROGATE.search(text):
            raw = text.encode("utf-8", "surrogateescape")
            yield raw.decode(legacy, "replace")
        else:
            yield text


def text_of(start: bytes) -> str:
    """The first bytes of a file as text, with \\n after each line."""
    return "\n".join(mended(line) for line in lines(io.BytesIO(start)))


def known_charset(name: str) -> str:
    """Python's name of a text encoding, "" when it is not one we decode."""
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""
    return found if _TEXT.fullmatch(found) else ""


def mended(text: str, charset: str = "") -> str:
    """The same text with the bytes that are no UTF-8 read as they were meant.

    Tries the named charset, then UTF-8 (a fold may have split a letter), then
    Windows-1252, which leaves a replacement character where nothing fits.
    """
    if text.isascii() and not (charset and "\x1b" in text):
        return text
    raw = text.encode("utf-8", "surrogateescape")
    try:
        whole = raw.decode()
        if not (charset and "\x1b" in text):
            return whole
    except UnicodeDecodeError:
        pass
    return decoded(raw, charset)


def decoded(raw: bytes, charset: str = "") -> str:
    """Bytes in the named charset, else UTF-8, else Windows-1252. Never raises."""
    for name in (known_charset(charset) if charset else "", "utf-8"):
        try:
            if name:
                return raw.decode(name)
        except (UnicodeError, ValueError):
            continue
    return raw.decode("cp1252", "replace")


def clean(text: str) -> str:
    """Without control characters and stray halves of letters, which no table takes."""
    if text.isprintable():
        return text.strip()
    text = _CONTROL.sub("", text)
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode()
    return text.strip()
