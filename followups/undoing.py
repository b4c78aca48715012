"""Taking back a step of a follow-up, or its deleting."""

from typing import Any
from uuid import UUID

from django.db import transaction

from followups.models import FollowUp
from networkcrm import snapshots, undo
from networkcrm.models import User

STEPPED = ("due_on", "done_at", "dismissed_at", "repeat")


class Memory:
    """How it stood before the step."""

    def __init__(self, followup: FollowUp) -> None:
        self.followup = followup
        self.columns = {name: getattr(followup, name) for name in STEPPED}

    def remember(self, following: FollowUp | None = None) -> str:
        """Where to post to for taking it back, and with it the one that came next."""
        payload = {
            "pk": self.followup.pk,
            "columns": self.columns,
            "following": following.pk if following else None,
        }
        return undo.remember(self.followup.owner, "followup_step", payload)


@undo.action("followup_step")
@transaction.atomic
def _take_step_back(user: User, payload: dict[str, Any]) -> str:
    rows = user.followups.select_for_update(no_key=True)
    followup = rows.filter(pk=payload["pk"]).first()
    if followup is None:
        return "It was deleted in the meantime."
    for name, value in payload["columns"].items():
        setattr(followup, name, value)
    followup.save(update_fields=[*STEPPED, "updated_at"])
    following = user.followups.open().filter(pk=payload["following"]).first()
    if following:
        following.delete()
    return f"“{followup}” is as it was."


def delete_followup(followup: FollowUp) -> str:
    """Returns the address to post to for taking it back."""
    columns = snapshots.taken(followup)
    url = undo.remember(followup.owner, "followup", columns)
    followup.delete()
    return url


@undo.action("followup")
@transaction.atomic
def _put_followup_back(user: User, payload: dict[str, Any]) -> str:
    columns = dict(payload)
    # What it pointed at may be gone for ever; the name of the contact is kept beside.
    for column, rows in (
        ("contact_id", user.contacts),
        ("event_id", user.events),
        ("introduction_id", user.introductions),
        ("interaction_id", user.interactions),
    ):
        if not rows.filter(pk=columns[column]).exists():
            columns[column] = None
    return f"“{snapshots.put_back(FollowUp, columns)}” is back."


@undo.action("followup_added")
def _take_adding_back(user: User, pk: UUID) -> str:
    followup = user.followups.filter(pk=pk).first()
    if followup is None:
        return "It was deleted already."
    followup.delete()
    return f"“{followup}” is not written down any more."
