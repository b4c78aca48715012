"""What a contact's page shows of giving: see contacts/panels.py."""

from typing import Any

from contacts.models import Contact, Fact
from followups import favours
from networkcrm.http import HttpRequest

Answer = tuple[str, dict[str, Any]] | None

AT_ONCE = 4


def _asks(request: HttpRequest, contact: Contact) -> list[Fact]:
    """Their open needs and offers, which two panels show, read once."""
    found: list[Fact] | None = contact.__dict__.get("_asks")
    if found is None:
        rows = request.user.facts.filter(
            contact=contact, kind__in=["need", "offer"], state="open"
        )
        found = contact.__dict__["_asks"] = list(rows.order_by("-pk"))
    return found


def matches(request: HttpRequest, contact: Contact) -> Answer:
    """Fetched when the page is there: it does not wait for them."""
    if contact.is_me or contact.trashed_at or contact.archived_at:
        return None
    if not _asks(request, contact):
        return None
    return "followups/parts/matches_of_contact.html", {}


def favours_of_contact(request: HttpRequest, contact: Contact) -> Answer:
    if contact.is_me or contact.trashed_at:
        return None
    rows = request.user.favours.filter(contact=contact).with_people()
    found = list(rows.latest_first()[: AT_ONCE + 1])
    if len(found) > AT_ONCE:
        sentence = favours.balance(contact)
    else:
        given = sum(row.is_given for row in found)
        sentence = favours.Balance(contact, given, len(found) - given)
    context = {
        "favours": found[:AT_ONCE],
        "balance": sentence,
        "needs": [one for one in _asks(request, contact) if one.kind == "need"],
    }
    return "followups/parts/favours_of_contact.html", context
