from typing import Any

from django import forms

from events.calendars import bringing, reading
from networkcrm.models import User


class CalendarForm(forms.Form):
    """A calendar as a file or as its text, which is read before anything is written."""

    file = forms.FileField(
        label="A calendar file",
        required=False,
        allow_empty_file=True,
        help_text="An .ics file of one event or of a whole calendar. Up to 10 MB.",
        widget=forms.FileInput(attrs={"accept": ".ics,.ical,.ifb,text/calendar"}),
    )
    text = forms.CharField(
        label="Or its text",
        required=False,
        strip=False,
        help_text="It begins with BEGIN:VCALENDAR.",
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner = owner

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        file, text = cleaned.get("file"), cleaned.get("text") or ""
        name = "file" if file else "text"
        if file and file.size > reading.MAX_BYTES:
            self.add_error("file", "This is larger than 10 MB. Export fewer years.")
            return cleaned
        raw = file.read() if file else text.encode("utf-8", "replace")
        if not raw.strip(b" \t\r\n\0\xef\xbb\xbf"):
            said = (
                "This file is empty." if file else "Choose a file, or paste its text."
            )
            self.add_error("file", said)
            return cleaned
        try:
            self.found = bringing.read(self.owner, raw)
        except reading.CannotRead as error:
            self.add_error(name, str(error))
        return cleaned
