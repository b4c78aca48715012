"""Making room in a circle, answering a review, a rhythm, peace: and taking it back."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from itertools import chain, count
from typing import Any
from uuid import UUID

from django.db import transaction

from contacts import seats
from contacts.models import Circle, Contact
from followups.circles_review import Proposal
from followups.models import CircleMove
from networkcrm import derived, snapshots, undo
from networkcrm.models import User
from networkcrm.text import fold

PEACE = timedelta(days=30)


@transaction.atomic
def make_room(
    circle: Circle,
    coming: Collection[UUID],
    leaving: Mapping[UUID, UUID | None],
    *,
    widen: bool = False,
    answers: Collection[CircleMove] = (),
) -> str:
    """Seat some while others leave, or with so many seats more as they need.

    `answers` are written with it. Returns where to post to for taking all of it back.
    Raises seats.Full: nothing was done.
    """
    owner = circle.owner
    seats.hold(owner, [circle.pk, *leaving.values()])
    before = circle.seats
    if widen:
        there = circle.contacts.filter(pk__in=list(coming)).count()
        circle.seats += max(len(coming) - there - circle.free_seats, 0)
        circle.save(update_fields=["seats", "updated_at"])
    moves = seats.move(owner, {**leaving, **dict.fromkeys(coming, circle.pk)})
    for answer in answers:
        answer.save()
    payload = {
        "moves": moves,
        "widened": (circle.pk, before, circle.seats) if circle.seats > before else None,
        "answers": [answer.pk for answer in answers],
    }
    return undo.remember(owner, "circle_room", payload)


@transaction.atomic
def move_on(proposal: Proposal) -> str:
    """Do what the review proposes. Returns where to undo it. Raises seats.Full."""
    contact = proposal.contact
    after = proposal.after.pk if proposal.after else None
    moves = seats.move(contact.owner, {contact.pk: after})
    answer = proposal.answered(CircleMove.Answer.MOVED)
    answer.save()
    payload = {"moves": moves, "widened": None, "answers": [answer.pk]}
    return undo.remember(contact.owner, "circle_room", payload)


@undo.action("circle_room")
@transaction.atomic
def _close_room(user: User, payload: dict[str, Any]) -> str:
    pk, before, after = payload["widened"] or (None, 0, 0)
    # All at once, as everybody holds them in one order.
    held = seats.hold(user, [pk, *(sat for _who, sat, _now in payload["moves"])])
    back, late = seats.take_back(user, payload["moves"])
    answers = user.circlemoves.filter(pk__in=payload["answers"])
    answers.exclude(contact__in=late).delete()
    if pk:
        circle = held.get(pk)
        if circle and circle.seats == after:
            taken = circle.seats - circle.free_seats
            circle.seats = max(before, taken)
            circle.save(update_fields=["seats", "updated_at"])
    return seats.told(user, back, late)


def keep(answer: CircleMove) -> str:
    """They stay where they are. Returns where to post to for taking that back."""
    answer.save()
    return undo.remember(answer.owner, "circle_kept", answer.pk)


@undo.action("circle_kept")
def _ask_about_again(user: User, pk: UUID) -> str:
    answer = user.circlemoves.filter(pk=pk).select_related("contact").first()
    if answer is None:
        return "That answer is gone already."
    answer.delete()
    return f"{answer.contact} is asked about again."


def set_rhythm(contact: Contact, days: int | None) -> tuple[UUID, int | None, Any]:
    """Of their own, or None for that of the circle. Returns what undoing it needs."""
    before = contact.cadence_days
    contact.cadence_days = days
    contact.save(update_fields=["cadence_days", "updated_at"])
    return contact.pk, before, days


def remember_rhythm(user: User, moves: list[seats.Move], rhythm: Any) -> str:
    return undo.remember(user, "rhythm", {"moves": moves, "rhythm": rhythm})


@undo.action("rhythm")
@transaction.atomic
def _rhythm_back(user: User, payload: dict[str, Any]) -> str:
    back, late = seats.take_back(user, payload["moves"])
    pk, before, after = payload["rhythm"]
    # Another rhythm that was chosen since stays.
    contact = user.contacts.filter(pk=pk, cadence_days=after).first()
    if contact is not None and before != after:
        set_rhythm(contact, before)
        if not late:
            return f"{contact.full_name} is as before."
    return seats.told(user, back, late)


def leave_in_peace(contact: Contact, until: date | None) -> str:
    """Until a day, or None to be asked about again. Returns where to undo it."""
    payload = {"contact": contact.pk, "until": contact.quiet_until}
    contact.quiet_until = until
    contact.save(update_fields=["quiet_until", "updated_at"])
    return undo.remember(contact.owner, "quiet", payload)


@undo.action("quiet")
def _peace_back(user: User, payload: dict[str, Any]) -> str:
    contact = user.contacts.filter(pk=payload["contact"]).first()
    if contact is None:
        return "That contact was deleted for ever in the meantime."
    contact.quiet_until = payload["until"]
    contact.save(update_fields=["quiet_until", "updated_at"])
    return f"{contact.full_name} is as before."


@transaction.atomic
def delete_circle(circle: Circle) -> str:
    """Those in it stay, in no circle. Returns where to post to for taking it back."""
    # Nobody sits down in it meanwhile.
    seats.hold(circle.owner, [circle.pk])
    payload = {
        "columns": snapshots.taken(circle),
        "people": list(circle.contacts.values_list("pk", flat=True)),
        "before": list(circle.moves_away.values_list("pk", flat=True)),
        "after": list(circle.moves_here.values_list("pk", flat=True)),
    }
    url = undo.remember(circle.owner, "circle", payload)
    circle.delete()
    return url


@undo.action("circle")
@transaction.atomic
def _put_circle_back(user: User, payload: dict[str, Any]) -> str:
    columns = dict(payload["columns"])
    circle = snapshots.put_back(Circle, columns | {"name": _free_name(user, columns)})
    # Whoever was put in another circle since stays there.
    people = user.contacts.filter(pk__in=payload["people"], circle=None)
    ids = list(people.values_list("pk", flat=True))
    user.contacts.filter(pk__in=ids).update(circle=circle)
    derived.touch(user.pk, ids)
    user.circlemoves.filter(pk__in=payload["before"]).update(before=circle)
    user.circlemoves.filter(pk__in=payload["after"]).update(after=circle)
    if not ids:
        return f"{circle} is back."
    return (
        f"{circle} is back, with {len(ids)} {'person' if len(ids) == 1 else 'people'}."
    )


def _free_name(user: User, columns: dict[str, Any]) -> str:
    """Its name, or with a number where another circle is called that by now."""
    taken = set(user.circles.values_list("key", flat=True))
    name: str = columns["name"]
    names = chain([name], (f"{name[:190]} {number}" for number in count(2)))
    return next(name for name in names if fold(name) not in taken)


@undo.action("circle_added")
@transaction.atomic
def _take_circle_back(user: User, pk: UUID) -> str:
    circle = seats.hold(user, [pk]).get(pk)
    if circle is None:
        return "It was deleted already."
    if circle.contacts.exists():
        return f"Somebody sits in {circle} by now, so it stays."
    circle.delete()
    return f"{circle} is gone again."
