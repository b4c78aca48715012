from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from events import briefs, goals
from networkcrm.http import HttpRequest


@require_safe
def event_brief(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """On paper, or on a phone without a signal: nothing on it is fetched elsewhere."""
    event = get_object_or_404(request.user.events, pk=event_id)
    event.owner = request.user
    met = event.met_ids()
    offers = list(request.user.cardoffers.order_by("audience", "pk"))
    people = briefs.people(event, offers)
    context = {
        "event": event,
        "people": people,
        "goals": goals.progress(event, met),
        "met_count": len(met),
        "offers": offers,
    }
    return render(request, "events/event_brief.html", context)
