from typing import Any

from django import forms
from django.db.models import Q

from connections.picking import People, PickField
from contacts.models import Contact, Fact
from followups import favours
from followups.models import Favour
from networkcrm import derived
from networkcrm.forms import EditGuard, OwnedModelForm

Direction = Favour.Direction
MOST_NEEDS = 50


class FavourForm(EditGuard, OwnedModelForm):
    """A favour of the contact on the instance, else of the one whose name is typed.

    `need` is a need to be chosen first though it is met already.
    """

    contact = PickField(
        People(),
        label="With whom?",
        help_text="Type a name. Someone new becomes a contact of yours.",
    )
    need = forms.ChoiceField(label="Which need did it meet?", required=False)

    class Meta:
        model = Favour
        fields = ("direction", "text", "kind", "on")
        widgets = {
            "direction": forms.RadioSelect,
            "text": forms.TextInput(
                attrs={"placeholder": "Read her application", "autocomplete": "off"}
            ),
        }

    def __init__(self, *args: Any, met: Fact | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        favour = self.instance
        self.before = favour.met_need
        self.new_people: list[Contact] = []
        kind: Any = self.fields["kind"]
        kind.required = False
        known = favour.contact if favour.contact_id else None
        if known and favour._state.adding:
            del self.fields["contact"]
        else:
            shown = known.full_name if known else ""
            self.fields["contact"].belongs_to(favour.owner, known, shown)  # type: ignore[attr-defined]
            self.initial["contact"] = shown
        self.needs = self._needs(known, met or self.before)
        need: Any = self.fields["need"]
        need.choices = [
            ("", "None of them"),
            *(
                (key, f"{'You need' if one.contact.is_me else 'They need'} “{one}”")
                for key, one in self.needs.items()
            ),
        ]
        if met:
            self.initial["need"] = str(met.pk)
        elif self.before:
            self.initial["need"] = str(self.before.pk)

    def _needs(self, known: Contact | None, also: Fact | None) -> dict[str, Fact]:
        whose = Q(contact__is_me=True)
        if known:
            whose |= Q(contact=known)
        wanted = whose & Q(kind="need", state="open")
        if also:
            wanted |= Q(pk=also.pk)
        found = self.instance.owner.facts.filter(wanted).select_related("contact")
        return {str(one.pk): one for one in found.order_by("-pk")[:MOST_NEEDS]}

    def clean_text(self) -> str:
        return " ".join(self.cleaned_data["text"].split())

    def clean_kind(self) -> str:
        return self.cleaned_data.get("kind") or Favour.Kind.OTHER

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        said = self.cleaned_data
        if pick := said.get("contact"):
            self.instance.contact = pick.row
            if pick.row.is_me:
                self.add_error("contact", "That is you. Whom did you help?")
        if "need" in said:
            need = self.needs.get(said["need"])
            self.instance.met_need = need
            self._check_whose(need, said.get("direction"))
        return cleaned

    def _check_whose(self, need: Fact | None, direction: str | None) -> None:
        if need is None or not direction:
            return
        if need.contact.is_me and direction == Direction.GIVEN:
            self.add_error("need", "That is a need of yours: who helped whom?")
        elif not need.contact.is_me and direction == Direction.RECEIVED:
            self.add_error("need", "That is a need of theirs: who helped whom?")
        elif not need.contact.is_me and need.contact_id != self.instance.contact_id:
            self.add_error("need", f"That is a need of {need.contact}.")

    def saved(self) -> Favour:
        favour: Favour = self.instance
        with derived.batch():
            if favour.contact._state.adding:
                favour.contact.save()
                self.new_people = [favour.contact]
            favours.write_down(favour, self.before)
        return favour
