"""What the forms of an origin, of an interaction and of an outcome share."""

from typing import Any

from django import forms

from connections.picking import Events, PickField
from contacts.models import Contact
from networkcrm.forms import EditGuard, OwnedModelForm


def in_person_field(undecided: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label="In person or online?",
        choices=[("", undecided), ("True", "In person"), ("False", "Online")],
        coerce=lambda value: value == "True",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )


class PicksForm(EditGuard, OwnedModelForm):
    """Picks are not columns of their own: a pick sets the link and its kept name,
    "" where none is kept."""

    picks: dict[str, str] = {"event": "event_name"}
    new_people: list[Contact]

    event = PickField(
        Events(),
        required=False,
        help_text="Type a name. One you have not written down yet is added.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = self.instance
        for name, snapshot in self.picks.items():
            linked = getattr(row, name)
            kept = getattr(row, snapshot) if snapshot else ""
            shown = str(linked) if linked else kept
            self.fields[name].belongs_to(row.owner, linked, shown)  # type: ignore[attr-defined]
            self.initial.setdefault(name, shown)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for name, snapshot in self.picks.items():
            if name in self.cleaned_data:
                pick = self.cleaned_data[name]
                row = pick.row if pick and not pick.is_new else None
                setattr(self.instance, name, row)
                if snapshot:
                    setattr(self.instance, snapshot, pick.name if pick else "")
        return cleaned

    def save_new_picks(self) -> None:
        """Write what was typed and is new, and link to it."""
        for name in self.picks:
            pick = self.cleaned_data.get(name)
            if pick and pick.is_new:
                pick.row.save()
                setattr(self.instance, name, pick.row)


class HappeningForm(PicksForm):
    """It was in person or online: as chosen, else as the rest says."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["in_person"] = self._chosen_in_person()

    def _chosen_in_person(self) -> str:
        """What was chosen, "" when it is what the rest would say anyway."""
        chosen = self.instance.in_person
        is_ordinary = chosen in (None, self.instance.in_person_by_itself)
        return "" if is_ordinary else str(chosen)
