"""Bars drawn on the server: an SVG whose words stay readable at any width.

Drawn by templates/components/chart.html. Bars are as wide as their share of the
widest; words are not scaled with them.
"""

from dataclasses import dataclass
from unicodedata import east_asian_width

ROW = 46
# In columns: a letter takes one, a Chinese sign two.
LONGEST_LABEL = 30


@dataclass(frozen=True, slots=True)
class Part:
    value: int
    # What it is coloured by: tone-online, tone-person, tone-intro, tone-good.
    tone: str
    is_solid: bool = True


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    words: str
    parts: list[Part]

    @property
    def total(self) -> int:
        return sum(part.value for part in self.parts)

    @property
    def short_label(self) -> str:
        return shortened(self.label, LONGEST_LABEL)


@dataclass(frozen=True, slots=True)
class Chart:
    """`id` is unique on its page; `description` says in a sentence what is drawn."""

    id: str
    title: str
    description: str
    bars: list[Bar]
    # What the solid and the pale part of a bar are.
    legend: tuple[str, ...] = ()

    @property
    def height(self) -> int:
        return ROW * len(self.bars)

    @property
    def drawn(self) -> list[dict[str, object]]:
        """Each bar with where it stands; widths in percent, heights in pixels."""
        widest = max((bar.total for bar in self.bars), default=0) or 1
        rows = []
        for place, bar in enumerate(self.bars):
            at, parts = 0.0, []
            for part in bar.parts:
                width = part.value / widest * 100
                if part.value:
                    kind = "solid" if part.is_solid else "pale"
                    parts.append(
                        {
                            "x": f"{at:.2f}%",
                            "width": f"{width:.2f}%",
                            "looks": f"{kind} tone-{part.tone}",
                        }
                    )
                at += width
            top = place * ROW
            rows.append({"bar": bar, "text": top + 16, "y": top + 24, "parts": parts})
        return rows


def shortened(text: str, columns: int) -> str:
    """As much of it as fits, and an ellipsis when that is not all."""
    room = columns
    for place, char in enumerate(text):
        room -= 2 if east_asian_width(char) in "WF" else 1
        if room < 0:
            return f"{text[: max(0, place - 1)].rstrip()}…"
    return text
