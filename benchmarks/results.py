"""The last results in README.md: a section for each kind of run, between two marks."""

import os
import re
import sys
import time
from pathlib import Path

from django.db import connection

README = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- results -->", "<!-- end of results -->"
_HEADING = re.compile(r"^### (.+)\n", re.M)

# The text below each heading.
Sections = dict[str, str]


def about() -> str:
    """When, on what, and how busy it was with other things."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0].split()[0]
    python = ".".join(map(str, sys.version_info[:3]))
    return (
        f"{time.strftime('%d %B %Y')}, {os.cpu_count()} cores with a load of"
        f" {os.getloadavg()[0]:.1f} at the start, Python {python},"
        f" PostgreSQL {version}."
    )


def shown(sections: Sections) -> str:
    return "\n\n".join(f"### {name}\n\n{text}" for name, text in sections.items())


def put(sections: Sections, readme: Path = README) -> None:
    """These sections into the file, instead of those of the same name."""
    before, _mark, rest = readme.read_text().partition(BEGIN)
    old, _mark, after = rest.partition(END)
    kept = parsed(old) | sections
    ordered = {name: kept[name] for name in sorted(kept, key=_place)}
    readme.write_text(f"{before}{BEGIN}\n\n{shown(ordered)}\n\n{END}{after}")


def parsed(text: str) -> Sections:
    _before, *rest = _HEADING.split(text)
    names, texts = rest[::2], rest[1::2]
    return {name: text.strip() for name, text in zip(names, texts, strict=True)}


def _place(name: str) -> tuple[int, int]:
    """Sizes first, the small ones before the large, the others as they came."""
    size = re.fullmatch(r"([\d,]+) contacts", name)
    return (0, int(size[1].replace(",", ""))) if size else (1, 0)
