import re
from typing import Any

from django import forms

from events.models import Goal
from networkcrm.forms import EditGuard, OwnedModelForm


class GoalForm(EditGuard, OwnedModelForm):
    tag_name = forms.CharField(
        label="Who counts",
        max_length=200,
        required=False,
        help_text="A tag: whom you met there and gave it counts by themselves.",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "placeholder": "founder", "list": "tags"}
        ),
    )

    class Meta:
        model = Goal
        fields = ("text", "target")
        widgets = {
            "text": forms.TextInput(
                attrs={"autocomplete": "off", "placeholder": "Meet 3 founders"}
            ),
            "target": forms.NumberInput(attrs={"min": 1, "max": 999}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].required = False
        tag = self.instance.tag
        self.initial.setdefault("tag_name", tag.name if tag else "")
        if self.instance._state.adding:
            self.initial["target"] = None

    @property
    def tag_names(self) -> list[str]:
        tags = self.instance.owner.tags.order_by("key")
        return list(tags.values_list("name", flat=True)[:200])

    def clean_text(self) -> str:
        return " ".join(self.cleaned_data["text"].split())

    def clean(self) -> dict[str, Any] | None:
        """How many may stand in the sentence: meet 3 founders."""
        cleaned = super().clean() or self.cleaned_data
        if "target" not in self.errors and cleaned.get("target") is None:
            said = re.search(r"\b([1-9]\d{0,2})\b", cleaned.get("text", ""))
            cleaned["target"] = int(said[1]) if said else 1
        if (cleaned.get("target") or 1) > 999:
            self.add_error("target", "That is more than one evening holds.")
        return cleaned

    def save(self, commit: bool = True) -> Goal:
        goal: Goal = self.instance
        if not self.fields["tag_name"].disabled:
            name = self.cleaned_data["tag_name"].strip()
            tags = goal.owner.tags
            goal.tag = tags.named(goal.owner_id, [name]).get(name) if name else None
        goal.save()
        return goal
