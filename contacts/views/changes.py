"""What is done to one contact or to many of the list, and how it is undone."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from contacts import bulk, seats
from contacts.forms import ContactFilterForm
from networkcrm import undo
from networkcrm.http import HttpRequest
from networkcrm.messages import undoable

# For so many at once it is asked who leaves a circle that is full.
MOST_ASKED = 20


@require_POST
def contact_archive(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    contact = get_object_or_404(request.user.contacts.active(), pk=contact_id)
    _do(request, bulk.archive, request.user.contacts.filter(pk=contact.pk))
    return redirect(contact)


@require_POST
def contact_unarchive(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    contact = get_object_or_404(request.user.contacts.archived(), pk=contact_id)
    contact.unarchive()
    messages.success(request, f"{contact.full_name} is back in your list.")
    return redirect(contact)


@require_POST
def contact_trash(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    contact = get_object_or_404(request.user.contacts.others(), pk=contact_id)
    _do(request, bulk.trash, request.user.contacts.filter(pk=contact.pk))
    return redirect("contact_list")


@require_POST
def contact_restore(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    contact = get_object_or_404(request.user.contacts.trashed(), pk=contact_id)
    contact.restore()
    messages.success(request, f"{contact.full_name} is back.")
    return redirect(contact)


@require_POST
def contact_bulk(request: HttpRequest) -> HttpResponse:
    """One action on the ticked contacts, or on all that the filters found."""
    chosen = _chosen(request)
    action = request.POST.get("action", "")
    back = f"{reverse('contact_list')}?{request.POST.get('filters', '')}"
    if action == "log":
        ids = chosen.values_list("pk", flat=True)[:100]
        query = "&".join(f"contact={pk}" for pk in ids)
        return redirect(f"{reverse('interaction_create')}?{query}")
    if action == "merge":
        return _merge_these(request, chosen, back)
    if action not in bulk.ACTIONS or not chosen.exists():
        messages.warning(request, "Tick the people first, then choose what to do.")
        return redirect(back)
    try:
        _do(request, bulk.ACTIONS[action], chosen, request.POST)
    except bulk.Refused as refused:
        messages.error(request, str(refused))
    except seats.Full as full:
        if len(full.wanted) <= MOST_ASKED:
            return redirect(seats.ask_who_leaves(full.circle, full.wanted))
        messages.error(request, str(full))
    return redirect(back)


def _merge_these(request: HttpRequest, chosen: Any, back: str) -> HttpResponse:
    # Ids sort by the time when they were made: who was there before stays.
    ids = list(chosen.order_by("pk").values_list("pk", flat=True)[:3])
    if len(ids) != 2:
        messages.warning(request, "Tick the two who are one person, and nobody else.")
        return redirect(back)
    address = reverse("contact_merge", kwargs={"contact_id": ids[0]})
    return redirect(f"{address}?with={ids[1]}")


def _chosen(request: HttpRequest) -> Any:
    if request.POST.get("all_found"):
        form = ContactFilterForm(
            QueryDict(request.POST.get("filters", "")), owner=request.user
        )
        # A filter that is gone must not make "all of these" everybody.
        everybody = request.user.contacts.all()
        return form.filter(everybody) if form.is_valid() else everybody.none()
    ids = [pk for pk in map(_uuid, request.POST.getlist("contact")) if pk]
    return request.user.contacts.others().kept().filter(pk__in=ids)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _do(
    request: HttpRequest, action: bulk.Action, contacts: Any, choices: Any = None
) -> None:
    done = action(request.user, contacts, choices or {})
    undoable(
        request, done.sentence, undo.remember(request.user, done.verb, done.payload)
    )
