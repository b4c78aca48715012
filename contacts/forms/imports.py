from contextlib import suppress
from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from contacts.importing import plain
from contacts.importing.columns import Columns
from contacts.importing.extensions import SavedForm
from contacts.importing.filling import tags_of
from contacts.importing.readers import reader_for
from contacts.importing.records import CannotRead
from contacts.models import Import
from networkcrm.models import User

State = Import.State


class ImportForm(forms.Form):
    """A file with people, which is looked into: what is none is refused."""

    file = forms.FileField(
        label="Your file",
        allow_empty_file=True,
        max_length=255,
        help_text=(
            "An address book (.vcf, or .csv of Google or Outlook), any table of people"
            " (.csv), or the archive of a network, whole as .zip or one of its files."
            " Up to 100 MB, archives up to 1 GB."
        ),
        widget=forms.FileInput(
            attrs={
                "accept": (
                    ".vcf,.vcard,.csv,.tsv,.txt,.json,.js,.zip,text/vcard,text/csv,"
                    "text/plain,application/json,application/zip"
                )
            }
        ),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        try:
            self.reader = reader_for(file, file.size or 0)
            if self.reader.is_mapped:
                self.look = plain.look(file)
        except CannotRead as error:
            raise ValidationError(str(error)) from error
        return file

    def save(self, owner: User) -> Import:
        """Keep the file and let the worker read it, once its columns are known.

        Raises OSError, and leaves nothing behind, when the storage cannot take it.
        """
        from contacts import tasks

        file = self.cleaned_data["file"]
        batch = Import(
            owner=owner,
            source=self.reader.name,
            file_name="".join(c for c in file.name if c.isprintable())[:255],
            size=file.size,
        )
        if self.reader.is_mapped:
            columns = remembered(owner, self.look)
            batch.columns = columns.as_json() if columns else {}
            batch.state = State.READING if columns else State.MAPPING
        file.seek(0)
        try:
            batch.file.save(f"{batch.pk}", file, save=False)
        except OSError:
            begun = batch.file.field.generate_filename(batch, f"{batch.pk}")
            with suppress(OSError):
                batch.file.storage.delete(begun)
            raise
        try:
            with transaction.atomic():
                batch.save()
                if batch.state == State.READING:
                    tasks.import_step.enqueue(str(owner.pk), str(batch.pk))
        except BaseException:
            batch.file.delete(save=False)
            raise
        return batch


def remembered(owner: User, look: plain.Look) -> Columns | None:
    """How the last file with the same header was read, if this one can be read so."""
    found = look.columns
    if not found.has_header:
        return None
    before = owner.imports.filter(columns__header=found.header)
    stored = before.order_by("-created_at").values_list("columns", flat=True).first()
    if not stored:
        return None
    columns = replace(
        found, fields=stored["fields"], day_first=look.day_first(stored["fields"])
    )
    if columns.day_first is None:
        columns = replace(columns, day_first=stored["day_first"])
    is_open = columns.day_first is None and look.ambiguous_date(columns.fields)
    return None if is_open else columns


class TagsForm(SavedForm):
    """What is said of everybody in a file, whichever it is."""

    tags = forms.CharField(
        label="Give all of them a tag",
        required=False,
        max_length=500,
        help_text="For example “Cycling club”; several with commas between.",
    )

    def __init__(self, data: Any, batch: Import) -> None:
        super().__init__(data, initial={"tags": ", ".join(batch.tags)})
        self.batch = batch

    def save(self) -> None:
        self.batch.tags = tags_of(self.cleaned_data["tags"])
        self.batch.save(update_fields=["tags", "updated_at"])
