"""A calendar file held against the events there are, brought in, and taken back."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from contacts.importing.records import Unread
from events.calendars import reading
from events.calendars.reading import Found, Happening
from events.guests import writing
from events.models import Event
from networkcrm import undo
from networkcrm.models import User

State = Literal["new", "changed", "cancelled", "same"]
WORDS: dict[State, str] = {
    "new": "new",
    "changed": "changed",
    "cancelled": "cancelled",
    "same": "nothing new",
}
# The columns a file may change, as a page says them.
COLUMNS = {
    "name": "name",
    "starts_at": "start",
    "ends_at": "end",
    "time_zone": "time zone",
    "is_all_day": "whole days",
    "place": "place",
    "url": "address",
    "is_online": "online",
    "cancelled": "cancelled",
}


@dataclass(slots=True)
class Planned:
    """What is done with one event of the file. `happening` is None for a day that a
    series leaves out since."""

    state: State
    happening: Happening | None
    event: Event | None = None
    changes: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.happening.name if self.happening else str(self.event)

    @property
    def words(self) -> str:
        return WORDS[self.state]


@dataclass
class Plan:
    planned: list[Planned]
    unread: list[Unread]
    remarks: list[str]

    @property
    def counts(self) -> Counter[str]:
        return Counter(one.state for one in self.planned)

    @property
    def has_news(self) -> bool:
        return any(one.state != "same" for one in self.planned)


def read(owner: User, raw: bytes) -> Found:
    """The events of a file for this owner. Raises reading.CannotRead."""
    mails = owner.contactmethods.filter(kind="email", contact__is_me=True)
    mine = [owner.email, *mails.values_list("normalized", flat=True)]
    return reading.read(raw, owner.tz, timezone.now(), mine)


def plan(owner: User, found: Found) -> Plan:
    """What the file would do, in three queries; nothing is written."""
    by_uid = {one.uid: one for one in found.happenings}
    there = {e.uid: e for e in owner.events.filter(uid__in=list(by_uid))}
    planned = [_planned(one, there.get(uid)) for uid, one in by_uid.items()]
    planned += _left_out(owner, found, set(by_uid))
    order = list(WORDS)
    planned.sort(key=lambda one: order.index(one.state))
    return Plan(planned, found.unread, found.remarks)


def _planned(one: Happening, event: Event | None) -> Planned:
    said = _said(one)
    if event is None:
        return Planned("cancelled" if one.cancelled else "new", one)
    before = event.as_imported
    changes = [name for name in COLUMNS if before.get(name) != said[name]]
    if "cancelled" in changes and one.cancelled:
        return Planned("cancelled", one, event, changes)
    return Planned("changed" if changes else "same", one, event, changes)


def _left_out(owner: User, found: Found, uids: set[str]) -> Iterable[Planned]:
    """Days of a series that the file has no longer."""
    if not found.series:
        return
    now = timezone.now()
    days = owner.events.filter(uid__contains="#", cancelled_at=None)
    days = days.filter(starts_at__gt=now, starts_at__lt=now + reading.AHEAD)
    for event in days.order_by("starts_at", "pk")[: reading.MOST_EVENTS]:
        series = event.uid.rpartition("#")[0]
        if event.uid not in uids and series in found.series and event.as_imported:
            yield Planned("cancelled", None, event, ["cancelled"])


def _said(one: Happening) -> dict[str, Any]:
    """As the file says it, in what JSON holds."""
    said = {name: getattr(one, name) for name in COLUMNS}
    for name in ("starts_at", "ends_at"):
        said[name] = said[name] and said[name].isoformat()
    return said


@transaction.atomic
def bring(owner: User, found: Found) -> tuple[Plan, str]:
    """Write what the file says, and how to take all of it back: the plan that was
    carried out, and the address to post to, "" where nothing was new."""
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    todo = plan(owner, found)
    new: list[tuple[Event, Happening]] = []
    changed: dict[str, dict[str, Any]] = {}
    for one in todo.planned:
        if one.event is None and one.happening:
            new.append((_new(owner, one.happening), one.happening))
        elif one.event and one.changes:
            one.event.owner = owner
            changed[str(one.event.pk)] = _change(one.event, one)
    Event.objects.bulk_create([event for event, _one in new], batch_size=500)
    guests: list[UUID] = []
    fresh = {event.uid: event for event, _one in new}
    for one in todo.planned:
        if one.happening and one.happening.guests and one.state != "same":
            event = one.event or fresh[one.happening.uid]
            guests += writing.add(event, one.happening.guests).new
    if not new and not changed:
        return todo, ""
    payload = {
        "created": [event.pk for event, _one in new],
        "changed": changed,
        "guests": guests,
    }
    return todo, undo.remember(owner, "calendar", payload)


def _new(owner: User, one: Happening) -> Event:
    event = Event(
        owner=owner,
        uid=one.uid,
        kind=Event.Kind.ONLINE if one.is_online else Event.Kind.OTHER,
        series=one.series,
        notes=one.notes,
        as_imported=_said(one),
    )
    for name in COLUMNS:
        _set(event, name, getattr(one, name))
    event.make_search_key()
    return event


def _change(event: Event, one: Planned) -> dict[str, Any]:
    """Take what the file changed, and nothing that it did not. Returns how it was."""
    before = {
        "columns": {name: _get(event, name) for name in one.changes},
        "as_imported": event.as_imported,
    }
    for name in one.changes:
        said = getattr(one.happening, name) if one.happening else True
        _set(event, name, said)
    if event.ends_at and (not event.starts_at or event.ends_at < event.starts_at):
        # The owner had moved the one end that the file leaves as it was.
        event.ends_at = one.happening.ends_at if one.happening else None
    event.as_imported = (
        _said(one.happening)
        if one.happening
        else event.as_imported | {"cancelled": True}
    )
    event.save()
    before["now"] = {name: _get(event, name) for name in one.changes}
    return before


def _get(event: Event, name: str) -> Any:
    if name == "cancelled":
        return event.cancelled_at is not None
    value = getattr(event, name)
    return value.isoformat() if isinstance(value, datetime) else value


def _set(event: Event, name: str, value: Any) -> None:
    if name == "cancelled":
        event.cancelled_at = (event.cancelled_at or timezone.now()) if value else None
        return
    if name in ("starts_at", "ends_at") and isinstance(value, str):
        value = parse_datetime(value)
    setattr(event, name, value)


@undo.action("calendar")
@transaction.atomic
def _take_back(user: User, payload: dict[str, Any]) -> str:
    """What the owner has added to since stays."""
    user.guests.filter(pk__in=payload["guests"], contact=None).delete()
    made = user.events.filter(pk__in=payload["created"], debrief="", worth=None)
    used: set[UUID] = set()
    for rows in (
        user.attendances,
        user.goals,
        user.guests,
        user.interactions,
        user.origins,
        user.introductions,
        user.outcomes,
        user.captures,
        user.followups,
    ):
        linked = rows.filter(event__in=payload["created"])
        used.update(linked.values_list("event_id", flat=True))
    untouched = [
        pk
        for pk, created, updated in made.values_list("pk", "created_at", "updated_at")
        if pk not in used and (updated - created).total_seconds() < 1
    ]
    user.events.filter(pk__in=untouched).delete()
    for event in user.events.filter(pk__in=list(payload["changed"])):
        event.owner = user
        before = payload["changed"][str(event.pk)]
        for name, value in before["columns"].items():
            if _get(event, name) == before["now"][name]:
                _set(event, name, value)
        event.as_imported = before["as_imported"]
        event.save()
    kept = len(payload["created"]) - len(untouched)
    said = "The calendar is taken back."
    return f"{said} {kept} stay, because you have added to them." if kept else said
