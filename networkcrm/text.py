"""One way to compare what people type: without case, accents or width."""

import re
import unicodedata

# Letters that carry no combining mark and so survive decomposition.
_PLAIN = str.maketrans(
    {
        "ß": "ss", "ẞ": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d",
        "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n", "ĸ": "k",
        "’": "'", "‘": "'", "ʼ": "'", "–": "-", "—": "-", "‐": "-", "‑": "-",
    }
)  # fmt: skip
# Accents may go; vowel signs of Indic and Thai scripts, and the voicing marks of kana,
# are letters in their own right and stay.
_ACCENTS = re.compile("[\u0300-\u036f]+")


def fold(text: str) -> str:
    """Casefolded, unaccented, NFKC, single-spaced: the key for matching and sorting."""
    text = text.replace("\0", " ")
    if text.isascii():
        return " ".join(text.lower().split())
    text = unicodedata.normalize("NFKC", text).casefold()
    text = unicodedata.normalize("NFD", text.translate(_PLAIN))
    kept = _ACCENTS.sub("", text)
    return " ".join(unicodedata.normalize("NFC", kept).split())
