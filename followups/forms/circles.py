from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from connections.picking import People, Pick, PickField
from contacts import seats
from contacts.models import Circle, Contact
from followups import circles
from networkcrm.forms import OwnedModelForm
from networkcrm.models import User


class CircleForm(OwnedModelForm):
    """Its name, its seats and its rhythm."""

    class Meta:
        model = Circle
        fields = ("name", "seats", "cadence_days")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].error_messages["required"] = "What is it called?"
        self.fields["seats"].help_text = "As many people as you can really keep."
        self.fields["cadence_days"].label = "In touch every so many days"
        self.fields["cadence_days"].help_text = "Leave it empty for no rhythm."

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if not name:
            raise ValidationError("What is it called?")
        return name

    def clean_seats(self) -> int:
        """Not fewer than people sit there; held, so that nobody sits down meanwhile."""
        number: int = self.cleaned_data["seats"]
        circle = self.instance
        if number and not circle._state.adding:
            seats.hold(circle.owner, [circle.pk])
            if problem := circles.too_few(circle, number):
                raise ValidationError(problem)
        return number


class SeatForm(forms.Form):
    """Somebody who is to sit in a circle, by their name."""

    person = PickField(People(), label="Who sits down?")

    def __init__(self, *args: Any, circle: Circle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.circle = circle
        self.fields["person"].belongs_to(circle.owner)  # type: ignore[attr-defined]

    def clean_person(self) -> Pick:
        pick: Pick = self.cleaned_data["person"]
        if pick.row.circle_id == self.circle.pk:
            raise ValidationError(f"{pick.name} sits there already.")
        return pick


class RhythmForm(OwnedModelForm):
    """The circle of one contact, and a rhythm of their own."""

    class Meta:
        model = Contact
        fields = ("circle", "cadence_days")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["circle"]
        field.empty_label = "in no circle"
        field.queryset = field.queryset.closest_first()
        self.fields["cadence_days"].label = "A rhythm of their own, in days"


class RoomForm(forms.Form):
    """Who leaves a circle, and to where."""

    leaves: Any = forms.ModelMultipleChoiceField(
        None,
        required=False,
        error_messages={
            "invalid_choice": "One of those you ticked does not sit there any more.",
            "invalid_pk_value": "One of those you ticked does not sit there any more.",
        },
    )
    to: Any = forms.ModelChoiceField(
        None,
        required=False,
        label="Where do they go?",
        empty_label="to no circle",
        error_messages={"invalid_choice": "That circle is not there any more."},
    )

    def __init__(
        self, *args: Any, owner: User, circle: Circle, lacking: int, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.circle, self.lacking = circle, lacking
        field = self.fields["leaves"]
        field.queryset = circles.seated(owner).filter(circle=circle)  # type: ignore[attr-defined]
        others = owner.circles.exclude(pk=circle.pk).closest_first()
        self.fields["to"].queryset = others  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        leaves = self.cleaned_data.get("leaves")
        if leaves is not None and len(leaves) < self.lacking:
            self.add_error("leaves", self._too_few(len(leaves)))
        return cleaned

    def _too_few(self, ticked: int) -> str:
        if self.lacking == 1:
            return "Tick who leaves, or give the circle one more seat."
        return (
            f"{self.lacking} have to leave, and you ticked"
            f" {ticked or 'nobody'}. Or give the circle more seats."
        )
