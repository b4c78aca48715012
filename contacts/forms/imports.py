from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from contacts.importing.readers import reader_for
from contacts.importing.records import CannotRead
from contacts.models import Import
from networkcrm.models import User


class ImportForm(forms.Form):
    """A file with people, which is looked into: what is none is refused."""

    file = forms.FileField(
        label="Your file",
        allow_empty_file=True,
        max_length=255,
        help_text=(
            "A vCard file, a table of who knows whom, or the archive of a network:"
            " whole, as .zip, or one of its files. Up to 100 MB, archives up to 1 GB."
        ),
        widget=forms.FileInput(
            attrs={
                "accept": (
                    ".vcf,.vcard,.csv,.json,.js,.zip,text/vcard,text/csv,"
                    "application/json,application/zip"
                )
            }
        ),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        try:
            self.reader = reader_for(file, file.size or 0)
        except CannotRead as error:
            raise ValidationError(str(error)) from error
        return file

    def save(self, owner: User) -> Import:
        """Keep the file and let the worker read it."""
        from contacts import tasks

        file = self.cleaned_data["file"]
        batch = Import(
            owner=owner,
            source=self.reader.name,
            file_name="".join(c for c in file.name if c.isprintable())[:255],
            size=file.size,
        )
        file.seek(0)
        batch.file.save(f"{batch.pk}", file, save=False)
        try:
            with transaction.atomic():
                batch.save()
                tasks.import_step.enqueue(str(owner.pk), str(batch.pk))
        except BaseException:
            batch.file.delete(save=False)
            raise
        return batch
