from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from connections.insights import events
from connections.insights.events import BY, WHAT
from contacts.paging import page_of
from networkcrm import kept
from networkcrm.http import HttpRequest, render_part
from networkcrm.models import User


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
    counted = kept.Answers(request.user)
    if said["by"] == "event":
        answer = kept.Answer(events.behind(request.user, **said))
    else:
        answer = counted.of(events.behind, *said.values())
    if answer.value is None:
        raise Http404("There is no such event.")
    label, keys = answer.value
    page = page_of(request, keys)
    rows = _rows(request.user, said["what"]).in_bulk(list(map(UUID, page.object_list)))
    page.object_list = [rows[pk] for key in page if (pk := UUID(key)) in rows]
    context = {
        "label": label,
        "what": WHAT[said["what"]],
        "page": page,
        "by": said["by"],
        "answer": answer,
    }
    template = "connections/insights_event_list.html"
    return counted.on(render_part(request, template, "behind", context))


def _rows(owner: User, what: str) -> Any:
    if what == "outcomes":
        return owner.outcomes.all()
    if what == "introductions":
        return owner.introductions.with_people()
    return owner.contacts.select_related("organization")
