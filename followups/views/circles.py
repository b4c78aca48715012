from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from contacts import seats
from contacts.models import Circle
from contacts.paging import page_of
from followups import (
    circles,
    circles_moving,
    circles_reach,
    circles_review,
    contact_filters,
    touching,
)
from followups.forms.circles import CircleForm, SeatForm
from networkcrm import derived, undo
from networkcrm.http import HttpRequest
from networkcrm.messages import undoable


@require_safe
def circle_list(request: HttpRequest) -> HttpResponse:
    owner, today = request.user, timezone.localdate()
    found = circles.overview(owner, today)
    inner = found[0].circle if found else None
    context = {
        "circles": found,
        "is_empty": not any(one.taken for one in found),
        "inner": inner,
        "reach": circles_reach.reach(owner, inner) if inner else 0,
        "losing": contact_filters.losing(owner, today),
        "review": circles_review.review_due(owner, today),
        "last_review": circles_review.last_review(owner),
        "ways": touching.WAYS,
    }
    return render(request, "followups/circle_list.html", context)


@transaction.atomic
def circle_detail(request: HttpRequest, circle_id: UUID) -> HttpResponse:
    """Who sits there; posting seats one more, by their name."""
    circle = get_object_or_404(request.user.circles, pk=circle_id)
    form = SeatForm(request.POST or None, circle=circle)
    if request.method == "POST" and form.is_valid():
        return _seat(request, circle, form)
    today = timezone.localdate()
    page = page_of(request, circles.members(circle, today))
    context = {
        "circle": circle,
        "seats": circles.seats_of(circle, today),
        "page": page,
        "rows": [circles.Sitting.of(contact, today) for contact in page],
        "form": form,
        "reach": circles_reach.reach(request.user, circle),
        "ways": touching.WAYS,
    }
    return render(request, "followups/circle_detail.html", context)


def _seat(request: HttpRequest, circle: Circle, form: SeatForm) -> HttpResponse:
    pick = form.cleaned_data["person"]
    if pick.is_new:
        with derived.batch():
            pick.row.save()
        messages.info(request, f"{pick.name} was new, and is a contact of yours now.")
    try:
        moves = seats.move(request.user, {pick.row.pk: circle.pk})
    except seats.Full:
        return redirect(seats.ask_who_leaves(circle, [pick.row.pk]))
    undo_url = seats.remember(request.user, moves)
    undoable(request, f"{pick.name} sits in {circle} now.", undo_url)
    return redirect("circle_detail", circle.pk)


@transaction.atomic
def circle_create(request: HttpRequest) -> HttpResponse:
    return _circle_form(request, Circle(owner=request.user), "")


@transaction.atomic
def circle_edit(request: HttpRequest, circle_id: UUID) -> HttpResponse:
    circle = get_object_or_404(request.user.circles, pk=circle_id)
    return _circle_form(request, circle, circle.name)


def _circle_form(request: HttpRequest, circle: Circle, name: str) -> HttpResponse:
    form = CircleForm(request.POST or None, instance=circle)
    if request.method == "POST" and form.is_valid():
        # Those in it are found by its name.
        with derived.batch():
            form.save()
        if name:
            messages.success(request, f"{circle} is saved.")
        else:
            undo_url = undo.remember(request.user, "circle_added", circle.pk)
            undoable(request, f"{circle} is there. Who sits in it?", undo_url)
        return redirect("circle_detail", circle.pk)
    context = {"form": form, "circle": circle, "name": name}
    return render(request, "followups/circle_form.html", context)


@require_POST
@transaction.atomic
def circle_delete(request: HttpRequest, circle_id: UUID) -> HttpResponse:
    circle = get_object_or_404(request.user.circles, pk=circle_id)
    undo_url = circles_moving.delete_circle(circle)
    text = f"Deleted {circle}. Those who sat in it are still in your network."
    undoable(request, text, undo_url)
    return redirect("circle_list")
