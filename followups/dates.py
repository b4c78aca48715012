"""The day that a line of words names: "send Ana the grant list friday".

Whole days of whoever writes: `today` is theirs, in their own time zone. What people
only half remember (a year, a month) is networkcrm.partial_dates.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from networkcrm.partial_dates import MONTHS

_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_NUMBERS = (
    "one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
)
_COUNTS = {
    **{word: number for number, word in enumerate(_NUMBERS, 1)},
    "a": 1,
    "an": 1,
    "a couple of": 2,
}
_MONTH = "|".join(f"{name}|{name[:3]}" for name in MONTHS) + "|sept"
_LEAD = r"(?:\b(?:by|on|until|till|before|due)\s+)?"
_YEAR = r"(?:,?\s+(?P<year>\d{4}))?"
# What stands between a title and its day.
_EDGE = " ,:;"
# Nobody promises something for the next century.
_MOST_YEARS = 100


@dataclass(frozen=True, slots=True)
class Reading:
    """`title` is the line without its date words; `words` are those.

    `day` is None when no day is named, or when there is none like that: then
    `problem` is the sentence to tell, and the title is the line as it was.
    """

    title: str
    day: date | None = None
    words: str = ""
    problem: str = ""


def read_day(line: str, today: date) -> Reading:
    """The day the line names, seen from `today`, and the line without those words.

    Understood are: today, tonight, tomorrow, the day after tomorrow, a weekday (the
    coming one; "this friday" may be today, "next friday" is in the week that begins
    on the next Monday), next week (its Monday), next month, next year (their first
    day), in 3 days, in two weeks, in a month, the end of the month, of next month, of
    the year, the 15th, 3 dec, 3rd of December 2027, dec 3, 3.12., 3.12.2026 and
    2026-12-03. A day without a year is the next one to come; a day with its year may
    be past. Three letters are a weekday only at the end, or after "on", "by", "next".
    Of several days, the last one counts. Never raises.
    """
    line = " ".join(line.split())
    last: tuple[re.Match[str], _Rule] | None = None
    for pattern, rule in _RULES:
        for match in pattern.finditer(line):
            if last is None or _further(match, last[0]):
                last = match, rule
    if last is None:
        return Reading(line)
    match, rule = last
    words = match[0].strip(" ,")
    try:
        day = rule(match, today)
    except (ValueError, OverflowError):
        return Reading(line, None, words, f"There is no such day as “{words}”.")
    if abs(day.year - today.year) > _MOST_YEARS:
        problem = f"“{words}” is further away than anybody can promise."
        return Reading(line, None, words, problem)
    rest = f"{line[: match.start()].rstrip(_EDGE)} {line[match.end() :].lstrip(_EDGE)}"
    return Reading(rest.strip(_EDGE), day, words)


_Rule = Callable[[re.Match[str], date], date]


def _further(match: re.Match[str], other: re.Match[str]) -> bool:
    """Ends later; of two that end together the longer: "in 3 days"."""
    return (match.end(), -match.start()) > (other.end(), -other.start())


def _weekday(match: re.Match[str], today: date) -> date:
    number = [name[:3] for name in _DAYS].index(match["day"][:3].lower())
    which = (match["which"] or "").lower()
    if which == "next":
        return _monday_after(today) + timedelta(number)
    ahead = (number - today.weekday()) % 7
    return today + timedelta(ahead or (0 if which == "this" else 7))


def _monday_after(day: date) -> date:
    return day + timedelta(7 - day.weekday())


def _next(match: re.Match[str], today: date) -> date:
    unit = match["unit"].lower()
    if unit == "week":
        return _monday_after(today)
    if unit == "month":
        return today.replace(day=1) + relativedelta(months=1)
    return date(today.year + 1, 1, 1)


def _in(match: re.Match[str], today: date) -> date:
    said = match["count"].lower()
    count = _COUNTS.get(said) or int(said)
    if count > 100_000:
        raise OverflowError
    unit = match["unit"].lower()
    return today + relativedelta(**{f"{unit}s": count})


def _end(match: re.Match[str], today: date) -> date:
    if match["unit"].lower() == "year":
        return date(today.year, 12, 31)
    months = 2 if match["which"] else 1
    return today.replace(day=1) + relativedelta(months=months) - timedelta(1)


def _of_month(match: re.Match[str], today: date) -> date:
    """ "the 15th": of this month or the next that has one."""
    number = int(match["number"])
    if not 1 <= number <= 31:
        raise ValueError
    first = today.replace(day=1)
    while True:
        last = first + relativedelta(months=1) - timedelta(1)
        if number <= last.day and first.replace(day=number) >= today:
            return first.replace(day=number)
        first += relativedelta(months=1)


def _named(match: re.Match[str], today: date) -> date:
    short = [name[:3].lower() for name in MONTHS]
    month = short.index(match["month"][:3].lower()) + 1
    return _day(match["year"], month, int(match["number"]), today)


def _dotted(match: re.Match[str], today: date) -> date:
    return _day(match["year"], int(match["month"]), int(match["number"]), today)


def _day(year: str | None, month: int, number: int, today: date) -> date:
    if year:
        return date(int(year), month, number)
    date(2000, month, number)  # There is such a day, if only in leap years.
    for ahead in range(9):
        try:
            day = date(today.year + ahead, month, number)
        except ValueError:
            continue
        if day >= today:
            return day
    raise ValueError


def _after(days: int) -> _Rule:
    return lambda match, today: today + timedelta(days)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(rf"{_LEAD}(?<!\w){text}(?!\w)", re.I)


_COUNT = "|".join(sorted(_COUNTS, key=len, reverse=True))
_FULL = "|".join(_DAYS)
_SHORT = "|".join([*(name[:3] for name in _DAYS), "tues", "thur", "thurs"])
_RULES: list[tuple[re.Pattern[str], _Rule]] = [
    (_pattern(r"(?:today|tonight)"), _after(0)),
    (_pattern("tomorrow"), _after(1)),
    (_pattern("(?:the )?day after tomorrow"), _after(2)),
    (_pattern("yesterday"), _after(-1)),
    (_pattern(rf"(?:(?P<which>next|this|coming)\s+)?(?P<day>{_FULL})"), _weekday),
    (
        re.compile(
            rf"\b(?:by|on|until|till|before|due)\s+(?P<which>)(?P<day>{_SHORT})\b", re.I
        ),
        _weekday,
    ),
    (_pattern(rf"(?P<which>next|this)\s+(?P<day>{_SHORT})"), _weekday),
    (re.compile(rf"\s(?P<which>)(?P<day>{_SHORT})$", re.I), _weekday),
    (_pattern(r"next (?P<unit>week|month|year)"), _next),
    (
        _pattern(rf"in (?P<count>\d{{1,12}}|{_COUNT}) (?P<unit>day|week|month|year)s?"),
        _in,
    ),
    (
        _pattern(
            r"(?:at )?(?:the )?end of (?:the |this )?(?P<which>next )?"
            r"(?P<unit>month|year)"
        ),
        _end,
    ),
    (_pattern(r"the (?P<number>\d{1,2})(?:st|nd|rd|th)"), _of_month),
    (
        _pattern(
            rf"(?:the )?(?P<number>\d{{1,2}})(?:st|nd|rd|th)?\.?\s+(?:of\s+)?"
            rf"(?P<month>{_MONTH})\.?{_YEAR}"
        ),
        _named,
    ),
    (
        _pattern(
            rf"(?P<month>{_MONTH})\.?\s+(?P<number>\d{{1,2}})(?:st|nd|rd|th)?{_YEAR}"
        ),
        _named,
    ),
    (_pattern(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<number>\d{2})"), _dotted),
    (_pattern(r"(?P<number>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})?"), _dotted),
]
