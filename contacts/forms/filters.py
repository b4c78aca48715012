from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from contacts.models import Contact, Stage
from networkcrm.forms import search_field
from networkcrm.models import User
from networkcrm.periods import Period, stretch
from networkcrm.text import fold

SORTS: dict[str, tuple[str, list[Any]]] = {
    "name": ("Name", ["sort_key", "pk"]),
    "recent": (
        "Last contact, latest first",
        [F("last_contact_on").desc(nulls_last=True), "pk"],
    ),
    "dormant": (
        "Last contact, longest ago first",
        # The order above, backwards, to the last letter: one index is good for both.
        [F("last_contact_on").asc(nulls_first=True), "-pk"],
    ),
    "added": ("Added, latest first", ["-created_at", "pk"]),
    "stage": ("Furthest along first", ["-stage", "sort_key", "pk"]),
}
LAST_CONTACT = [
    ("", "any time"),
    ("within-30", "within 30 days"),
    ("over-90", "over 90 days ago"),
    ("over-180", "over half a year ago"),
    ("over-365", "over a year ago"),
    ("never", "never"),
]
STAGES = [
    ("", "any"),
    ("online", "online so far"),
    ("in-person", "met in person"),
    *[(str(stage.value), stage.label) for stage in Stage],
]


class GivenField(forms.ModelChoiceField):
    """A row that a link of another page names: "came through {}", not typed in."""

    widget = forms.HiddenInput

    def __init__(self, queryset: Any, words: str) -> None:
        self.words = words
        gone = {"invalid_choice": "What this link leads to is not there any more."}
        super().__init__(queryset, required=False, error_messages=gone)


class GivenPeriodField(forms.CharField):
    """A year or a week that a link of another page names: "came in {}"."""

    widget = forms.HiddenInput

    def __init__(self, words: str) -> None:
        self.words = words
        super().__init__(required=False)

    def clean(self, value: Any) -> Period | None:
        key = super().clean(value)
        found = stretch(key) if key else None
        if key and found is None:
            raise ValidationError("This link names no year and no week.")
        return found


Fields = Callable[[User], dict[str, forms.Field]]
Narrow = Callable[[User, Any, dict[str, Any]], Any]
_extensions: list[tuple[Fields, Narrow]] = []


def register(fields: Fields, narrow: Narrow) -> None:
    """Add filters of another app: `fields(owner)` to the form, and
    `narrow(owner, contacts, chosen)` to what they do."""
    _extensions.append((fields, narrow))


