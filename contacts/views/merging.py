"""Two contacts become one: choosing the other, what stays, and who is here twice."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import get_text_list
from django.views.decorators.http import require_POST, require_safe

from contacts import duplicates, merging
from contacts import search as searching
from contacts.forms.merging import MergeForm
from contacts.models import Contact, Distinct
from contacts.paging import page_of
from networkcrm import kept, undo
from networkcrm.http import HttpRequest, render_part
from networkcrm.messages import undoable
from networkcrm.models import User

PAIRS_PER_PAGE = 20


def contact_merge(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """With ?with=<id> both side by side, without it a search for the other."""
    people = request.user.contacts.select_related("organization", "circle")
    keep = get_object_or_404(people.kept(), pk=contact_id)
    if "with" not in request.GET:
        return _choose(request, keep)
    gone = people.filter(pk=_id(request.GET["with"])).first()
    if gone is None:
        return _not_there(request, keep)
    here = reverse("contact_merge", kwargs={"contact_id": keep.pk})
    if gone == keep or gone.trashed_at:
        said = f"{gone} is in the trash. Take them back first."
        if gone == keep:
            said = "Nobody can be merged with themselves: choose somebody else."
        messages.warning(request, said)
        return redirect(here)
    if gone.is_me:
        # Whoever is me stays.
        return redirect(_address(gone, keep))
    form = MergeForm(request.POST if request.method == "POST" else None, keep, gone)
    if request.method == "POST" and form.is_valid():
        return _merge(request, keep, gone, form.cleaned_data)
    context = {
        "keep": keep,
        "gone": gone,
        "form": form,
        "adds": get_text_list(merging.adds(keep, gone), "and"),
        "turned": "" if keep.is_me else _address(gone, keep),
    }
    return render(request, "contacts/contact_merge.html", context)


def _merge(
    request: HttpRequest, keep: Contact, gone: Contact, choices: dict[str, Any]
) -> HttpResponse:
    try:
        undo_url = merging.merge(request.user, keep.pk, gone.pk, choices)
    except merging.Refused as refused:
        messages.warning(request, str(refused))
        return redirect(keep)
    undoable(request, f"{gone} and {keep} are one now. Nothing is lost.", undo_url)
    is_tidying = request.GET.get("from") == "duplicates"
    return redirect("duplicate_list") if is_tidying else redirect(keep)


def _not_there(request: HttpRequest, keep: Contact) -> HttpResponse:
    if request.method != "POST":
        raise Http404
    # The second click of two.
    messages.warning(request, "The other one is not there any more: merged already?")
    return redirect(keep)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error


def _address(keep: Contact, gone: Contact) -> str:
    here = reverse("contact_merge", kwargs={"contact_id": keep.pk})
    return f"{here}?with={gone.pk}"


def _choose(request: HttpRequest, contact: Contact) -> HttpResponse:
    text = request.GET.get("q", "").replace("\0", " ").strip()
    likely = duplicates.of(request.user, contact) if not text else {}
    results = searching.search(request.user, text or contact.full_name)
    found = [hit.contact for hit in results.hits if hit.contact.pk != contact.pk]
    people = request.user.contacts.kept().select_related("organization")
    first = people.in_bulk(likely) if likely else {}
    offered = {pk: first[pk] for pk in likely if pk in first}
    offered |= {other.pk: other for other in found if other.pk not in offered}
    context = {
        "contact": contact,
        "text": text[: searching.LONGEST_SEARCH],
        "people": [(other, likely.get(pk, "")) for pk, other in offered.items()],
    }
    return render(request, "contacts/contact_merge_choose.html", context)


@require_safe
def duplicate_list(request: HttpRequest) -> HttpResponse:
    counted = kept.Answers(request.user)
    answer = counted.of(duplicates.likely)
    count, pairs = answer.value[0], duplicates.as_pairs(answer.value[1])
    if answer.at:
        pairs = duplicates.still(request.user, pairs)
    page = page_of(request, pairs, PAIRS_PER_PAGE)
    ids = {pk for pair in page for pk in (pair.keep, pair.gone)}
    people = request.user.contacts.select_related("organization")
    found = people.in_bulk(ids) if ids else {}
    rows = [
        {
            "keep": found[pair.keep],
            "gone": found[pair.gone],
            "why": pair.why,
            "url": f"{_address(found[pair.keep], found[pair.gone])}&from=duplicates",
        }
        for pair in page
        if pair.keep in found and pair.gone in found
    ]
    context = {"page": page, "rows": rows, "answer": answer, "count": count}
    template = "contacts/duplicate_list.html"
    return counted.on(render_part(request, template, "pairs", context))


@require_POST
def distinct_create(request: HttpRequest) -> HttpResponse:
    """These two are not the same, and are not offered again."""
    ids = [_id(request.POST.get(name, "")) for name in ("one", "other")]
    one, other = (get_object_or_404(request.user.contacts, pk=pk) for pk in sorted(ids))
    back = f"{reverse('duplicate_list')}?page={request.POST.get('page', '')}"
    row = Distinct(owner=request.user, one=one, other=other)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        # Said already, or of one with themselves.
        return redirect(back)
    undo_url = undo.remember(request.user, "distinct", row.pk)
    undoable(request, f"{one} and {other} are two people.", undo_url)
    return redirect(back)


@undo.action("distinct")
def _not_said(user: User, pk: UUID) -> str:
    user.distincts.filter(pk=pk).delete()
    return "They may be the same again."
