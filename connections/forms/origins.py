from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from connections.chains import Cycle
from connections.forms.happenings import HappeningForm, in_person_field
from connections.models import Origin
from connections.picking import People, PickField
from networkcrm import derived


class OriginForm(HappeningForm):
    picks = {"introducer": "introducer_name", "event": "event_name"}

    introducer = PickField(
        People(),
        label="Who brought you together?",
        required=False,
        help_text="Type a name. Someone new becomes a contact of yours.",
    )
    in_person = in_person_field("Let the rest decide")

    class Meta:
        model = Origin
        fields = ("how", "platform", "place", "on", "url", "in_person", "story")
        widgets = {
            "how": forms.RadioSelect,
            "story": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["platform"].label = "Where online?"
        self.fields["how"].label = "How did you meet?"
        self.fields["on"].help_text = (
            "For example yesterday, 3 May 2019, May 2019, 2019 or, if you do not know"
            " the year, 3 May."
        )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        # The page was opened when nothing was written yet.
        if not self.instance._state.adding and not self.data.get("seen_at"):
            raise ValidationError(
                "How you met was written down somewhere else in the meantime. Nothing"
                " was overwritten: open the page anew to see it."
            )
        self._refuse_self_introduction()
        return cleaned

    def _refuse_self_introduction(self) -> None:
        introducer = self.instance.introducer
        if introducer and introducer.pk == self.instance.contact_id:
            self.instance.introducer = None
            self.add_error(
                "introducer", f"{introducer} cannot have introduced themselves to you."
            )

    def saved(self) -> bool:
        """Save; False, with the sentence at its field, when the chain refuses."""
        try:
            with derived.batch():
                self.save_new_picks()
                self.instance.save()
        except Cycle as cycle:
            self.add_error(None, cycle)
            return False
        return True

    def save_new_picks(self) -> None:
        pick = self.cleaned_data.get("introducer")
        self.new_people = [pick.row] if pick and pick.is_new else []
        super().save_new_picks()
