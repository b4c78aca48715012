"""The buttons below the one person to help."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from connections.models import Stuck
from followups import suggesting
from followups.models import Suggestion
from followups.suggesting import answering
from followups.suggesting.answering import Answered
from networkcrm.http import HttpRequest
from networkcrm.messages import undoable


@require_POST
def suggestion_done(request: HttpRequest, suggestion_id: UUID) -> HttpResponse:
    return _answer(request, suggestion_id, answering.done)


@require_POST
def suggestion_later(request: HttpRequest, suggestion_id: UUID) -> HttpResponse:
    return _answer(request, suggestion_id, answering.later)


@require_POST
def suggestion_never(request: HttpRequest, suggestion_id: UUID) -> HttpResponse:
    return _answer(request, suggestion_id, answering.never)


@require_POST
def suggestion_more(request: HttpRequest) -> HttpResponse:
    """One more, up to three a day."""
    if suggesting.more(request.user, timezone.localdate()) is None:
        messages.info(request, "That is everybody with a reason for today.")
    return redirect("today")


@transaction.atomic
def _answer(
    request: HttpRequest, suggestion_id: UUID, answer: Callable[[Suggestion], Answered]
) -> HttpResponse:
    """Do it and say so, with Undo; or say why it cannot be."""
    rows = request.user.suggestions.with_links()
    row = get_object_or_404(
        rows.select_for_update(of=("self",), no_key=True), pk=suggestion_id
    )
    row.owner = request.user
    try:
        with transaction.atomic():
            answered = answer(row)
    except Stuck as stuck:
        messages.warning(request, " ".join(stuck.messages))
        return redirect("today")
    undoable(request, answered.sentence, answered.undo_url)
    return redirect(answered.leads_to or "today")
