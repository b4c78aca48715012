import logging
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import Case, Count, Q, Value, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from contacts.forms.imports import ImportForm, TagsForm
from contacts.importing import extensions
from contacts.importing.columns import Columns
from contacts.importing.extensions import SavedForm
from contacts.importing.readers import READERS
from contacts.importing.undoing import IS_KEPT
from contacts.models import Import, ImportRow
from contacts.paging import page_of
from networkcrm.http import HttpRequest, render_part

logger = logging.getLogger(__name__)

NO_ROOM = (
    "The server could not keep this file; its disk may be full. Nothing of it was"
    " written. Please try again when there is room."
)
WORDS_AHEAD = {
    "new": "new",
    "changed": "to be completed",
    "same": "nothing new",
    "skipped": "left out",
    "unreadable": "not readable",
}
WORDS = WORDS_AHEAD | {"new": "added", "changed": "completed"}
# Of those who are new the reason is what was cut, left out or kept aside.
NOTED = Q(state=ImportRow.State.NEW) & ~Q(reason="") & ~IS_KEPT
WORDS_UNDONE = WORDS_AHEAD | {"new": "taken back", "changed": "restored"}


def import_list(request: HttpRequest) -> HttpResponse:
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(form.save(request.user))
        except OSError:
            logger.exception("An upload of %s cannot be kept", request.user.pk)
            form.add_error("file", NO_ROOM)
    page = page_of(request, request.user.imports.order_by("-created_at", "-pk"), 20)
    context = {"form": form, "page": page}
    return render(request, "contacts/import_list.html", context)


@require_safe
def import_detail(request: HttpRequest, import_id: UUID) -> HttpResponse:
    batch = get_object_or_404(request.user.imports, pk=import_id)
    if batch.state == Import.State.MAPPING:
        return redirect("import_columns", batch.pk)
    return _detail(request, batch, _forms(None, batch))


@require_POST
def import_start(request: HttpRequest, import_id: UUID) -> HttpResponse:
    batch = get_object_or_404(request.user.imports, pk=import_id)
    if batch.state == Import.State.PREVIEW:
        forms = _forms(request.POST, batch)
        if not all(form.is_valid() for form in forms):
            return _detail(request, batch, forms)
        with transaction.atomic():
            if batch.go_on():
                for form in forms:
                    form.save()
    else:
        batch.go_on()
    return redirect(batch)


@require_POST
def import_undo(request: HttpRequest, import_id: UUID) -> HttpResponse:
    batch = get_object_or_404(request.user.imports, pk=import_id)
    batch.take_back()
    return redirect(batch)


@require_POST
def import_discard(request: HttpRequest, import_id: UUID) -> HttpResponse:
    batch = get_object_or_404(request.user.imports, pk=import_id)
    if not batch.can_be_discarded:
        messages.warning(request, "This import has begun: undo it instead.")
        return redirect(batch)
    batch.discard()
    messages.success(request, f"{batch.file_name} is forgotten. Nothing was written.")
    return redirect("import_list")


def _forms(data: Any, batch: Import) -> list[SavedForm]:
    """What can be said of everybody in the file."""
    return [*extensions.forms_of(data, batch), TagsForm(data, batch)]


def _detail(request: HttpRequest, batch: Import, forms: list[Any]) -> HttpResponse:
    is_idle = batch.state == Import.State.PREVIEW and not batch.created + batch.updated
    context: dict[str, Any] = {"batch": batch, "forms": forms, "is_idle": is_idle}
    context["reader"] = READERS.get(batch.source)
    if batch.columns:
        context["columns"] = Columns.from_json(batch.columns).words
    context["has_errors"] = any(form.errors for form in forms)
    rows = request.user.importrows.filter(batch=batch).order_by("number")
    if batch.state == Import.State.UNDOING:
        total = batch.created + batch.updated
        left = rows.filter(is_done=True, state__in=["new", "changed"]).count()
        context |= {"total": total, "left": left, "undone": total - left}
    elif not batch.is_working:
        chosen = request.GET.get("state", "")
        context |= {"choices": _choices(batch, rows), "chosen": chosen}
        page = page_of(request, _narrowed(rows, chosen))
        words = _words(batch)
        for row in page:
            is_kept = row.is_done and row.reason.startswith("Kept")
            row.words = "kept" if is_kept else words[row.state]
        context["page"] = page
    return render_part(request, "contacts/import_detail.html", "import", context)


def _words(batch: Import) -> dict[str, str]:
    """What a row's state is called, before, after, and after the undoing."""
    if batch.state == Import.State.PREVIEW:
        return WORDS_AHEAD
    return WORDS_UNDONE if batch.state == Import.State.UNDONE else WORDS


def _narrowed(rows: Any, chosen: str) -> Any:
    if chosen in ImportRow.State:
        return rows.exclude(IS_KEPT).filter(state=chosen)
    if chosen == "noted":
        return rows.filter(NOTED)
    return rows.filter(IS_KEPT) if chosen == "kept" else rows


def _choices(batch: Import, rows: Any) -> list[tuple[str, str, int]]:
    """The tabs above the rows: state, words, count."""
    kept = Case(When(IS_KEPT, then=Value("kept")), default="state")
    groups = rows.order_by().values_list(kept)
    found = list(groups.annotate(Count("pk"), noted=Count("pk", filter=NOTED)))
    counts = {state: count for state, count, _noted in found}
    counts["noted"] = sum(noted for _state, _count, noted in found)
    choices = [("", "all", sum(count for _state, count, _noted in found))]
    words = _words(batch) | {"kept": "kept"}
    # Before and after only: when it is undone nothing is to be seen to any more.
    if batch.state != Import.State.UNDONE:
        words["noted"] = "with a remark"
    choices += [(state, words[state], counts.get(state, 0)) for state in words]
    return [choice for choice in choices if choice[2]]
