"""What the columns of a table are, as its owner says it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from contacts.importing.columns import NOBODY_NAMED, Columns, day_first_in
from contacts.importing.days import date_in
from contacts.importing.fields import FIELDS, GROUPS, LEAVE_OUT
from contacts.importing.plain import Look
from contacts.importing.records import Record, Unread
from contacts.importing.telling import facts_of

# By what stands in the address of the page.
SEPARATORS = {
    "comma": (",", "commas"),
    "semicolon": (";", "semicolons"),
    "tab": ("\t", "tabs"),
    "bar": ("|", "vertical bars"),
    "none": ("", "nothing, it is one column"),
}
PEOPLE_SHOWN = 3
SAMPLES_SHOWN = 3


class TableForm(forms.Form):
    """How the table is written, where that was taken wrongly."""

    separator = forms.ChoiceField(
        label="Separated by",
        choices=[(key, title) for key, (_mark, title) in SEPARATORS.items()],
    )
    no_header = forms.BooleanField(
        label="The first line is a person already", required=False
    )

    @classmethod
    def of(cls, columns: Columns) -> "TableForm":
        found = {mark: key for key, (mark, _title) in SEPARATORS.items()}
        return cls(
            initial={
                "separator": found.get(columns.delimiter, "comma"),
                "no_header": not columns.has_header,
            }
        )

    @property
    def said(self) -> tuple[str | None, bool | None]:
        """The separator and whether there is a header, None for what nobody said."""
        if not self.is_bound or not self.is_valid():
            return None, None
        delimiter = SEPARATORS[self.cleaned_data["separator"]][0]
        return delimiter, not self.cleaned_data["no_header"]


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    header: str
    number: int
    samples: list[str]
    field: str

    @property
    def title(self) -> str:
        return self.header or f"Column {self.number}"

    @property
    def options(self) -> SafeString:
        """Drawn once for all columns: sixty options, a hundred times, take long."""
        key = f'value="{self.field}"'
        return mark_safe(_options().replace(key, f"{key} selected", 1))


@cache
def _options() -> str:
    option = '<option value="{}">{}</option>'
    groups = [
        format_html('<optgroup label="{}">', group)
        + "".join(format_html(option, key, title) for key, title in fields.items())
        + "</optgroup>"
        for group, fields in GROUPS.items()
    ]
    return "".join([format_html(option, LEAVE_OUT, "leave it out"), *groups])


class ColumnsForm(forms.Form):
    """`columns` is what is said so far, whole or not, over what was guessed."""

    dates = forms.ChoiceField(
        choices=[("day", ""), ("month", "")],
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(
        self, data: Mapping[str, Any] | None, look: Look, guess: Columns, region: str
    ) -> None:
        super().__init__(data)
        self.look = look
        fields = [self._said(i, name) for i, name in enumerate(guess.fields)]
        self.date = look.ambiguous_date(fields)
        found = look.day_first(fields)
        if found is None and self.date:
            found = guess.day_first
            found = day_first_in(region) if found is None else found
            if "dates" in self.data:
                found = {"day": True, "month": False}.get(self.data["dates"])
        self.columns = replace(guess, fields=fields, day_first=found)
        choice: Any = self.fields["dates"]
        choice.label = f"Which day is {self.date}?"
        choice.choices = [
            (key, date.words)
            for key, order in (("day", True), ("month", False))
            if (date := date_in(self.date, order))
        ]
        self.initial["dates"] = {True: "day", False: "month"}.get(found)  # type: ignore[arg-type]

    def _said(self, index: int, guess: str) -> str:
        value = self.data.get(f"column_{index}")
        return value if value in FIELDS or value == LEAVE_OUT else guess

    def clean(self) -> dict[str, Any]:
        if self.missing:
            self.add_error(None, self.missing)
        if self.date and self.columns.day_first is None:
            self.add_error("dates", "Say which of the two it is.")
        return self.cleaned_data

    @property
    def missing(self) -> str:
        return "" if self.columns.names_somebody else NOBODY_NAMED

    @property
    def rows(self) -> list[Column]:
        return [
            Column(
                f"column_{index}",
                self.columns.header[index],
                index + 1,
                list(dict.fromkeys(self.look.values[index]))[:SAMPLES_SHOWN],
                name,
            )
            for index, name in enumerate(self.columns.fields)
        ]

    @property
    def people(self) -> list[dict[str, Any]]:
        """The first of them as they would come in."""
        return [_shown(one) for one in self.look.people(self.columns, PEOPLE_SHOWN)]


def _shown(one: Record | Unread) -> dict[str, Any]:
    if isinstance(one, Unread):
        return {"line": one.line, "name": "", "notes": [one.reason], "facts": []}
    facts = [(what, said) for what, said in facts_of(one) if said != one.full_name]
    return {
        "line": one.line, "name": one.full_name, "notes": one.notes, "facts": facts
    }  # fmt: skip
