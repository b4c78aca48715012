from django import forms

from contacts.models import Fact
from networkcrm.forms import EditGuard, OwnedModelForm


class FactForm(EditGuard, OwnedModelForm):
    class Meta:
        model = Fact
        fields = ("kind", "text", "heard_on")
        widgets = {
            "text": forms.TextInput(
                attrs={"placeholder": "a first retail buyer", "autocomplete": "off"}
            )
        }

    def clean_text(self) -> str:
        return " ".join(self.cleaned_data["text"].split())
