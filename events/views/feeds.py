"""Secret addresses where a calendar reads what is mine."""

import hashlib
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

from events.calendars import writing
from events.models import Feed
from networkcrm.http import HttpRequest

# What there is to read so far; the other kinds come with what they show.
OFFERED = (Feed.Kind.EVENTS,)
# Where the session holds an address until it is shown.
MADE = "feed_made"


@login_not_required
@require_safe
def feed_events(request: HttpRequest, token: str) -> HttpResponseBase:
    """My events, to whoever has the address."""
    too_often = ratelimit.consume_or_429(
        request, action="feed", key=token, limit_get=True
    )
    if too_often:
        return too_often
    feed = Feed.at(token, Feed.Kind.EVENTS)
    if feed is None:
        raise Http404("There is no calendar at this address.")
    owner = feed.owner
    state = owner.events.aggregate(count=Count("pk"), last=Max("updated_at"))
    words = f"{feed.token_hash} {owner.time_zone} {state['count']} {state['last']}"
    etag = f'"{hashlib.sha256(words.encode()).hexdigest()[:32]}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(
            writing.calendar_of(owner), content_type="text/calendar; charset=utf-8"
        )
        response["Content-Disposition"] = 'inline; filename="events.ics"'
        response["ETag"] = etag
        if state["last"]:
            response["Last-Modified"] = state["last"].strftime(
                "%a, %d %b %Y %H:%M:%S GMT"
            )
    # Nobody on the way keeps it; the calendar asks each time whether it changed.
    response["Cache-Control"] = "private, no-cache"
    return response


@require_safe
def feed_list(request: HttpRequest) -> HttpResponse:
    mine = {feed.kind: feed for feed in request.user.feeds.all()}
    made = request.session.pop(MADE, None)
    context = {
        "feeds": [(kind, mine.get(kind)) for kind in OFFERED],
        "made": made and {"kind": made[0], "address": _address(*made)},
    }
    return render(request, "events/feed_list.html", context)


def _address(kind: str, token: str) -> str:
    path = reverse(f"feed_{kind}", kwargs={"token": token})
    return f"{settings.BASE_URL}{path}"


@require_POST
def feed_create(request: HttpRequest) -> HttpResponse:
    """A new address; the one before leads nowhere from now on."""
    kind = request.POST.get("kind", "")
    if kind not in OFFERED:
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
