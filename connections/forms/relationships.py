from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q

from connections.models import Relationship, RelationshipKind
from connections.picking import People, Pick, PickField
from connections.relations import STRENGTHS, possessive, side
from contacts.models import Contact
from networkcrm import derived
from networkcrm.forms import EditGuard, OwnedModelForm
from networkcrm.models import User
from networkcrm.text import fold

ME = ("me", "you", "myself", "yourself")


class PeopleAndMe(People):
    def named(self, owner: User, name: str) -> list[Contact]:
        me = owner.contacts.filter(is_me=True) if fold(name) in ME else []
        found = {contact.pk: contact for contact in (*me, *super().named(owner, name))}
        return list(found.values())


class SomeoneField(PickField):
    """I can be somebody's mentor too."""

    def _pick(self, row: Contact) -> Pick:
        return Pick(row, str(row))


class RelationshipForm(EditGuard, OwnedModelForm):
    """What somebody is to `contact`, from whose side it is looked at; to me without."""

    new_people: list[Contact] = []

    person = SomeoneField(
        PeopleAndMe(),
        label="Who?",
        help_text="Type a name, or “me”. Someone new becomes a contact of yours.",
    )
    role = forms.ChoiceField(required=False)
    own_name = forms.CharField(
        label="What are they?",
        max_length=60,
        required=False,
        widget=forms.TextInput(
            attrs={"placeholder": "landlord", "autocomplete": "off"}
        ),
    )
    own_inverse = forms.CharField(
        label="And the other way round",
        max_length=60,
        required=False,
        help_text="Leave it empty when it is the same word.",
        widget=forms.TextInput(attrs={"placeholder": "tenant", "autocomplete": "off"}),
    )
    strength = forms.TypedChoiceField(
        label="How close are they?",
        choices=[("", "Not said"), *((n, f"{n} {w}") for n, w in STRENGTHS.items())],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Relationship
        fields = ("since", "until", "strength", "note")
        widgets = {"note": forms.Textarea(attrs={"rows": 2})}

    def __init__(
        self, *args: Any, contact: Contact | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        row = self.instance
        contact = contact or row.owner.contacts.get(is_me=True)
        self.contact: Contact = contact
        seen = None if row._state.adding else side(row, contact.pk)
        self.kinds = {kind.pk: kind for kind in row.owner.relationshipkinds.in_order()}
        role = self.fields["role"]
        role.choices = [("", "Choose…"), *self._roles()]  # type: ignore[attr-defined]
        role.label = (
            "What are they to you?"
            if contact.is_me
            else f"What are they to {contact.first_name}?"
        )
        self.fields["since"].help_text = "For example May 2019 or 2019."
        self.fields["until"].help_text = "Empty while it lasts."
        person: Any = self.fields["person"]
        person.belongs_to(
            row.owner, seen and seen.other, str(seen.other) if seen else ""
        )
        if seen:
            self.initial.setdefault("person", str(seen.other))
            is_first = row.from_contact_id == seen.other.pk
            self.initial["role"] = self._role(row.kind, is_first)

    def _roles(self) -> list[tuple[str, str]]:
        """What the other can be, in both directions; where it differs, both words."""
        one = "you are" if self.contact.is_me else f"{self.contact.first_name} is"
        roles = []
        for kind in self.kinds.values():
            if kind.is_symmetrical:
                roles.append((self._role(kind, True), kind.name))
                continue
            ways = ((kind.name, kind.inverse_name), (kind.inverse_name, kind.name))
            for is_first, (role, back) in zip((True, False), ways, strict=True):
                label = f"{role} ({one} the {back})"
                roles.append((self._role(kind, is_first), label))
        return roles

    @staticmethod
    def _role(kind: RelationshipKind, is_first: bool) -> str:
        """The value of a choice: the kind, and whether the other stands first in it."""
        return f"{kind.pk} {'first' if is_first or kind.is_symmetrical else 'second'}"

    @property
    def shows_own(self) -> bool:
        names = ("own_name", "own_inverse")
        return any(self[name].errors or self[name].value() for name in names)

    def _get_validation_exclusions(self) -> set[str]:
        # Who and what is checked below, with a sentence at its field; someone new,
        # or a new kind, is not in the table yet.
        ours = {"from_contact", "to_contact", "kind"}
        return super()._get_validation_exclusions() | ours

    def clean_own_name(self) -> str:
        return " ".join(self.cleaned_data["own_name"].split())

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        self._clean_kind()
        self._clean_period()
        pick = self.cleaned_data.get("person")
        if pick and pick.row.pk == self.contact.pk:
            self.add_error("person", "Nobody is that to themselves.")
        elif pick and not self.errors:
            self._refuse_twice(pick)
        return cleaned

    def _clean_kind(self) -> None:
        role, own = (self.cleaned_data.get(name) for name in ("role", "own_name"))
        self.kind, self.is_first = None, True
        if "own_name" in self.fields and own and "own_name" not in self.errors:
            if role and role != self.initial.get("role"):
                self.add_error(
                    "own_name", "Choose from the list, or write your own: not both."
                )
                return
            inverse = self.cleaned_data.get("own_inverse", "")
            kind = RelationshipKind(
                owner=self.instance.owner, name=own, inverse_name=inverse
            )
            kind.clean()
            if clash := clashing(kind, self.kinds.values()):
                self.add_error("own_name", f"{clash} Choose it from the list.")
            self.kind = kind
        elif role:
            pk, _space, place = role.partition(" ")
            self.kind = next(k for k in self.kinds.values() if str(k.pk) == pk)
            self.is_first = place == "first"
        elif not {"role", "own_name"} & self.errors.keys():
            self.add_error("role", "What are they to each other?")

    def _clean_period(self) -> None:
        since, until = (self.cleaned_data.get(name) for name in ("since", "until"))
        ends_before = since and until and str(until) < str(since)
        # "2019" lies after "2019-05" in time and before it as text.
        if ends_before and not str(since).startswith(str(until)):
            self.add_error("until", "It cannot end before it began.")

    def _refuse_twice(self, pick: Pick) -> None:
        kind = self.kind
        if pick.is_new or kind is None or kind._state.adding:
            return
        ends = self._ends(pick.row)
        there = self.instance.owner.relationships.filter(kind=kind)
        there = there.exclude(pk=self.instance.pk).filter(
            Q(from_contact=ends[0], to_contact=ends[1])
        )
        if there.exists():
            role = kind.name if self.is_first else kind.inverse_name
            whose = possessive(self.contact)
            name = "You are" if pick.row.is_me else f"{pick.row} is"
            self.add_error("person", f"{name} written down as {whose} {role} already.")

    def _ends(self, other: Contact) -> tuple[Contact, Contact]:
        ends = (other, self.contact) if self.is_first else (self.contact, other)
        assert self.kind is not None
        if self.kind.is_symmetrical and ends[0].pk > ends[1].pk:
            return ends[1], ends[0]
        return ends

    def saved(self) -> bool:
        """Save; False, with a sentence, when somebody wrote the same just now."""
        row, pick, kind = self.instance, self.cleaned_data["person"], self.kind
        try:
            with transaction.atomic(), derived.batch():
                if not row._state.adding:
                    derived.touch(row.owner_id, row.touches())
                self.new_people = [pick.row] if pick.is_new else []
                for new in (*self.new_people, kind):
                    if new is not None and new._state.adding:
                        new.save()
                row.kind = kind
                row.from_contact, row.to_contact = self._ends(pick.row)
                row.save()
        except IntegrityError:
            self.add_error(None, "That was written down a moment ago: look there.")
            return False
        return True


class RelationshipKindForm(EditGuard, OwnedModelForm):
    class Meta:
        model = RelationshipKind
        fields = ("name", "inverse_name")
        widgets = {
            "name": forms.TextInput(
                attrs={"placeholder": "landlord", "autocomplete": "off"}
            ),
            "inverse_name": forms.TextInput(
                attrs={"placeholder": "tenant", "autocomplete": "off"}
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["inverse_name"].required = False
        self.fields[
            "inverse_name"
        ].help_text = "Leave it empty when it is the same word."

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        kind, before = self.instance, self.initial
        after = RelationshipKind(owner=kind.owner, **self.cleaned_names())
        after.clean()
        if not after.name:
            raise ValidationError({"name": "Give it a name."})
        others = kind.owner.relationshipkinds.exclude(pk=kind.pk).in_order()
        if clash := clashing(after, others):
            raise ValidationError({"name": clash})
        was_symmetrical = fold(before["name"]) == fold(before["inverse_name"])
        if kind._state.adding or was_symmetrical == after.is_symmetrical:
            return cleaned
        if after.is_symmetrical:
            self._refuse_long_notes()
        elif kind.relationships.exists():
            raise ValidationError(
                {
                    "inverse_name": (
                        f"Those who are {before['name']} to each other are so from both"
                        f" sides: nobody said which of them is the {after.name}. Add"
                        " a new kind for that."
                    )
                }
            )
        return cleaned

    def cleaned_names(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("name", "inverse_name")}

    def _refuse_long_notes(self) -> None:
        longest = Relationship._meta.get_field("note").max_length or 0
        for row, twin in self.instance.twins():
            if len(row.note_with(twin)) > longest:
                raise ValidationError(
                    f"{row.from_contact} and {row.to_contact} would have one note of"
                    f" more than {longest} letters. Make one of theirs shorter first."
                )


def clashing(kind: RelationshipKind, others: Any) -> str:
    """The sentence when its name is a word of another kind already, else ""."""
    for other in others:
        if kind.key == other.key and kind.inverse_key == other.inverse_key:
            return f"You already have “{other}”."
        if (kind.key, kind.inverse_key) == (other.inverse_key, other.key):
            return f"You already have “{other}”, which is the same the other way round."
        if kind.key in (other.key, other.inverse_key):
            return f"“{kind.name}” is a word of “{other}” already."
    return ""
