"""The slowest statements of each page with the plan they were run by, as files.

One file for each page, by its name, so that a change of a plan is a change of a line;
what a page's statements take at all is in README.md. Statements below SHORTEST are
left out, and so are pages that have no other.
"""

import re
import time
from collections.abc import Iterable
from pathlib import Path
from textwrap import dedent
from typing import Any

from django.db import connection

from benchmarks.accounts import browser
from benchmarks.asked import asked, asked_too
from benchmarks.cold import forget
from benchmarks.inside import get, reads, statements_of
from benchmarks.progress import say

FOLDER = Path(__file__).parent / "plans" / "pages"
SHORTEST = 5.0
MOST = 2
# Both as Postgres writes them and as psycopg does.
_UUID = re.compile(r"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}")
# Values beyond the third of a list.
_LONG_LIST = re.compile(r"((?:'[^']*'(?:::\w+)?, ){3})(?:'[^']*'(?:::\w+)?(?:, )?){2,}")
_CLAUSES = re.compile(
    r" (FROM|(?:LEFT OUTER |INNER |CROSS )?JOIN|WHERE|GROUP BY|HAVING|ORDER BY|LIMIT"
    r"|UNION ALL|UNION) "
)


def write_plans(owner: Any, names: Iterable[str]) -> None:
    """Of the pages with these names; files of pages that are no more are removed."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    pages = asked(owner) | asked_too(owner)
    for file in FOLDER.glob("*.txt"):
        if file.stem not in map(file_name, pages):
            file.unlink()
    size = f"{owner.contacts.count():,} contacts"
    for name in names:
        slowest = _slowest(sent_at_first(owner, pages[name][0]))
        file = FOLDER / f"{file_name(name)}.txt"
        if slowest:
            told = "\n\n".join(_told(owner, statement) for statement in slowest)
            file.write_text(f"{name}, {size}\n\n{told}\n")
            say(f"{file.name}: {len(slowest)} statements")
        else:
            file.unlink(missing_ok=True)


def sent_at_first(owner: Any, path: str) -> list[str]:
    """What a page reads when nothing is kept of earlier visits: with all it counts."""
    client = browser(owner)
    get(client, path)
    forget(owner)
    return reads(statements_of(client, path))


def file_name(page: str) -> str:
    return re.sub(r"[^a-z]+", "-", page.lower()).strip("-")


def _slowest(statements: list[str]) -> list[str]:
    """The first time fills what is cold."""
    took = {}
    for statement in statements:
        _seconds(statement)
        took[statement] = min(_seconds(statement) for _turn in range(3)) * 1000
    found = sorted(took, key=lambda statement: -took[statement])
    return [statement for statement in found[:MOST] if took[statement] >= SHORTEST]


def _seconds(statement: str) -> float:
    with connection.cursor() as cursor:
        start = time.perf_counter()
        cursor.execute(statement, None)
        cursor.fetchall()
        return time.perf_counter() - start


def _told(owner: Any, statement: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {statement}", None)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    if "\n" not in statement:
        statement = _CLAUSES.sub(r"\n\1 ", statement)
    return plain(owner, f"{dedent(statement).strip()}\n\n{plan}")


def plain(owner: Any, text: str) -> str:
    """With names for ids, which are others in every database, and without the tails
    of long lists."""
    for own in (str(owner.pk), owner.pk.hex):
        text = text.replace(own, "<owner>")
    text = _UUID.sub("<id>", text)
    text = re.sub(r"(<id>,){3}(<id>,?)+", "<id>,<id>,<id>,…", text)
    return _LONG_LIST.sub(r"\1…", text)
