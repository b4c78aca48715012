"""Taking back what was done to introductions: one step, one deletion, one record."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from connections import introducing
from connections.chains import Cycle
from connections.models import Consent, Introduction, Origin
from networkcrm import derived, snapshots, undo
from networkcrm.models import User

STEP = ("state", *Introduction.DATES, "ask_on", "on")
MOVED_ON = "It has moved on since then, so nothing was taken back."


class Memory:
    """What stands before a step, kept until the step is done:

    before = Memory(introduction)
    introduction.meet()
    undoable(request, "…", before.remember())
    """

    def __init__(self, introduction: Introduction) -> None:
        self.introduction = introduction
        self.payload: dict[str, Any] = {
            "introduction": introduction.pk,
            "began_at": timezone.now(),
            "columns": {name: getattr(introduction, name) for name in STEP},
            "consents": [snapshots.taken(row) for row in introduction.consents.all()],
            "origins": [snapshots.taken(row) for row in introduction.origins.all()],
        }

    def remember(self) -> str:
        """The address to post to for undoing the step that was done meanwhile."""
        self.payload["seen_at"] = self.introduction.updated_at
        owner = self.introduction.owner
        return undo.remember(owner, "introduction step", self.payload)


@undo.action("introduction step")
@transaction.atomic
def _undo_step(user: User, payload: dict[str, Any]) -> str:
    found = user.introductions.select_for_update(no_key=True)
    introduction = found.filter(pk=payload["introduction"]).first()
    if introduction is None:
        return "That introduction was deleted in the meantime."
    if introduction.updated_at != payload["seen_at"]:
        return MOVED_ON
    for name, value in payload["columns"].items():
        setattr(introduction, name, value)
    try:
        with transaction.atomic():
            introduction.save()
    except IntegrityError:
        return MOVED_ON
    introduction.consents.all().delete()
    for columns in payload["consents"]:
        snapshots.put_back(Consent, columns)
    before = [columns["id"] for columns in payload["origins"]]
    for origin in introduction.origins.exclude(pk__in=before):
        introducing.let_go(origin, payload["began_at"])
    kept = user.origins.filter(pk__in=before, introduction=None)
    kept.update(introduction=introduction)
    put_origins_back(user, payload["origins"])
    return f"The introduction of {introduction} is where it was."


def put_origins_back(user: User, rows: list[dict[str, Any]]) -> None:
    """Those that are gone; where something was written anew since, that stays."""
    for columns in rows:
        there = user.origins.filter(contact=columns["contact_id"]).exists()
        if there or not user.contacts.filter(pk=columns["contact_id"]).exists():
            continue
        try:
            snapshots.put_back(Origin, _with_what_is_left(user, columns))
        except (Cycle, IntegrityError):
            continue


def _with_what_is_left(user: User, columns: dict[str, Any]) -> dict[str, Any]:
    """What it pointed at may be gone for ever; the names of it are kept beside."""
    columns = dict(columns)
    links = {"event_id": user.events, "introduction_id": user.introductions}
    for name, rows in links.items():
        if columns[name] and not rows.filter(pk=columns[name]).exists():
            columns[name] = None
    introducer = columns["introducer_id"]
    if introducer and not user.contacts.filter(pk=introducer).exists():
        columns |= {"introducer_id": None, "introducer_depth": None}
    return columns


def remember_record(
    user: User, introductions: list[Introduction], done: introducing.Beginnings
) -> str:
    """For taking back what was just written down."""
    payload = {
        "introductions": [introduction.pk for introduction in introductions],
        "origins": [origin.pk for origin in done.set],
    }
    return undo.remember(user, "introduction record", payload)


@undo.action("introduction record")
def _undo_record(user: User, payload: dict[str, Any]) -> str:
    with derived.batch():
        for origin in user.origins.filter(pk__in=payload["origins"]):
            origin.delete()
        for introduction in user.introductions.filter(pk__in=payload["introductions"]):
            introduction.delete()
    return "It is as if it had never been written down."


def delete_introduction(introduction: Introduction) -> str:
    """Returns the address to post to for taking it back.

    How you met, and what came of it, stay: they only lose the link.
    """
    payload = {
        "columns": snapshots.taken(introduction),
        "consents": [snapshots.taken(row) for row in introduction.consents.all()],
        "origins": _keys(introduction.origins),
        "outcomes": _keys(introduction.outcomes),
    }
    url = undo.remember(introduction.owner, "introduction", payload)
    introduction.delete()
    return url


def _keys(rows: Any) -> list[UUID]:
    return list(rows.values_list("pk", flat=True))


@undo.action("introduction")
@transaction.atomic
def _put_introduction_back(user: User, payload: dict[str, Any]) -> str:
    columns = dict(payload["columns"])
    for link in ("introducer_id", "a_id", "b_id"):
        if columns[link] and not user.contacts.filter(pk=columns[link]).exists():
            columns[link] = None
    if columns["event_id"] and not user.events.filter(pk=columns["event_id"]).exists():
        columns["event_id"] = None
    try:
        with transaction.atomic():
            introduction = snapshots.put_back(Introduction, columns)
    except IntegrityError:
        return "The same introduction was written down anew since, and that stays."
    for consent in payload["consents"]:
        snapshots.put_back(Consent, consent)
    user.origins.filter(pk__in=payload["origins"]).update(introduction=introduction)
    user.outcomes.filter(pk__in=payload["outcomes"]).update(introduction=introduction)
    return f"The introduction of {introduction} is back."


def remember_replaced(user: User, replaced: list[tuple[dict[str, Any], Origin]]) -> str:
    """For the beginnings that gave way to what introductions tell."""
    payload = [(before, origin.pk) for before, origin in replaced]
    return undo.remember(user, "replaced origins", payload)


@undo.action("replaced origins")
def _undo_replacing(user: User, payload: list[tuple[dict[str, Any], UUID]]) -> str:
    with derived.batch():
        for origin in user.origins.filter(pk__in=[pk for _before, pk in payload]):
            origin.delete()
        put_origins_back(user, [before for before, _pk in payload])
    return "How you met them is as you wrote it first."
