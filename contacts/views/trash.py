from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from contacts import purging
from contacts.models.contacts import PURGED_AFTER
from contacts.paging import page_of
from networkcrm.http import HttpRequest


@require_safe
def trash_list(request: HttpRequest) -> HttpResponse:
    page = page_of(
        request, request.user.contacts.trashed().order_by("-trashed_at", "pk")
    )
    context = {"page": page, "days": PURGED_AFTER.days}
    return render(request, "contacts/trash_list.html", context)


def contact_purge(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """Delete for ever, now: asked first, because it is the one thing without undo."""
    contact = get_object_or_404(request.user.contacts.trashed(), pk=contact_id)
    if request.method == "POST":
        purging.purge(request.user, [contact.pk])
        messages.success(request, f"{contact.full_name} is deleted for ever.")
        return redirect("trash_list")
    return render(request, "contacts/contact_purge.html", {"contact": contact})
