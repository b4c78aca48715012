from django.tasks import task

from connections import stages
from networkcrm.tasks import scheduled


@scheduled("7 * * * *")
@task
def refresh_what_came_to_pass() -> None:
    """Hourly, because a day begins in another hour in each time zone."""
    stages.refresh_what_came_to_pass()
