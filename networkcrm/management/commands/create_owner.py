import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.core.validators import validate_email
from django.db import IntegrityError

from networkcrm import database
from networkcrm.management.base import JSONCommand
from networkcrm.models import User


class Command(JSONCommand):
    help = "Make an account. The first one may also use the admin site."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument(
            "--password-stdin",
            action="store_true",
            help="read the password from standard input, its first line",
        )

    def run(self, **options: Any) -> dict[str, Any]:
        # The first thing that some do after the installation.
        database.migrate()
        email = User.objects.normalize_email(options["email"].strip())
        try:
            validate_email(email)
            if User.objects.filter(email__iexact=email).exists():
                raise CommandError(f"There is already an account for {email}.")
            password = self.password(from_stdin=options["password_stdin"])
            validate_password(password, User(email=email))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        is_operator = not User.objects.exists()
        try:
            user = User.objects.create_user(
                email, password, is_staff=is_operator, is_superuser=is_operator
            )
        except IntegrityError as error:
            raise CommandError(f"There is already an account for {email}.") from error
        return {"id": user.pk, "email": user.email, "operator": is_operator}

    def password(self, *, from_stdin: bool) -> str:
        if from_stdin:
            return sys.stdin.readline().rstrip("\r\n")
        if not sys.stdin.isatty():
            raise CommandError(
                "There is no terminal to ask for a password:"
                " give it on standard input, with --password-stdin."
            )
        password = getpass("Password: ")
        if getpass("Password again: ") != password:
            raise CommandError("The two passwords are not the same.")
        return password
