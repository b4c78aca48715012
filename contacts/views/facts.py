from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from contacts.forms import FactForm
from contacts.models import Fact
from networkcrm import undo
from networkcrm.http import HttpRequest
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
def fact_delete(request: HttpRequest, fact_id: UUID) -> HttpResponse:
    fact = get_object_or_404(request.user.facts, pk=fact_id)
    fields = ("kind", "text", "state", "contact_id", "interaction_id")
    payload = {name: getattr(fact, name) for name in fields}
    payload |= {"id": fact.pk, "heard_on": str(fact.heard_on or "")}
    contact = fact.contact
    fact.delete()
    url = undo.remember(request.user, "fact", payload)
    undoable(request, f"Forgot “{fact.text}”.", url)
    return redirect(f"{contact.get_absolute_url()}#learned")


@undo.action("fact")
def _remember_again(user: User, payload: dict[str, Any]) -> str:
    if not user.contacts.filter(pk=payload["contact_id"]).exists():
        return "They are deleted for ever, and this with them."
    if not user.interactions.filter(pk=payload["interaction_id"]).exists():
        payload["interaction_id"] = None
    fact = Fact(owner=user, **payload)
    fact.save(force_insert=True)
    return f"“{fact.text}” is back."
