from argparse import ArgumentParser
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.core.management import CommandError

from contacts.importing import running
from contacts.importing.readers import READERS, reader_for
from contacts.importing.records import CannotRead
from contacts.models import Import
from networkcrm.management.base import OwnerCommand
from networkcrm.models import User

# Of the lines that were not read, or not in full; the page of the import has all.
MOST_TOLD = 50


class Command(OwnerCommand):
    help = (
        "Bring people in: a vCard file, a table of who knows whom"
        " (person,knows,how,since), or an archive of LinkedIn, X, Mastodon, Instagram"
        " or Facebook, as .zip or one file of it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", choices=["auto", *READERS], default="auto")
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
        reader = reader_for(file, size, options["format"])
        batch = Import(
            owner=owner,
            source=reader.name,
            file_name=path.name[:255],
            size=size,
            state=Import.State.RUNNING,
            event=one_of(owner.events, options["event"], "event"),
            met_through=one_of(
                owner.contacts.kept(), options["met_through"], "contact"
            ),
        )
        if options["dry_run"]:
            return look(owner, batch, file)
        batch.save()
        try:
            running.run(owner, batch, file)
        except BaseException as error:
            # Also when interrupted: what is written so far can be undone.
            running.fail(owner, batch, f"It was interrupted ({type(error).__name__}).")
            raise
        batch.refresh_from_db()
        has_lines = READERS[batch.source].has_lines
        told = owner.importrows.filter(batch=batch, state__in=["unreadable", "new"])
        for row in told.exclude(reason="").order_by("number")[:MOST_TOLD]:
            place = f"Line {row.line}" if has_lines else row.name or "A file"
            self.stderr.write(f"{place}: {row.reason}")
        return {
            "read": batch.read,
            "created": batch.created,
            "updated": batch.updated,
            "skipped": batch.skipped,
            "failed": batch.failed,
            "batch": str(batch.pk),
        }


def look(owner: User, batch: Import, file: IO[bytes]) -> dict[str, Any]:
    total = running.counted([])
    for planned in running.look_through(owner, batch, file):
        for name, count in running.counted(planned).items():
            total[name] += count
    return {**total, "batch": None}


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
