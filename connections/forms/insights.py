from django import forms

from connections.insights.tables import SORTS
from networkcrm.periods import CHOICES


class InsightsForm(forms.Form):
    """Which stretch of time is looked at, and who stands first; for all sections."""

    when = forms.ChoiceField(label="Look at", choices=CHOICES, required=False)
    first = forms.ChoiceField(
        label="Who stands first",
        choices=[(key, label) for key, (label, _order) in SORTS.items()],
        required=False,
    )

    @property
    def chosen(self) -> tuple[str, str]:
        """What is not understood stands for all time, most people first."""
        self.is_valid()
        said = self.cleaned_data
        return said.get("when", ""), said.get("first") or "people"
