from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.forms import Textarea, TextInput
from django.forms.utils import ErrorDict
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from contacts import merging, seats
from contacts.forms import ContactFilterForm, ContactForm, DateFormSet, MethodFormSet
from contacts.forms.facts import FactForm
from contacts.models import Contact, Fact
from contacts.paging import page_by_key
from contacts.panels import panels
from networkcrm import derived
from networkcrm.http import HttpRequest, render_part


@require_safe
def contact_list(request: HttpRequest) -> HttpResponse:
    form = ContactFilterForm(request.GET, owner=request.user)
    contacts = form.sort_by(form.filter(request.user.contacts.all()))
    page = page_by_key(request, contacts, request.user.contacts.for_list(request.user))
    context = {
        "form": form,
        "page": page,
        "circles": request.user.circles.order_by("seats", "key"),
        "filters": _without(request.GET, "page"),
        "trashed_count": request.user.contacts.trashed().count(),
    }
    return render_part(request, "contacts/contact_list.html", "results", context)


def _without(query: QueryDict, *names: str) -> str:
    kept = query.copy()
    for name in names:
        kept.pop(name, None)
    return kept.urlencode()


@require_safe
def contact_detail(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    contacts = request.user.contacts.select_related("organization", "circle")
    contact = contacts.filter(pk=contact_id).first()
    if contact is None:
        return redirect(_kept(request, contact_id))
    context = {
        "contact": contact,
        "methods": contact.methods.order_by("-preferred", "position", "pk"),
        "dates": contact.dates.order_by("on", "pk"),
        "tags": [row.tag for row in contact.contact_tags.with_tags()],
        "facts": contact.facts.in_order(),
        "fact_form": FactForm(instance=Fact(owner=request.user)),
        "panels": panels(request, contact),
    }
    return render_part(request, "contacts/contact_detail.html", "learned", context)


@transaction.atomic
def contact_create(request: HttpRequest) -> HttpResponse:
    contact = Contact(owner=request.user, full_name=request.GET.get("name", "")[:300])
    return _contact_form(request, contact, "")


@transaction.atomic
def contact_edit(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    contact = request.user.contacts.filter(pk=contact_id).first()
    if contact is None:
        return _merged(request, _kept(request, contact_id))
    return _contact_form(request, contact, contact.full_name)


def _kept(request: HttpRequest, contact_id: UUID) -> Contact:
    """With whom this contact is one now."""
    kept = merging.merged_into(request.user, contact_id)
    if kept is None:
        raise Http404
    return kept


def _merged(request: HttpRequest, kept: Contact) -> HttpResponse:
    """A form that stood open while its contact became one with another."""
    if request.method != "POST":
        return redirect("contact_edit", kept.pk)
    contact = Contact(owner=request.user)
    forms = [
        ContactForm(request.POST, instance=contact),
        *MethodFormSet(request.POST, contact=contact).forms,
        *DateFormSet(request.POST, contact=contact).forms,
    ]
    typed = [
        (field.label, field.value())
        for form in forms
        for field in form.visible_fields()
        if isinstance(field.field.widget, TextInput | Textarea) and field.value()
    ]
    context = {"kept": kept, "typed": typed}
    return render(request, "contacts/contact_merged.html", context, status=404)


def _contact_form(request: HttpRequest, contact: Contact, name: str) -> HttpResponse:
    is_new = contact._state.adding
    data = request.POST if request.method == "POST" else None
    form = ContactForm(data, request.FILES or None, instance=contact)
    methods = MethodFormSet(data, contact=contact)
    dates = DateFormSet(data, contact=contact)
    wants_row = "add_method" in request.POST or "add_date" in request.POST
    if wants_row:
        # Nobody is scolded for what they have not finished.
        for unfinished in (form, *methods.forms, *dates.forms):
            unfinished._errors = ErrorDict()
    # All three are asked, so that every mistake is shown at once.
    elif data is not None and all(
        [form.is_valid(), methods.is_valid(), dates.is_valid()]
    ):
        with derived.batch():
            contact = form.save()
            methods.save()
            dates.save()
        done = "is in your network." if is_new else "is saved."
        messages.success(request, f"{contact.full_name} {done}")
        if form.full_circle:
            return redirect(seats.ask_who_leaves(form.full_circle, [contact.pk]))
        return redirect(contact)
    context = {
        "form": form,
        "methods": methods,
        "dates": dates,
        "contact": contact,
        "name": name,
        "is_new": is_new,
    }
    return render(request, "contacts/contact_form.html", context)


@require_safe
def contact_photo(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    contact = get_object_or_404(request.user.contacts, pk=contact_id)
    if not contact.photo:
        raise Http404
    try:
        with contact.photo.open() as file:
            response = HttpResponse(file.read(), content_type="image/jpeg")
    except FileNotFoundError as error:
        raise Http404 from error
    # The address changes with the photo, so a browser may keep it.
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


@require_safe
def organization_options(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("organization_name", "")
    names = request.user.organizations.starting_with(text)[:12]
    return render(request, "contacts/options.html", {"options": names})
