from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from connections.insights import events
from connections.insights.events import BY, WHAT, EventInsights, Happened
from contacts.paging import page_of
from networkcrm import kept
from networkcrm.http import HttpRequest, render_part


@require_safe
def insights_events(request: HttpRequest) -> HttpResponse:
    by = request.GET.get("by", "")
    by = by if by in BY else "event"
    counted = kept.Answers(request.user)
    context = {
        "by": by,
        "choices": BY.items(),
        "sections": partial(counted.of, events.drawn, by),
    }
    template = "connections/insights_events.html"
    return counted.on(render_part(request, template, "sections", context))


@require_safe
def insights_event_list(request: HttpRequest) -> HttpResponse:
    """The people, introductions or outcomes behind a number of the page above."""
    said = {name: request.GET.get(name, "") for name in ("by", "of", "what")}
    if said["what"] not in WHAT or said["by"] not in BY:
        raise Http404("There is no such list.")
    found = EventInsights(Happened(request.user), said["by"]).sums.get(said["of"])
    if found is None:
        raise Http404("There is no such event.")
    ids = [UUID(pk) for pk in getattr(found, said["what"])]
    context = {
        "sum": found,
        "what": WHAT[said["what"]],
        "page": page_of(request, _rows(request, said["what"], ids)),
        "by": said["by"],
    }
    return render(request, "connections/insights_event_list.html", context)


def _rows(request: HttpRequest, what: str, ids: list[UUID]) -> Any:
    if what == "outcomes":
        return request.user.outcomes.filter(pk__in=ids).latest_first()
    if what == "introductions":
        rows = request.user.introductions.filter(pk__in=ids)
        return rows.with_people().latest_first()
    people = request.user.contacts.filter(pk__in=ids).select_related("organization")
    return people.by_name()
