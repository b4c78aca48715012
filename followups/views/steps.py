"""Each button of a follow-up. It says what it did, with Undo, on the page it was on."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_POST

from connections.models import Stuck
from followups.models import FollowUp
from followups.undoing import Memory
from networkcrm.http import HttpRequest
from networkcrm.messages import undoable

DAYS = {"tomorrow": 1, "next-week": 7}


def locked(request: HttpRequest, followup_id: UUID) -> FollowUp:
    """For a change, which waits for one that is under way."""
    rows = request.user.followups.select_related("contact")
    found: FollowUp = get_object_or_404(
        rows.select_for_update(of=("self",), no_key=True), pk=followup_id
    )
    return found


def back_from(request: HttpRequest, otherwise: str = "followup_list") -> HttpResponse:
    """To the page of ours on which the button stood."""
    back = request.POST.get("back", "")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, None)
    return redirect(back if is_ours else otherwise)


def take_step(
    request: HttpRequest, followup_id: UUID, step: Callable[[FollowUp], str]
) -> HttpResponse:
    """Take it and say so, or say why it cannot be."""
    followup = locked(request, followup_id)
    before = Memory(followup)
    try:
        with transaction.atomic():
            sentence = step(followup)
    except Stuck as stuck:
        messages.warning(request, " ".join(stuck.messages))
    else:
        undoable(request, sentence, before.remember())
    return back_from(request)


@require_POST
@transaction.atomic
def followup_complete(request: HttpRequest, followup_id: UUID) -> HttpResponse:
    followup = locked(request, followup_id)
    before = Memory(followup)
    try:
        with transaction.atomic():
            following = followup.complete()
    except Stuck as stuck:
        messages.warning(request, " ".join(stuck.messages))
        return back_from(request)
    sentence = format_html("Done: “{}”.", followup)
    if following:
        sentence += format_html(" The next one is {}.", following.when)
    if followup.contact and not followup.contact.trashed_at:
        asked = {"contact": str(followup.contact_id), "text": followup.title}
        if followup.event_id:
            asked["event"] = str(followup.event_id)
        url = f"{reverse('interaction_create')}?{urlencode(asked)}"
        sentence += format_html(' <a href="{}">Log it as a contact</a>', url)
    undoable(request, sentence, before.remember(following))
    return back_from(request)


@require_POST
@transaction.atomic
def followup_snooze(request: HttpRequest, followup_id: UUID) -> HttpResponse:
    """By `by` (tomorrow, next-week), or until the day `until`."""
    days = DAYS.get(request.POST.get("by", ""), 0)
    until = None
    if not days:
        try:
            until = date.fromisoformat(request.POST.get("until", ""))
        except ValueError:
            messages.warning(request, "Until which day? Choose one in the calendar.")
            locked(request, followup_id)
            return back_from(request)

    def snooze(followup: FollowUp) -> str:
        followup.snooze(days=days, until=until)
        return f"Put off: “{followup}” is {followup.when}."

    return take_step(request, followup_id, snooze)


@require_POST
@transaction.atomic
def followup_dismiss(request: HttpRequest, followup_id: UUID) -> HttpResponse:
    def dismiss(followup: FollowUp) -> str:
        followup.dismiss()
        return f"Let go: “{followup}”."

    return take_step(request, followup_id, dismiss)


@require_POST
@transaction.atomic
def followup_reopen(request: HttpRequest, followup_id: UUID) -> HttpResponse:
    def reopen(followup: FollowUp) -> str:
        followup.reopen()
        return f"Open again: “{followup}”."

    return take_step(request, followup_id, reopen)
