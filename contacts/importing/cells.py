"""The cells of one line of a table on their way to a person."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from contacts.importing.days import date_in, is_empty
from contacts.importing.lines import clean
from contacts.importing.records import PROPERTIES, Record, escaped
from networkcrm.partial_dates import PartialDate
from networkcrm.text import fold


@dataclass(slots=True)
class Line:
    """What its cells hold, by field, and the person they make."""

    record: Record
    day_first: bool | None
    # (label, value) by field, in the order of the columns.
    cells: dict[str, list[tuple[str, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def of(self, name: str) -> list[tuple[str, str]]:
        return self.cells.get(name, [])

    def keep(self, label: str, value: str) -> None:
        """With the contact, for what has no field."""
        label = re.sub(r'["\s]+', " ", label).strip()[:200]
        head = f'X-COLUMN;X-ABLABEL="{label}"' if label else "X-COLUMN"
        self.record.extra.append(f"{head}:{escaped(value)}")

    def keep_aside(self, label: str, value: str, why: str) -> None:
        self.record.notes.append(f"“{value[:80]}” {why}; it is kept aside.")
        self.keep(label, value)

    def first(self, name: str) -> str:
        """The first of this field; others that differ are kept."""
        values = [value for _label, value in self.of(name)]
        if len(values) < 2:
            return values[0] if values else ""
        for other in dict.fromkeys(values[1:]):
            if fold(other) != fold(values[0]):
                what = PROPERTIES.get(name, f"X-{name}".upper().replace("_", "-"))
                self.record.extra.append(f"{what}:{escaped(other)}")
        return values[0]

    def date(self, label: str, value: str) -> PartialDate | None:
        if is_empty(value):
            return None
        found = date_in(value, self.day_first)
        if found is None:
            self.keep_aside(label, value, "is no date we understand")
        return found


def plain(value: str) -> str:
    """Without what spreadsheets put around a text: ="0049", '+49."""
    value = clean(value)
    if value[:2] == '="' and value[-1:] == '"':
        value = value[2:-1].strip()
    return value[1:] if re.match(r"'[+=@-]|'\d", value) else value
