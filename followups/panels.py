"""What other pages show of follow-ups: see contacts/panels.py."""

from typing import Any

from django.utils import timezone

from contacts.models import Contact
from followups import cadence, touching
from networkcrm.http import HttpRequest

Answer = tuple[str, dict[str, Any]] | None

AT_ONCE = 5


def button(request: HttpRequest, contact: Contact) -> Answer:
    return None if contact.is_me else ("followups/parts/button.html", {})


def of_contact(request: HttpRequest, contact: Contact) -> Answer:
    if contact.is_me or contact.trashed_at:
        return None
    rows = request.user.followups.open().filter(contact=contact)
    found = list(rows.select_related("contact").by_date()[: AT_ONCE + 1])
    context = {"promises": found[:AT_ONCE], "has_more": len(found) > AT_ONCE}
    return "followups/parts/of_contact.html", context


def keeping_in_touch(request: HttpRequest, contact: Contact) -> Answer:
    if contact.is_me or contact.trashed_at or contact.archived_at:
        return None
    today, quiet = timezone.localdate(), contact.quiet_until
    context = {
        "due": cadence.standing(contact, today),
        "quiet_until": quiet if quiet and quiet > today else None,
        "circles": request.user.circles.closest_first(),
        "ways": touching.WAYS,
    }
    return "followups/parts/circle_card.html", context
