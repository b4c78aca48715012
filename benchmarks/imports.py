"""Files brought in: read and written, beside the reader alone and the bare lines."""

import csv
import io
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management import call_command

from benchmarks.pages import rule
from benchmarks.progress import say

HEAD = (
    "| file | of | brought in /s | reader alone /s | its lines alone /s"
    " | reader ÷ ours | lines ÷ ours |"
)
CARD = """BEGIN:VCARD
VERSION:3.0
FN:Tester {name}
N:{name};Tester;;;
EMAIL;TYPE=INTERNET:tester{n}@example.org
TEL;TYPE=CELL:+1 415 555 {phone:04}
ORG:Company {company}
TITLE:Tester
END:VCARD
"""
LINE = (
    "Tester,{name},https://www.linkedin.com/in/tester-{n},tester{n}@example.org,"
    "Company {company},Tester,{day:02} Nov 2025\n"
)
LINKEDIN = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"


def cards(count: int) -> str:
    """An e-mail address, a phone, an organization and a title each."""
    return "".join(CARD.format(**_person(n)) for n in range(count))


def connections(count: int) -> str:
    """As LinkedIn writes down whom one is connected with."""
    return LINKEDIN + "".join(LINE.format(**_person(n)) for n in range(count))


def _person(n: int) -> dict[str, Any]:
    name = "".join(chr(97 + int(digit)) for digit in str(n)).capitalize()
    return {
        "n": n,
        "name": name,
        "phone": n % 10_000,
        "company": n % 50,
        "day": n % 28 + 1,
    }


def imports(count: int) -> list[str]:
    """Each kind of file, into an account that has nobody yet."""
    lines = [HEAD, rule(HEAD)]
    for name, text, split in (
        ("plain vCard", cards(count), str.splitlines),
        ("LinkedIn's Connections.csv", connections(count), _rows),
    ):
        lines.append(_row(name, text, count, split))
        say(lines[-1])
    return lines


def _rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def _row(name: str, text: str, count: int, split: Callable[[str], Any]) -> str:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / ("people.vcf" if "vCard" in name else "Connections.csv")
        file.write_text(text)
        ours = _brought_in(file)
        read = min(_read(file) for _turn in range(3))
        bare = min(_split(file, split) for _turn in range(3))
    return (
        f"| {name} | {count:,} | {count / ours:,.0f} | {count / read:,.0f}"
        f" | {count / bare:,.0f} | {ours / read:.1f} | {ours / bare:.0f} |"
    )


def _brought_in(file: Path) -> float:
    """Seconds from the file to all rows in the database, by the command."""
    from networkcrm.models import User

    owner = User.objects.create_user(f"import-{time.time_ns()}@example.org")
    try:
        start = time.perf_counter()
        out = io.StringIO()
        call_command("import_contacts", str(file), owner=owner.email, stdout=out)
        return time.perf_counter() - start
    finally:
        owner.delete()


def _read(file: Path) -> float:
    """Seconds from the file to records, and nothing else."""
    from contacts.importing.readers import reader_for

    start = time.perf_counter()
    with file.open("rb") as opened:
        reader = reader_for(opened, file.stat().st_size, "auto")
        for _record in reader.read(opened):
            pass
    return time.perf_counter() - start


def _split(file: Path, split: Callable[[str], Any]) -> float:
    start = time.perf_counter()
    split(file.read_text())
    return time.perf_counter() - start
