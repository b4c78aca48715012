"""What I promised someone I just met, to be done within 48 hours."""

from datetime import date, timedelta

from contacts.models import Contact
from events.models import Capture
from followups.models import FollowUp

SOON = timedelta(days=2)


def keep_promise(capture: Capture, contact: Contact, words: str, day: date) -> None:
    words = words[:1].upper() + words[1:]
    FollowUp(
        owner=capture.owner,
        contact=contact,
        event=capture.event,
        title=words if len(words) <= 300 else f"{words[:299]}…",
        note=words[:5000] if len(words) > 300 else "",
        due_on=day + SOON,
    ).save()
