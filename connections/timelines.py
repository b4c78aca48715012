"""What happened with a contact or at an event, newest first, page by page."""

from dataclasses import dataclass
from typing import Any

from connections.models import Interaction, InteractionQuerySet, Origin

PER_PAGE = 20
ONLY = {"in_person": "In person", "online": "Online"}


@dataclass(frozen=True, slots=True)
class Timeline:
    """One page. `origin` stands at the end of the last one."""

    url: str
    only: str
    number: int
    interactions: list[Interaction]
    origin: Origin | None
    has_more: bool

    @property
    def choices(self) -> list[dict[str, Any]]:
        """The filters: all, in person, online, with their addresses."""
        return [
            {"label": label, "query": query, "is_current": only == self.only}
            for only, label, query in (
                ("", "All", self.url),
                *((only, ONLY[only], f"{self.url}?only={only}") for only in ONLY),
            )
        ]

    @property
    def earlier(self) -> str:
        only = f"only={self.only}&" if self.only else ""
        return f"{self.url}?{only}page={self.number + 1}"

    @property
    def later(self) -> str:
        only = f"only={self.only}&" if self.only else ""
        return f"{self.url}?{only}page={self.number - 1}" if self.number > 1 else ""

    @property
    def is_empty(self) -> bool:
        return not self.interactions and not self.origin


def timeline(
    interactions: InteractionQuerySet,
    origin: Origin | None,
    url: str,
    only: str = "",
    page: str | None = "1",
) -> Timeline:
    """One page of these interactions. Four queries, whatever their number.

    `only` is "in_person", "online" or "" for both; `page` is what an address says.
    """
    number = int(page) if page and page.isdecimal() and len(page) < 7 else 1
    number = max(number, 1)
    if only in ONLY:
        interactions = getattr(interactions, only)()
    else:
        only = ""
    start = (number - 1) * PER_PAGE
    shown = interactions.with_people().latest_first()[start : start + PER_PAGE + 1]
    rows = list(shown)
    has_more = len(rows) > PER_PAGE
    fits = origin and only in ("", "in_person" if origin.in_person else "online")
    last = origin if fits and not has_more else None
    return Timeline(url, only, number, rows[:PER_PAGE], last, has_more)
