from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from connections import debriefing
from connections.forms.debriefs import EveningForm, PersonForm
from contacts import bulk
from events import goals
from events.models import Attendance, Event
from networkcrm import undo
from networkcrm.http import HttpRequest
from networkcrm.messages import undoable


@transaction.atomic
def event_debrief(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Person by person, then the evening; each step is saved, so it can be left."""
    event = _event(request, event_id)
    if not event.has_begun:
        messages.warning(request, f"{event} is still to come.")
        return redirect(event)
    form = EveningForm(
        request.POST or None,
        instance=event,
        goals=goals.progress(event, event.met_ids()),
    )
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, f"{event} is debriefed. Well done.")
        return redirect(event)
    return _page(request, event, evening=form)


@require_POST
@transaction.atomic
def attendance_debrief(request: HttpRequest, attendance_id: UUID) -> HttpResponse:
    row = _attendance(request, attendance_id)
    form = PersonForm(request.POST, row)
    if form.is_valid():
        form.save()
        return redirect("event_debrief", event_id=row.event_id)
    return _page(request, row.event, person=form, status=422)


@require_POST
@transaction.atomic
def attendance_drop(request: HttpRequest, attendance_id: UUID) -> HttpResponse:
    """Whoever came to be there goes into the trash; whom I knew was just not met."""
    row = _attendance(request, attendance_id)
    if debriefing.is_new_there(row):
        found = request.user.contacts.filter(pk=row.contact_id)
        done = bulk.trash(request.user, found, {})
        url = undo.remember(request.user, done.verb, done.payload)
        undoable(request, done.sentence, url)
    else:
        row.miss()
        messages.success(request, f"{row.contact} was not met there.")
    return redirect("event_debrief", event_id=row.event_id)


@require_POST
def event_wave(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """No debrief of this one: Today asks no more."""
    event = _event(request, event_id)
    if event.debrief_waved_at is None:
        event.debrief_waved_at = timezone.now()
        event.save(update_fields=["debrief_waved_at", "updated_at"])
        url = undo.remember(request.user, "debrief-waved", str(event.pk))
        undoable(request, f"{event} is not asked about any more.", url)
    return redirect("today")


@undo.action("debrief-waved")
def _ask_again(user: Any, event_id: str) -> str:
    user.events.filter(pk=event_id).update(debrief_waved_at=None)
    return "It is asked about again."


def _page(
    request: HttpRequest,
    event: Event,
    evening: EveningForm | None = None,
    person: PersonForm | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = list(debriefing.people(event))
    left = [row for row in rows if row.debriefed_at is None]
    if person is None:
        asked = request.GET.get("person", "")
        current = next((r for r in rows if str(r.pk) == asked), None)
        current = current or next(iter(left), None)
        if current:
            current.owner, current.event = request.user, event
            current.contact.owner = request.user
            person = PersonForm(None, current)
    if evening is None:
        progress = goals.progress(event, event.met_ids())
        evening = EveningForm(None, instance=event, goals=progress)
    context: dict[str, Any] = {
        "event": event,
        "rows": rows,
        "done": len(rows) - len(left),
        "to_come": event.attendances.to_come().here().with_people()[:50],
        "person": person,
        "form": evening,
    }
    if evening.errors:
        status = 422
    if person:
        row = person.attendance
        context |= {
            "row": row,
            "namesakes": debriefing.namesakes(row.contact),
            "is_new_there": debriefing.is_new_there(row),
            "captures": row.contact.captures.filter(event=event).order_by("pk")[:3],
            "known": row.contact.facts.in_order()[:10],
        }
    return render(request, "events/event_debrief.html", context, status=status)


def _event(request: HttpRequest, event_id: UUID) -> Event:
    event: Event = get_object_or_404(request.user.events, pk=event_id)
    event.owner = request.user
    return event


def _attendance(request: HttpRequest, attendance_id: UUID) -> Attendance:
    rows = request.user.attendances.here().select_related("event", "contact")
    row: Attendance = get_object_or_404(rows, pk=attendance_id)
    row.owner = row.event.owner = row.contact.owner = request.user
    return row
