from collections.abc import Iterator
from typing import Any, Literal
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from connections import credit
from connections import undoing_outcomes as undoing
from connections.forms.outcomes import (
    OutcomeFilterForm,
    OutcomeForm,
)
from connections.forms.people_rows import valid_ids
from connections.models import Origin, Outcome, OutcomeQuerySet, Platform
from contacts.paging import page_by_key
from networkcrm.http import HttpRequest, render_part
from networkcrm.messages import undoable
from networkcrm.periods import period

# Who or what a link of another page narrows the list to, and in which words.
GIVEN = {
    "contact": "with {}",
    "through": "came through {}",
    "event": "at {}",
    "began_at": "began at {}",
}


# How somebody in the chain of an outcome came: the lists behind /insights/.
WAYS: dict[str, tuple[Literal["how", "platform"], dict[str, str], str]] = {
    "met_how": ("how", dict(Origin.How.choices), "began with “{}”"),
    "platform": ("platform", dict(Platform.choices), "began on {}"),
}


@require_safe
def outcome_list(request: HttpRequest) -> HttpResponse:
    """Of ?contact=<id>, ?through=<contact id>, ?event=<id> or ?began_at=<event id>;
    ?met_how=, ?platform=, and ?when= in the words of networkcrm.periods."""
    form = OutcomeFilterForm(request.GET, owner=request.user)
    outcomes = form.filter(request.user.outcomes.all())
    given = []
    for name, words in GIVEN.items():
        for pk in valid_ids(request.GET.getlist(name)[:1]):
            row, outcomes = _narrowed(request, outcomes, name, pk)
            without = _without(request.GET, name, "page")
            said = words.format(row)
            given.append({"name": name, "pk": pk, "words": said, "without": without})
    for name, value, words, found in _by_way(request, outcomes):
        without = _without(request.GET, name, "page")
        given.append({"name": name, "pk": value, "words": words, "without": without})
        outcomes = found
    people = request.user.outcomes.with_people()
    page = page_by_key(request, form.sort_by(outcomes), people)
    context = {
        "form": form,
        "page": page,
        "given": given,
        "sums": outcomes.sums() if page.object_list else [],
    }
    return render_part(request, "connections/outcome_list.html", "results", context)


def _narrowed(request: HttpRequest, outcomes: Any, name: str, pk: UUID) -> Any:
    user = request.user
    if name in ("contact", "through"):
        row: Any = get_object_or_404(user.contacts, pk=pk)
        if name == "through":
            return row, outcomes.through(user, [pk])
        return row, outcomes.with_contact(user, pk)
    row = get_object_or_404(user.events, pk=pk)
    if name == "began_at":
        return row, outcomes.began_at(user, row)
    return row, outcomes.filter(event=pk)


def _by_way(
    request: HttpRequest, outcomes: OutcomeQuerySet
) -> Iterator[tuple[str, str, str, OutcomeQuerySet]]:
    """Each filter in turn: its name, value and words, and what is left with it."""
    for name, (column, labels, words) in WAYS.items():
        value = request.GET.get(name, "")
        if value in labels:
            ids = credit.came_by(request.user.pk, column, value)
            outcomes = outcomes.filter(pk__in=ids)
            yield name, value, words.format(labels[value]), outcomes
    today = timezone.localdate(timezone=request.user.tz)
    when = period(request.GET.get("when", ""), today)
    if when.key:
        yield "when", when.key, when.label, outcomes.filter(when.holds("on"))


def _without(query: QueryDict, *names: str) -> str:
    kept = query.copy()
    for name in names:
        kept.pop(name, None)
    return kept.urlencode()


@transaction.atomic
def outcome_create(request: HttpRequest) -> HttpResponse:
    """Of ?contact=<id>&contact=<id>, of ?introduction=<id>, of ?event=<id>."""
    outcome = Outcome(owner=request.user)
    chosen = set(valid_ids(request.GET.getlist("contact")))
    user, said = request.user, request.GET.getlist
    events = user.events.filter(pk__in=valid_ids(said("event")))
    if event := events.first():
        outcome.event, outcome.on = event, event.partial_date
    introductions = user.introductions.filter(pk__in=valid_ids(said("introduction")))
    if introduction := introductions.first():
        outcome.introduction = introduction
        both = user.contacts.kept().others()
        both = both.filter(pk__in=[introduction.a_id, introduction.b_id])
        chosen |= set(both.values_list("pk", flat=True))
    return _outcome_form(request, outcome, chosen)


@transaction.atomic
def outcome_edit(request: HttpRequest, outcome_id: UUID) -> HttpResponse:
    found = get_object_or_404(request.user.outcomes, pk=outcome_id)
    return _outcome_form(request, found, set())


def _outcome_form(
    request: HttpRequest, outcome: Outcome, chosen: set[UUID]
) -> HttpResponse:
    wants_row = "add_row" in request.POST
    form = OutcomeForm(
        request.POST or None,
        instance=outcome,
        chosen=chosen,
        half_typed=wants_row,
        more_rows=int(wants_row),
    )
    if request.method == "POST" and not form.half_typed and form.is_valid():
        form.save()
        messages.success(request, f"“{outcome}” is written down.")
        for contact in form.new_people:
            messages.info(request, f"{contact} was new, and is a contact of yours now.")
        return redirect(_page_it_came_from(request))
    came_from = [request.POST.get("from", request.GET.get("contact", ""))]
    context = {
        "form": form,
        "outcome": outcome,
        "is_new": outcome._state.adding,
        "came_from": next(iter(valid_ids(came_from)), ""),
    }
    return render_part(request, "connections/outcome_form.html", "people", context)


def _page_it_came_from(request: HttpRequest) -> str:
    """The page of the contact one came from, else the list."""
    came_from = valid_ids([request.POST.get("from", "")])
    contact = request.user.contacts.filter(pk__in=came_from).first()
    if contact is None:
        return reverse("outcome_list")
    return f"{contact.get_absolute_url()}#outcomes"


@require_POST
def outcome_delete(request: HttpRequest, outcome_id: UUID) -> HttpResponse:
    outcome = get_object_or_404(request.user.outcomes, pk=outcome_id)
    undo_url = undoing.delete_outcome(outcome)
    undoable(request, f"Deleted “{outcome}”.", undo_url)
    return redirect(_page_it_came_from(request))
