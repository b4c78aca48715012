from django import forms

from contacts.models import Fact
from networkcrm.forms import OwnedModelForm


class MyAskForm(OwnedModelForm):
    """What I need or can offer, in one line."""

    kind = forms.ChoiceField(
        label="What is it?", choices=[("need", "I need"), ("offer", "I can offer")]
    )

    class Meta:
        model = Fact
        fields = ("kind", "text")
        widgets = {
            "text": forms.TextInput(
                attrs={"placeholder": "a first retail buyer", "autocomplete": "off"}
            )
        }

    def clean_text(self) -> str:
        return " ".join(self.cleaned_data["text"].split())
