"""Rows of a contact that are edited with it: ways to reach them, and dates.

A row is added by a button that JavaScript answers at once and the server answers
without it. A row whose value is emptied, or that is ticked for removal, goes.
"""

from typing import Any

from django import forms

from contacts.models import Contact, ContactMethod, ImportantDate
from contacts.models.methods import Service
from networkcrm.partial_dates import PartialDateFormField

TYPES = [
    *[(kind.value, kind.label) for kind in ContactMethod.Kind if kind != "handle"],
    *[(f"handle:{service.value}", service.label) for service in Service],
]


class RowFormSet(forms.BaseFormSet):
    """Rows of one contact. `attribute` names its reverse relation."""

    attribute: str
    add_button: str

    def __init__(self, data: Any = None, *, contact: Contact) -> None:
        self.contact = contact
        saved = not contact._state.adding
        self.rows = list(self.stored(contact)) if saved else []
        # A form that does not show the rows leaves them alone.
        self.is_shown = data is None or f"{self.prefix_name}-TOTAL_FORMS" in data
        if data is not None and self.add_button in data:
            data = data.copy()
            total = f"{self.prefix_name}-TOTAL_FORMS"
            data[total] = str(min(self._count(data.get(total)) + 1, self.max_num))
        super().__init__(
            data if self.is_shown else None,
            prefix=self.prefix_name,
            initial=[self.initial_of(row) for row in self.rows],
        )

    @property
    def prefix_name(self) -> str:
        return self.attribute

    @staticmethod
    def _count(text: str | None) -> int:
        return int(text) if text and text.isdecimal() and len(text) < 5 else 0

    def stored(self, contact: Contact) -> Any:
        raise NotImplementedError

    def initial_of(self, row: Any) -> dict[str, Any]:
        raise NotImplementedError

    def is_valid(self) -> bool:
        return not self.is_shown or super().is_valid()

    def save(self) -> None:
        """Write what the rows say. The contact is saved already."""
        if not self.is_shown:
            return
        by_id = {str(row.pk): row for row in self.rows}
        manager = getattr(self.contact, self.attribute)
        for position, form in enumerate(self.forms):
            cleaned = form.cleaned_data
            row = by_id.get(cleaned.get("row") or "")
            if self.is_empty(cleaned):
                if row:
                    row.delete()
                continue
            row = row or manager.model(owner=self.contact.owner, contact=self.contact)
            if self.fill(row, cleaned, position) or row._state.adding:
                row.save()

    def is_empty(self, cleaned: dict[str, Any]) -> bool:
        raise NotImplementedError

    def fill(self, row: Any, cleaned: dict[str, Any], position: int) -> bool:
        """Put the cleaned values on the row; says whether any differs."""
        raise NotImplementedError


def _assign(row: Any, **values: Any) -> bool:
    changed = False
    for name, value in values.items():
        changed |= getattr(row, name) != value
        setattr(row, name, value)
    return changed


class MethodRow(forms.Form):
    row = forms.CharField(required=False, widget=forms.HiddenInput)
    type = forms.ChoiceField(choices=TYPES, required=False)
    value = forms.CharField(
        max_length=1000,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    label = forms.CharField(
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "home, work, …"}),
    )
    preferred = forms.BooleanField(required=False)
    remove = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any] | None:
        cleaned = self.cleaned_data
        value = cleaned.get("value", "")
        kind = cleaned.get("type")
        if value and not cleaned.get("remove"):
            if not kind:
                self.add_error("type", "Say what this is.")
            if kind == "email" and not _looks_like_email(value):
                self.add_error("value", "An e-mail address looks like ana@example.org.")
            if kind == "phone" and sum(char.isdigit() for char in value) < 3:
                self.add_error("value", "A phone number has at least three digits.")
        return cleaned


def _looks_like_email(value: str) -> bool:
    name, at, host = value.strip().rpartition("@")
    return bool(name and at and host) and not any(char.isspace() for char in value)


class BaseMethodFormSet(RowFormSet):
    attribute = "methods"
    add_button = "add_method"

    def stored(self, contact: Contact) -> Any:
        return contact.methods.order_by("position", "pk")

    def initial_of(self, row: ContactMethod) -> dict[str, Any]:
        kind = f"handle:{row.service}" if row.service else row.kind
        return {
            "row": str(row.pk),
            "type": kind,
            "value": row.value,
            "label": row.label,
            "preferred": row.preferred,
        }

    def is_empty(self, cleaned: dict[str, Any]) -> bool:
        return not cleaned.get("value") or bool(cleaned.get("remove"))

    def fill(self, row: ContactMethod, cleaned: dict[str, Any], position: int) -> bool:
        kind, _colon, service = cleaned["type"].partition(":")
        return _assign(
            row,
            kind=kind,
            service=service,
            value=cleaned["value"].strip(),
            label=cleaned["label"],
            preferred=cleaned["preferred"],
            position=position,
        )


class DateRow(forms.Form):
    row = forms.CharField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(choices=ImportantDate.Kind.choices, required=False)
    on = PartialDateFormField(required=False)
    label = forms.CharField(
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "what for"}),
    )
    remove = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any] | None:
        cleaned = self.cleaned_data
        if cleaned.get("label") and not cleaned.get("on") and "on" not in self.errors:
            self.add_error("on", "Which day is it?")
        return cleaned


class BaseDateFormSet(RowFormSet):
    attribute = "dates"
    add_button = "add_date"

    def stored(self, contact: Contact) -> Any:
        return contact.dates.order_by("pk")

    def initial_of(self, row: ImportantDate) -> dict[str, Any]:
        return {"row": str(row.pk), "kind": row.kind, "on": row.on, "label": row.label}

    def is_empty(self, cleaned: dict[str, Any]) -> bool:
        return not cleaned.get("on") or bool(cleaned.get("remove"))

    def fill(self, row: ImportantDate, cleaned: dict[str, Any], position: int) -> bool:
        return _assign(
            row,
            kind=cleaned["kind"] or ImportantDate.Kind.OTHER,
            on=cleaned["on"],
            label=cleaned["label"],
        )


MethodFormSet: Any = forms.formset_factory(
    MethodRow, formset=BaseMethodFormSet, extra=1, max_num=200, absolute_max=200
)
DateFormSet: Any = forms.formset_factory(
    DateRow, formset=BaseDateFormSet, extra=0, max_num=100, absolute_max=100
)
