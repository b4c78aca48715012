"""The inbox of my card: who left how to reach them."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from connections import card_notes
from connections.forms.people_rows import valid_ids
from contacts.paging import page_of
from events.models import CardNote
from networkcrm.http import HttpRequest
from networkcrm.messages import undoable


@require_safe
def card_note_list(request: HttpRequest) -> HttpResponse:
    owner = request.user
    states = CardNote.State
    asked = request.GET.get("state", states.NEW)
    state = states(asked) if asked in states.values else states.NEW
    notes = owner.cardnotes.filter(state=state).latest_first()
    page = page_of(request, notes.select_related("event", "link", "contact"))
    context = {
        "page": page,
        "notes": card_notes.with_known(owner, list(page)),
        "state": state,
        "states": states,
    }
    return render(request, "connections/card_note_list.html", context)


@require_POST
@transaction.atomic
def card_note_keep(request: HttpRequest, note_id: UUID) -> HttpResponse:
    """As ?contact=<id> whom I know, else as someone new; a second click keeps once."""
    note = _locked(request, note_id)
    if note.state == CardNote.State.KEPT:
        messages.success(request, f"{note.name} is kept already.")
        return redirect("card_note_list")
    known = None
    if chosen := request.POST.get("contact", ""):
        people = request.user.contacts.kept().others()
        known = people.filter(pk__in=valid_ids([chosen])).first()
        if known is None:
            messages.warning(request, "Whom you chose is not in your network any more.")
            return redirect("card_note_list")
        known.owner = request.user
    undo_url = card_notes.keep(note, known)
    done = f"{note.name} is in your network."
    undoable(request, f"Added to {known}." if known else done, undo_url)
    return redirect("card_note_list")


@require_POST
@transaction.atomic
def card_note_dismiss(request: HttpRequest, note_id: UUID) -> HttpResponse:
    note = _locked(request, note_id)
    if note.state == CardNote.State.NEW:
        undo_url = card_notes.dismiss(note)
        undoable(request, f"What {note.name} left is put aside.", undo_url)
    return redirect("card_note_list")


@require_POST
@transaction.atomic
def card_note_delete(request: HttpRequest, note_id: UUID) -> HttpResponse:
    """Of one that is put aside: whoever left it may ask for that."""
    note = _locked(request, note_id)
    if note.state == CardNote.State.DISMISSED:
        undo_url = card_notes.delete(note)
        undoable(request, f"What {note.name} left is deleted.", undo_url)
    return redirect("card_note_list")


def _locked(request: HttpRequest, note_id: UUID) -> CardNote:
    rows = request.user.cardnotes.select_for_update(of=("self",))
    note: CardNote = get_object_or_404(rows.select_related("event"), pk=note_id)
    note.owner = request.user
    if note.event:
        note.event.owner = request.user
    return note
