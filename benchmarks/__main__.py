"""uv run python -m benchmarks: how fast, and how much slower than doing nothing.

See README.md beside this file for what is measured, and how.
"""

import argparse
import contextlib
import os
import signal
import sys
import tempfile
from collections.abc import Collection
from typing import Any

PARTS = ("pages", "capture", "guests", "ways", "import", "memory")


def main(arguments: list[str]) -> None:
    options = parsed(arguments)
    # A `kill` stops the servers as Ctrl-C does, even of a run in the background.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    with contextlib.ExitStack() as stack:
        if "NETWORKCRM_HOME" not in os.environ:
            home = stack.enter_context(tempfile.TemporaryDirectory(prefix="nc-bench-"))
            os.environ["NETWORKCRM_HOME"] = home
        os.environ["DJANGO_SETTINGS_MODULE"] = "networkcrm.settings"
        import django

        django.setup()
        from networkcrm.management.commands.up import collect_static

        collect_static()
        from benchmarks import results

        sections = of_many(options) if options.owners else of_each_size(options)
    print(results.shown(sections))
    if options.write:
        results.put(sections)


def parsed(arguments: list[str]) -> Any:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--contacts", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument(
        "--owner", metavar="EMAIL", help="measure this account, as it is, instead"
    )
    parser.add_argument(
        "--only",
        type=lambda text: text.split(","),
        default=[],
        metavar="NAME,...",
        help=f"of {', '.join(PARTS)}, and pages by how their names begin",
    )
    parser.add_argument(
        "--seconds", type=float, default=0.25, help="per page and round"
    )
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--cards", type=int, default=10_000, help="to import")
    parser.add_argument(
        "--ways",
        type=int,
        nargs="*",
        default=[],
        metavar="PEOPLE",
        help="find ways in networks at random too, of so many",
    )
    parser.add_argument("--owners", type=int, help="so many in one database, and")
    parser.add_argument("--each", type=int, default=2000, help="with so many contacts")
    parser.add_argument(
        "--plans",
        action="store_true",
        help="instead, write the plans of the slowest statements to plans/pages/",
    )
    parser.add_argument("--write", action="store_true", help="put it in README.md")
    options = parser.parse_args(arguments)
    if options.write and options.only:
        parser.error("The tables of README.md are written by whole runs, not --only.")
    return options


def of_many(options: Any) -> dict[str, str]:
    from benchmarks.owners import owners

    name = f"{options.owners * options.each:,} contacts of {options.owners:,} owners"
    return {name: "\n".join(owners(options.owners, options.each))}


def of_each_size(options: Any) -> dict[str, str]:
    from benchmarks import accounts
    from networkcrm import database

    with database.ready():
        database.migrate()
        if options.owner:
            owners = [accounts.named(options.owner)]
        else:
            owners = [accounts.owner_of(count) for count in options.contacts]
        if options.plans:
            plans(owners[-1], options)
            return {}
        return measured(owners, options)


def measured(owners: list[Any], options: Any) -> dict[str, str]:
    """The sections of the report, by their headings."""
    from benchmarks import imports, memory, networks, servers
    from benchmarks.pages import Ports
    from benchmarks.results import about

    parts = parts_of(options)
    sections = {}
    with (
        servers.served(servers.COLD) as cold,
        servers.served(servers.PAGES) as again,
        servers.served(servers.FLOOR) as floor,
    ):
        ports = Ports(cold, again, floor)
        for owner in owners:
            begun = about()
            if lines := of_one(owner, ports, options):
                name = f"{round_number(owner):,} contacts"
                sections[name] = "\n".join([begun, "", *lines])
    size = f"{round_number(owners[-1]):,}"
    if "ways" in parts:
        lines = [about(), "", *networks.ways(owners, options.ways)]
        sections[f"The way between two, {size} contacts"] = "\n".join(lines)
    if "memory" in parts:
        lines = [about(), "", *memory.memory(owners, options.cards)]
        sections[f"Memory, {size} contacts"] = "\n".join(lines)
    if "import" in parts:
        lines = [about(), "", *imports.imports(options.cards)]
        sections["Import"] = "\n".join(lines)
    return sections


def of_one(owner: Any, ports: Any, options: Any) -> list[str]:
    """What is measured at each size."""
    from benchmarks import events, pages, writing
    from benchmarks.asked import asked, asked_too

    parts = parts_of(options)
    lines: list[str] = []
    if chosen := {n: p for n, p in asked(owner).items() if is_asked(n, options)}:
        lines += pages.wired(owner, chosen, ports, options.seconds, options.rounds)
    if chosen := {n: p for n, p in asked_too(owner).items() if is_asked(n, options)}:
        lines += ["", *pages.unwired(owner, chosen)]
    if "capture" in parts:
        lines += ["", *writing.captures(owner, ports, options.seconds)]
    if "guests" in parts:
        lines += ["", *events.guest_lists(owner)]
    return lines


def parts_of(options: Any) -> Collection[str]:
    return options.only or PARTS


def is_asked(name: str, options: Any) -> bool:
    return "pages" in parts_of(options) or name.startswith(tuple(options.only))


def plans(owner: Any, options: Any) -> None:
    from benchmarks.asked import asked, asked_too
    from benchmarks.plans import write_plans

    pages = asked(owner) | asked_too(owner)
    write_plans(owner, [name for name in pages if is_asked(name, options)])


def round_number(owner: Any) -> int:
    """Contacts, but for the owner's own."""
    found: int = owner.contacts.others().count()
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
