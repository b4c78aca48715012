"""What is cleared away by night, so that nothing grows for ever."""

from asgiref.sync import async_to_sync
from django.core.management import call_command
from django.tasks import task
from procrastinate.contrib.django import app

from networkcrm import cache_table
from networkcrm.tasks import scheduled

JOBS_KEPT_HOURS = 30 * 24


@scheduled("10 3 * * *")
@task
def clear_sessions() -> None:
    """Sessions that have run out."""
    call_command("clearsessions")


@scheduled("30 3 * * *")
@task
def clear_cache() -> None:
    """What could be undone for a day, and what was counted and nobody looks at."""
    cache_table.clear()


@scheduled("50 3 * * *")
@task
def clear_jobs() -> None:
    """Jobs that ended a month ago, with what came of them."""
    async_to_sync(app.job_manager.delete_old_jobs)(
        nb_hours=JOBS_KEPT_HOURS,
        include_failed=True,
        include_cancelled=True,
        include_aborted=True,
    )
