"""Favours between me and others: the need they meet, the balance, taking them back."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Max, Q

from contacts.models import Contact, Fact
from followups.models import Favour
from networkcrm import snapshots, undo
from networkcrm.models import User

State = Fact.State


@dataclass(frozen=True, slots=True)
class Balance:
    """How often I helped somebody, and they me. Nobody else sees it."""

    contact: Contact
    given: int
    received: int

    def __str__(self) -> str:
        name = self.contact.first_name
        if not self.given and not self.received:
            return f"No favours between you and {name} yet."
        if not self.received:
            return f"You helped {name} {_times(self.given)}."
        helped = f"{name} helped you {_times(self.received)}"
        if not self.given:
            return f"{helped}."
        return f"You helped {name} {_times(self.given)}, {helped}."


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


_GIVEN = Count("pk", filter=Q(direction="given"))
_RECEIVED = Count("pk", filter=Q(direction="received"))


def balance(contact: Contact) -> Balance:
    found = contact.favours.aggregate(given=_GIVEN, received=_RECEIVED)
    return Balance(contact, **found)


def balances(owner: User, most: int) -> list[Balance]:
    """Of those with whom there was something last."""
    rows = (
        owner.favours.there(owner)
        .order_by()
        .values("contact")
        .annotate(given=_GIVEN, received=_RECEIVED, last=Max("created_at"))
        .order_by("-last")[:most]
    )
    found = {row["contact"]: row for row in rows}
    people = {one.pk: one for one in owner.contacts.filter(pk__in=list(found))}
    return [
        Balance(people[pk], row["given"], row["received"]) for pk, row in found.items()
    ]


@transaction.atomic
def write_down(favour: Favour, before: Fact | None = None) -> None:
    """Save it: the need it meets is met, and the one it met before is open again."""
    favour.save()
    need = favour.met_need
    if before and before != need:
        _reopen(before)
    if need and need.state != State.MET:
        need.become(State.MET)


def _reopen(need: Fact) -> bool:
    """Unless another favour met it too."""
    if need.state != State.MET or need.favours.exists():
        return False
    need.become(State.OPEN)
    return True


@transaction.atomic
def delete(favour: Favour) -> tuple[str, bool]:
    """Where to post to for taking it back, and whether its need is open again."""
    need = favour.met_need
    columns = snapshots.taken(favour)
    favour.delete()
    opened = bool(need and _reopen(need))
    payload = {"columns": columns, "opened": opened}
    return undo.remember(favour.owner, "favour", payload), opened


@undo.action("favour")
@transaction.atomic
def _put_back(user: User, payload: dict[str, Any]) -> str:
    columns = dict(payload["columns"])
    if not user.contacts.filter(pk=columns["contact_id"]).exists():
        return "They are deleted for ever, and this with them."
    need = user.facts.filter(pk=columns["met_need_id"]).first()
    columns["met_need_id"] = need and need.pk
    favour = snapshots.put_back(Favour, columns)
    if need and payload["opened"]:
        need.become(State.MET)
    return f"“{favour}” is back."


@undo.action("favour_added")
@transaction.atomic
def _take_back(user: User, payload: dict[str, Any]) -> str:
    favour = user.favours.filter(pk=payload["pk"]).first()
    if favour is None:
        return "It was deleted already."
    need = favour.met_need
    favour.delete()
    if need and payload["was_open"]:
        _reopen(need)
    return f"“{favour}” is not written down any more."


def remember_added(favour: Favour, was_open: bool) -> str:
    """Where to post to for taking back what was just written down."""
    payload: dict[str, UUID | bool] = {"pk": favour.pk, "was_open": was_open}
    return undo.remember(favour.owner, "favour_added", payload)
