import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from connections.capturing.nearby import people_at
from connections.capturing.reading import Understood, read
from connections.capturing.saving import Said
from contacts import photos
from events.models import Event
from networkcrm.models import User
from networkcrm.owned import uuid7

LONGEST = 20_000
PICTURE_SIDE = 1600
WHOSE_NAME = "What is their name? A first name is enough, and so is “red scarf”."


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _hidden(**kwargs: Any) -> forms.CharField:
    return forms.CharField(required=False, widget=forms.HiddenInput, **kwargs)


def _line(label: str, most: int, **attrs: Any) -> forms.CharField:
    # The length is checked here and not by the browser, which would cut it in silence.
    widget = forms.TextInput(attrs={"autocomplete": "off"} | attrs)
    field = forms.CharField(label=label, required=False, max_length=most, widget=widget)
    field.widget.attrs.pop("maxlength", None)
    return field


class CaptureForm(forms.Form):
    """Whom I just met: one free line, and what it says in fields to correct.

    A phone reads the line itself and sends the fields as corrected, with
    `understood`. Without that, the line is read here and fills the empty ones.
    """

    id = _hidden()
    captured_at = _hidden()
    contact = _hidden()
    introducer_id = _hidden()
    understood = _hidden()
    # Who is signed in, in the eyes of the one who sends.
    owner = _hidden()
    event = forms.CharField(required=False)
    text = forms.CharField(
        label="Name, and whatever else you know",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(
            attrs={
                "rows": 1,
                "class": "big",
                "autocomplete": "off",
                "autocapitalize": "words",
                "enterkeyhint": "done",
                "placeholder": "Ana Ruiz, Acme, via Ben",
            }
        ),
    )
    remember = forms.CharField(
        label="What to remember",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    introducer = _line("Introduced by", 300, list="people-here")
    needs = _line("Needs", 2000)
    offers = _line("Offers", 2000)
    promise = _line("What did you promise?", 1000)
    tags = _line("Tags", 300, list="tags-used")
    name = _line("Name", 300)
    organization = _line("Organization", 200)
    job_title = _line("Job title", 200)
    emails = _line("E-mail", 1000, inputmode="email", autocapitalize="none")
    phones = _line("Phone", 1000, inputmode="tel")
    links = _line("Profile or web page", 2000, inputmode="url", autocapitalize="none")
    event_name = _line("Met at", 300)
    picture = forms.FileField(required=False)

    # Those that are hidden until something stands in them, or is to.
    OPTIONAL = ("introducer", "needs", "offers", "promise", "tags")
    READ = (
        *("name", "organization", "job_title", "emails", "phones", "links"),
        "event_name",
    )

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = owner
        self.notices: list[str] = []
        self.said: Said | None = None

    @property
    def extras(self) -> list[forms.BoundField]:
        return [self[name] for name in (*self.OPTIONAL, *self.READ)]

    def clean_picture(self) -> Any:
        picture = self.cleaned_data["picture"]
        return picture and photos.cleaned(picture.read(), side=PICTURE_SIDE)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        self.said = said = Said(
            id=_id(given.get("id", "")) or uuid7(),
            captured_at=self._moment(given.get("captured_at", "")),
            text=given.get("text", ""),
            contact=self._contact(given.get("contact", "")),
            event=self._event(given.get("event", "")),
            introducer_id=_id(given.get("introducer_id", "")),
            picture=given.get("picture") or None,
        )
        found = Understood()
        if not given.get("understood"):
            names = [name for _pk, name in people_at(self.user, said.event)]
            found = read(said.text, names)
        for field in ("name", "organization", "job_title", "introducer", "promise"):
            setattr(said, field, given.get(field) or getattr(found, field))
        said.event_name = given.get("event_name") or found.event
        said.emails = re.split(r"[\s,;]+", given.get("emails", "")) + found.emails
        said.phones = re.split(r"[,;]", given.get("phones", "")) + found.phones
        said.links = re.split(r"[\s,]+", given.get("links", "")) + found.links
        said.needs = re.split(r"[;\n]", given.get("needs", "")) + found.needs
        said.offers = re.split(r"[;\n]", given.get("offers", "")) + found.offers
        said.tags = re.split(r"[,;#]", given.get("tags", "")) + found.tags
        for field in ("emails", "phones", "links", "needs", "offers", "tags"):
            stripped = [value.strip() for value in getattr(said, field)]
            setattr(said, field, list(dict.fromkeys(filter(None, stripped))))
        said.remember = self._all_to_remember(given.get("remember", ""), found.remember)
        if said.contact:
            said.name = said.contact.full_name
        if not said.name.strip() and not self.errors:
            self.add_error("text", WHOSE_NAME)
        if len(said.name) > 300:
            self.add_error("name", "A name has at most 300 letters.")
        return given

    def _all_to_remember(self, typed: str, rest: str) -> str:
        """With what looks like an address and is none, so that nothing is lost."""
        said = self.said
        assert said is not None
        odd = [value for value in said.emails if "@" not in value]
        odd += [v for v in said.links if re.match(r"(?!https?:)[a-z]+:", v, re.I)]
        odd += [value for value in said.phones if not re.search(r"\d", value)]
        said.emails = [value for value in said.emails if value not in odd]
        said.links = [value for value in said.links if value not in odd]
        said.phones = [value for value in said.phones if value not in odd]
        parts = [rest, typed, ", ".join(odd)]
        return "\n".join(part for part in parts if part)[:50_000]

    def _moment(self, text: str) -> datetime:
        """When the phone says it was; the clock of a phone that runs ahead is ours."""
        now = timezone.now()
        try:
            moment = parse_datetime(text)
        except ValueError:
            moment = None
        if moment is None:
            return now
        if timezone.is_naive(moment):
            moment = moment.replace(tzinfo=UTC)
        return moment if now - timedelta(days=3650) < moment < now else now

    def _event(self, text: str) -> Event | None:
        if not text:
            return None
        chosen = _id(text)
        found = self.user.events.filter(pk=chosen).first() if chosen else None
        if found is None:
            self.notices.append(
                "The event is no longer there: this is kept without it."
            )
        return found

    def _contact(self, text: str) -> Any:
        chosen = _id(text)
        if chosen is None:
            return None
        people = self.user.contacts.kept().others()
        found = people.filter(pk=chosen).first()
        if found is None:
            self.notices.append("They were no longer there: this is a new contact.")
        return found

    def reason(self) -> str:
        """All that is wrong, in one line for the phone."""
        said = []
        for name, errors in self.errors.items():
            label = "" if name in ("__all__", "text", "picture") else self[name].label
            said += [f"{label}: {e}" if label else str(e) for e in errors]
        return " ".join(said)
