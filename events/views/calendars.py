"""Calendar files come in: looked at first, written then, and taken back as a whole."""

from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import get_random_string

from contacts.paging import page_of
from events.calendars import bringing
from events.calendars.reading import Found
from events.forms.calendars import CalendarForm
from networkcrm.http import HttpRequest
from networkcrm.messages import undoable
from networkcrm.models import User

KEPT_FOR = 60 * 60
MOST_TOLD = 50


def event_import(request: HttpRequest) -> HttpResponse:
    """A file in, its plan at ?look=..., and the same address writes it."""
    asked = request.POST.get("look") or request.GET.get("look") or ""
    if request.method == "POST" and asked:
        return _write(request, asked)
    if found := _kept(request.user, asked):
        return _look(request, asked, found)
    if request.method != "POST" and asked:
        messages.warning(request, "This was written already, or too long ago.")
    form = CalendarForm(request.POST or None, request.FILES or None, owner=request.user)
    if request.method == "POST" and form.is_valid():
        token = get_random_string(24)
        cache.set(_key(request.user, token), form.found, KEPT_FOR)
        return redirect(f"{reverse('event_import')}?look={token}")
    status = 422 if form.errors else 200
    return render(request, "events/event_import.html", {"form": form}, status=status)


def _look(request: HttpRequest, token: str, found: Found) -> HttpResponse:
    plan = bringing.plan(request.user, found)
    context: dict[str, Any] = {
        "plan": plan,
        "token": token,
        "page": page_of(request, plan.planned),
        "counts": [(plan.counts[s], w) for s, w in bringing.WORDS.items()],
        "unread": plan.unread[:MOST_TOLD],
        "more_unread": max(0, len(plan.unread) - MOST_TOLD),
    }
    return render(request, "events/event_import.html", context)


def _write(request: HttpRequest, token: str) -> HttpResponse:
    found = _kept(request.user, token)
    # Of two clicks one deletes it, and that one writes.
    if found is None or not cache.delete(_key(request.user, token)):
        messages.warning(request, "This was written already, or too long ago.")
        return redirect("event_list")
    if "discard" in request.POST:
        messages.success(request, "Forgotten. Nothing was written.")
        return redirect("event_import")
    plan, undo_url = bringing.bring(request.user, found)
    said = [f"{plan.counts[s]:,} {w}" for s, w in bringing.WORDS.items()]
    text = f"The calendar is in: {', '.join(s for s in said if s[0] != '0')}."
    if undo_url:
        undoable(request, text, undo_url)
    else:
        messages.success(request, "There was nothing new in this calendar.")
    return redirect("event_list")


def _kept(user: User, token: str) -> Found | None:
    is_one = token.isalnum() and len(token) < 50
    return cache.get(_key(user, token)) if is_one else None


def _key(user: User, token: str) -> str:
    return f"calendar:{user.pk}:{token}"
