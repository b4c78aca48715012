"""manage.py: a command finds its database running, or a sentence says why not."""

import os
import signal
import sys
from contextlib import ExitStack

from django.core.management import BaseCommand, ManagementUtility
from django.db import OperationalError

from networkcrm import embedded, home
from networkcrm.home import SetupError

# These need none, or see to it themselves.
WITHOUT_DATABASE = {
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "up",
    "version",
}


def main(argv: list[str]) -> int:
    """Run the command; returns the exit code of a setup that does not work."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "networkcrm.settings")
    try:
        with ExitStack() as stack:
            if argv[1:2] == ["up"] and not {"-h", "--help"} & set(argv):
                stop_on_kill()
                if not os.environ.get("DATABASE_URL"):
                    stack.enter_context(embedded.started_early(home.path()))
            Utility(argv, stack).execute()
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    except OperationalError as error:
        print(f"The database does not answer: {error}".strip(), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def stop_on_kill() -> None:
    """Without this, `kill` would leave the embedded server behind."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, frame: sys.exit(128 + number))


class Utility(ManagementUtility):
    def __init__(self, argv: list[str], stack: ExitStack) -> None:
        super().__init__(argv)
        self.stack = stack

    def fetch_command(self, subcommand: str) -> BaseCommand:
        command = super().fetch_command(subcommand)
        if self._needs_database(subcommand):
            from networkcrm import database

            stop_on_kill()
            self.stack.enter_context(database.ready())
        return command

    def _needs_database(self, subcommand: str) -> bool:
        asked = self.argv[1:]
        if subcommand != asked[0] or "--help" in asked or "-h" in asked:
            return False
        return subcommand not in WITHOUT_DATABASE or "--database" in asked
