"""Changes to many contacts at once, each with what its undoing needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from contacts import seats
from contacts.models.contacts import ContactQuerySet, relatives
from networkcrm import derived, undo
from networkcrm.models import User


class Refused(Exception):
    """Nothing was changed; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Done:
    verb: str
    payload: Any
    sentence: str


Action = Callable[[User, ContactQuerySet, Mapping[str, str]], Done]


def _people(ids: list[UUID], user: User) -> str:
    if len(ids) == 1:
        return str(user.contacts.get(pk=ids[0]).full_name)
    return f"{len(ids)} people"


def _ids(contacts: ContactQuerySet) -> list[UUID]:
    return list(contacts.order_by().values_list("pk", flat=True))


@transaction.atomic
def trash(user: User, contacts: ContactQuerySet, choices: Mapping[str, str]) -> Done:
    ids = _ids(contacts.kept().others())
    stamp = _stamp(user, ids, "trashed_at")
    return Done(
        "trash",
        stamp,
        f"{_people(ids, user)} moved to the trash, kept there for 90 days.",
    )


@transaction.atomic
def archive(user: User, contacts: ContactQuerySet, choices: Mapping[str, str]) -> Done:
    ids = _ids(contacts.active())
    stamp = _stamp(user, ids, "archived_at")
    return Done("archive", stamp, f"{_people(ids, user)} archived.")


@transaction.atomic
def want(user: User, contacts: ContactQuerySet, choices: Mapping[str, str]) -> Done:
    """To meet them. Who is wanted already stays so, since when they are."""
    ids = _ids(contacts.kept().others().filter(wanted_at=None))
    stamp = _stamp(user, ids, "wanted_at")
    whom = _people(ids, user) if ids else "nobody new"
    return Done("want_many", stamp, f"You want to meet {whom}.")


def _stamp(user: User, ids: list[UUID], field: str) -> str:
    """One moment for all of them, by which the undoing knows them again."""
    now = timezone.now()
    for chunk in _chunks(ids):
        user.contacts.filter(pk__in=chunk).update(**{field: now, "updated_at": now})
    _touch_with_relatives(user, ids)
    return now.isoformat()


def _touch_with_relatives(user: User, ids: list[UUID]) -> None:
    """Who is in the trash is nobody's colleague in the search either."""
    with derived.batch():
        derived.touch(user.pk, ids)
        for chunk in _chunks(ids):
            derived.touch(user.pk, relatives(user, chunk))


def _changed(user: User, ids: list[UUID]) -> None:
    """A form that was opened before knows by this that it shows the past."""
    for chunk in _chunks(ids):
        user.contacts.filter(pk__in=chunk).update(updated_at=timezone.now())
    derived.touch(user.pk, ids)


def _chunks(ids: list[UUID], size: int = 5000) -> list[list[UUID]]:
    return [ids[start : start + size] for start in range(0, len(ids), size)]


@transaction.atomic
def tag(user: User, contacts: ContactQuerySet, choices: Mapping[str, str]) -> Done:
    name = choices.get("tag_name", "").strip()
    if not name:
        raise Refused("Which tag? Type its name beside the button.")
    tag = next(iter(user.tags.named(user.pk, [name]).values()), None)
    if tag is None:
        raise Refused("A tag needs at least one letter or digit.")
    tagged = user.contacttags.filter(tag=tag)
    ids = _ids(contacts.kept().exclude(pk__in=tagged.values("contact")))
    model = tagged.model
    rows = model.objects.bulk_create(
        [model(owner=user, contact_id=pk, tag=tag) for pk in ids], batch_size=2000
    )
    _changed(user, ids)
    payload = {"tag": str(tag.pk), "rows": [str(row.pk) for row in rows]}
    return Done(
        "tag", payload, f"{_people(ids, user) if ids else 'Nobody new'} tagged “{tag}”."
    )


def circle(user: User, contacts: ContactQuerySet, choices: Mapping[str, str]) -> Done:
    """Raises seats.Full when there are not so many seats."""
    chosen = choices.get("circle", "")
    target = None
    if chosen:
        target = next((c for c in user.circles.all() if str(c.pk) == chosen), None)
        if target is None:
            raise Refused("Choose a circle beside the button.")
    moves = seats.move(user, dict.fromkeys(_ids(contacts), target and target.pk))
    ids = [pk for pk, _before, _after in moves]
    where = f"put in {target}" if target else "taken out of their circle"
    return Done("seats", moves, f"{_people(ids, user) if ids else 'Nobody'} {where}.")


ACTIONS: dict[str, Action] = {
    "tag": tag,
    "circle": circle,
    "want": want,
    "archive": archive,
    "trash": trash,
}


def _unstamp(user: User, field: str, stamp: str) -> int:
    stamped = user.contacts.filter(**{field: datetime.fromisoformat(stamp)})
    ids = _ids(stamped)
    stamped.update(**{field: None, "updated_at": timezone.now()})
    _touch_with_relatives(user, ids)
    return len(ids)


def _count(number: int) -> str:
    return "One person is" if number == 1 else f"{number} people are"


@undo.action("trash")
@transaction.atomic
def _untrash(user: User, stamp: str) -> str:
    return f"{_count(_unstamp(user, 'trashed_at', stamp))} back from the trash."


@undo.action("archive")
@transaction.atomic
def _unarchive(user: User, stamp: str) -> str:
    return f"{_count(_unstamp(user, 'archived_at', stamp))} back in your list."


@undo.action("want_many")
@transaction.atomic
def _unwant(user: User, stamp: str) -> str:
    return f"{_count(_unstamp(user, 'wanted_at', stamp))} off that list again."


@undo.action("tag")
@transaction.atomic
def _untag(user: User, payload: dict[str, Any]) -> str:
    rows = user.contacttags.filter(pk__in=payload["rows"])
    ids = list(rows.values_list("contact_id", flat=True))
    rows.delete()
    _changed(user, ids)
    return f"The tag is off again: {len(ids)} people."
