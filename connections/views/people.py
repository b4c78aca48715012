"""Lists on and around the page of a contact."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from connections import chains
from connections.panels import timeline_of
from connections.picking import people_like
from contacts.paging import page_of
from networkcrm.http import HttpRequest, render_part


@require_safe
def contact_timeline(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    contact = get_object_or_404(request.user.contacts, pk=contact_id)
    context = {"contact": contact, "timeline": timeline_of(request, contact)}
    part = "earlier" if "page" in request.GET else "timeline"
    return render_part(request, "connections/contact_timeline.html", part, context)


@require_safe
def contact_brought(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    contact = get_object_or_404(request.user.contacts.others(), pk=contact_id)
    people = chains.Descendants(request.user.pk, contact.pk)
    page = page_of(request, people)
    context = {"contact": contact, "descent": people.descent, "page": page}
    return render(request, "connections/contact_brought.html", context)


@require_safe
def contact_options(request: HttpRequest) -> HttpResponse:
    """Names to choose from, for the one field that asks."""
    text = "".join(request.GET.dict().values())
    people = people_like(request.user, text)
    options = [(one.full_name, one.summary) for one in people]
    return render(request, "events/options.html", {"options": options})
