"""The guest list of an event: pasted, held against whom I know, and marked."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from contacts.paging import page_of
from events.forms.guests import GuestsForm
from events.guests import matching, writing
from events.models import Event, Guest
from networkcrm import undo
from networkcrm.http import HttpRequest, render_part
from networkcrm.messages import undoable

# Of the lines that could not be read.
MOST_TOLD = 50


def guest_list(request: HttpRequest, event_id: UUID) -> HttpResponse:
    event = _event(request, event_id)
    form = GuestsForm(request.POST or None, request.FILES or None)
    added = None
    if request.method == "POST" and form.is_valid():
        added = writing.add(event, form.found)
        if added.new:
            payload = {"event": event.pk, "ids": added.new}
            words = f"{len(added.new):,} {'guest' if len(added.new) == 1 else 'guests'}"
            url = undo.remember(request.user, "guests-added", payload)
            undoable(request, f"{words} put on the list.", url)
        form = GuestsForm()
    context = _shown(request, event) | {"form": form, "added": added}
    if added:
        context["unread"] = added.unread[:MOST_TOLD]
        context["more_unread"] = max(0, len(added.unread) - MOST_TOLD)
    status = 422 if form.errors else 200
    return render_part(request, "events/guest_list.html", "guests", context, status)


def _event(request: HttpRequest, event_id: UUID) -> Event:
    event: Event = get_object_or_404(request.user.events, pk=event_id)
    event.owner = request.user
    return event


def _shown(request: HttpRequest, event: Event) -> dict[str, Any]:
    guests = list(event.guests.in_order())
    matches = matching.match(request.user, guests)
    counts = Counter(one.kind for one in matches.values())
    chosen = request.GET.get("only", "")
    if chosen not in matching.WORDS:
        chosen = ""
    shown = [g for g in guests if not chosen or matches[g.pk].kind == chosen]
    page = page_of(request, shown)
    rows = [(guest, matches[guest.pk]) for guest in page]
    known = {m.contact_id for m in matches.values() if m.kind == "known"}
    there = dict(event.attendances.values_list("contact_id", "state"))
    return {
        "event": event,
        "page": page,
        "rows": _with_people(request, event, rows),
        "chosen": chosen,
        "total": len(guests),
        "choices": [(k, w, counts[k]) for k, w in matching.WORDS.items() if counts[k]],
        "to_expect": len(known - there.keys()),
    }


def _with_people(
    request: HttpRequest, event: Event, rows: list[tuple[Guest, matching.Match]]
) -> list[dict[str, Any]]:
    ids: set[UUID | None] = set()
    for _guest, one in rows:
        ids |= {one.contact_id, one.through_id, *one.candidates}
    people = request.user.contacts.select_related("organization").in_bulk(
        [pk for pk in ids if pk]
    )
    there = {
        row.contact_id: row
        for row in event.attendances.filter(contact__in=people.keys())
    }
    return [
        {
            "guest": guest,
            "match": one,
            "contact": people.get(one.contact_id) if one.contact_id else None,
            "through": people.get(one.through_id) if one.through_id else None,
            "candidates": [people[pk] for pk in one.candidates if pk in people],
            "attendance": there.get(one.contact_id),
        }
        for guest, one in rows
    ]


@require_POST
def guest_want(request: HttpRequest, guest_id: UUID) -> HttpResponse:
    """I want to meet them, or no longer; a new one becomes a contact."""
    guest = _guest(request, guest_id)
    one = matching.match(request.user, list(guest.event.guests.filter(pk=guest.pk)))
    found = one[guest.pk]
    asked = request.POST.get("contact", "")
    choices = {str(pk): pk for pk in (found.contact_id, *found.candidates) if pk}
    if found.kind == "me" or (found.kind == "ask" and asked not in {*choices, "new"}):
        return _back(request, guest)
    pk = None if asked == "new" else choices.get(asked, found.contact_id)
    contact = request.user.contacts.kept().filter(pk=pk).first() if pk else None
    if "unwant" in request.POST:
        row = contact and contact.attendances.filter(event=guest.event).first()
        if row:
            row.unwant()
    else:
        writing.want(guest, contact, request.POST.get("talking_points"))
    return _back(request, guest)


@require_POST
def guest_expect(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """All whom I know are put among those who will be there."""
    event = _event(request, event_id)
    matches = matching.match(request.user, list(event.guests.in_order()))
    known = [m.contact_id for m in matches.values() if m.kind == "known"]
    new = writing.expect(event, [pk for pk in known if pk])
    if new:
        words = f"{len(new):,} {'person' if len(new) == 1 else 'people'}"
        url = undo.remember(request.user, "expected", new)
        undoable(request, f"{words} you know put on your list.", url)
    return redirect(f"{event.get_absolute_url()}#attendances")


@require_POST
def guest_delete(request: HttpRequest, guest_id: UUID) -> HttpResponse:
    guest = _guest(request, guest_id)
    undoable(request, f"{guest} is off the guest list.", writing.delete([guest]))
    return _back(request, guest)


def guest_clear(request: HttpRequest, event_id: UUID) -> HttpResponse:
    event = _event(request, event_id)
    guests = list(event.guests.in_order())
    back = reverse("guest_list", kwargs={"event_id": event.pk})
    if request.method == "POST":
        if guests:
            for guest in guests:
                guest.owner = request.user
            undoable(request, "The guest list is empty.", writing.delete(guests))
        return redirect(back)
    context = {
        "title": "Empty the guest list?",
        "text": (
            f"{len(guests):,} guests go. Whom you marked stays among those who will"
            " be there, and it can be undone for a day."
        ),
        "label": "Empty it",
        "back": back,
    }
    return render(request, "components/confirm.html", context)


def _guest(request: HttpRequest, guest_id: UUID) -> Guest:
    found: Guest = get_object_or_404(
        request.user.guests.select_related("event"), pk=guest_id
    )
    found.owner = found.event.owner = request.user
    return found


def _back(request: HttpRequest, guest: Guest) -> HttpResponse:
    """To the page of the list they were on."""
    url = reverse("guest_list", kwargs={"event_id": guest.event_id})
    shown = QueryDict(request.POST.get("shown", "")[:200]).urlencode()
    return redirect(f"{url}?{shown}#guest-{guest.pk}")
