from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from contacts.models import Contact, ContactMethod
from events.cards.showing import FIELDS, key_of
from events.models import Card, CardLink, CardNote, CardOffer
from networkcrm.forms import EditGuard, OwnedModelForm


class CardForm(EditGuard, OwnedModelForm):
    """Which fields of my own contact others see."""

    shown = forms.MultipleChoiceField(
        label="What others see beside your name",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Card
        fields = ("shown", "greeting")
        widgets = {"greeting": forms.TextInput(attrs={"autocomplete": "off"})}

    def __init__(
        self,
        *args: Any,
        contact: Contact | None = None,
        methods: list[ContactMethod] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [(key, label) for key, label in FIELDS.items()]
        choices += [(key_of(one), f"{one.name}: {one}") for one in methods or []]
        if contact:
            choices = [
                (key, f"{label}: {said}" if said else label)
                for key, label in choices
                for said in [_said(contact, key)]
                if said is not None
            ]
        shown: Any = self.fields["shown"]
        shown.choices = choices

    def clean_greeting(self) -> str:
        return " ".join(self.cleaned_data["greeting"].split())


def _said(contact: Contact, key: str) -> str | None:
    """What the field says now, None when there is nothing that could be shown."""
    if key.startswith("method:"):
        return ""
    if key == "photo":
        return "" if contact.photo else None
    if key == "organization":
        parts = (contact.job_title, str(contact.organization or ""))
        return " at ".join(part for part in parts if part) or None
    return str(contact.where if key == "city" else getattr(contact, key)) or None


class CardOfferForm(EditGuard, OwnedModelForm):
    class Meta:
        model = CardOffer
        fields = ("audience", "text")
        widgets = {
            "audience": forms.TextInput(
                attrs={"autocomplete": "off", "placeholder": "founders"}
            ),
            "text": forms.Textarea(
                attrs={
                    "rows": 3,
                    "data-counts": "160",
                    "placeholder": "I know who buys handmade candles in bulk.",
                }
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What is too long is told, and not cut while it is typed or pasted.
        self.fields["text"].widget.attrs.pop("maxlength", None)

    def clean_audience(self) -> str:
        return " ".join(self.cleaned_data["audience"].split())

    def clean_text(self) -> str:
        return " ".join(self.cleaned_data["text"].split())


class CardLinkForm(OwnedModelForm):
    class Meta:
        model = CardLink
        fields = ("label", "event")
        labels = {"label": "What it is for"}
        widgets = {
            "label": forms.TextInput(
                attrs={"autocomplete": "off", "placeholder": "My badge"}
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["event"]
        field.empty_label = "No event of its own"
        lately = timezone.now() - timedelta(days=2)
        to_come = Q(starts_at__gte=lately) | Q(ends_at__gte=lately)
        events = field.queryset.filter(to_come, cancelled_at=None)
        field.queryset = events.order_by("starts_at", "pk")


class CardNoteForm(OwnedModelForm):
    """What someone leaves who saw my card."""

    # Nobody sees it, so that nobody but a program fills it in.
    website = forms.CharField(
        label="Leave this empty",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": -1}),
    )

    class Meta:
        model = CardNote
        fields = ("name", "reach", "words")
        labels = {"name": "Your name"}
        help_texts = {"reach": "An e-mail address, a number or a profile."}
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "reach": forms.TextInput(
                attrs={"autocomplete": "email", "autocapitalize": "none"}
            ),
            "words": forms.Textarea(
                attrs={"rows": 3, "placeholder": "What we talked about"}
            ),
        }

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_reach(self) -> str:
        return " ".join(self.cleaned_data["reach"].split())

    @property
    def is_from_a_program(self) -> bool:
        return bool(self.data.get("website"))

    @property
    def said(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("name", "reach", "words")}
