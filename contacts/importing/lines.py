"""The bytes of a file as lines of text, a piece at a time."""

import codecs
import re
from collections.abc import Iterator
from typing import IO

PIECE = 1 << 18
# Room for a photo of ten megabytes written as base64 on one line.
MAX_LINE = 14 << 20
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]")
# Encodings that real address books name; none that could run or rewrite anything.
_TEXT = re.compile(
    r"utf-8|ascii|iso8859-\d+|cp\d+|windows-\d+|koi8-[ru]|shift_jis\w*|euc_\w+|gb\w+"
    r"|big5\w*|iso2022_\w+|mac-\w+",
)


def encoding_of(start: bytes) -> str:
    """UTF-16 by its mark or by its zeros; everything else is read as UTF-8.

    What then turns out not to be UTF-8 is decoded line by line: see `mended`.
    """
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    pairs = start[:200]
    zeros = pairs[1::2].count(0), pairs[0::2].count(0)
    half = len(pairs) // 2
    if half > 1 and zeros[0] > half * 0.7 and not zeros[1]:
        return "utf-16-le"
    if half > 1 and zeros[1] > half * 0.7 and not zeros[0]:
        return "utf-16-be"
    return "utf-8-sig"


def lines(file: IO[bytes]) -> Iterator[str]:
    """The lines of a file from its start, with CRLF, LF or CR after them, however long.

    Bytes that are no UTF-8 stand in them as surrogates (PEP 383) until `mended`.
    A line beyond MAX_LINE is cut there.
    """
    file.seek(0)
    piece = file.read(PIECE)
    encoding = encoding_of(piece)
    decoder = codecs.getincrementaldecoder(encoding)(
        "surrogateescape" if encoding == "utf-8-sig" else "replace"
    )
    rest = ""
    while piece:
        text = rest + decoder.decode(piece)
        # A CR at the very end may belong to an LF that is still to come.
        held = len(text) - len(text.rstrip("\r"))
        text, tail = (text[:-held], text[-held:]) if held else (text, "")
        if "\r" in text:
            text = (
                text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
            )
        found = text.split("\n")
        rest = found.pop()[:MAX_LINE] + tail
        yield from found
        piece = file.read(PIECE)
    rest += decoder.decode(b"", final=True)
    if rest:
        yield from (
            rest.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
        )


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
