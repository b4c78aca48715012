from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from connections.forms.people_rows import valid_ids
from contacts.models import Fact
from contacts.paging import page_by_key
from followups import favours
from followups.forms.favours import FavourForm
from followups.models import Favour
from followups.views.steps import back_from
from networkcrm.http import HttpRequest
from networkcrm.messages import undoable
from networkcrm.partial_dates import PartialDate

SHOWN = {"": "All", "given": "I helped", "received": "They helped me"}
MOST_BALANCES = 8


@require_safe
def favour_list(request: HttpRequest) -> HttpResponse:
    """?show= given or received, ?q= words to search for, ?contact= of one."""
    show = request.GET.get("show", "")
    show = show if show in SHOWN else ""
    text = request.GET.get("q", "").replace("\0", "").strip()[:200]
    wanted = valid_ids([request.GET.get("contact", "")])
    contact = request.user.contacts.filter(pk__in=wanted).first()
    rows = request.user.favours.there(request.user)
    if contact:
        rows = rows.filter(contact=contact)
    rows = rows.filter(direction=show) if show else rows
    rows = rows.search(text).latest_first()
    page = page_by_key(request, rows, request.user.favours.with_people())
    is_whole = not (contact or show or text)
    context = {
        "page": page,
        "show": show,
        "tabs": SHOWN.items(),
        "q": text,
        "contact": contact,
        "balance": favours.balance(contact) if contact else None,
        "balances": favours.balances(request.user, MOST_BALANCES) if is_whole else [],
        "is_empty": is_whole and not page.object_list,
    }
    return render(request, "followups/favour_list.html", context)


@transaction.atomic
def favour_create(request: HttpRequest) -> HttpResponse:
    """With ?contact=, ?direction=given|received, for the ?need= it met."""
    user, said = request.user, request.GET
    favour = Favour(owner=user, on=PartialDate.of(timezone.localdate()))
    if said.get("direction") in Favour.Direction.values:
        favour.direction = said["direction"]
    people = user.contacts.kept().others()
    if one := people.filter(pk__in=valid_ids([said.get("contact", "")])).first():
        favour.contact = one
    needs = user.facts.filter(kind="need", pk__in=valid_ids([said.get("need", "")]))
    met = needs.select_related("contact").first()
    if met and not favour.contact_id and not met.contact.is_me:
        favour.contact = met.contact
    form = FavourForm(request.POST or None, instance=favour, met=met)
    if request.method == "POST" and form.is_valid():
        need = form.instance.met_need
        was_open = bool(need and need.state == Fact.State.OPEN)
        form.saved()
        sentence = f"Written down: “{favour}”."
        if need:
            sentence += f" “{need}” is met."
        undoable(request, sentence, favours.remember_added(favour, was_open))
        for contact in form.new_people:
            messages.info(request, f"{contact} was new, and is a contact of yours now.")
        return back_from(request, "favour_list")
    return _page(request, form, favour)


@transaction.atomic
def favour_edit(request: HttpRequest, favour_id: UUID) -> HttpResponse:
    rows = request.user.favours.with_people()
    favour = get_object_or_404(rows, pk=favour_id)
    form = FavourForm(request.POST or None, instance=favour)
    if request.method == "POST" and form.is_valid():
        form.saved()
        messages.success(request, f"“{favour}” is saved.")
        for contact in form.new_people:
            messages.info(request, f"{contact} was new, and is a contact of yours now.")
        return redirect("favour_list")
    return _page(request, form, favour)


def _page(request: HttpRequest, form: FavourForm, favour: Favour) -> HttpResponse:
    context = {
        "form": form,
        "favour": favour,
        "is_new": favour._state.adding,
        "back": request.POST.get("back", ""),
    }
    return render(request, "followups/favour_form.html", context)


@require_POST
def favour_delete(request: HttpRequest, favour_id: UUID) -> HttpResponse:
    rows = request.user.favours.with_people()
    favour = get_object_or_404(rows, pk=favour_id)
    need = favour.met_need
    undo_url, opened = favours.delete(favour)
    again = f" “{need}” is open again." if opened else ""
    undoable(request, f"Deleted “{favour}”.{again}", undo_url)
    return back_from(request, "favour_list")
