from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from connections import undoing_relationships as undoing
from connections.forms.people_rows import valid_ids
from connections.forms.relationships import RelationshipForm, RelationshipKindForm
from connections.models import Relationship, RelationshipKind
from connections.models.relationships import relation_words
from connections.relations import by_other, side
from contacts.models import Contact
from contacts.paging import page_of
from networkcrm.http import HttpRequest
from networkcrm.messages import undoable


@require_safe
def relationship_list(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    contact = get_object_or_404(request.user.contacts, pk=contact_id)
    page = page_of(request, request.user.relationships.of_contact(contact))
    context = {"contact": contact, "page": page, "people": by_other(page, contact)}
    return render(request, "connections/relationship_list.html", context)


@transaction.atomic
def relationship_create(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    contact = get_object_or_404(request.user.contacts.kept(), pk=contact_id)
    return _relationship_form(request, Relationship(owner=request.user), contact)


@transaction.atomic
def relationship_edit(request: HttpRequest, relationship_id: UUID) -> HttpResponse:
    """From the side of ?contact=<id>, else from that of the one who is not me."""
    relationship = _relationship(request, relationship_id)
    return _relationship_form(request, relationship, _seen_from(request, relationship))


def _relationship(request: HttpRequest, relationship_id: UUID) -> Relationship:
    linked = ("kind", "from_contact", "to_contact")
    rows = request.user.relationships.select_related(*linked)
    found: Relationship = get_object_or_404(rows, pk=relationship_id)
    return found


def _seen_from(request: HttpRequest, relationship: Relationship) -> Contact:
    ends = (relationship.from_contact, relationship.to_contact)
    asked = valid_ids([request.POST.get("from", request.GET.get("contact", ""))])
    others = [contact for contact in ends if not contact.is_me]
    return next((one for one in ends if one.pk in asked), others[0])


def _relationship_form(
    request: HttpRequest, relationship: Relationship, contact: Contact
) -> HttpResponse:
    is_new = relationship._state.adding
    form = RelationshipForm(
        request.POST or None, instance=relationship, contact=contact
    )
    if request.method == "POST" and form.is_valid() and form.saved():
        seen = side(form.instance, contact.pk)
        name = "You and " if seen.other.is_me else f"{seen.other} and "
        messages.success(request, f"{name}{contact.first_name}: {seen.role}.")
        for new in form.new_people:
            messages.info(request, f"{new} was new, and is a contact of yours now.")
        return redirect(_knows(contact))
    context = {
        "form": form,
        "contact": contact,
        "relationship": relationship,
        "is_new": is_new,
    }
    return render(request, "connections/relationship_form.html", context)


def _knows(contact: Contact) -> str:
    return f"{contact.get_absolute_url()}#knows"


@require_POST
def relationship_delete(request: HttpRequest, relationship_id: UUID) -> HttpResponse:
    relationship = _relationship(request, relationship_id)
    contact = _seen_from(request, relationship)
    seen = side(relationship, contact.pk)
    undo_url = undoing.delete_relationship(relationship)
    other = "You" if seen.other.is_me else seen.other
    text = f"Deleted: {other}, {relation_words(seen.role, contact.first_name)}."
    undoable(request, text, undo_url)
    return redirect(_knows(contact))


@transaction.atomic
def relationshipkind_list(request: HttpRequest) -> HttpResponse:
    form = RelationshipKindForm(
        request.POST or None, instance=RelationshipKind(owner=request.user)
    )
    if request.method == "POST" and form.is_valid():
        messages.success(request, f"“{form.save()}” is added.")
        return redirect("relationshipkind_list")
    kinds = request.user.relationshipkinds.with_uses().in_order()
    context = {"form": form, "kinds": kinds}
    return render(request, "connections/relationshipkind_list.html", context)


@transaction.atomic
def relationshipkind_edit(request: HttpRequest, kind_id: UUID) -> HttpResponse:
    kinds = request.user.relationshipkinds.with_uses()
    kind = get_object_or_404(kinds, pk=kind_id)
    name = str(kind)
    form = RelationshipKindForm(request.POST or None, instance=kind)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, f"“{kind}” is saved.")
        if merged := kind.uses - kind.relationships.count():
            pairs = "One pair was" if merged == 1 else f"{merged} pairs were"
            messages.info(
                request,
                f"{pairs} written down from both sides. That is one entry each now,"
                " with both notes.",
            )
        return redirect("relationshipkind_list")
    context = {"form": form, "kind": kind, "name": name}
    return render(request, "connections/relationshipkind_form.html", context)


@require_POST
def relationshipkind_delete(request: HttpRequest, kind_id: UUID) -> HttpResponse:
    kind = get_object_or_404(request.user.relationshipkinds.with_uses(), pk=kind_id)
    if kind.uses:
        pairs = "One pair is" if kind.uses == 1 else f"{kind.uses} pairs are"
        messages.error(
            request, f"{pairs} “{kind}”. Make them something else first, or rename it."
        )
        return redirect("relationshipkind_edit", kind_id=kind.pk)
    undoable(request, f"“{kind}” is deleted.", undoing.delete_kind(kind))
    return redirect("relationshipkind_list")
