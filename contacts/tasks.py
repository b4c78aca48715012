"""What the worker does for contacts."""

import logging
from datetime import timedelta
from uuid import UUID

from django.tasks import TaskContext, task
from django.utils import timezone

from contacts import purging, search_rows
from contacts.importing import running, undoing
from contacts.models import Import
from networkcrm.models import User
from networkcrm.tasks import attempts, scheduled

logger = logging.getLogger(__name__)

ATTEMPTS = 4
PREVIEWS_KEPT = timedelta(days=7)


@attempts(ATTEMPTS)
@task(takes_context=True)
def import_step(context: TaskContext, owner_id: str, import_id: str) -> None:
    """Read, write or undo an import: whatever its state asks for.

    Can be run again after any interruption, and beside itself.
    """
    owner = User.objects.get(pk=owner_id)
    batch = owner.imports.filter(pk=UUID(import_id)).first()
    if batch is None:
        return
    try:
        if batch.state == Import.State.READING:
            running.read(owner, batch)
        elif batch.state == Import.State.RUNNING:
            running.run(owner, batch)
        elif batch.state == Import.State.UNDOING:
            undoing.undo(owner, batch)
    except running.NoLongerMine:
        logger.info("Import %s is somebody else's now.", batch.pk)
    except FileNotFoundError:
        running.fail(owner, batch, "The uploaded file is gone. Please bring it again.")
    except Exception:
        if context.attempt >= ATTEMPTS:
            running.fail(
                owner,
                batch,
                "Something went wrong on our side, several times."
                " What is written so far can be undone.",
            )
        raise


@task
def make_search_anew(owner_id: str) -> None:
    """After an upgrade that finds people by more than before."""
    search_rows.reindex(UUID(owner_id))


@scheduled("40 3 * * *")
@task
def discard_forgotten_imports() -> None:
    """Files that were uploaded and never started do not lie about for ever."""
    before = timezone.now() - PREVIEWS_KEPT
    for owner in User.objects.all():
        for batch in owner.imports.filter(
            state__in=[Import.State.MAPPING, Import.State.PREVIEW],
            updated_at__lt=before,
        ):
            batch.discard()


@scheduled("20 3 * * *")
@task
def purge_trash() -> None:
    """Every night: what has been in the trash for ninety days goes for ever."""
    purging.purge_old_trash()
