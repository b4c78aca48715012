"""Which encoding old programs wrote a file in that is no Unicode and does not say.

Windows-1252 unless something else fits better: it is the most common by far.
"""

import re

# The lead bytes of what nearly all text is made of: kanji and hanzi of level 1, hangul.
_EAST = {
    "cp932": (0x88, 0x98), "cp949": (0xB0, 0xC8), "cp950": (0xA4, 0xC6),
    "gb18030": (0xB0, 0xD7), "euc_jp": (0xB0, 0xCF),
}  # fmt: skip
# With these, a second byte below A1 makes a rare character.
_HIGH_PAIRS = ("cp949", "gb18030", "euc_jp")
_JAPANESE = ("cp932", "euc_jp")
_WEST = ("cp1252", "mac_roman", "cp1251", "koi8_r", "cp1253")
# Between two letters these are nothing odd.
_BETWEEN = "’‘'´`-–—·•…™®©€ªº\u00ad\u00a0"
_ESCAPES = re.compile(rb"\x1b\$[@B].{2,200}?\x1b\([BJ]", re.DOTALL)
# Enough to tell by.
_MOST = 5000


def is_escaped(start: bytes) -> bool:
    """ISO-2022-JP, which is all ASCII and switches between character sets."""
    return b"\x1b$" in start and start.isascii() and bool(_ESCAPES.search(start))


def guessed(lines: list[bytes]) -> str:
    """Python's name of the encoding that these lines, none of which is UTF-8, are in.

    For East Asia the share of common characters decides; elsewhere, how often letters
    stand as they do in no word: "SchŠfer", "Èâàíîâ". "" for Windows-1252.
    """
    best, share = "", 0.85
    for codec in _EAST:
        found = _common_share(lines, codec)
        if found > share:
            best, share = codec, found
    if best:
        return best
    sample = b"\n".join(lines)[: _MOST * 4]
    odd = {codec: _oddities(sample.decode(codec, "replace")) for codec in _WEST}
    best = min(odd, key=lambda codec: odd[codec])
    return best if odd[best][0] * 4 < odd["cp1252"][0] else ""


def _common_share(lines: list[bytes], codec: str) -> float:
    """How much of what is not ASCII is common in it, 0 when it does not fit."""
    texts = []
    for line in lines[:_MOST]:
        try:
            texts.append(line.decode(codec))
        except UnicodeDecodeError:
            continue
    if len(texts) < 0.95 * len(lines[:_MOST]):
        return 0
    text = "\n".join(texts)[: _MOST * 4]
    runs = re.findall(r"([A-Za-z]?)[^\x00-\x7f]+([A-Za-z]?)", text)
    # "MÜLLER" holds what could be one hangul, in the middle of a word.
    if sum(bool(before or after) for before, after in runs) * 2 > len(runs):
        return 0
    first, last = _EAST[codec]
    seen = common = 0
    for char in re.findall(r"[^\x00-\x7f]", text)[:_MOST]:
        if "\u3000" <= char <= "\u303f" or "\uff00" <= char <= "\uffef":
            continue
        seen += 1
        if "\u3040" <= char <= "\u30ff":
            common += codec in _JAPANESE
        else:
            raw = char.encode(codec)
            high = codec not in _HIGH_PAIRS or raw[-1] >= 0xA1
            common += len(raw) == 2 and first <= raw[0] <= last and high
    return common / seen if seen > 1 else 0


def _oddities(text: str) -> tuple[int, int]:
    """How many there are, and how many characters are no letters."""
    found = marks = 0
    for match in re.finditer(r"[^\x00-\x7f]", text):
        at = match.start()
        char = match[0]
        marks += not char.isalpha()
        before = text[at - 1] if at else " "
        after = text[at + 1] if at + 1 < len(text) else " "
        found += _is_odd(char, before, after)
    return found, marks


def _is_odd(char: str, before: str, after: str) -> bool:
    if char == "\ufffd" or "\x80" <= char <= "\x9f":
        return True
    if not char.isalpha() or "\u02b0" <= char <= "\u02ff":
        return before.isalpha() and after.isalpha() and char not in _BETWEEN
    if char.isupper() and (before.islower() or (before.isupper() and after.islower())):
        return True
    is_latin = char < "\u0250" or "\ufb00" <= char <= "\ufb06"
    if not is_latin:
        return any(c.isascii() and c.isalpha() for c in (before, after))
    # Three in a row are no accents any more.
    return all(c > "\x7f" and c.islower() for c in (char, after)) and before > "\x7f"
