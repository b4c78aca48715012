"""What web server and worker hold together, once every page was asked for."""

import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from benchmarks import accounts, load, servers
from benchmarks.asked import asked, asked_too
from benchmarks.imports import cards
from benchmarks.pages import rule
from benchmarks.progress import say

HEAD = "| `manage.py up` | web and worker | the database's processes |"
PATIENCE = 300.0
# Of each page.
ADDRESSES = 20


def memory(owners: Iterable[Any], count: int) -> list[str]:
    """After the start, after every measured page of all these owners, and after so
    many cards were read and written by the worker."""
    lines = [HEAD, rule(HEAD)]

    def hold(when: str, pid: int) -> None:
        ours, database = held(pid)
        lines.append(f"| {when} | {ours:.0f} MB | {database:.0f} MB |")
        say(lines[-1])

    with servers.up() as (port, pid):
        hold("started", pid)
        for owner in owners:
            walk(owner, port)
            hold(f"every page of {owner.contacts.count():,} contacts", pid)
        read, written = by_the_worker(count)
        hold(f"an import of {count:,} cards", pid)
    lines += [
        "",
        f"The worker looked through {count / read:,.0f} of these cards per second for"
        f" the preview, and wrote {count / written:,.0f}.",
    ]
    return lines


def walk(owner: Any, port: int) -> None:
    connection = load.Connection(port, accounts.headers(owner))
    for paths in (asked(owner) | asked_too(owner)).values():
        for path in paths[:ADDRESSES]:
            connection.ask(path)
    connection.close()


def by_the_worker(count: int) -> tuple[float, float]:
    """Seconds of the preview and of the writing, of a file that was handed to `up`."""
    from contacts.forms.imports import ImportForm
    from networkcrm.models import User

    owner = User.objects.create_user(f"memory-{time.time_ns()}@example.org")
    file = SimpleUploadedFile("people.vcf", cards(count).encode())
    form = ImportForm({}, {"file": file})
    if not form.is_valid():
        raise RuntimeError(str(form.errors))
    batch = form.save(owner)
    try:
        read = _until(batch, batch.State.PREVIEW)
        batch.go_on()
        return read, _until(batch, batch.State.DONE)
    finally:
        batch.file.delete(save=False)
        owner.delete()


def _until(batch: Any, state: str) -> float:
    start = time.perf_counter()
    while batch.state != state:
        if batch.state == batch.State.FAILED or time.perf_counter() > start + PATIENCE:
            raise RuntimeError(f"The import is {batch.state}: {batch.error}")
        time.sleep(0.05)
        batch.refresh_from_db()
    return time.perf_counter() - start


def held(pid: int) -> tuple[float, float]:
    """Megabytes of this process and all below it, and of the embedded database."""
    database = settings.HOME / "db" / "postmaster.pid"
    server = int(database.read_text().split()[0]) if settings.EMBEDDED else None
    theirs = tree(server) if server else set()
    return size(tree(pid) - theirs), size(theirs)


def tree(pid: int) -> set[int]:
    root = psutil.Process(pid)
    return {pid, *(child.pid for child in root.children(recursive=True))}


def size(pids: Iterable[int]) -> float:
    """Memory that several share is counted in parts (PSS), so that the sum is true."""
    total = 0
    for pid in pids:
        with suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
            line = next(line for line in text.splitlines() if line.startswith("Pss:"))
            total += int(line.split()[1])
    return total * 1024 / 1e6
