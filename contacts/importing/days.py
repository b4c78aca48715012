"""Days as spreadsheets write them, in several languages and either order."""

import re
from collections.abc import Iterable

from django.utils import timezone

from networkcrm.partial_dates import PartialDate
from networkcrm.text import fold

# English, German, French, Spanish, Italian, Portuguese and Dutch, folded.
_NAMES = (
    "january januar janvier enero gennaio janeiro januari",
    "february februar fevrier febrero febbraio fevereiro februari",
    "march marz maerz mars marzo marco maart mrz",
    "april avril abril aprile",
    "may mai mayo maggio maio mei",
    "june juni juin junio giugno junho",
    "july juli juillet julio luglio julho",
    "august aout agosto augustus",
    "september septembre septiembre settembre setembro",
    "october oktober octobre octubre ottobre outubro",
    "november novembre noviembre novembro",
    "december dezember decembre diciembre dicembre dezembro",
)


def _months() -> dict[str, int]:
    """By every beginning of a name, of three letters or more, that is no other's."""
    found: dict[str, set[int]] = {}
    for number, names in enumerate(_NAMES, 1):
        for name in names.split():
            for end in range(3, len(name) + 1):
                found.setdefault(name[:end], set()).add(number)
    return {word: numbers.pop() for word, numbers in found.items() if len(numbers) == 1}


MONTHS = _months()
_TIME = re.compile(r"(?:[T ]|, )\d{1,2}:\d\d\S*(?: ?[ap]\.?m\.?)?(?: ?\(?[A-Z+-].*)?$")
_YEAR_FIRST = re.compile(
    r"(\d{4})(?:[-/. ](\d{1,2})(?:[-/. ](\d{1,2}))?"
    r"|(\d\d)(\d\d)|年(\d{1,2})月(?:(\d{1,2})日)?"
    r"|년 ?(\d{1,2})월(?: ?(\d{1,2})일)?)?\.?"
)
_YEAR_LESS = re.compile(r"--(\d\d)-?(\d\d)")
_NUMBERS = re.compile(r"(\d{1,2})([-/. ])\s?(\d{1,2})(?:\2\s?(\d{4}|\d\d))?\.?")
_MONTH_AND_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")
# Between the words of a date, after its day, and what day of the week it was.
_SILENT = {
    "de", "del", "of", "the", "le", "den", "der", "st", "nd", "rd", "th", "er",
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "mon", "tue", "wed", "thu", "fri", "sat", "sun",
    "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag",
    "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
    "lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo",
}  # fmt: skip


def is_empty(text: str) -> bool:
    """What is written where no date is: 0/0/00, 00.00.0000, Outlook's 0001-01-01."""
    return not re.search(r"[^\W0]", text) or text.startswith("0001-01-01")


def date_in(text: str, day_first: bool | None = None) -> PartialDate | None:
    """The date that a cell holds, None for what is none or may be two.

    `day_first` says what 03/04/2019 is; with None it is no date, unless one of the
    two cannot be a month. Dots always stand after the day.
    """
    text = _TIME.sub("", text.strip()[:60]).strip()
    try:
        return _date_in(text, day_first)
    except ValueError:
        return None


def _date_in(text: str, day_first: bool | None) -> PartialDate | None:
    if match := _YEAR_FIRST.fullmatch(text):
        year, *rest = (int(group) for group in match.groups() if group)
        return PartialDate(year, *rest) if 1000 < year < 2200 else None
    if match := _YEAR_LESS.fullmatch(text):
        return PartialDate(None, int(match[1]), int(match[2]))
    if match := _MONTH_AND_YEAR.fullmatch(text):
        return PartialDate(int(match[2]), int(match[1]))
    if match := _NUMBERS.fullmatch(text):
        first, second = int(match[1]), int(match[3])
        if match[2] != "." and max(first, second) <= 12 and first != second:
            if day_first is None:
                return None
        else:
            day_first = match[2] == "." or first > 12
            if second > 12 and first <= 12:
                day_first = False
        day, month = (first, second) if day_first else (second, first)
        return PartialDate(_year(match[4]), month, day)
    return _with_words(text)


def _with_words(text: str) -> PartialDate | None:
    words = [w for w in re.findall(r"\d+|[^\W\d_]+", fold(text)) if w not in _SILENT]
    months = [MONTHS[word] for word in words if word in MONTHS]
    numbers = [word for word in words if word.isdecimal()]
    others = len(words) - len(months) - len(numbers)
    if len(months) != 1 or others or not 1 <= len(numbers) <= 2:
        return None
    years = [number for number in numbers if len(number) == 4]
    if not years and len(numbers) == 2:
        years = numbers[1:]
    days = [int(number) for number in numbers if number not in years]
    return PartialDate(
        _year(years[0]) if years else None, months[0], days[0] if days else None
    )


def _year(digits: str | None) -> int | None:
    """Of two digits the year that is not to come."""
    if not digits:
        return None
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (2000 if 2000 + year <= timezone.now().year else 1900)


def order_of(texts: Iterable[str]) -> bool | None:
    """Whether the day comes first, as far as these say it of each other."""
    for text in texts:
        match = _NUMBERS.fullmatch(_TIME.sub("", text.strip()[:60]).strip())
        if match and match[2] != ".":
            first, second = int(match[1]), int(match[3])
            if (first > 12) != (second > 12):
                return first > 12
    return None


def is_ambiguous(text: str) -> bool:
    """A date that is another one when the month comes first."""
    return date_in(text, True) != date_in(text, False)
