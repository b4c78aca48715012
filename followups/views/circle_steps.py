"""What is done to one contact: their circle and rhythm, peace, a contact logged."""

from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from contacts import seats
from contacts.models import Circle, Contact
from followups import circles_moving, touching
from followups.forms.circles import RhythmForm
from networkcrm.http import HttpRequest
from networkcrm.messages import undoable


def _contact(request: HttpRequest, contact_id: UUID) -> Contact:
    people = request.user.contacts.kept().others().select_related("circle")
    found: Contact = get_object_or_404(people, pk=contact_id)
    return found


def _back(request: HttpRequest, contact: Contact) -> HttpResponse:
    """To the page of ours on which the button stood."""
    back = request.POST.get("back", "")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, None)
    return redirect(back if is_ours else contact)


@transaction.atomic
def circle_of_contact(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """The circle of a contact and a rhythm of their own; what is not sent stays."""
    contact = _contact(request, contact_id)
    before = contact.circle, contact.cadence_days
    form = RhythmForm(request.POST or None, instance=contact)
    if request.method == "POST" and form.is_valid():
        circle, days = form.cleaned_data["circle"], form.cleaned_data["cadence_days"]
        contact.circle, contact.cadence_days = before
        try:
            moves = seats.move(request.user, {contact.pk: circle and circle.pk})
        except seats.Full as full:
            circles_moving.set_rhythm(contact, days)
            return redirect(seats.ask_who_leaves(full.circle, [contact.pk]))
        rhythm = circles_moving.set_rhythm(contact, days)
        undo_url = circles_moving.remember_rhythm(request.user, moves, rhythm)
        undoable(request, _told(contact, bool(moves), before[0], circle), undo_url)
        return _back(request, contact)
    context = {"form": form, "contact": contact}
    return render(request, "followups/circle_of_contact.html", context)


def _told(
    contact: Contact, has_moved: bool, before: Circle | None, after: Circle | None
) -> str:
    if has_moved and after:
        return f"{contact.full_name} sits in {after} now."
    if has_moved:
        return f"{contact.full_name} sits in {before} no more."
    return f"{contact.full_name} is saved."


@require_POST
@transaction.atomic
def contact_quiet(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """Not now: for thirty days they are not named as one to keep in touch with."""
    contact = _contact(request, contact_id)
    until = timezone.localdate() + circles_moving.PEACE
    undo_url = circles_moving.leave_in_peace(contact, until)
    text = f"{contact.full_name} is left in peace until {until:%-d %B}."
    undoable(request, text, undo_url)
    return _back(request, contact)


@require_POST
@transaction.atomic
def contact_ask_again(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    contact = _contact(request, contact_id)
    undo_url = circles_moving.leave_in_peace(contact, None)
    text = f"You are reminded of {contact.full_name} again."
    undoable(request, text, undo_url)
    return _back(request, contact)


@require_POST
@transaction.atomic
def contact_log(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """We wrote, spoke or met today: by the `kind` of one of touching.WAYS."""
    contact = _contact(request, contact_id)
    sentence, undo_url = touching.log(contact, request.POST.get("kind", ""))
    undoable(request, sentence, undo_url)
    return _back(request, contact)
