from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from connections.forms.happenings import PicksForm
from connections.picking import Events, People, PickField
from followups import repeats
from followups.models import FollowUp
from followups.understanding import Understood, understood
from networkcrm.forms import OwnedModelForm

NOBODY = "nobody"
MOST_INTRODUCTIONS = 50


def day_field() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def with_capital(text: str) -> str:
    return text[:1].upper() + text[1:]


class LineForm(OwnedModelForm):
    """One line says it all; the rest is there to correct what was understood."""

    line = forms.CharField(
        label="What, for whom, and when?",
        max_length=500,
        error_messages={"required": "What is it that was promised?"},
        widget=forms.TextInput(
            attrs={
                "placeholder": "Send Ana the grant list friday",
                "autocomplete": "off",
            }
        ),
    )
    # Only those whose name stands in the line, see `clean`.
    person = forms.CharField(
        label="Who is meant?", required=False, widget=forms.RadioSelect
    )

    class Meta:
        model = FollowUp
        fields = ("due_on", "promised_by")
        widgets = {"due_on": day_field(), "promised_by": forms.RadioSelect}

    # The past day that the page asks about.
    past: date | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].label = "When, if not as in the line"
        self.fields["promised_by"].required = False
        self.fields["promised_by"].label = "Whose promise is it?"
        self.today = timezone.localdate(timezone=self.instance.owner.tz)
        self.understood = self._understood()
        people = self.understood.people if self.understood else []
        self.offers_people = len(people) > 1
        widget: Any = self.fields["person"].widget
        widget.choices = [
            *((str(one.pk), _told_apart(one)) for one in people),
            (NOBODY, "None of them"),
        ]

    def _understood(self) -> Understood | None:
        line = self.data.get("line") if self.is_bound else self.initial.get("line")
        line = (line or "").replace("\0", "")[:500]
        if not line.strip():
            return None
        found = understood(self.instance.owner, line, self.today)
        # Opened from the page of somebody, it is for them.
        return Understood(found.reading) if self.instance.contact else found

    def clean_promised_by(self) -> str:
        return self.cleaned_data.get("promised_by") or FollowUp.By.ME

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.understood or "line" not in self.cleaned_data:
            # The sentence is at the line already; the constraint need not add its own.
            self.instance.title = "?"
            return cleaned
        reading = self.understood.reading
        title = with_capital(reading.title)
        if not title:
            self.add_error("line", "What is it that was promised? Only a day is there.")
        self.instance.title = title if len(title) <= 300 else f"{title[:299]}…"
        self.instance.title = self.instance.title or "?"
        self.instance.note = title if len(title) > 300 else ""
        chosen = self.cleaned_data.get("due_on")
        if reading.problem and not chosen:
            self.add_error("line", f"{reading.problem} Write another, or choose one.")
        self._settle_day(chosen or reading.day)
        self._settle_person(self.understood)
        return cleaned

    def _settle_day(self, day: date | None) -> None:
        self.cleaned_data["due_on"] = day
        if day and day < self.today and self.data.get("past") != day.isoformat():
            self.past = day
            told = f"{day:%-d %B %Y} is past."
            self.add_error("due_on", f"{told} Save once more if it is meant.")

    def _settle_person(self, found: Understood) -> None:
        by_key = {str(one.pk): one for one in found.people}
        said = self.cleaned_data.get("person", "")
        contact = found.contact if not said else by_key.get(said)
        if self.offers_people and contact is None and said != NOBODY:
            self.add_error("person", "You know several of that name.")
        if contact:
            self.instance.contact = contact


def _told_apart(contact: Any) -> str:
    return ", ".join(filter(None, [contact.full_name, contact.summary]))


class FollowUpForm(PicksForm):
    picks = {"contact": "contact_name", "event": ""}

    event = PickField(
        Events(),
        label="From which event?",
        required=False,
        help_text="Type a name. One you have not written down yet is added.",
    )
    contact = PickField(
        People(),
        label="With whom?",
        required=False,
        help_text="Type a name. Someone new becomes a contact of yours.",
    )
    unit = forms.ChoiceField(
        label="Comes again",
        required=False,
        choices=[
            ("", "Once"),
            *((key, f"Every … {word}s") for key, word in repeats.UNITS.items()),
        ],
    )
    every = forms.IntegerField(
        label="Every how many?",
        required=False,
        min_value=1,
        max_value=repeats.MOST_EVERY,
    )

    class Meta:
        model = FollowUp
        fields = ("title", "due_on", "promised_by", "introduction", "note")
        widgets = {
            "due_on": day_field(),
            "promised_by": forms.RadioSelect,
            "note": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["promised_by"].label = "Whose promise is it?"
        self._offer_introductions()
        self.due_before = self.instance.due_on
        try:
            unit, every = repeats.parts(self.instance.repeat)
        except ValidationError:
            unit, every = "", 1
        self.initial.update(unit=unit, every=every)

    def _offer_introductions(self) -> None:
        """Those of this contact, the latest of all, and the one it is of."""
        followup, field = self.instance, self.fields["introduction"]
        rows = followup.owner.introductions
        latest = rows.order_by("-updated_at", "-pk").values("pk")[:MOST_INTRODUCTIONS]
        wanted = Q(pk__in=latest) | Q(pk=followup.introduction_id)
        if followup.contact_id:
            wanted |= Q(pk__in=rows.involving(followup.contact_id).values("pk"))
        field.queryset = rows.filter(wanted).with_people().latest_first()  # type: ignore[attr-defined]
        field.label = "About which introduction?"
        field.empty_label = "None"  # type: ignore[attr-defined]
        field.label_from_instance = lambda one: one.title[:120]  # type: ignore[attr-defined]
        field.error_messages["invalid_choice"] = "There is no such introduction."

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        unit = self.cleaned_data.get("unit", "")
        day = self.cleaned_data.get("due_on")
        if unit and not day and "due_on" not in self.errors:
            self.add_error("due_on", "From which day on does it come again?")
        changed = {"unit", "every"} & set(self.changed_data) or day != self.due_before
        if not unit or not day:
            self.instance.repeat = ""
        elif changed:
            every = self.cleaned_data.get("every") or 1
            self.instance.repeat = repeats.rule(unit, every, day)
        return cleaned

    def saved(self) -> FollowUp:
        pick = self.cleaned_data.get("contact")
        self.new_people = [pick.row] if pick and pick.is_new else []
        self.save_new_picks()
        followup: FollowUp = self.save()
        return followup
