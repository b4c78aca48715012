from collections import Counter
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from contacts.paging import page_of
from events import goals, undoing
from events.forms import EventFilterForm, EventForm
from events.models import Event
from networkcrm.http import HttpRequest, render_part
from networkcrm.messages import undoable

MOST_OPTIONS = 8
# On the page; the brief has all of them.
MOST_THERE = 100
MOST_PROMISES = 20


@require_safe
def event_list(request: HttpRequest) -> HttpResponse:
    form = EventFilterForm(request.GET)
    events = form.filter(request.user.events.with_people_met(request.user))
    context = {"form": form, "page": page_of(request, events)}
    return render_part(request, "events/event_list.html", "results", context)


@require_safe
def event_detail(request: HttpRequest, event_id: UUID) -> HttpResponse:
    event = get_object_or_404(request.user.events, pk=event_id)
    event.owner = request.user
    met = event.met_ids()
    people = request.user.contacts.kept().filter(pk__in=met)
    page = page_of(request, people.select_related("organization").by_name())
    there = list(event.attendances.here().with_people()[: MOST_THERE + 1])
    standing = Counter(row.get_state_display() for row in there)
    context = {
        "event": event,
        "page": page,
        "met_count": page.paginator.count,
        "first_met": set(event.origins.values_list("contact_id", flat=True)),
        "interactions": event.interactions.with_people().latest_first()[:20],
        "promises": request.user.followups.of_event(event)[:MOST_PROMISES],
        "outcomes": event.outcomes.with_people().latest_first()[:20],
        "began": request.user.outcomes.began_at(request.user, event).count(),
        "goals": goals.progress(event, met),
        "attendances": there[:MOST_THERE],
        "has_more_attendances": len(there) > MOST_THERE,
        "standing": [(count, words) for words, count in standing.items()],
    }
    parts = ("people", "goals", "attendances")
    return render_part(request, "events/event_detail.html", parts, context)


@transaction.atomic
def event_create(request: HttpRequest) -> HttpResponse:
    return _event_form(request, Event(owner=request.user))


@transaction.atomic
def event_edit(request: HttpRequest, event_id: UUID) -> HttpResponse:
    return _event_form(request, get_object_or_404(request.user.events, pk=event_id))


def _event_form(request: HttpRequest, event: Event) -> HttpResponse:
    is_new = event._state.adding
    name = event.name
    form = EventForm(request.POST or None, instance=event)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, f"{event} is {'added' if is_new else 'saved'}.")
        return redirect(event)
    context = {"form": form, "event": event, "name": name, "is_new": is_new}
    return render(request, "events/event_form.html", context)


@require_POST
def event_delete(request: HttpRequest, event_id: UUID) -> HttpResponse:
    event = get_object_or_404(request.user.events, pk=event_id)
    undo_url = undoing.delete_event(event)
    kept = "Where you met people there, its name stays."
    undoable(request, f"{event} is deleted. {kept}", undo_url)
    return redirect("event_list")


@require_safe
def event_options(request: HttpRequest) -> HttpResponse:
    """Names to choose from, for the one field that asks."""
    text = "".join(request.GET.dict().values())
    events = request.user.events.search(text).latest_first()[:MOST_OPTIONS]
    options = [(one.name, one.partial_date.words if one.day else "") for one in events]
    return render(request, "events/options.html", {"options": options})
