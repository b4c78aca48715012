from collections.abc import Iterator

from django import forms

from contacts.importing.records import Unread
from events.guests import reading
from events.guests.reading import Line


class GuestsForm(forms.Form):
    """A list as text or as a file; lines that are no guest are told, not refused."""

    text = forms.CharField(
        label="Paste the list",
        required=False,
        strip=False,
        widget=forms.Textarea(
            attrs={
                "rows": 6,
                "placeholder": "Ana Ruiz, Acme\nBen Katz <ben@example.org>",
                "spellcheck": "false",
            }
        ),
        help_text=(
            "A name on each line; what you know of company and e-mail behind it. A"
            " table, or a whole page of names, is fine too."
        ),
    )
    file = forms.FileField(
        label="Or a file",
        required=False,
        allow_empty_file=True,
        help_text="The guest list as CSV from Luma, Eventbrite or Meetup.",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xls,text/*"}),
    )

    def clean(self) -> dict[str, object] | None:
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        text = cleaned.get("text") or ""
        if file:
            if file.size > reading.MAX_BYTES:
                self.add_error("file", "This is larger than 4 MB: no guest list is.")
                return cleaned
            self.raw = file.read()
        else:
            self.raw = text.encode("utf-8", "replace")
        name = "file" if file else "text"
        if not self.raw.strip(b" \t\r\n\0\xef\xbb\xbf"):
            self.add_error(name, "There is nothing on this list yet.")
            return cleaned
        try:
            self.found: Iterator[Line | Unread] = iter(list(reading.read(self.raw)))
        except reading.CannotRead as error:
            self.add_error(name, str(error))
        return cleaned