class ContactFilterForm(forms.Form):
    """The list's filters: one GET form that knows how to narrow a queryset.

    What it does not understand it leaves out, and says so at the field.
    """

    q = search_field("Name, place, note, how you met", longest=500)
    tag: Any = forms.ModelChoiceField(None, required=False, empty_label="any")
    circle: Any = forms.ModelChoiceField(None, required=False, empty_label="any")
    stage = forms.ChoiceField(choices=STAGES, required=False)
    last_contact = forms.ChoiceField(choices=LAST_CONTACT, required=False)
    introduced_by = forms.CharField(required=False, max_length=300)
    met_at = forms.CharField(label="Met at the event", required=False, max_length=300)
    place = forms.CharField(label="Place you met", required=False, max_length=300)
    organization = forms.CharField(required=False, max_length=200)
    city = forms.CharField(required=False, max_length=200)
    origin = forms.ChoiceField(
        label="How you met",
        choices=[("", "any"), ("none", "not written down"), ("some", "written down")],
        required=False,
    )
    wanted = forms.BooleanField(label="Only whom you want to meet", required=False)
    state = forms.ChoiceField(
        label="Show",
        choices=[("", "active"), ("archived", "archived"), ("all", "both")],
        required=False,
    )
    sort = forms.ChoiceField(
        choices=[(key, label) for key, (label, _order) in SORTS.items()], required=False
    )

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner = owner
        self.fields["tag"].queryset = owner.tags.order_by("key")  # type: ignore[attr-defined]
        self.fields["circle"].queryset = owner.circles.order_by("seats", "key")  # type: ignore[attr-defined]
        self.own = set(self.fields)
        for fields, _narrow in _extensions:
            self.fields.update(fields(owner))

    @property
    def more_fields(self) -> list[Any]:
        """Those of other apps, to choose from."""
        return [field for field in self.visible_fields() if field.name not in self.own]

    @property
    def given(self) -> list[dict[str, Any]]:
        """Those that came with a link, in words, and how the list is without each."""
        given = []
        for name, field in self.fields.items():
            row = self._chosen.get(name)
            if isinstance(field, (GivenField, GivenPeriodField)) and row:
                rest = self.data.copy()  # type: ignore[attr-defined]
                rest.pop(name, None)
                rest.pop("page", None)
                given.append(
                    {"words": field.words.format(row), "without": rest.urlencode()}
                )
        return given

    @property
    def wrong(self) -> list[str]:
        """What was not understood of the fields that nobody sees."""
        return [str(error) for field in self.hidden_fields() for error in field.errors]

    @property
    def is_narrowing(self) -> bool:
        return any(v for k, v in self._chosen.items() if k != "sort")

    @property
    def is_narrowing_more(self) -> bool:
        """Whether a filter is set that stands folded away."""
        given = {field.name for field in self.hidden_fields()}
        plain = {"sort", "q", *given}
        return any(v for k, v in self._chosen.items() if k not in plain)

    @property
    def _chosen(self) -> dict[str, Any]:
        self.is_valid()
        return self.cleaned_data

    def filter(self, contacts: QuerySet[Contact]) -> QuerySet[Contact]:
        chosen = self._chosen
        narrowed: Any = contacts
        if chosen.get("q"):
            narrowed = narrowed.search(self.owner, chosen["q"])
        for name in ("state", "stage", "last_contact", "origin"):
            narrowed = getattr(self, f"_by_{name}")(narrowed, chosen.get(name) or "")
        if chosen.get("wanted"):
            narrowed = narrowed.wanted()
        if chosen.get("tag"):
            tagged = self.owner.contacttags.filter(tag=chosen["tag"])
            narrowed = narrowed.filter(pk__in=tagged.values("contact"))
        if chosen.get("circle"):
            narrowed = narrowed.filter(circle=chosen["circle"])
        if chosen.get("organization"):
            key = fold(chosen["organization"])
            found = self.owner.organizations.filter(key__contains=key)
            narrowed = narrowed.filter(organization__in=found.values("pk"))
        if chosen.get("city"):
            narrowed = narrowed.filter(city__icontains=chosen["city"].strip())
        for _fields, narrow in _extensions:
            narrowed = narrow(self.owner, narrowed, chosen)
        return self._by_how_they_met(narrowed, chosen)

    def _by_how_they_met(self, contacts: Any, chosen: dict[str, Any]) -> Any:
        if chosen.get("introduced_by"):
            key = fold(chosen["introduced_by"])
            named = self.owner.contacts.filter(sort_key__contains=key)
            origins = self.owner.origins.filter(introducer__in=named.values("pk"))
            contacts = contacts.filter(pk__in=origins.values("contact"))
        if chosen.get("place"):
            origins = self.owner.origins.filter(
                place__icontains=chosen["place"].strip()
            )
            contacts = contacts.filter(pk__in=origins.values("contact"))
        if chosen.get("met_at"):
            events = self.owner.events.search(chosen["met_at"]).values("pk")
            begun = self.owner.origins.filter(event__in=events)
            seen = self.owner.participations.filter(
                interaction__in=self.owner.interactions.filter(event__in=events).values(
                    "pk"
                )
            )
            contacts = contacts.filter(
                Q(pk__in=begun.values("contact")) | Q(pk__in=seen.values("contact"))
            )
        return contacts

    def sort_by(self, contacts: QuerySet[Contact]) -> QuerySet[Contact]:
        _label, order = SORTS[self._chosen.get("sort") or "name"]
        return contacts.order_by(*order)

    @staticmethod
    def _by_state(contacts: Any, state: str) -> Any:
        if state == "all":
            return contacts.others().kept()
        return contacts.archived() if state == "archived" else contacts.active()

    @staticmethod
    def _by_stage(contacts: Any, stage: str) -> Any:
        if stage == "online":
            return contacts.filter(stage__range=(Stage.NOTICED, Stage.SPOKE))
        if stage == "in-person":
            return contacts.filter(stage__gte=Stage.MET)
        return contacts.filter(stage=int(stage)) if stage else contacts

    @staticmethod
    def _by_last_contact(contacts: Any, choice: str) -> Any:
        if choice == "never":
            return contacts.filter(last_contact_on=None)
        way, _dash, days = choice.partition("-")
        if not days:
            return contacts
        day = (timezone.localdate() - timedelta(days=int(days))).isoformat()
        return contacts.filter(
            **{f"last_contact_on__{'gte' if way == 'within' else 'lt'}": day}
        )

    def _by_origin(self, contacts: Any, choice: str) -> Any:
        written = Q(pk__in=self.owner.origins.values("contact"))
        if choice == "none":
            return contacts.exclude(written)
        return contacts.filter(written) if choice == "some" else contacts
