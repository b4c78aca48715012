from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from connections import undoing
from connections.forms import OriginForm
from connections.forms.happenings import PicksForm
from connections.models import Origin
from connections.panels import origin_of
from networkcrm.http import HttpRequest
from networkcrm.messages import undoable


@transaction.atomic
def origin_edit(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    contact = get_object_or_404(request.user.contacts.others(), pk=contact_id)
    origin = origin_of(contact) or Origin(owner=request.user, contact=contact)
    initial = {"how": request.GET["how"]} if "how" in request.GET else None
    form = OriginForm(request.POST or None, instance=origin, initial=initial)
    if request.method == "POST" and form.is_valid() and form.saved():
        messages.success(request, f"How you met {contact} is written down.")
        tell_of_new_people(request, form)
        return redirect(f"{contact.get_absolute_url()}#how-you-met")
    context = {"form": form, "contact": contact, "is_new": origin._state.adding}
    return render(request, "connections/origin_form.html", context)


@require_POST
def origin_delete(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    contact = get_object_or_404(request.user.contacts, pk=contact_id)
    origin = get_object_or_404(request.user.origins, contact=contact)
    undo_url = undoing.delete_origin(origin)
    undoable(request, f"How you met {contact} is deleted.", undo_url)
    return redirect(f"{contact.get_absolute_url()}#how-you-met")


def tell_of_new_people(request: HttpRequest, form: PicksForm) -> None:
    for contact in form.new_people:
        messages.info(request, f"{contact} was new, and is a contact of yours now.")
