import logging
from typing import Any

from django.conf import settings
from django.core.mail.backends.console import EmailBackend

logger = logging.getLogger(__name__)


def is_set_up() -> bool:
    """Whether a mail leaves this server, or only goes to its terminal."""
    backend = settings.MAILERS["default"]["BACKEND"]
    return not backend.endswith((".PlainConsole", ".dummy.EmailBackend"))


class PlainConsole(EmailBackend):
    """Mails in the log as a person reads them: a link in them can be copied."""

    def write_message(self, message: Any) -> None:
        to = ", ".join(message.recipients())
        text = f"To: {to}\nSubject: {message.subject}\n\n{message.body}\n"
        self.stream.write(f"{'-' * 72}\n{text}{'-' * 72}\n")
