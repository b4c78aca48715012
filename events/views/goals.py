from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from events import undoing
from events.forms import GoalForm
from events.models import Goal
from networkcrm.http import HttpRequest
from networkcrm.messages import undoable


@require_POST
@transaction.atomic
def goal_create(request: HttpRequest, event_id: UUID) -> HttpResponse:
    event = get_object_or_404(request.user.events, pk=event_id)
    form = GoalForm(request.POST, instance=Goal(owner=request.user, event=event))
    if form.is_valid():
        form.save()
        return redirect(f"{event.get_absolute_url()}#goals")
    context = {"form": form, "event": event, "is_new": True}
    return render(request, "events/goal_form.html", context, status=422)


@transaction.atomic
def goal_edit(request: HttpRequest, goal_id: UUID) -> HttpResponse:
    goal = get_object_or_404(request.user.goals.select_related("event"), pk=goal_id)
    form = GoalForm(request.POST or None, instance=goal)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect(f"{goal.event.get_absolute_url()}#goals")
    context = {"form": form, "event": goal.event, "goal": goal}
    return render(request, "events/goal_form.html", context)


@require_POST
def goal_tick(request: HttpRequest, goal_id: UUID) -> HttpResponse:
    """Count by hand, to the number that is sent: a second click does not count on."""
    goal = get_object_or_404(request.user.goals.select_related("event"), pk=goal_id)
    to = request.POST.get("to", "")
    if to.isdecimal() and len(to) < 4:
        goal.tick(int(to))
    return redirect(f"{goal.event.get_absolute_url()}#goals")


@require_POST
def goal_delete(request: HttpRequest, goal_id: UUID) -> HttpResponse:
    goal = get_object_or_404(request.user.goals.select_related("event"), pk=goal_id)
    event = goal.event
    undoable(request, f"“{goal}” is no goal any more.", undoing.delete_goal(goal))
    return redirect(f"{event.get_absolute_url()}#goals")
