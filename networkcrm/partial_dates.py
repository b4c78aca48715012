"""Dates that people only half remember: a year, a month of a year, a day,
or a month and day with no year. Never an invented day.

Stored as the ISO 8601 forms that vCard uses (RFC 6350 section 4.3.1, extended
where there is a year): "2026", "2026-11", "2026-11-09", "--11-09". As text the
forms with a year sort by date, the vaguer before the more exact.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.timezone import localdate

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_MONTH_NUMBERS = {
    name: number
    for number, full in enumerate(MONTHS, 1)
    for name in {full.lower(), full[:3].lower()}
} | {"sept": 9}
_WEEKDAYS = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
_WEEKDAY_NUMBERS = {
    name: number for number, full in enumerate(_WEEKDAYS) for name in (full, full[:3])
}
_DAYS_FROM_TODAY = {"today": 0, "yesterday": -1, "tomorrow": 1}
# There is no year 0: Python has no day in it.
PATTERN = r"^(?!0000)(\d{4}(-\d{2}(-\d{2})?)?|--\d{2}-\d{2})$"
WITH_YEAR_PATTERN = r"^(?!0000)\d{4}(-\d{2}(-\d{2})?)?$"
HINT = "For example 2019, May 2019, 3 May 2019 or, if you do not know the year, 3 May."
HINT_LATELY = "For example yesterday, Monday, 3 May 2019, May 2019 or 2019."


@dataclass(frozen=True, slots=True)
class PartialDate:
    """Raises ValueError unless it is year, year+month, year+month+day or month+day."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.day is not None and self.month is None:
            raise ValueError("A day needs its month.")
        if self.year is None and (self.month is None or self.day is None):
            raise ValueError("Without a year, both month and day are needed.")
        # 2000 is a leap year: 29 February may stand without a year.
        year = 2000 if self.year is None else self.year
        month = 1 if self.month is None else self.month
        try:
            date(year, month, 1 if self.day is None else self.day)
        except ValueError as error:
            raise ValueError("There is no such date.") from error

    @classmethod
    def from_iso(cls, text: str) -> "PartialDate":
        """Read the stored form. Raises ValueError."""
        if not re.match(PATTERN, text):
            raise ValueError(f"{text!r} is not a partial date.")
        if text.startswith("--"):
            return cls(None, int(text[2:4]), int(text[5:7]))
        return cls(*(int(part) for part in text.split("-")))

    @classmethod
    def of(cls, day: date) -> "PartialDate":
        return cls(day.year, day.month, day.day)

    def __str__(self) -> str:
        """The stored form."""
        if self.year is None:
            return f"--{self.month:02}-{self.day:02}"
        return "-".join(
            f"{part:0{width}}"
            for part, width in ((self.year, 4), (self.month, 2), (self.day, 2))
            if part is not None
        )

    @property
    def words(self) -> str:
        """As a person writes it: "3 May 2019", "May 2019", "2019", "3 May"."""
        month = MONTHS[self.month - 1][:3] if self.month else None
        return " ".join(str(part) for part in (self.day, month, self.year) if part)


def parse(text: str, today: date | None = None) -> PartialDate:
    """Read what a person types. Raises ValueError when it cannot be understood.

    Understands 2019 · 2019-05 · 2019-05-03 · --05-03 · 3 May 2019 · May 3, 2019 ·
    May 2019 · 3 May · May 3, and counted from `today`, where that is given:
    today · yesterday · tomorrow · Monday (the latest, which may be today) · last
    Monday (before today). Slashes and dots are refused where day and month could
    be swapped.
    """
    words = re.findall(r"\d+|[^\W\d_]+|--", text.lower())
    if today and (day := _counted_from(today, words)):
        return PartialDate.of(day)
    compact = text.strip()
    if re.match(PATTERN, compact):
        return PartialDate.from_iso(compact)
    if re.match(r"^\d{4}-\d{1,2}(-\d{1,2})?$", compact):
        return PartialDate(*(int(part) for part in compact.split("-")))
    if match := re.match(r"^(\d{1,2})[./](\d{1,2})[./](\d{4})$", compact):
        first, second, year = map(int, match.groups())
        if first > 12 or first == second or "." in compact:
            return PartialDate(year, second, first)
        if second > 12:
            return PartialDate(year, first, second)
        raise ValueError("Is that day first or month first? Write the month as a word.")
    month = [_MONTH_NUMBERS[word] for word in words if word in _MONTH_NUMBERS]
    numbers = [re.sub(r"\D", "", word) for word in words if word[0].isdigit()]
    rest = [
        word
        for word in words
        if not word[0].isdigit()
        and word not in _MONTH_NUMBERS
        and word not in {"st", "nd", "rd", "th", "of", "the"}
    ]
    if rest or len(month) != 1:
        raise ValueError("This is not a date we understand.")
    years = [int(number) for number in numbers if len(number) == 4]
    days = [int(number) for number in numbers if len(number) <= 2]
    if len(years) + len(days) != len(numbers) or len(years) > 1 or len(days) > 1:
        raise ValueError("This is not a date we understand.")
    return PartialDate(years[0] if years else None, month[0], days[0] if days else None)


