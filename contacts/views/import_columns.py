"""A table of the owner's own: which column is what, before it is read."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from contacts.forms.import_columns import ColumnsForm, TableForm
from contacts.importing import plain
from contacts.importing.columns import Columns
from contacts.importing.records import CannotRead
from contacts.models import Import
from networkcrm.http import HttpRequest, render_part


@require_http_methods(["GET", "HEAD", "POST"])
def import_columns(request: HttpRequest, import_id: UUID) -> HttpResponse:
    batch = get_object_or_404(request.user.imports, pk=import_id)
    if batch.state != Import.State.MAPPING:
        return _settled(request, batch)
    data = request.POST or request.GET
    table = TableForm(data if "separator" in data else None)
    try:
        with batch.file.open("rb") as file:
            look, why = _look(batch, file, table)
            letters = plain.letters_of(file)
    except FileNotFoundError:
        batch.discard()
        messages.error(request, "The uploaded file is gone. Please bring it again.")
        return redirect("import_list")
    region = request.user.phone_region
    form = ColumnsForm(request.POST or None, look, _guess(batch, look, table), region)
    if "save" in request.POST and form.is_valid():
        if batch.settle_columns(form.columns.as_json()):
            return redirect(batch)
        return _settled(request, batch)
    context: dict[str, Any] = {"batch": batch, "form": form, "look": look, "why": why}
    context["table"] = table if table.is_bound else TableForm.of(look.columns)
    context["written"] = TableForm.of(look.columns).initial
    context["letters"] = letters
    context["is_saving"] = "save" in request.POST
    parts = ("mapping", "people")
    return render_part(request, "contacts/import_columns.html", parts, context)


@require_POST
def import_columns_again(request: HttpRequest, import_id: UUID) -> HttpResponse:
    batch = get_object_or_404(request.user.imports, pk=import_id)
    if batch.state == Import.State.MAPPING or batch.ask_for_columns():
        return redirect("import_columns", batch.pk)
    return _settled(request, batch)


def _settled(request: HttpRequest, batch: Import) -> HttpResponse:
    if request.method == "POST":
        messages.info(
            request,
            "The columns of this file are settled already. While nothing is written"
            " you can change them below.",
        )
    return redirect(batch)


def _look(batch: Import, file: Any, table: TableForm) -> tuple[plain.Look, str]:
    """As its owner says it is written, now or before; where there is nothing to be
    found like that, as it seems, with the reason."""
    said = table.said
    if batch.columns and not table.is_bound:
        before = Columns.from_json(batch.columns)
        said = before.delimiter, before.has_header
    try:
        return plain.look(file, *said), ""
    except CannotRead as error:
        return plain.look(file), str(error)


def _guess(batch: Import, look: plain.Look, table: TableForm) -> Columns:
    """What was said of this file before, if it is written like that."""
    if batch.columns and not table.is_bound:
        before = Columns.from_json(batch.columns)
        if before.header == look.columns.header:
            return before
    return look.columns
