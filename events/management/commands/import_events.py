from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import CommandError

from events.calendars import bringing, reading
from networkcrm.management.base import OwnerCommand


class Command(OwnerCommand):
    help = "Bring a calendar file (.ics) in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--dry-run", action="store_true", help="only say what would be done"
        )

    def run(self, **options: Any) -> dict[str, Any]:
        owner, path = options["owner"], options["file"]
        try:
            if path.stat().st_size > reading.MAX_BYTES:
                raise CommandError(f"{path} is larger than 10 MB.")
            found = bringing.read(owner, path.read_bytes())
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except reading.CannotRead as error:
            raise CommandError(str(error)) from error
        if options["dry_run"]:
            plan, url = bringing.plan(owner, found), ""
        else:
            plan, url = bringing.bring(owner, found)
        for one in plan.unread:
            self.stderr.write(f"Line {one.line}: {one.reason}")
        for remark in plan.remarks:
            self.stderr.write(remark)
        new = [one for one in plan.planned if one.event is None]
        old = [one for one in plan.planned if one.event and one.changes]
        return {
            "read": len(plan.planned) + len(plan.unread),
            "created": len(new),
            "updated": len(old),
            "skipped": plan.counts["same"],
            "failed": len(plan.unread),
            "undo": url or None,
        }
