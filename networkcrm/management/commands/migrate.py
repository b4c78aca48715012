from typing import Any

from django.core.management.commands import migrate

from networkcrm import database

# Any number, the same on every machine.
LOCK = 0x6E6372_6D16


class Command(migrate.Command):
    """Django's, past a pooler, and one at a time: what comes second has less to do."""

    def handle(self, *args: Any, **options: Any) -> None:
        with database.straight(), database.one_at_a_time(LOCK):
            super().handle(*args, **options)
