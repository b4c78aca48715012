"""Secret addresses where a calendar reads what is mine."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Max
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_POST, require_safe

from events.calendars import birthdays, writing
from events.models import Feed
from networkcrm.http import HttpRequest
from networkcrm.models import User

# Where the session holds an address until it is shown.
MADE = "feed_made"

# What a calendar depends on, in any words, and the last change, if that is known.
Seen = Callable[[User], tuple[str, datetime | None]]
Write = Callable[[User], bytes]


def serve(
    request: HttpRequest, token: str, kind: Feed.Kind, seen: Seen, write: Write
) -> HttpResponseBase:
    """A calendar to whoever has its address; 304 while nothing has changed."""
    too_often = ratelimit.consume_or_429(
        request, action="feed", key=token, limit_get=True
    )
    if too_often:
        return too_often
    feed = Feed.at(token, kind)
    if feed is None:
        raise Http404("There is no calendar at this address.")
    feed.note_reading()
    owner = feed.owner
    state, last = seen(owner)
    words = f"{feed.token_hash} {owner.time_zone} {state}"
    etag = f'"{hashlib.sha256(words.encode()).hexdigest()[:32]}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(
            write(owner), content_type="text/calendar; charset=utf-8"
        )
        response["Content-Disposition"] = f'inline; filename="{kind.value}.ics"'
        response["ETag"] = etag
        if last:
            response["Last-Modified"] = last.strftime("%a, %d %b %Y %H:%M:%S GMT")
    # Nobody on the way keeps it; the calendar asks each time whether it changed.
    response["Cache-Control"] = "private, no-cache"
    return response


@login_not_required
@require_safe
def feed_events(request: HttpRequest, token: str) -> HttpResponseBase:
    """My events."""
    return serve(request, token, Feed.Kind.EVENTS, _seen_events, writing.calendar_of)


def _seen_events(owner: User) -> tuple[str, datetime | None]:
    state = owner.events.aggregate(count=Count("pk"), last=Max("updated_at"))
    return f"{state['count']} {state['last']}", state["last"]


@login_not_required
@require_safe
def feed_birthdays(request: HttpRequest, token: str) -> HttpResponseBase:
    """Birthdays, and the other days of a year that matter to people I know."""
    kind = Feed.Kind.BIRTHDAYS
    return serve(request, token, kind, birthdays.seen, birthdays.calendar_of)


@require_safe
def feed_list(request: HttpRequest) -> HttpResponse:
    mine = {feed.kind: feed for feed in request.user.feeds.all()}
    made = request.session.pop(MADE, None)
    context = {
        "feeds": [(kind, WHAT[kind], mine.get(kind)) for kind in Feed.Kind],
        "made": made and {"kind": made[0], "address": _address(*made)},
    }
    return render(request, "events/feed_list.html", context)


WHAT = {
    Feed.Kind.EVENTS: "Their names, places and times, without your notes.",
    Feed.Kind.FOLLOW_UPS: (
        "What you promised: as tasks, and as whole days where a calendar has no tasks."
    ),
    Feed.Kind.BIRTHDAYS: (
        "Whose birthday it is, and other days you marked as coming every year."
    ),
}


def _address(kind: str, token: str) -> str:
    name = f"feed_{kind.replace('-', '')}"
    return f"{settings.BASE_URL}{reverse(name, kwargs={'token': token})}"


@require_POST
def feed_create(request: HttpRequest) -> HttpResponse:
    """A new address; the one before leads nowhere from now on."""
    kind = request.POST.get("kind", "")
    if kind not in Feed.Kind.values:
        messages.warning(request, "There is no such calendar.")
        return redirect("feed_list")
    feed = request.user.feeds.filter(kind=kind).first()
    feed = feed or Feed(owner=request.user, kind=kind)
    request.session[MADE] = (kind, feed.renew())
    return redirect("feed_list")


@require_POST
def feed_delete(request: HttpRequest, feed_id: UUID) -> HttpResponse:
    """No undo: whoever had the address shall not have it again."""
    get_object_or_404(request.user.feeds, pk=feed_id).delete()
    messages.success(request, "The address leads nowhere now.")
    return redirect("feed_list")
