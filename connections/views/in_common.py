from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from connections.forms.people_rows import valid_ids
from connections.in_common import PER_PAGE, KnownPeople, between
from connections.picking import People
from contacts.models import Contact
from contacts.paging import page_of
from networkcrm.http import HttpRequest, render_part


@require_safe
def contact_in_common(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """Who knows this contact; with ?with=<id or name>, who knows both."""
    contact = get_object_or_404(request.user.contacts.kept().others(), pk=contact_id)
    typed = " ".join(request.GET.get("with", "").split())[:300]
    other, candidates = _other(request, contact, typed)
    both = [contact, other] if other else [contact]
    text, number = request.GET.get("q", "")[:200], request.GET.get("page", "")
    asked = int(number) if number.isdecimal() and len(number) < 6 else 1
    people = KnownPeople(request.user, both, text, max(asked, 1))
    context = {
        "contact": contact,
        "other": other,
        "typed": typed,
        "candidates": candidates,
        "text": text,
        "page": page_of(request, people, PER_PAGE),
        "between": between(request.user, contact, other) if other else [],
    }
    return render_part(
        request, "connections/contact_in_common.html", "results", context
    )


def _other(
    request: HttpRequest, contact: Contact, typed: str
) -> tuple[Contact | None, list[Contact]]:
    """The second person, or else those who may be meant."""
    people = request.user.contacts.kept().others().exclude(pk=contact.pk)
    for pk in valid_ids([typed]):
        return get_object_or_404(people, pk=pk), []
    if not typed:
        return None, []
    # Of several with one name, the one that was chosen before.
    for chosen in people.filter(pk__in=valid_ids([request.GET.get("was", "")])):
        if chosen.full_name == typed:
            return chosen, []
    named = People().named(request.user, typed)
    found = named or People().like(request.user, typed)
    found = [one for one in found if not one.is_me and one.pk != contact.pk]
    if len(named) == 1 and len(found) == 1:
        return found[0], []
    return None, found
