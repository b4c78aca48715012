"""uv run python -m benchmarks: how fast, and how much slower than doing nothing.

See README.md beside this file for what is measured and how.
"""

import argparse
import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

README = Path(__file__).parent / "README.md"
MARK = "<!-- results -->"
SEED = 1
READS = ("SELECT", "WITH")


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--contacts", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--seconds", type=float, default=3, help="per page and round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cards", type=int, default=5000, help="to import")
    parser.add_argument(
        "--ways",
        type=int,
        nargs="*",
        default=[10_000],
        help="people to find ways among",
    )
    parser.add_argument("--write", action="store_true", help="put it in README.md")
    options = parser.parse_args(arguments)
    with contextlib.ExitStack() as stack:
        if "NETWORKCRM_HOME" not in os.environ:
            home = stack.enter_context(tempfile.TemporaryDirectory(prefix="nc-bench-"))
            os.environ["NETWORKCRM_HOME"] = home
        os.environ["DJANGO_SETTINGS_MODULE"] = "networkcrm.settings"
        import django

        django.setup()
        from networkcrm import database
        from networkcrm.management.commands.up import collect_static

        collect_static()
        stack.enter_context(database.ready())
        database.migrate()
        report = measure(options)
    print(report)
    if options.write:
        before = README.read_text().partition(MARK)[0]
        README.write_text(f"{before}{MARK}\n\n{report}\n")


def measure(options: Any) -> str:
    lines = [about()]
    with (
        served("networkcrm.settings") as app,
        served("benchmarks.floor_settings") as floor,
    ):
        for count in options.contacts:
            owner = owner_of(count)
            lines += [f"\n### {count:,} contacts\n", *pages(owner, app, floor, options)]
            lines += [f"\n#### Written down at {count:,} contacts\n", *written(owner)]
            lines += [f"\n#### Guest lists at {count:,} contacts\n", *guests(owner)]
    if options.ways:
        lines += ["\n### The way between two people\n", *ways(options.ways)]
    if options.cards:
        lines += ["\n### Import\n", *imports(options.cards)]
    return "\n".join(lines)


def about() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0].split()[0]
    load = os.getloadavg()[0]
    python = ".".join(map(str, sys.version_info[:3]))
    return (
        f"{time.strftime('%d %B %Y')}, {os.cpu_count()} cores with a load of {load:.1f}"
        f" at the start, Python {python}, PostgreSQL {version}."
    )


def owner_of(count: int) -> Any:
    """An account with so many invented contacts, made when it is not there yet."""
    from django.db import connection

    from connections import seeding
    from networkcrm.models import User

    email = f"benchmark-{count}@example.org"
    owner = User.objects.filter(email=email).first()
    if owner is None:
        owner = User.objects.create_user(email)
        start = time.perf_counter()
        seeding.seed(owner, count, SEED)
        took = time.perf_counter() - start
        print(f"seeded {count:,} contacts, {count / took:,.0f} per second", flush=True)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    return owner


