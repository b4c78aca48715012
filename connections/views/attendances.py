from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from connections.forms.attendances import AttendanceForm
from networkcrm.http import HttpRequest


@require_POST
@transaction.atomic
def attendance_create(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """By a typed name: one that several have, or that comes close, is asked about."""
    event = get_object_or_404(request.user.events, pk=event_id)
    event.owner = request.user
    form = AttendanceForm(request.POST, event)
    if form.is_valid():
        attendance = form.save()
        if form.is_new_contact:
            messages.success(
                request, f"{attendance.contact} is new, and now among your people."
            )
        if request.POST.get("back") == "debrief":
            return redirect("event_debrief", event_id=event.pk)
        return redirect(f"{event.get_absolute_url()}#attendances")
    context = {"form": form, "event": event}
    return render(request, "events/attendance_add.html", context, status=422)
