from typing import Any

from django.core.mail.backends.console import EmailBackend


class PlainConsole(EmailBackend):
    """Mails in the log as a person reads them: a link in them can be copied."""

    def write_message(self, message: Any) -> None:
        to = ", ".join(message.recipients())
        text = f"To: {to}\nSubject: {message.subject}\n\n{message.body}\n"
        self.stream.write(f"{'-' * 72}\n{text}{'-' * 72}\n")
