"""Codes for a camera: the card itself, which needs no signal, or the link to it."""

from dataclasses import dataclass

import segno
from django.utils.safestring import SafeString, mark_safe

from events.cards.showing import Shown
from events.cards.vcards import text_of

# Version 13 at the lowest correction, 69 modules: each is 4 pixels on a small phone.
MOST_OCTETS = 425
LONGEST_NAME = 40
# The first ways to reach me count more than where I live and work.
FIRST_WAYS = 2
LEAST_IMPORTANT = ("pronouns", "region", "country", "city", "job_title", "organization")


@dataclass(frozen=True, slots=True)
class Code:
    svg: SafeString
    text: str
    # What had no room, in words.
    left_out: list[str]


def code_of_card(shown: Shown) -> Code:
    """The vCard itself, with as much of it as scans well."""
    left_out = []
    ways = len(shown.methods)
    more, first = max(ways - FIRST_WAYS, 0), min(ways, FIRST_WAYS)
    steps = ("headline", *["methods"] * more, *LEAST_IMPORTANT, *["methods"] * first)
    for step in steps:
        if _fits(shown):
            break
        if step == "methods":
            left_out.append(shown.methods[-1].value[:40])
        elif getattr(shown, step):
            left_out.append(step.replace("_", " "))
        shown = shown.without(step)
    if not _fits(shown):
        shown = Shown(name=f"{shown.name[:LONGEST_NAME]}…")
        left_out.append("the end of your name")
    text = text_of(shown, folded=False)
    return Code(svg_of(text), text, left_out)


def _fits(shown: Shown) -> bool:
    return len(text_of(shown, folded=False).encode()) <= MOST_OCTETS


def svg_of(text: str) -> SafeString:
    """Dark on white, whatever the colours of the page: a camera wants it so."""
    code = segno.make(text, encoding="utf-8", error="l", micro=False)
    return mark_safe(
        code.svg_inline(
            omitsize=True,
            dark="#000",
            light="#fff",
            border=4,
            svgclass=None,
            lineclass=None,
        )
    )
