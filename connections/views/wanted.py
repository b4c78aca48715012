"""Whom I want to meet: said and taken back by me alone, never by what happens."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from networkcrm import undo
from networkcrm.http import HttpRequest
from networkcrm.messages import undoable
from networkcrm.models import User


@require_POST
def contact_want(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """want=yes or want=no; without, the other of what it is."""
    contact = get_object_or_404(request.user.contacts.kept().others(), pk=contact_id)
    turned = "no" if contact.wanted_at else "yes"
    if request.POST.get("want", turned) == "yes":
        contact.want()
        messages.success(request, f"You want to meet {contact.full_name}.")
    elif contact.wanted_at:
        payload = {"contact": contact.pk, "at": contact.wanted_at.isoformat()}
        contact.want_no_more()
        url = undo.remember(request.user, "want", payload)
        text = f"{contact.full_name} is off the list of those you want to meet."
        undoable(request, text, url)
    return redirect(contact)


@undo.action("want")
def _want_again(user: User, payload: dict[str, Any]) -> str:
    contact = user.contacts.filter(pk=payload["contact"]).first()
    if contact is None:
        return "That contact was deleted for ever in the meantime."
    contact.want(datetime.fromisoformat(payload["at"]))
    return f"You want to meet {contact.full_name}."
