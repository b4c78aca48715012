"""Hand one mail to the mail server, and know what became of it."""

import smtplib
from contextlib import suppress
from email.utils import make_msgid
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.template.loader import render_to_string

from followups.reminders import unsubscribing
from networkcrm import mails
from networkcrm.models import User


class Refused(Exception):
    """The mail server surely did not take it; the message says why, in a sentence."""


class Unclear(Exception):
    """The connection broke while it was handed over: it may have been taken."""


def mail_to(
    owner: User, subject: str, template: str, context: dict[str, Any]
) -> EmailMultiAlternatives:
    """A mail of `template`.txt and .html, with what switches off all like it."""
    off = unsubscribing.address_for(owner)
    context = context | {"base_url": settings.BASE_URL, "off": off}
    message = EmailMultiAlternatives(
        # What a name or a title brings along starts no line of its own.
        " ".join(subject.split()),
        render_to_string(f"{template}.txt", context),
        settings.DEFAULT_FROM_EMAIL,
        [owner.email],
        headers={
            "Auto-Submitted": "auto-generated",
            # RFC 8058: mail programs show a button for it.
            "List-Unsubscribe": f"<{off}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Message-ID": make_msgid(domain=urlsplit(settings.BASE_URL).hostname),
        },
    )
    html = render_to_string(f"{template}.html", context)
    message.attach_alternative(html, "text/html")
    return message


def send(message: EmailMultiAlternatives) -> None:
    """Raises Refused when it was surely not sent, Unclear when nobody knows."""
    mailer = mailers.default
    try:
        mailer.open()
    except (OSError, smtplib.SMTPException, ValueError) as error:
        mails.logger.warning("The mail server cannot be reached.", exc_info=True)
        raise Refused(_why(error)) from error
    try:
        mailer.send_messages([message])
    except (
        smtplib.SMTPResponseException,
        smtplib.SMTPRecipientsRefused,
        ValueError,
    ) as error:
        mails.logger.warning("A mail was refused.", exc_info=True)
        raise Refused(_why(error)) from error
    except (OSError, smtplib.SMTPException) as error:
        mails.logger.warning("A mail broke off.", exc_info=True)
        raise Unclear(
            "The connection to the mail server broke while the mail was handed over:"
            " it may have arrived or not."
        ) from error
    finally:
        # What was taken was taken, however the goodbye goes.
        with suppress(OSError, smtplib.SMTPException):
            mailer.close()


def _why(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "The mail server does not accept the name and password of EMAIL_URL."
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return f"The mail server refused it: {_words(code, said)}"
    if isinstance(error, smtplib.SMTPResponseException):
        return (
            f"The mail server refused it: {_words(error.smtp_code, error.smtp_error)}"
        )
    if isinstance(error, ValueError):
        return "An address is none: look at DEFAULT_FROM_EMAIL and your own."
    return "The mail server does not answer: look at EMAIL_URL."


def _words(code: int, said: bytes | str) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(text.split())}"[:200].rstrip(".") + "."
