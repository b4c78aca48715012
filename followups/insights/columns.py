"""A column for each stretch of time: people met stand up, people helped hang down.

Drawn by templates/followups/parts/insight_columns.html. Widths are in percent, heights
in pixels, so that no word is stretched.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

HALF, GAP = 76, 22


class Counted(Protocol):
    """A week, a month."""

    @property
    def label(self) -> str: ...
    @property
    def met(self) -> int: ...
    @property
    def helped(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Columns:
    title: str
    counts: Sequence[Counted]
    # What stands below which of them.
    marks: Sequence[tuple[int, str]]

    height = 2 * HALF + GAP
    words_y = HALF + 16

    @property
    def most(self) -> int:
        return max((max(one.met, one.helped) for one in self.counts), default=0) or 1

    @property
    def drawn(self) -> list[dict[str, Any]]:
        step = 100 / len(self.counts)
        return [
            {
                "x": f"{place * step + step * 0.12:.2f}%",
                "width": f"{step * 0.76:.2f}%",
                "up": (up := self._pixels(one.met)),
                "up_y": HALF - up,
                "down": self._pixels(one.helped),
                "down_y": HALF + GAP,
                "one": one,
            }
            for place, one in enumerate(self.counts)
        ]

    @property
    def words(self) -> list[dict[str, str]]:
        step = 100 / len(self.counts)
        return [
            {"x": f"{place * step + step * 0.12:.2f}%", "label": label}
            for place, label in self.marks
        ]

    def _pixels(self, count: int) -> int:
        return max(3, round(count / self.most * HALF)) if count else 0