def _counted_from(today: date, words: list[str]) -> date | None:
    match words:
        case [word] if word in _DAYS_FROM_TODAY:
            return today + timedelta(days=_DAYS_FROM_TODAY[word])
        case [word] if word in _WEEKDAY_NUMBERS:
            back = (today.weekday() - _WEEKDAY_NUMBERS[word]) % 7
            return today - timedelta(days=back)
        case ["last", word] if word in _WEEKDAY_NUMBERS:
            back = (today.weekday() - _WEEKDAY_NUMBERS[word]) % 7
            return today - timedelta(days=back or 7)
    return None


if TYPE_CHECKING:
    _Column = models.CharField[PartialDate | date | str | None, PartialDate | None]
else:
    _Column = models.CharField


class PartialDateField(_Column):
    """A PartialDate or None in Python, ten characters of text or NULL in the table."""

    description = "A date that may lack its day, its month or its year"

    def __init__(self, *args: Any, year_required: bool = False, **kwargs: Any) -> None:
        self.year_required = year_required
        kwargs.update(max_length=10, null=True, blank=True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        for key in ("max_length", "null", "blank"):
            del kwargs[key]
        if self.year_required:
            kwargs["year_required"] = True
        return name, path, args, kwargs

    def from_db_value(self, value: str | None, *args: Any) -> PartialDate | None:
        return PartialDate.from_iso(value) if value else None

    def to_python(self, value: Any) -> PartialDate | None:
        if value in (None, ""):
            return None
        if isinstance(value, PartialDate):
            return value
        if isinstance(value, date):
            return PartialDate.of(value)
        try:
            return PartialDate.from_iso(str(value))
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def run_validators(self, value: Any) -> None:
        """A PartialDate is right by construction; CharField would ask its length."""

    def get_prep_value(self, value: Any) -> str | None:
        value = self.to_python(value)
        return str(value) if value else None

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj)) or ""

    @property
    def _hint(self) -> str:
        return HINT_LATELY if self.year_required else HINT

    def formfield(self, **kwargs: Any) -> forms.Field:
        kwargs.pop("max_length", None)
        return PartialDateFormField(
            required=False,
            label=kwargs.get("label", self.verbose_name.capitalize()),
            help_text=kwargs.get("help_text", self.help_text or self._hint),
            year_required=self.year_required,
        )


def partial_date_check(
    field: str, name: str, *, year_required: bool = False
) -> models.CheckConstraint:
    """The check that keeps anything but a partial date out of this column."""
    pattern = WITH_YEAR_PATTERN if year_required else PATTERN
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__regex": pattern}), name=name
    )


class PartialDateFormField(forms.CharField):
    """Cleans to a PartialDate or None; "yesterday" is that of the active time zone."""

    def __init__(self, *, year_required: bool = False, **kwargs: Any) -> None:
        self.year_required = year_required
        super().__init__(**kwargs)

    def run_validators(self, value: Any) -> None:
        """What could be parsed is right; CharField would ask its length."""

    def prepare_value(self, value: Any) -> Any:
        return value.words if isinstance(value, PartialDate) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, PartialDate):
            return value
        text = super().to_python(value)
        if not text:
            return None
        if len(text) > 40:
            raise ValidationError(self._with_hint("This is too long for a date."))
        try:
            parsed = parse(text, today=localdate())
        except (ValueError, OverflowError) as error:
            raise ValidationError(self._with_hint(str(error))) from error
        if self.year_required and parsed.year is None:
            raise ValidationError("Please add the year, even if only roughly.")
        return parsed

    def _with_hint(self, sentence: str) -> str:
        """Where a help text stands below the field, that is the hint."""
        return sentence if self.help_text else f"{sentence} {HINT}"

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True
