from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone

from connections.introduction_lists import STATES
from connections.models import Introduction
from contacts.forms.filters import GivenPeriodField
from contacts.models import Contact
from networkcrm.forms import search_field
from networkcrm.models import User
from networkcrm.text import fold

ROLES = [
    ("", "any"),
    *((role.value.replace("_", "-"), role.label) for role in Introduction.Role),
]


class PersonInAddress(forms.UUIDField):
    """Comes with a link and is shown as a name."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False)

    def clean(self, value: Any) -> UUID | None:
        try:
            return super().clean(value)
        except ValidationError:
            raise ValidationError("There is no such person.") from None


class IntroductionFilterForm(forms.Form):
    """What narrows the introductions, all from the address."""

    q = search_field("Name, why, in which words")
    state = forms.ChoiceField(
        required=False,
        choices=[("", "any"), *((name, label) for name, (label, _) in STATES.items())],
    )
    role = forms.ChoiceField(label="Whose", required=False, choices=ROLES)
    introducer = PersonInAddress()
    person = PersonInAddress()
    made_in = GivenPeriodField("made in {}")
    due = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *args: Any, owner: User, **kwargs: Any) -> None:
        data = data.copy()
        if "role" in data:
            data["role"] = data["role"].replace("_", "-")
        super().__init__(data, *args, **kwargs)
        self.owner = owner
        self.people: dict[str, Contact] = {}
        self.is_valid()
        self._find_people()

    def _find_people(self) -> None:
        wanted = {
            name: self.cleaned_data.get(name) for name in ("introducer", "person")
        }
        ids = [pk for pk in wanted.values() if pk]
        found = {c.pk: c for c in self.owner.contacts.filter(pk__in=ids)} if ids else {}
        for name, pk in wanted.items():
            if pk in found:
                self.people[name] = found[pk]
            elif pk:
                self.add_error(name, "There is no such person.")

    @property
    def is_narrowing(self) -> bool:
        return any(self.cleaned_data.values())

    @property
    def wrong(self) -> list[str]:
        """What was not understood of the fields that nobody sees."""
        hidden = ("introducer", "person", "made_in")
        return [str(error) for name in hidden for error in self[name].errors]

    def filter(self, introductions: QuerySet[Introduction]) -> QuerySet[Introduction]:
        said = self.cleaned_data
        found: Any = introductions
        if said.get("q"):
            found = found.filter(self._matching(said["q"]))
        if said.get("state"):
            found = found.filter(STATES[said["state"]][1])
        if said.get("role"):
            found = found.filter(role=said["role"].replace("-", "_"))
        if said.get("made_in"):
            found = found.made_in(said["made_in"], self.owner.tz)
        if said.get("due"):
            found = found.due(timezone.localdate())
        if introducer := self.people.get("introducer"):
            found = found.filter(introducer=introducer)
        if person := self.people.get("person"):
            found = found.involving(person)
        return found.order_by("-updated_at", "-pk")

    def _matching(self, text: str) -> Q:
        """Every word stands in a name, in the reasons or in the words of it."""
        found = Q()
        for word in text.split()[:10]:
            key = fold(word)
            people = self.owner.contacts.filter(sort_key__contains=key).values("pk")
            here = Q()
            for party in ("introducer", "a", "b"):
                here |= Q(**{f"{party}__in": people})
                here |= Q(**{f"{party}_name__icontains": word})
            for column in ("why_a", "why_b", "text", "place", "event_name"):
                here |= Q(**{f"{column}__icontains": word})
            found &= here
        return found
