"""One name, written in several ways: Müller and Mueller, Наталья and Natalya.

What is compared when people are found, beyond what `fold` makes alike.
"""

import re
import unicodedata

from networkcrm.text import fold

# Marks that are seldom written, and letters that are written one for another.
_MARKS = [*range(0x591, 0x5BE), 0x5BF, 0x5C1, 0x5C2, 0x5C4, 0x5C5, 0x5C7]
_MARKS += [0x640, *range(0x64B, 0x660), 0x670]
_PLAIN = dict.fromkeys(_MARKS, "") | str.maketrans(
    "أإآٱىیةؤئک٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "ااااييهويك01234567890123456789"
)
_TO_MAKE_PLAIN = re.compile(f"[{''.join(map(chr, _PLAIN))}]")

# As they are written where the keyboard lacks them (ICAO Doc 9303, part 3, 6.A).
_TWO_LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "ÿ": "ij"}
)
_WITH_TWO_LETTERS = re.compile("[äöüøåÿ]")
_LATIN = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo",
        "ж": "zh", "з": "z", "и": "i", "й": "y", "к": "k", "л": "l", "м": "m",
        "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u",
        "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "",
        "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya", "і": "i", "ї": "yi",
        "є": "ye", "ґ": "g", "ђ": "dj", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c",
        "џ": "dz",
        "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i",
        "θ": "th", "ι": "i", "κ": "k", "λ": "l", "μ": "m", "ν": "n", "ξ": "x",
        "ο": "o", "π": "p", "ρ": "r", "σ": "s", "τ": "t", "υ": "y", "φ": "f",
        "χ": "ch", "ψ": "ps", "ω": "o",
    }
)  # fmt: skip
_NOT_LATIN = re.compile("[\u0370-\u03ff\u0400-\u04ff]")


def plain(text: str) -> str:
    """Folded, and without the marks of Arabic and Hebrew."""
    folded = fold(text)
    if folded.isascii() or not _TO_MAKE_PLAIN.search(folded):
        return folded
    return folded.translate(_PLAIN)


def other_spellings(text: str) -> list[str]:
    """How else the text may be written, folded; [] when in no other way."""
    if text.isascii():
        return []
    text = unicodedata.normalize("NFKC", text).casefold()
    found = []
    if _WITH_TWO_LETTERS.search(text):
        found.append(plain(text.translate(_TWO_LETTERS)))
    if _NOT_LATIN.search(text):
        folded = plain(text).replace("ου", "ou")
        found.append(folded.translate(_LATIN))
    return found
