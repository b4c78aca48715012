"""Deleting an event or what belongs to one, and taking that back."""

from typing import Any

from django.db import IntegrityError, transaction

from events.models import Attendance, CardLink, CardOffer, Event, Goal
from networkcrm import derived, snapshots, undo
from networkcrm.models import User
from networkcrm.owned import Owned


def delete_event(event: Event) -> str:
    """Returns the address to post to for taking it back, links and all."""
    links: dict[str, list[Any]] = {}
    rows: dict[str, list[dict[str, Any]]] = {}
    for name, cascades in _relations():
        found = getattr(event, name)
        if cascades:
            rows[name] = [snapshots.taken(row) for row in found.order_by("pk")]
        else:
            links[name] = list(found.order_by().values_list("pk", flat=True))
    payload = {"columns": snapshots.taken(event), "links": links, "rows": rows}
    url = undo.remember(event.owner, "event", payload)
    event.delete()
    return url


def _relations() -> list[tuple[str, bool]]:
    """What points at an event, by its name there, and whether it goes with it."""
    return [
        (relation.get_accessor_name() or "", field.on_database_delete == "CASCADE")
        for relation in Event._meta.related_objects
        if (field := relation.field) and hasattr(field, "on_database_delete")
    ]


@undo.action("event")
@transaction.atomic
def _put_event_back(user: User, payload: dict[str, Any]) -> str:
    with derived.batch():
        event = snapshots.put_back(Event, payload["columns"])
        # What has found another event since keeps that one.
        for name, ids in payload["links"].items():
            model = getattr(event, name).model
            mine = model._base_manager.filter(owner_id=user.pk, pk__in=ids)
            mine.filter(event=None).update(event=event)
        for name, rows in payload["rows"].items():
            model = getattr(event, name).model
            model._base_manager.bulk_create(
                [model(**row) for row in _still_linked(user, model, rows)],
                batch_size=1000,
            )
        derived.touch(user.pk, event.linked_ids())
    return f"{event} is back."


def _still_linked(
    user: User, model: type[Owned], rows: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Without what was deleted for ever since, and without those that need it."""
    for field in model._meta.concrete_fields:
        if field.name in ("owner", "event") or not hasattr(field, "on_database_delete"):
            continue
        target: Any = field.remote_field.model  # type: ignore[union-attr]
        wanted = {row[field.attname] for row in rows}
        mine = target._base_manager.filter(owner_id=user.pk, pk__in=wanted)
        there = {None, *mine.values_list("pk", flat=True)}
        if field.null:
            rows = [
                row if row[field.attname] in there else row | {field.attname: None}
                for row in rows
            ]
        else:
            rows = [row for row in rows if row[field.attname] in there]
    return rows


def delete_attendance(attendance: Attendance) -> str:
    """Returns the address to post to for taking it back."""
    columns = snapshots.taken(attendance)
    url = undo.remember(attendance.owner, "attendance", columns)
    attendance.delete()
    return url


@undo.action("attendance")
def _put_attendance_back(user: User, columns: dict[str, Any]) -> str:
    row = _put_back(user, Attendance, columns)
    if row is None:
        return "They are on the list again already, or deleted for ever."
    return f"{row.contact} is on the list again."


def delete_goal(goal: Goal) -> str:
    """Returns the address to post to for taking it back."""
    url = undo.remember(goal.owner, "goal", snapshots.taken(goal))
    goal.delete()
    return url


@undo.action("goal")
def _put_goal_back(user: User, columns: dict[str, Any]) -> str:
    goal = _put_back(user, Goal, columns)
    return f"“{goal}” is back." if goal else "That event is deleted, and this with it."


def delete_offer(offer: CardOffer) -> str:
    """Returns the address to post to for taking it back."""
    url = undo.remember(offer.owner, "card-offer", snapshots.taken(offer))
    offer.delete()
    return url


@undo.action("card-offer")
def _put_offer_back(user: User, columns: dict[str, Any]) -> str:
    try:
        offer = snapshots.put_back(CardOffer, columns)
    except IntegrityError:
        return "You have another sentence for them by now."
    return f"What you offer {offer.audience} is back."


def revoke_link(link: CardLink) -> str:
    """Returns the address to post to for taking it back."""
    link.revoke()
    payload = {"link": link.pk, "secret": link.secret}
    return undo.remember(link.owner, "card-link", payload)


@undo.action("card-link")
def _lead_there_again(user: User, payload: dict[str, Any]) -> str:
    mine = user.cardlinks.filter(pk=payload["link"], secret=payload["secret"])
    mine.update(revoked_at=None)
    return "The link leads to your card again."


def _put_back(user: User, model: type[Owned], columns: dict[str, Any]) -> Any:
    if not user.events.filter(pk=columns["event_id"]).exists():
        return None
    linked = _still_linked(user, model, [columns])
    try:
        return snapshots.put_back(model, linked[0]) if linked else None
    except IntegrityError:
        return None
