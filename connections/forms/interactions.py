from typing import Any

from django import forms
from django.utils import timezone

from connections.forms.happenings import HappeningForm, in_person_field
from connections.forms.people_rows import PeopleForm
from connections.models import Interaction
from networkcrm import derived
from networkcrm.partial_dates import PartialDate


class InteractionForm(HappeningForm, PeopleForm):
    """One interaction with the people in it."""

    links = "participations"

    in_person = in_person_field("Let the kind decide")

    class Meta:
        model = Interaction
        fields = (
            "kind",
            "in_person",
            "platform",
            "on",
            "at",
            "started_by",
            "title",
            "text",
            "url",
        )
        widgets = {
            "kind": forms.RadioSelect,
            "at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "text": forms.Textarea(attrs={"rows": 4}),
            "started_by": forms.RadioSelect,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding and not self.instance.on:
            self.initial["on"] = PartialDate.of(timezone.localdate())
        self.fields["platform"].label = "Where online?"
        self.fields["started_by"].choices = [  # type: ignore[attr-defined]
            ("", "Nobody knows"),
            *Interaction.Starter.choices,
        ]

    @property
    def shows_more(self) -> bool:
        """Whether a field of the folded part is filled in, or wrong."""
        names = ("title", "in_person", "platform", "started_by", "url")
        return any(self[name].errors or self[name].value() for name in names)

    def save(self, commit: bool = True) -> Interaction:
        with derived.batch():
            self.save_new_picks()
            interaction = self.instance
            interaction.save()
            wanted = self.ticked | self.typed_people()
            interaction.set_people(wanted)
        return interaction
