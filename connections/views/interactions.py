from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from connections import undoing
from connections.forms import InteractionForm
from connections.forms.people_rows import valid_ids
from connections.models import Interaction
from connections.views.origins import tell_of_new_people
from networkcrm.http import HttpRequest, render_part
from networkcrm.messages import undoable


@transaction.atomic
def interaction_create(request: HttpRequest) -> HttpResponse:
    """With the contacts of ?contact=<id>&contact=<id>, at the event of ?event=<id>;
    ?text= is what happened, to begin with."""
    text = request.GET.get("text", "").replace("\0", "")[:1000]
    interaction = Interaction(owner=request.user, text=text)
    events = request.user.events.filter(pk__in=valid_ids(request.GET.getlist("event")))
    if event := events.first():
        interaction.event = event
        interaction.kind = Interaction.Kind.EVENT
        interaction.on = event.partial_date
    return _interaction_form(request, interaction)


@transaction.atomic
def interaction_edit(request: HttpRequest, interaction_id: UUID) -> HttpResponse:
    found = get_object_or_404(request.user.interactions, pk=interaction_id)
    return _interaction_form(request, found)


def _interaction_form(request: HttpRequest, interaction: Interaction) -> HttpResponse:
    wants_row = "add_row" in request.POST
    form = InteractionForm(
        request.POST or None,
        instance=interaction,
        chosen=valid_ids(request.GET.getlist("contact")),
        half_typed=wants_row or "more" in request.POST,
        more_rows=int(wants_row),
    )
    if request.method == "POST" and not form.half_typed and form.is_valid():
        form.save()
        messages.success(request, "Written down.")
        tell_of_new_people(request, form)
        return redirect(_page_of_people(request, form.instance))
    came_from = [request.POST.get("from", request.GET.get("contact", ""))]
    context = {
        "form": form,
        "interaction": interaction,
        "is_new": interaction._state.adding,
        "came_from": next(iter(valid_ids(came_from)), ""),
    }
    return render_part(request, "connections/interaction_form.html", "people", context)


def _page_of_people(request: HttpRequest, interaction: Interaction) -> str:
    """The page of the contact one came from, else of the first who was there."""
    there = interaction.participations.values("contact")
    people = request.user.contacts.filter(pk__in=there).by_name()
    came_from = valid_ids([request.POST.get("from", "")])
    contact = people.filter(pk__in=came_from).first() or people.first()
    if contact is None:
        return reverse("contact_list")
    return f"{contact.get_absolute_url()}#since-then"


@require_POST
def interaction_delete(request: HttpRequest, interaction_id: UUID) -> HttpResponse:
    interaction = get_object_or_404(request.user.interactions, pk=interaction_id)
    back = _page_of_people(request, interaction)
    undo_url = undoing.delete_interaction(interaction)
    undoable(request, f"Deleted “{interaction}”.", undo_url)
    return redirect(back)
