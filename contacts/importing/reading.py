"""One vCard on its way to a record."""

from collections.abc import Callable

from contacts.importing.cards import Header
from contacts.importing.records import Record


class Reading:
    """What is gathered while the properties of a card are gone through."""

    __slots__ = ("formatted", "groups", "kind", "labels", "n", "record", "version")

    def __init__(self, line: int) -> None:
        self.record = Record(line)
        self.version = ""
        self.kind = ""
        self.n: list[str] = []
        self.formatted: list[tuple[bool, str]] = []
        # The words of `item1.X-ABLabel`, by group.
        self.groups: dict[str, str] = {}
        self.labels: list[tuple[Header, str]] = []


# Takes one property with its value decoded; False when the line must be kept in
# `extra`, because there is no field for it or not for all of it.
Handler = Callable[[Reading, Header, str], bool]
