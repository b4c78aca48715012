from copy import copy
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from connections.forms.happenings import PicksForm
from connections.forms.people_rows import PeopleForm
from connections.models import Consent, Introduction, Party
from connections.models.progress import UNTIL_THEY_MEET
from connections.picking import People, PickField
from contacts.models import Contact
from networkcrm import derived
from networkcrm.text import fold

Role = Introduction.Role

YOU = "That is you. Then choose “Someone introduced me” above."


class PersonField(PickField):
    """One of the people of an introduction; I am named by the choice above it."""

    def __init__(self, label: str, you: str = YOU) -> None:
        self.you = you
        super().__init__(People(), label=label)

    def _pick(self, row: Contact) -> Any:
        if row.is_me:
            raise ValidationError(self.you)
        return super()._pick(row)


class IntroductionForm(PicksForm):
    """Who brought whom together, and how. I am not asked for where I am one of them."""

    picks = {
        "introducer": "introducer_name",
        "a": "a_name",
        "b": "b_name",
        "event": "event_name",
    }

    introducer = PersonField(
        "Who brings them together?", "That is you. Then choose “I introduce” above."
    )
    a = PersonField("Who?")
    b = PersonField("To whom?")
    has_happened = forms.TypedChoiceField(
        coerce=lambda value: value == "True", widget=forms.RadioSelect
    )

    class Meta:
        model = Introduction
        fields = ("kind", "platform", "on", "place", "url", "why_a", "why_b", "text")
        widgets = {
            "kind": forms.RadioSelect,
            "why_a": forms.Textarea(attrs={"rows": 2}),
            "why_b": forms.Textarea(attrs={"rows": 2}),
            "text": forms.Textarea(attrs={"rows": 4}),
        }

    is_for_several = False

    HAPPENED = {
        Role.FOR_ME: ("They introduced me", "I would like to ask them"),
        Role.BY_ME: ("I introduced them already", "Not yet"),
        Role.BETWEEN: ("It has happened", "It would be good"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = self.instance
        self.role = row.role_by_people
        self.is_new = row._state.adding
        for party in Party.values:
            contact = getattr(row, party)
            if (contact and contact.is_me) or self._is_settled:
                del self.fields[party]
        self._name_the_fields()
        if not self.is_new:
            del self.fields["has_happened"]

    @property
    def _is_settled(self) -> bool:
        """Once somebody was asked, it is about these people and no others."""
        return not self.is_new and self.instance.asked_at is not None

    def _name_the_fields(self) -> None:
        made, idea = self.HAPPENED[self.role]
        happened: Any = self.fields["has_happened"]
        happened.label = "Has it happened?"
        happened.choices = [("True", made), ("False", idea)]
        self.initial.setdefault("has_happened", str(self.role != Role.BY_ME))
        self.fields["platform"].label = "Where online?"
        if "introducer" in self.fields and self.role == Role.FOR_ME:
            self.fields["introducer"].label = "Who introduces you?"
        why_a, why_b = self.fields["why_a"], self.fields["why_b"]
        mine = self.instance.me
        if self.role != Role.FOR_ME:
            why_a.label = f"Why is it good for {self._called('a', 'the first')}?"
            why_b.label = f"Why is it good for {self._called('b', 'the second')}?"
        else:
            whys = (why_a, why_b) if mine == Party.A else (why_b, why_a)
            other = Party.B if mine == Party.A else Party.A
            whys[0].label = "Why is it good for you?"
            whys[1].label = f"Why is it good for {self._called(other, 'them')}?"

    def _called(self, party: str, unknown: str) -> str:
        contact = getattr(self.instance, party)
        return contact.first_name if contact else unknown

    @property
    def shows_more(self) -> bool:
        """Whether how and when stands open: where it has happened, or was filled in."""
        names = ("platform", "on", "place", "url", "event", "text")
        filled = any(self[name].errors or self[name].value() for name in names)
        happened = not self.is_new or self["has_happened"].value() == "True"
        return filled or happened

    @property
    def shows_why(self) -> bool:
        """Whoever still asks says why."""
        filled = any(
            self[name].errors or self[name].value() for name in ("why_a", "why_b")
        )
        return filled or (self.is_new and self["has_happened"].value() == "False")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        self._refuse_the_same_twice()
        on = self.cleaned_data.get("on")
        happened = self.cleaned_data.get("has_happened", self.instance.is_made)
        if on and happened and str(on) > str(timezone.localdate()):
            self.add_error("on", "This day is still to come.")
        return cleaned

    def _refuse_the_same_twice(self) -> None:
        seen: dict[Any, str] = {}
        for party in ("introducer", "a", "b"):
            pick = self.cleaned_data.get(party)
            if pick is None:
                continue
            # Two new people with one name are the same person too.
            key = fold(pick.name) if pick.is_new or not pick.row else pick.row.pk
            first = seen.setdefault(key, party)
            if first == "introducer" != party:
                self._say(party, f"{pick.name} cannot introduce themselves.")
            elif first != party:
                self._say(party, "An introduction needs two different people.")

    def _say(self, party: str, sentence: str) -> None:
        self.add_error(party, sentence)
        setattr(self.instance, party, None)

    def _get_validation_exclusions(self) -> set[str]:
        # The picks are on the instance by now. Whoever is new has no row yet: there
        # is nothing to check of them.
        nobody = {
            party for party in Party.values if getattr(self.instance, party) is None
        }
        return super()._get_validation_exclusions() - self.picks.keys() | nobody

    @property
    def twin(self) -> Introduction | None:
        """The same one, already written down."""
        return twin_of(self.instance)

    def save(self, commit: bool = True) -> list[Introduction]:
        """All that was written down: one row, or one for each who was introduced."""
        with derived.batch():
            self.save_new_picks()
            if self.cleaned_data.get("has_happened"):
                self.instance.begin_as_made()
                if self.role == Role.BY_ME:
                    self.instance.ask_on = self.instance.today + UNTIL_THEY_MEET
            self.instance.save()
        return [self.instance]

    def save_new_picks(self) -> None:
        picks = [self.cleaned_data.get(party) for party in Party.values]
        self.new_people = [pick.row for pick in picks if pick and pick.is_new]
        super().save_new_picks()


class ForMeForm(IntroductionForm, PeopleForm):
    """Written down once, for all whom one post or one evening brought me."""

    links = "consents"
    who_was_it = "To whom?"
    is_for_several = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["b"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        introducer = self.cleaned_data.get("introducer")
        seen = {fold(contact.full_name) for contact in self._ticked_people}
        keys: set[Any] = {contact.pk for contact in self._ticked_people}
        for contact in self._ticked_people:
            self._look_at(contact, None)
        if introducer and introducer.row and introducer.row.pk in keys:
            self.add_error("introducer", self._by_themselves(introducer.name))
        for row in self.rows:
            pick = self.cleaned_data.get(row.name)
            if pick is None:
                continue
            key = fold(pick.name) if pick.is_new else pick.row.pk
            if introducer and self._is_same(pick, introducer):
                self.add_error(row.name, self._by_themselves(pick.name))
            elif key in keys or (pick.is_new and key in seen):
                self.add_error(row.name, f"{pick.name} stands here twice.")
            elif not pick.is_new:
                self._look_at(pick.row, row.name)
            keys.add(key)
        return cleaned

    @staticmethod
    def _is_same(one: Any, other: Any) -> bool:
        if one.is_new or other.is_new:
            return one.is_new and other.is_new and fold(one.name) == fold(other.name)
        return bool(one.row and other.row and one.row.pk == other.row.pk)

    @staticmethod
    def _by_themselves(name: str) -> str:
        return f"{name} cannot introduce themselves to you."

    @property
    def _ticked_people(self) -> list[Contact]:
        return [contact for contact in self.people if contact.pk in self.ticked]

    def _look_at(self, contact: Contact, field: str | None) -> None:
        if twin_of(self._row_for(contact)):
            self.add_error(
                field,
                f"That {self.instance.introducer} brings you and {contact} together is"
                " written down already.",
            )

    def _row_for(self, contact: Contact) -> Introduction:
        row = copy(self.instance)
        row.pk = Introduction._meta.pk.get_default()
        row.b = contact
        return row

    def save(self, commit: bool = True) -> list[Introduction]:
        with derived.batch():
            self.save_new_picks()
            new_people = self.new_people
            if self.cleaned_data["has_happened"]:
                self.instance.begin_as_made()
            ids = self.ticked | self.typed_people()
            self.new_people = [*new_people, *self.new_people]
            people = self.instance.owner.contacts.filter(pk__in=ids).by_name()
            rows = [self._row_for(contact) for contact in people]
            for row in rows:
                row.occasion = rows[0].pk if len(rows) > 1 else None
                row.save(force_insert=True)
        return rows


def twin_of(row: Introduction) -> Introduction | None:
    if not (row.introducer and row.a and row.b):
        return None
    current = row.owner.introductions.current().between(row.a, row.b)
    twin: Introduction | None = (
        current.filter(introducer=row.introducer).exclude(pk=row.pk).first()
    )
    return twin


class QuestionForm(forms.Form):
    """What one of them is asked."""

    subject = forms.CharField(max_length=200, help_text="Only for a mail.")
    message = forms.CharField(
        max_length=5000,
        label="What they read",
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    # The version of the question that this form was made for: sent once.
    seen_at = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_subject(self) -> str:
        return " ".join(self.cleaned_data["subject"].split())


class IntroducingMailForm(forms.Form):
    subject = forms.CharField(max_length=200)
    text = forms.CharField(max_length=20_000, widget=forms.Textarea(attrs={"rows": 14}))

    def clean_subject(self) -> str:
        return " ".join(self.cleaned_data["subject"].split())


class AnswerForm(forms.Form):
    """Yes, no or not now, and a line of words."""

    answer = forms.ChoiceField(
        choices=Consent.Answer.choices,
        error_messages={
            "required": "Is it yes, no or not now?",
            "invalid_choice": "Is it yes, no or not now?",
        },
    )
    words = forms.CharField(
        required=False,
        max_length=2000,
        label="A line with it, if you like",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
