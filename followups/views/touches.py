"""The buttons of "Keep in touch": it happened today, or not now."""

from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from followups import touching
from networkcrm.http import HttpRequest
from networkcrm.messages import undoable


@require_POST
@transaction.atomic
def touch_log(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """We wrote, spoke or met today: by the `kind` of one of touching.WAYS."""
    contact = get_object_or_404(request.user.contacts.active(), pk=contact_id)
    sentence, undo_url = touching.log(contact, request.POST.get("kind", ""))
    undoable(request, sentence, undo_url)
    return redirect("today")
