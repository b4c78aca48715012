from datetime import datetime
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.formats import date_format
from django.utils.timezone import localtime

from networkcrm.owned import Owned
from networkcrm.widgets import DRAWN

NO_ERRORS = "django/forms/errors/list/ul.html"


class FormRenderer(TemplatesSetting):
    """Fields are drawn by templates/components/field.html."""

    field_template_name = "components/field.html"
    form_template_name = "components/form.html"

    def render(self, template_name: str, context: Any, request: Any = None) -> str:
        if draw := DRAWN.get(template_name):
            return draw(context["widget"]).strip()
        if template_name == NO_ERRORS and not context["errors"]:
            return ""
        return super().render(template_name, context, request)


class OwnedModelForm(forms.ModelForm):
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
        if self.is_bound and not self.instance._state.adding:
            self._keep_what_was_not_sent()

    def _keep_what_was_not_sent(self) -> None:
        # A browser sends every field it shows, even empty. What is missing was
        # not shown, and keeps its value.
        for name, field in self.fields.items():
            if field.widget.value_omitted_from_data(
                self.data, self.files, self.add_prefix(name)
            ):
                field.disabled = True

    def _get_validation_exclusions(self) -> set[str]:
        # Django leaves out fields that are not on the form, and with them every
        # constraint that names one. Ours already have their value, so check them.
        asked = super()._get_validation_exclusions()  # type: ignore[misc]
        return asked & self.fields.keys()


def search_field(placeholder: str, longest: int = 200) -> forms.CharField:
    """The box over a list; what it finds is the list's own business."""
    attrs = {"type": "search", "placeholder": placeholder}
    return forms.CharField(
        label="Search",
        required=False,
        max_length=longest,
        widget=forms.TextInput(attrs=attrs),
    )


class EditGuard(forms.Form):
    """Beside OwnedModelForm: nothing saved elsewhere since is overwritten.

    class ContactForm(EditGuard, OwnedModelForm). The form carries the moment of the
    version it shows; when that was saved over in the meantime, it says so and does
    not save. Views that use it run in a transaction.
    """

    instance: Any
    seen_elsewhere = False

    seen_at = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen_at"].initial = self._version(self.instance.updated_at)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        seen = self.data.get(self.add_prefix("seen_at"))
        if seen and not self.instance._state.adding:
            stored = (
                type(self.instance)
                ._base_manager.select_for_update(no_key=True)
                .values_list("updated_at", flat=True)
                .filter(owner_id=self.instance.owner_id, pk=self.instance.pk)
                .first()
            )
            if stored and seen != self._version(stored):
                self.seen_elsewhere = True
                at = date_format(localtime(stored), "j M, H:i")
                raise forms.ValidationError(
                    f"This was changed somewhere else on {at}, after you opened it"
                    " here. Nothing was overwritten. Copy what you typed, open the"
                    " page anew, and put it in there.",
                    code="changed_elsewhere",
                )
        return cleaned

    @staticmethod
    def _version(moment: datetime | None) -> str:
        return moment.isoformat() if moment else ""
