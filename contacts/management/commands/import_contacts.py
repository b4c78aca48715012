from argparse import ArgumentParser
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.core.management import CommandError

from contacts.forms.imports import remembered
from contacts.importing import plain, running
from contacts.importing.columns import Columns, day_first_in, overridden
from contacts.importing.comparing import Planned
from contacts.importing.fields import FIELDS
from contacts.importing.filling import tags_of
from contacts.importing.readers import READERS, reader_for
from contacts.importing.records import CannotRead
from contacts.models import Import, ImportRow
from networkcrm.management.base import OwnerCommand
from networkcrm.models import User

# Of the lines that were not read, or not in full; the page of the import has all.
MOST_TOLD = 50
TOLD = ("unreadable", "new")


class Command(OwnerCommand):
    help = (
        "Bring people in: a vCard file, a table with a line for each person, a table of"
        " who knows whom (person,knows,how,since), or an archive of LinkedIn, X,"
        " Mastodon, Instagram or Facebook, as .zip or one file of it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", choices=["auto", *READERS], default="auto")
        parser.add_argument(
            "--columns",
            metavar="COLUMN=FIELD,…",
            help="of a table: what a column is, by its name or its number from 1, where"
            ' it is guessed wrongly; "Notes=" leaves one out. Fields: '
            + ", ".join(FIELDS),
        )
        parser.add_argument(
            "--dates",
            choices=["day", "month"],
            help="of a table: what stands first in 3/4/2019",
        )
        parser.add_argument(
            "--tag", action="append", default=[], help="one for all of them"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="only say what would be done"
        )
        parser.add_argument("--event", metavar="ID", help="where you met them all")
        parser.add_argument(
            "--met-through", metavar="ID", help="the contact they all came through"
        )

    def run(self, **options: Any) -> dict[str, Any]:
        owner, path = options["owner"], options["file"]
        try:
            with path.open("rb") as file:
                return self.bring(owner, path, file, options)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except CannotRead as error:
            raise CommandError(str(error)) from error

    def bring(
        self, owner: User, path: Path, file: IO[bytes], options: dict[str, Any]
    ) -> dict[str, Any]:
        size = path.stat().st_size
        is_table = options["columns"] or options["dates"]
        name = "csv" if is_table and options["format"] == "auto" else options["format"]
        reader = reader_for(file, size, name)
        if is_table and not reader.is_mapped:
            raise CannotRead("--columns and --dates are for --format csv.")
        batch = Import(
            owner=owner,
            source=reader.name,
            file_name=path.name[:255],
            size=size,
            state=Import.State.RUNNING,
            tags=[tag for said in options["tag"] for tag in tags_of(said)],
            event=one_of(owner.events, options["event"], "event"),
            met_through=one_of(
                owner.contacts.kept(), options["met_through"], "contact"
            ),
        )
        if reader.is_mapped:
            batch.columns = self.columns_of(owner, file, options).as_json()
        if options["dry_run"]:
            return self.look(owner, batch, file)
        batch.save()
        try:
            running.run(owner, batch, file)
        except BaseException as error:
            # Also when interrupted: what is written so far can be undone.
            running.fail(owner, batch, f"It was interrupted ({type(error).__name__}).")
            raise
        batch.refresh_from_db()
        told = owner.importrows.filter(batch=batch, state__in=TOLD)
        self.tell(batch, told.exclude(reason="").order_by("number")[:MOST_TOLD])
        return {
            "read": batch.read,
            "created": batch.created,
            "updated": batch.updated,
            "skipped": batch.skipped,
            "failed": batch.failed,
            "batch": str(batch.pk),
        }

    def look(self, owner: User, batch: Import, file: IO[bytes]) -> dict[str, Any]:
        total = running.counted([])
        told: list[Planned] = []
        for planned in running.look_through(owner, batch, file):
            for name, count in running.counted(planned).items():
                total[name] += count
            found = [row for row in planned if row.state in TOLD and row.reason]
            told += found[: MOST_TOLD - len(told)]
        self.tell(batch, told)
        return {**total, "batch": None}

    def tell(self, batch: Import, rows: Iterable[ImportRow | Planned]) -> None:
        has_lines = READERS[batch.source].has_lines
        for row in rows:
            place = f"Line {row.line}" if has_lines else row.name or "A file"
            self.stderr.write(f"{place}: {row.reason}")

    def columns_of(
        self, owner: User, file: IO[bytes], options: dict[str, Any]
    ) -> Columns:
        """As they are said, as they were with the last file of this header, as guessed.

        Raises CannotRead when nobody would come of it.
        """
        found = plain.look(file)
        columns = remembered(owner, found) or found.columns
        fields = overridden(columns.header, columns.fields, options["columns"] or "")
        day_first = found.day_first(fields)
        if options["dates"]:
            day_first = options["dates"] == "day"
        elif day_first is None:
            day_first = columns.day_first
            if day_first is None:
                day_first = day_first_in(owner.phone_region)
        columns = replace(columns, fields=fields, day_first=day_first)
        for number, (header, title) in enumerate(columns.words, 1):
            self.stderr.write(f"{number} {header}: {title}")
        if not columns.names_somebody:
            raise CannotRead(
                "Which column is the name, and which the e-mail address? Say it like"
                f' this: --columns "{columns.words[0][0]}=full_name".'
            )
        return columns


def one_of(rows: Any, pk: str | None, what: str) -> Any:
    if pk is None:
        return None
    try:
        found = rows.filter(pk=UUID(pk)).first()
    except ValueError:
        found = None
    if found is None:
        raise CommandError(f"You have no {what} with the id {pk}.")
    return found
