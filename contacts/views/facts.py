from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from contacts.forms import FactForm
from contacts.models import Fact
from networkcrm import derived, undo
from networkcrm.http import HttpRequest
from networkcrm.journal import Journal, take_back
from networkcrm.messages import undoable
from networkcrm.models import User


@require_POST
def fact_create(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    contact = get_object_or_404(request.user.contacts, pk=contact_id)
    form = FactForm(request.POST, instance=Fact(owner=request.user, contact=contact))
    if form.is_valid():
        form.save()
        return redirect(f"{contact.get_absolute_url()}#learned")
    context = {"form": form, "contact": contact}
    return render(request, "contacts/fact_form.html", context, status=422)


@transaction.atomic
def fact_edit(request: HttpRequest, fact_id: UUID) -> HttpResponse:
    facts = request.user.facts.select_related("contact")
    fact = get_object_or_404(facts, pk=fact_id)
    form = FactForm(request.POST or None, instance=fact)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect(f"{fact.contact.get_absolute_url()}#learned")
    context = {"form": form, "contact": fact.contact, "fact": fact}
    return render(request, "contacts/fact_form.html", context)


@require_POST
def fact_met(request: HttpRequest, fact_id: UUID) -> HttpResponse:
    """A need or an offer is met, or open again."""
    asked = request.user.facts.exclude(state="")
    fact = get_object_or_404(asked, pk=fact_id)
    fact.turn()
    return redirect(f"{fact.contact.get_absolute_url()}#learned")


@require_POST
@transaction.atomic
def fact_delete(request: HttpRequest, fact_id: UUID) -> HttpResponse:
    facts = request.user.facts.select_related("contact")
    fact = get_object_or_404(facts, pk=fact_id)
    # What leads to it, as a favour to the need it met, leads to it again when undone.
    journal = Journal(request.user)
    journal.delete(Fact, [fact])
    derived.touch(request.user.pk, [fact.contact_id])
    payload = {"text": fact.text, "contact": fact.contact_id}
    payload["entries"] = journal.entries
    url = undo.remember(request.user, "fact", payload)
    undoable(request, f"Forgot “{fact.text}”.", url)
    return redirect(f"{fact.contact.get_absolute_url()}#learned")


@undo.action("fact")
@transaction.atomic
def _remember_again(user: User, payload: dict[str, Any]) -> str:
    if not user.contacts.filter(pk=payload["contact"]).exists():
        return "They are deleted for ever, and this with them."
    take_back(user, payload["entries"])
    derived.touch(user.pk, [payload["contact"]])
    return f"“{payload['text']}” is back."