@contextlib.contextmanager
def served(settings: str) -> Iterator[int]:
    """The port of a server with these settings, of its own process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.serve", str(port)],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": settings},
        cwd=README.parent.parent,
    )
    from networkcrm.server import answers

    try:
        deadline = time.monotonic() + 60
        while not answers("127.0.0.1", port):
            if time.monotonic() > deadline or process.poll() is not None:
                raise RuntimeError(f"The server with {settings} does not answer.")
            time.sleep(0.05)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def pages(owner: Any, app: int, floor: int, options: Any) -> list[str]:
    from benchmarks.asked import asked
    from benchmarks.load import ask

    headers = {"Cookie": cookie(owner), "Host": "127.0.0.1"}
    contact = owner.contacts.others().first()
    lines = [
        "| | answer | queries | SQL ms | server p50 ms | p95 ms |"
        " requests/s | floor requests/s | floor ÷ ours |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for name, paths in asked(owner).items():
        queries, sql, p50, p95 = inside(owner, paths)
        ask(app, paths, 0.5, headers)
        ours, floors = [], []
        for _round in range(options.rounds):
            ours.append(ask(app, paths, options.seconds, headers))
            bare = f"/floor/{owner.pk}/{contact.pk}/{ours[0].length}/"
            floors.append(ask(floor, [bare], options.seconds, {}))
        rate = median(m.rate for m in ours)
        bare_rate = median(m.rate for m in floors)
        lines.append(
            f"| {name} | {ours[0].length / 1000:.1f} kB | {queries} | {sql:.1f} |"
            f" {p50:.1f} | {p95:.1f} | {rate:.0f} | {bare_rate:.0f} |"
            f" {bare_rate / rate:.2f} |"
        )
        print(lines[-1], flush=True)
    return lines


def browser(owner: Any) -> Any:
    from django.test import Client

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(owner)
    return client


def cookie(owner: Any) -> str:
    return f"sessionid={browser(owner).cookies['sessionid'].value}"


def inside(
    owner: Any, paths: Sequence[str], visits: int = 60
) -> tuple[int, float, float, float]:
    """Without server and wire: queries of one page, their time sent by themselves, and
    the time of the whole page, half and 95 of 100 of all visits, in milliseconds."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from benchmarks.load import percentiles

    client = browser(owner)
    if client.get(paths[0]).status_code != 200:
        raise RuntimeError(f"{paths[0]} does not answer 200.")
    with CaptureQueriesContext(connection) as captured:
        client.get(paths[0])
    sent = [query["sql"] for query in captured]
    statements = [sql for sql in sent if sql.lstrip(" (\n").startswith(READS)]
    alone, whole = [], []
    with connection.cursor() as cursor:
        for _turn in range(10):
            start = time.perf_counter()
            for statement in statements:
                # As captured: its values are in it, and a % is a %.
                cursor.execute(statement, None)
                cursor.fetchall()
            alone.append(time.perf_counter() - start)
    for turn in range(visits):
        start = time.perf_counter()
        client.get(paths[turn % len(paths)])
        whole.append(time.perf_counter() - start)
    return len(sent), median(alone) * 1000, *percentiles(whole)


def ways(sizes: Sequence[int]) -> list[str]:
    """Among so many people with twice as many relationships, an event and a firm."""
    from benchmarks.networks import measured
    from networkcrm.models import User

    lines = [
        "| people | links | statements | first p50 ms | p95 ms |"
        " again p50 ms | p95 ms | length |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for people in sizes:
        owner = User.objects.create_user(f"ways-{time.time_ns()}@example.org")
        lines.append(measured(owner, people, 2 * people))
        print(lines[-1], flush=True)
        owner.delete()
    return lines


def written(owner: Any) -> list[str]:
    from benchmarks.writing import captures

    return captures(owner, browser(owner))


def guests(owner: Any) -> list[str]:
    from benchmarks.events import guest_lists

    return guest_lists(owner)


CARD = """BEGIN:VCARD
VERSION:3.0
FN:Tester {n}
N:{n};Tester;;;
EMAIL;TYPE=INTERNET:tester{n}@example.org
TEL;TYPE=CELL:+1 415 555 01{n:02}
ORG:Company {company}
TITLE:Tester
END:VCARD
"""


def imports(count: int) -> list[str]:
    """Plain cards: an e-mail address, a phone, an organization and a title each."""
    from django.core.management import call_command

    from contacts.importing.readers import reader_for
    from networkcrm.models import User

    owner = User.objects.create_user(f"import-{time.time_ns()}@example.org")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "people.vcf"
        cards = (CARD.format(n=n, company=n % 50) for n in range(count))
        file.write_text("".join(cards))
        start = time.perf_counter()
        with file.open("rb") as opened:
            reader = reader_for(opened, file.stat().st_size, "auto")
            read = sum(1 for _record in reader.read(opened))
        parsed = time.perf_counter() - start
        start = time.perf_counter()
        call_command("import_contacts", str(file), owner=owner.email)
        written = time.perf_counter() - start
    owner.delete()
    return [
        f"{read:,} plain cards: read {read / parsed:,.0f} per second,"
        f" read, matched and written {count / written:,.0f} per second."
    ]


if __name__ == "__main__":
    main(sys.argv[1:])
