"""Many owners in one database: the pages of one of them, and of the same one alone."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from benchmarks import accounts, load, servers
from benchmarks.asked import asked, asked_too
from benchmarks.multiplying import multiply
from benchmarks.pages import rule
from benchmarks.progress import say
from benchmarks.results import about

VISITS = 30
# So much of the disk must stay free, in bytes.
FREE = 25 << 30
# What a contact takes with all that belongs to it, generously.
PER_CONTACT = 15_000
HEAD = "| | alone p50 ms | p95 | among them p50 ms | p95 | p50 ÷ alone | p95 ÷ alone |"


def owners(count: int, each: int) -> list[str]:
    """The pages of one of so many owners, asked for by turns of two servers: of the
    database of all, which is that of NETWORKCRM_HOME, and of a copy from before the
    others came, in its folder `alone`. Both are there for another run."""
    from networkcrm import database
    from networkcrm.models import User

    home, alone = Path(settings.HOME), Path(settings.HOME) / "alone"
    if not alone.exists():
        make_sure_of_room(home, count * each)
        with database.ready():
            database.migrate()
            headers = accounts.headers(accounts.owner_of(each))
        # The server has stopped: its folder can be copied.
        unfinished = home / "alone.unfinished"
        unfinished.mkdir(exist_ok=True)
        kept = [home / "db", home / "secret_key"]
        subprocess.run(["cp", "-a", *kept, unfinished], check=True)
        (unfinished / "headers.json").write_text(json.dumps(headers))
        unfinished.rename(alone)
    with database.ready():
        owner = accounts.owner_of(each)
        missing = count - User.objects.count()
        if missing > 0:
            say(f"giving the network of one to {missing} more owners")
            multiply(owner, missing)
            accounts.tidy()
        return [about(), "", *compared(owner, alone), "", extent()]


def make_sure_of_room(home: Path, contacts: int) -> None:
    left = shutil.disk_usage(home).free - contacts * PER_CONTACT
    if left < FREE:
        raise SystemExit(
            f"{contacts:,} contacts would leave {left / 1e9:.0f} GB of the disk free,"
            f" less than {FREE / 1e9:.0f}."
        )


def compared(owner: Any, alone: Path) -> list[str]:
    lines = [HEAD, rule(HEAD)]
    headers = json.loads((alone / "headers.json").read_text())
    with (
        servers.served(servers.COLD, alone) as one,
        servers.served(servers.COLD) as all_of_them,
    ):
        for name, paths in (asked(owner) | asked_too(owner)).items():
            took = load.by_turns([one, all_of_them], paths, VISITS, headers)
            (p50, p95), (their_p50, their_p95) = map(load.percentiles, took)
            lines.append(
                f"| {name} | {p50:.1f} | {p95:.1f} | {their_p50:.1f} | {their_p95:.1f}"
                f" | {their_p50 / p50:.2f} | {their_p95 / p95:.2f} |"
            )
            say(lines[-1])
    return lines


def extent() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(DISTINCT owner_id),"
            " pg_database_size(current_database()) FROM contacts_contact"
        )
        contacts, owners, size = cursor.fetchone()
    return f"{contacts:,} contacts of {owners:,} owners, {size / 1e9:.1f} GB."
