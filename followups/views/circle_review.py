from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from contacts import seats
from followups import circles_moving, circles_review
from followups.models import CircleMove
from networkcrm.http import HttpRequest
from networkcrm.messages import undoable


@require_safe
def circle_review(request: HttpRequest) -> HttpResponse:
    found = circles_review.proposals(request.user, timezone.localdate())
    context = {
        "closer": [one for one in found if one.is_closer],
        "gone": [one for one in found if not one.is_closer],
        "last_review": circles_review.last_review(request.user),
        "answers": request.user.circlemoves.latest_first().select_related(
            "contact", "before", "after"
        )[:10],
    }
    return render(request, "followups/circle_review.html", context)


@require_POST
@transaction.atomic
def circle_answer(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """answer=moved or answer=kept to what the review proposes for this contact."""
    owner, today = request.user, timezone.localdate()
    contact = get_object_or_404(owner.contacts, pk=contact_id)
    found = circles_review.proposals(owner, today)
    proposal = next((one for one in found if one.contact == contact), None)
    if proposal is None:
        messages.info(request, f"Nothing is proposed for {contact.full_name} any more.")
        return redirect("circle_review")
    if request.POST.get("answer") != CircleMove.Answer.MOVED:
        undo_url = circles_moving.keep(proposal.answered(CircleMove.Answer.KEPT))
        undoable(request, f"{contact.full_name} stays where they are.", undo_url)
        return redirect("circle_review")
    try:
        undo_url = circles_moving.move_on(proposal)
    except seats.Full as full:
        asked = seats.ask_who_leaves(full.circle, [contact.pk])
        return redirect(f"{asked}&review=1")
    if proposal.after:
        text = f"{contact.full_name} sits in {proposal.after} now."
    else:
        text = f"{contact.full_name} sits in {proposal.before} no more."
    undoable(request, text, undo_url)
    return redirect("circle_review")
