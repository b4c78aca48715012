"""The values of vCard properties: escapes, lists, dates."""

import re

from contacts.importing.cards import Header
from networkcrm.partial_dates import PartialDate, parse

_ESCAPE = re.compile(r"\\([\\,;:'\"nN])")
_DATE = re.compile(r"(\d{4}|--)(?:-?(\d\d)(?:-?(\d\d)(?: .*)?)?)?(?:T.*)?$")
# As some write it: 1985/05/17, 1985 5 7, --5-17, "Sun May 17 1985".
_LOOSE = re.compile(r"(\d{4}|-)[-/. ](\d\d?)[-/. ](\d\d?)(?:[T ].*)?$")
_WEEKDAY = re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? ", re.IGNORECASE)


def one_line(text: str) -> str:
    return " ".join(text.split())


def unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda m: "\n" if m[1] in "nN" else m[1], text)


def split(text: str, separator: str) -> list[str]:
    """At every separator that is not escaped; the parts come unescaped and stripped."""
    if "\\" not in text:
        return [part.strip() for part in text.split(separator)]
    # NUL cannot stand in a value any more, so it can stand in for an escaped backslash.
    parts = re.split(rf"(?<!\\){separator}", text.replace("\\\\", "\0"))
    return [unescaped(part.replace("\0", "\\\\")).strip() for part in parts]


def date_of(text: str, header: Header | None = None) -> PartialDate | None:
    """RFC 6350, 4.3.1 and its kin: 1985-04-12, 19850412T0000, 1985-04, --0412.

    None for what is no date, as Outlook's 0001-01-01, which stands for none.
    """
    text = _WEEKDAY.sub("", text, count=1)
    if match := _DATE.match(text) or _LOOSE.match(text):
        year, month, day = match.groups()
        omitted = header.param("X-APPLE-OMIT-YEAR") if header else ""
        known = year not in ("--", "-", "0000", "0001", "1604", omitted)
        if year == "0001" and month in (None, "01") and day in (None, "01"):
            return None
        try:
            if month == "00" or day == "00":
                return PartialDate(int(year)) if known else None
            return PartialDate(
                int(year) if known else None,
                int(month) if month else None,
                int(day) if day else None,
            )
        except ValueError:
            return None
    try:
        return parse(text)
    except ValueError:
        return None
