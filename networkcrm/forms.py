from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting

from networkcrm.owned import Owned


class FormRenderer(TemplatesSetting):
    """Fields are drawn by templates/components/field.html."""

    field_template_name = "components/field.html"
    form_template_name = "components/form.html"


class OwnedModelForm(forms.ModelForm):  # type: ignore[type-arg]
    """A ModelForm that offers and checks only what its owner owns.

    The owner, and whatever else the user does not type, is on the instance
    before the form sees it: ContactForm(data, instance=Contact(owner=user)).
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.instance.owner
        for field in self.fields.values():
            queryset = getattr(field, "queryset", None)
            if queryset is not None and issubclass(queryset.model, Owned):
                field.queryset = queryset.filter(owner=owner)  # type: ignore[attr-defined]

    def _get_validation_exclusions(self) -> set[str]:
        # Django leaves out fields that are not on the form, and with them every
        # constraint that names one. Ours already have their value, so check them.
        return super()._get_validation_exclusions() & self.fields.keys()
