from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management import CommandError

from contacts.importing import undoing
from contacts.models import Import
from networkcrm.management.base import OwnerCommand


class Command(OwnerCommand):
    help = "Take an import back: what it made goes, what it changed is as it was."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("batch", metavar="BATCH")

    def run(self, **options: Any) -> dict[str, Any]:
        owner = options["owner"]
        try:
            batch = owner.imports.filter(pk=UUID(options["batch"])).first()
        except ValueError:
            batch = None
        if batch is None:
            raise CommandError(f"You have no import with the id {options['batch']}.")
        if batch.state == Import.State.UNDONE:
            raise CommandError("This import is undone already.")
        if batch.state in (Import.State.READING, Import.State.PREVIEW):
            raise CommandError("This import has not been started: nothing to undo.")
        owner.imports.filter(pk=batch.pk).update(state=Import.State.UNDOING)
        undoing.undo(owner, batch)
        batch.refresh_from_db()
        undone = batch.created + batch.updated - batch.kept
        return {"undone": undone, "kept": batch.kept, "batch": str(batch.pk)}
