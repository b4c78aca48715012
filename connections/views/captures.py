from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from connections.capturing import card_words, nearby, undoing
from connections.capturing.saving import Saved, Taken, save
from connections.forms.captures import CaptureForm
from connections.forms.people_rows import valid_ids
from events.models import Capture, Event
from networkcrm.http import HttpRequest, render_part
from networkcrm.messages import undoable
from networkcrm.models import User
from networkcrm.owned import uuid7

MOST_LISTED = 5
MOST_TAGS = 30
TAKEN = "This number stands for someone else. Save it again under a new one."


def capture(request: HttpRequest) -> HttpResponse:
    """Write down whom I just met; the outbox of a phone posts here too.

    It asks for JSON and gets {"state": "saved" | "refused" | "login", "id"}, with
    "name", "url" and "notices" of what was saved, and "reason" when it was refused.
    """
    if request.method == "POST":
        return _capture_save(request)
    events = nearby.events_nearby(request.user)
    chosen = _chosen_event(request, events)
    given = {
        name: request.GET.get(name, "")[:2000] for name in ("text", "title", "url")
    }
    shared = "\n".join(filter(None, [given["title"], given["text"], given["url"]]))
    form = CaptureForm(owner=request.user, initial={"text": shared})
    context = _context(request.user, form, events, chosen)
    return render_part(request, "connections/capture.html", "captured", context)


def _chosen_event(request: HttpRequest, events: list[Event]) -> Event | None:
    """That of ?event=<id>, none for ?event=none, else the one that is on."""
    asked = request.GET.get("event", "")
    if not asked:
        return nearby.on_now(events)
    found = request.user.events.filter(pk__in=valid_ids([asked])).first()
    if found and found not in events:
        events.insert(0, found)
    return found


def _context(
    owner: User, form: CaptureForm, events: list[Event], event: Event | None
) -> dict[str, Any]:
    return {
        "form": form,
        "events": [(one, nearby.window(one)) for one in events],
        "event": event,
        "people_here": nearby.people_at(owner, event),
        "tags_used": owner.tags.order_by("-updated_at", "pk")[:MOST_TAGS],
        "captures": _last_captures(owner, event),
        "met": _met(owner, event),
        "new_id": uuid7(),
    }


def _last_captures(owner: User, event: Event | None) -> Any:
    rows = owner.captures.filter(undone_at=None, contact__trashed_at=None)
    rows = rows.filter(contact__owner=owner).select_related("contact__organization")
    if event:
        rows = rows.filter(event=event)
    return rows.order_by("-captured_at", "pk")[:MOST_LISTED]


def _met(owner: User, event: Event | None) -> int:
    if event is None:
        return 0
    people = owner.contacts.kept().others()
    return people.filter(pk__in=event.met_ids()).count()


def _capture_save(request: HttpRequest) -> HttpResponse:
    wants_json = request.get_preferred_type(["text/html", "application/json"])
    as_json = wants_json == "application/json"
    form = CaptureForm(request.POST, request.FILES, owner=request.user)
    sender = request.POST.get("owner", "")
    if sender and sender != str(request.user.pk):
        # Another account signed in on this phone meanwhile: not theirs to send.
        return JsonResponse({"state": "login"}, status=401)
    if not form.is_valid() or form.said is None:
        return _refused(request, form, form.reason(), 422, as_json=as_json)
    try:
        saved = save(request.user, form.said)
    except Taken:
        return _refused(request, form, TAKEN, 409, as_json=as_json)
    notices = [*form.notices, *saved.notices]
    if as_json:
        return JsonResponse(_answer(saved, notices))
    if not saved.again:
        undo = reverse("capture_undo", kwargs={"capture_id": saved.capture.pk})
        undoable(request, f"{saved.capture} is in your network.", undo)
    for notice in notices:
        messages.warning(request, notice)
    return redirect(_back(request, saved.capture.event_id))


def _answer(saved: Saved, notices: list[str]) -> dict[str, Any]:
    row = saved.capture
    url = reverse("contact_detail", args=[row.contact_id]) if row.contact_id else ""
    answer = {"state": "saved", "id": str(row.pk), "name": str(row), "url": url}
    return answer | {"notices": notices}


