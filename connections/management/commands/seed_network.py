from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from time import monotonic
from typing import Any

from connections import seeding
from networkcrm.management.base import OwnerCommand


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise ArgumentTypeError("say how many people, for example --contacts 300.")
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text} is not a day, write 2026-11-22.") from error


class Command(OwnerCommand):
    help = (
        "Adds a network of invented people: who brought whom, events, interactions,"
        " needs and offers, introductions, relationships, what came of it."
        " For a look around, pictures and benchmarks."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--contacts", type=_count, required=True, metavar="N")
        parser.add_argument(
            "--seed",
            type=int,
            default=1,
            help="Another number gives other people; the same one the same again.",
        )
        parser.add_argument(
            "--today",
            type=_day,
            metavar="DATE",
            help="Dates are counted back from this day; without it, from today.",
        )

    def run(self, **options: Any) -> dict[str, Any]:
        start = monotonic()

        def report(done: int) -> None:
            rate = done / (monotonic() - start)
            self.stderr.write(
                f"{done:,} of {options['contacts']:,} contacts, {rate:,.0f} per second"
            )

        counts = seeding.seed(
            options["owner"],
            options["contacts"],
            options["seed"],
            options["today"],
            report,
        )
        return {
            "contacts": counts.contacts,
            "events": counts.events,
            "interactions": counts.interactions,
            "origins": counts.origins,
            "introductions": counts.introductions,
            "relationships": counts.relationships,
            "outcomes": counts.outcomes,
            "seconds": round(monotonic() - start, 2),
        }
