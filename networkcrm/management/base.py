import json
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import ProgrammingError
from psycopg.errors import UndefinedColumn, UndefinedTable

from networkcrm.models import User


class JSONCommand(BaseCommand):
    """A command for scripts: the last line it prints is one JSON object.

    `run` does the work and returns that object; CommandError with a sentence is
    its way to fail. Progress and remarks go to stderr.
    """

    def run(self, **options: Any) -> dict[str, Any]:
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(self.run(**options), default=str))

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except ProgrammingError as error:
            if not isinstance(error.__cause__, UndefinedTable | UndefinedColumn):
                raise
            raise CommandError(
                "The tables of the database are not up to date: run migrate first."
            ) from error


class OwnerCommand(JSONCommand):
    """A command that works on one owner's data: --owner EMAIL, given as `owner`.

    The only account there is need not be named.
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--owner", metavar="EMAIL", help="whose data it is, if there are several"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options | {"owner": find_owner(options["owner"])})


def find_owner(email: str | None) -> User:
    users = User.objects.filter(email__iexact=email) if email else User.objects.all()
    found = list(users[:2])
    if len(found) == 1:
        return found[0]
    if email:
        raise CommandError(f"There is no account with the address {email}.")
    if found:
        raise CommandError("There are several accounts: say which one with --owner.")
    raise CommandError("There is no account yet: make one with create_owner EMAIL.")