def _refused(
    request: HttpRequest, form: CaptureForm, reason: str, status: int, *, as_json: bool
) -> HttpResponse:
    if as_json:
        given = request.POST.get("id", "")[:100]
        answer = {"state": "refused", "id": given, "reason": reason}
        return JsonResponse(answer, status=status)
    if status == 409:
        form.add_error(None, reason)
        data = request.POST.copy()
        data["id"] = ""
        form.data = data
    events = nearby.events_nearby(request.user)
    chosen = form.said.event if form.said else None
    if chosen and chosen not in events:
        events.insert(0, chosen)
    context = _context(request.user, form, events, chosen)
    return render(request, "connections/capture.html", context, status=status)


def _back(request: HttpRequest, event_id: UUID | None) -> str:
    """To the page it was sent from, still bound to the event, or still to none."""
    if event_id and request.POST.get("from") == "live":
        return reverse("event_live", kwargs={"event_id": event_id})
    return f"{reverse('capture')}?event={event_id or 'none'}"


@require_safe
@never_cache
def capture_token(request: HttpRequest) -> HttpResponse:
    """What the outbox needs to send: who is signed in, and a token of their session."""
    return JsonResponse({"owner": str(request.user.pk), "token": get_token(request)})


@require_POST
def capture_undo(request: HttpRequest, capture_id: UUID) -> HttpResponse:
    rows = request.user.captures.select_related("contact")
    row = get_object_or_404(rows, pk=capture_id)
    try:
        sentence, undo_url = undoing.take_back(row)
    except undoing.Refused as refused:
        messages.warning(request, str(refused))
    else:
        undoable(request, sentence, undo_url)
    return redirect(_back(request, row.event_id))


@require_safe
def capture_picture(request: HttpRequest, capture_id: UUID) -> HttpResponse:
    """The photographed business card."""
    row: Capture = get_object_or_404(request.user.captures, pk=capture_id)
    if not row.picture:
        raise Http404
    try:
        with row.picture.open() as file:
            response = HttpResponse(file.read(), content_type="image/jpeg")
    except FileNotFoundError as error:
        raise Http404 from error
    response["Cache-Control"] = "private, no-store"
    return response


def capture_card(request: HttpRequest, capture_id: UUID) -> HttpResponse:
    """What their card says, taken over as far as I tick it."""
    rows = request.user.captures.filter(undone_at=None, contact__trashed_at=None)
    rows = rows.filter(contact__owner=request.user)
    rows = rows.select_related("contact__organization")
    if request.method == "POST":
        with transaction.atomic():
            held = rows.select_for_update(of=("self",))
            return _card_take(request, get_object_or_404(held, pk=capture_id))
    row = get_object_or_404(rows, pk=capture_id)
    context = {"capture": row, "contact": row.contact, "offers": card_words.offers(row)}
    return render(request, "connections/capture_card.html", context)


def _card_take(request: HttpRequest, row: Capture) -> HttpResponse:
    if "dismiss" in request.POST:
        done: tuple[str, str] | None = card_words.dismiss(row)
    else:
        done = card_words.take(row, request.POST.getlist("take"))
    if done is None:
        messages.warning(request, "Nothing was ticked: tick what is right first.")
        return redirect("capture_card", capture_id=row.pk)
    undoable(request, *done)
    return redirect("contact_detail", row.contact_id)


@require_safe
def event_live(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """The screen of the evening: whom to look for, and whom I met."""
    owner = request.user
    event = get_object_or_404(owner.events, pk=event_id)
    to_come = event.attendances.to_come().here().filter(contact__owner=owner)
    rows = [(row, uuid7()) for row in to_come.with_people()[: nearby.MOST_PEOPLE]]
    rows.sort(key=lambda pair: pair[0].state != "wanted")
    form = CaptureForm(owner=owner)
    context = _context(owner, form, [event], event) | {"to_come": rows}
    return render_part(request, "events/event_live.html", "tonight", context)
