from typing import Any

from django import forms

from contacts import merging
from contacts.models import Contact


class MergeForm(forms.Form):
    """Of each two different values the one that stays."""

    def __init__(self, data: Any, keep: Contact, gone: Contact) -> None:
        super().__init__(data)
        for question in merging.questions(keep, gone):
            self.fields[question.name] = forms.ChoiceField(
                label=question.label,
                choices=[("keep", question.keep), ("gone", question.gone)],
                initial=question.default,
                # What was answered elsewhere in the meantime is not asked again.
                required=False,
                widget=forms.RadioSelect,
            )
