"""Taking back a capture. Its row stays, so that a late second sending is known."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from contacts.models import Contact
from events.models import Attendance, Capture
from networkcrm import derived, snapshots, undo
from networkcrm.models import User


class Refused(Exception):
    """Nothing was taken back; the message says why and what to do."""


def take_back(capture: Capture) -> tuple[str, str]:
    """(what was done, the address to post to for undoing that). Raises Refused."""
    owner, contact = capture.owner, capture.contact
    if capture.undone_at:
        raise Refused(f"{capture} is taken back already.")
    if contact is None:
        raise Refused(f"{capture} was deleted for ever in the meantime.")
    made = capture.fields.get("made", True)
    if made and contact.pk != capture.pk:
        raise Refused(
            f"{capture} was merged with {contact} since. Take that apart first, or"
            " change them on their page."
        )
    payload: dict[str, Any] = {"capture": str(capture.pk), "attendance": None}
    with derived.batch():
        if made:
            contact.trash()
        elif row := owner.attendances.filter(
            event=capture.event_id, contact=contact
        ).first():
            payload["attendance"] = snapshots.taken(row)
            _as_before(row, capture.fields.get("before", ""))
        capture.undone_at = timezone.now()
        capture.save(update_fields=["undone_at", "updated_at"])
    url = undo.remember(owner, "capture", payload)
    if made:
        return f"{contact} is in the trash, kept there for 90 days.", url
    return f"{contact} is not met any more.", url


def _as_before(row: Attendance, before: str) -> None:
    if not before:
        row.delete()
        return
    row.state = before
    if before != Attendance.State.MET:
        row.met_at = None
    row.save(update_fields=["state", "met_at", "was_wanted", "updated_at"])


@undo.action("capture")
@transaction.atomic
def _capture_again(user: User, payload: dict[str, Any]) -> str:
    capture = user.captures.filter(pk=payload["capture"]).first()
    contact: Contact | None = capture.contact if capture else None
    if capture is None or contact is None:
        return "They were deleted for ever in the meantime."
    with derived.batch():
        if contact.trashed_at:
            contact.restore()
        if columns := payload["attendance"]:
            mine = user.attendances.filter(event=columns["event_id"], contact=contact)
            for row in mine:
                row.delete()
            if user.events.filter(pk=columns["event_id"]).exists():
                snapshots.put_back(Attendance, columns)
        capture.undone_at = None
        capture.save(update_fields=["undone_at", "updated_at"])
    return f"{contact} is back."
