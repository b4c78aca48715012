"""Ready texts: what to ask each side with, and the mail that brings them together.

All of it is a beginning, edited before it goes. What one side reads of the other is
what they do, never how to reach them; only the last mail has both addresses, because
both said yes by then.
"""

from dataclasses import dataclass
from smtplib import SMTPException
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email

from connections.models import Introduction, Party
from contacts.models import Contact
from networkcrm import mails
from networkcrm.models import User

# Longer ones are cut or refused by the programs behind a mailto link.
LONGEST_MAILTO = 1900


class NotSent(Exception):
    """The mail server did not take it; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that is not sent yet."""

    to: tuple[str, ...]
    subject: str
    text: str

    @property
    def mailto(self) -> str:
        """As in RFC 6068. Without the text where that would make it too long."""
        to = ",".join(quote(address, safe="@!$'*+") for address in self.to)
        subject = f"mailto:{to}?subject={quote(self.subject, safe='')}"
        lines = "\r\n".join(self.text.splitlines())
        whole = f"{subject}&body={quote(lines, safe='')}"
        return whole if len(whole) <= LONGEST_MAILTO else subject

    @property
    def is_too_long(self) -> bool:
        return "&body=" not in self.mailto

    def send(self, owner: User) -> None:
        """From this server's address; answers go to the owner, who gets a copy.

        Raises NotSent.
        """
        mail = EmailMessage(
            self.subject,
            self.text,
            settings.DEFAULT_FROM_EMAIL,
            list(self.to),
            cc=[owner.email],
            reply_to=[owner.email],
        )
        try:
            mail.send()
        except (OSError, SMTPException) as error:
            mails.logger.exception("A mail could not be sent: check EMAIL_URL")
            raise NotSent(
                "The mail could not be sent: the mail server did not take it. Whoever"
                " runs this server finds the reason in its log. Nothing was changed."
            ) from error


def address_of(contact: Contact | None) -> str:
    """Where to write to them: the address marked best, else the first; "" for none."""
    if contact is None:
        return ""
    rows = contact.methods.filter(kind="email")
    for method in rows.order_by("-preferred", "position", "pk")[:10]:
        try:
            validate_email(method.normalized)
        except ValidationError:
            continue
        return str(method.normalized)
    return ""


def question(introduction: Introduction, party: Party) -> Letter:
    """What this one is asked, with nothing in it by which to reach the other."""
    asked = getattr(introduction, party)
    make = _ask_who_meets if party in (Party.A, Party.B) else _ask_who_introduces
    subject, paragraphs = make(introduction, party)
    me = introduction.owner.contacts.get(is_me=True)
    hello = f"Hello {asked.first_name}," if asked else "Hello,"
    text = "\n\n".join([hello, *(p for p in paragraphs if p), me.full_name])
    address = address_of(asked)
    return Letter((address,) if address else (), subject, text)


def _ask_who_meets(introduction: Introduction, party: Party) -> tuple[str, list[str]]:
    other = introduction.b if party == Party.A else introduction.a
    why = introduction.why_a if party == Party.A else introduction.why_b
    name = introduction.name_of(Party.B if party == Party.A else Party.A)
    return f"May I introduce you to {name}?", [
        f"may I introduce you to {name}? {_about(other)}".strip(),
        why.strip(),
        "If you say yes, and so do they, I will write to you both. If it does not fit,"
        " just say no: I will not mind, and they will not hear of it.",
    ]


def _ask_who_introduces(
    introduction: Introduction, party: Party
) -> tuple[str, list[str]]:
    a, b = introduction.name_of(Party.A), introduction.name_of(Party.B)
    mine = introduction.me
    if mine is None:
        return f"{a} and {b}", [
            f"I think that {a} and {b} should know each other. Would you introduce"
            " them?",
            introduction.why_a.strip(),
            introduction.why_b.strip(),
        ]
    me = getattr(introduction, mine)
    name = b if mine == Party.A else a
    whys = (introduction.why_a.strip(), introduction.why_b.strip())
    for_me, for_them = whys if mine == Party.A else whys[::-1]
    return f"Would you introduce me to {name}?", [
        f"would you introduce me to {name}?",
        for_me,
        f"Here is something you could forward:\n\n{me.full_name}. {_about(me)}".strip(),
        for_them,
        "If it does not fit, just say so.",
    ]


def introducing_mail(introduction: Introduction) -> Letter:
    """To both at once, with both addresses: they agreed."""
    a, b = introduction.a, introduction.b
    me = introduction.owner.contacts.get(is_me=True)
    addresses = (address_of(a), address_of(b))
    text = "\n\n".join(
        part
        for part in (
            f"Hello {_first(introduction, 'a')}, hello {_first(introduction, 'b')},",
            "you both said yes, so here you are.",
            _presented(introduction, "a", addresses[0]),
            _presented(introduction, "b", addresses[1]),
            "I leave it to you from here.",
            me.full_name,
        )
        if part
    )
    subject = f"{_first(introduction, 'a')}, meet {_first(introduction, 'b')}"
    return Letter(tuple(filter(None, addresses)), subject, text)


def _presented(introduction: Introduction, party: str, address: str) -> str:
    contact = getattr(introduction, party)
    # Why they are good for the other is what the other wants to know of them.
    why = introduction.why_b if party == "a" else introduction.why_a
    name = introduction.name_of(party) + (f" ({address})" if address else "")
    return " ".join(part for part in (f"{name}.", _about(contact), why.strip()) if part)


def _first(introduction: Introduction, party: str) -> str:
    contact = getattr(introduction, party)
    return contact.first_name if contact else introduction.name_of(party)


def _about(contact: Contact | None) -> str:
    """What they do, in a sentence; no way to reach them stands in it."""
    words = contact.summary.split() if contact else []
    said = " ".join(word for word in words if "@" not in word).strip(" ·")
    return f"{said}." if said and said[-1] not in ".!?" else said
