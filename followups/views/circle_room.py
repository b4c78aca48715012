from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from connections.forms.people_rows import valid_ids
from contacts import seats
from contacts.models import Circle
from followups import circles, circles_moving, circles_review
from followups.forms.circles import RoomForm
from networkcrm.http import HttpRequest
from networkcrm.messages import undoable

# Of a big circle, so many are offered to leave: those who slip most.
MOST_TO_LEAVE = 100


@transaction.atomic
def circle_room(request: HttpRequest, circle_id: UUID) -> HttpResponse:
    """Who leaves a full circle, so that ?contact=<id>&contact=<id> can sit down.

    With ?review it answers what a review proposed.
    """
    owner = request.user
    # All at once, as everybody holds them in one order.
    others = valid_ids(request.POST.getlist("to"))
    circle = seats.hold(owner, [circle_id, *others]).get(circle_id)
    if circle is None:
        raise Http404
    asked = valid_ids(request.GET.getlist("contact"))
    people = owner.contacts.kept().others().filter(pk__in=asked)
    coming = list(people.exclude(circle=circle).by_name())
    lacking = max(len(coming) - circle.free_seats, 0)
    data = request.POST if request.method == "POST" else None
    form = RoomForm(data, owner=owner, circle=circle, lacking=lacking)
    if data is not None and ("widen" in request.POST or form.is_valid()):
        ids = [contact.pk for contact in coming]
        if done := _made_room(request, circle, ids, form):
            return done
    today = timezone.localdate()
    rows = circles.members(circle, today)[:MOST_TO_LEAVE]
    context = {
        "circle": circle,
        "coming": coming,
        "lacking": lacking,
        "rows": [circles.Sitting.of(contact, today) for contact in rows],
        "is_cut": circle.seats - circle.free_seats > MOST_TO_LEAVE,
        "ticked": set(valid_ids(request.POST.getlist("leaves"))),
        "form": form,
        "taken_words": seats.taken_words(circle),
    }
    return render(request, "followups/circle_room.html", context)


def _made_room(
    request: HttpRequest, circle: Circle, coming: list[UUID], form: RoomForm
) -> HttpResponse | None:
    """None where those who leave find no seat either: the form says so."""
    is_widened, is_answer = "widen" in request.POST, "review" in request.GET
    leaving: dict[UUID, Any] = {}
    if not is_widened:
        to = form.cleaned_data["to"]
        leaving = {one.pk: to and to.pk for one in form.cleaned_data["leaves"]}
    answers = []
    if is_answer:
        moved, today = {*coming, *leaving}, timezone.localdate()
        answers = circles_review.answers(request.user, today, moved)
    try:
        undo_url = circles_moving.make_room(
            circle, coming, leaving, widen=is_widened, answers=answers
        )
    except seats.Full as full:
        form.add_error("to", f"{seats.taken_words(full.circle)} too.")
        return None
    undoable(request, _told(circle, len(coming), len(leaving)), undo_url)
    if is_answer:
        return redirect("circle_review")
    return redirect("circle_detail", circle.pk)


def _told(circle: Circle, coming: int, leaving: int) -> str:
    words = []
    if coming:
        sat = "One sits" if coming == 1 else f"{coming} sit"
        words.append(f"{sat} in {circle} now")
    if leaving:
        words.append(f"{'one' if leaving == 1 else leaving} left")
    if not words:
        return "Nobody was moved."
    text = ", ".join(words)
    return f"{text[:1].upper()}{text[1:]}."
