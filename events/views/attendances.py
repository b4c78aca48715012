"""Who will be there, and who was."""

from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from events import undoing
from events.forms import AttendanceForm
from events.models import Attendance
from networkcrm.http import HttpRequest
from networkcrm.messages import undoable

VERBS = {
    "want": Attendance.want,
    "unwant": Attendance.unwant,
    "meet": Attendance.meet,
    "unmeet": Attendance.unmeet,
    "miss": Attendance.miss,
}


@transaction.atomic
def attendance_edit(request: HttpRequest, attendance_id: UUID) -> HttpResponse:
    attendance = find(request, attendance_id)
    form = AttendanceForm(request.POST or None, instance=attendance)
    if request.method == "POST" and form.is_valid():
        form.save()
        return back_to(attendance)
    context = {"form": form, "attendance": attendance, "event": attendance.event}
    return render(request, "events/attendance_form.html", context)


@require_POST
def attendance_mark(request: HttpRequest, attendance_id: UUID) -> HttpResponse:
    """Wanted, met or missed; the same word twice says it once."""
    attendance = find(request, attendance_id)
    if verb := VERBS.get(request.POST.get("do", "")):
        verb(attendance)
    if request.POST.get("back") == "debrief":
        return redirect("event_debrief", event_id=attendance.event_id)
    return back_to(attendance)


@require_POST
def attendance_delete(request: HttpRequest, attendance_id: UUID) -> HttpResponse:
    attendance = find(request, attendance_id)
    undo_url = undoing.delete_attendance(attendance)
    undoable(request, f"{attendance.contact} is off the list.", undo_url)
    return back_to(attendance)


def find(request: HttpRequest, attendance_id: UUID) -> Attendance:
    rows = request.user.attendances.select_related("event", "contact")
    found: Attendance = get_object_or_404(rows, pk=attendance_id)
    found.event.owner = found.owner = request.user
    return found


def back_to(attendance: Attendance) -> HttpResponse:
    url = reverse("event_detail", kwargs={"event_id": attendance.event_id})
    return redirect(f"{url}#attendances")
