import re
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.db.models.functions import Substr

from connections.forms.people_rows import PeopleForm, valid_ids
from connections.models import Introduction, Outcome
from connections.models.outcomes import OutcomeQuerySet
from networkcrm import derived
from networkcrm.forms import search_field
from networkcrm.models import User
from networkcrm.text import fold

MOST_INTRODUCTIONS = 50
MOST_DIGITS = 10
SYMBOLS = {"€": "EUR", "£": "GBP"}
WHICH_CURRENCY = "In which currency? Three letters, as in EUR."


def read_amount(text: str) -> Decimal:
    """ "1250", "1,250.50", "1.250,50", "1 250,5", "1'250". Raises ValueError.

    Three digits after the only point or comma are thousands: money has no third
    decimal here.
    """
    text = re.sub(r"[\s\u00a0\u202f]", " ", text.strip()).replace("’", "'")
    if text.startswith(("-", "−")):
        raise ValueError("A value cannot be below zero.")
    for group, point in ((",", r"\."), (r"\.", ","), (" ", "[.,]"), ("'", "[.,]")):
        pattern = rf"(\d{{1,3}}(?:{group}\d{{3}})+|\d+)(?:{point}(\d{{1,2}}))?"
        if match := re.fullmatch(pattern, text):
            whole = re.sub(r"\D", "", match[1])
            if whole != match[1] and whole.startswith("0"):
                break
            if len(whole.lstrip("0")) > MOST_DIGITS:
                raise ValueError("This is more than can be written down here.")
            return Decimal(f"{whole}.{match[2] or 0}")
    raise ValueError("Write the amount in digits, for example 1250 or 1,250.50.")


class AmountField(forms.CharField):
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        return f"{value:,.2f}".removesuffix(".00")

    def to_python(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return value
        text = super().to_python(value)
        if not text:
            return None
        try:
            return read_amount(text)
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def run_validators(self, value: Any) -> None:
        """An amount that could be read is right; CharField would ask its length."""


class OutcomeForm(PeopleForm):
    """What came of it, with those who had a share."""

    links = "shares"
    who_was_it = "Who had a share in it?"

    value = AmountField(
        label="Worth", required=False, help_text="In money, where there was any."
    )
    currency = forms.CharField(
        max_length=10,
        required=False,
        widget=forms.TextInput(
            attrs={"list": "currencies", "autocomplete": "off", "placeholder": "EUR"}
        ),
    )
    through = forms.ChoiceField(label="Which introduction led to it?", required=False)

    class Meta:
        model = Outcome
        fields = ("kind", "title", "on", "value", "currency", "text")
        widgets = {
            "kind": forms.RadioSelect,
            "text": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcome = self.instance
        self.fields["event"].label = "At which event did it begin?"
        self.introductions = self._introductions()
        through: Any = self.fields["through"]
        through.choices = [
            ("", "None"),
            *((pk, _in_words(one)) for pk, one in self.introductions.items()),
        ]
        self.initial["through"] = str(outcome.introduction_id or "")
        used = outcome.owner.outcomes.exclude(currency="").order_by("-pk")
        self.currencies = list(
            dict.fromkeys(used.values_list("currency", flat=True)[:50])
        )
        if outcome._state.adding and self.currencies:
            self.initial["currency"] = self.currencies[0]

    def _introductions(self) -> dict[str, Introduction]:
        """Of these people, or the latest of all; and the one it is linked to."""
        owner, people = self.instance.owner, [contact.pk for contact in self.people]
        sent = valid_ids([self.data.get("through", "")])
        wanted = owner.introductions.made()
        if people:
            either = Q(a__in=people) | Q(b__in=people) | Q(introducer__in=people)
            wanted = wanted.filter(either)
        latest = wanted.latest_first().values("pk")[:MOST_INTRODUCTIONS]
        linked = [*sent, self.instance.introduction_id]
        found = owner.introductions.filter(Q(pk__in=latest) | Q(pk__in=linked))
        found = found.with_people().latest_first()
        return {str(one.pk): one for one in found}

    @property
    def shows_more(self) -> bool:
        """Whether a field of the folded part is filled in, or wrong."""
        names = ("value", "through", "event", "text")
        return any(self[name].errors or self[name].value() for name in names) or bool(
            self["currency"].errors
        )

    def clean_currency(self) -> str:
        text = self.cleaned_data["currency"].strip()
        text = SYMBOLS.get(text, text.upper())
        if text and not re.fullmatch("[A-Z]{3}", text):
            raise ValidationError(WHICH_CURRENCY)
        return text

    def clean(self) -> dict[str, Any] | None:
        is_alone = self.instance._state.adding and not any(
            self.cleaned_data.get(name) for name in ("event", "through")
        )
        self.needs_someone = is_alone
        cleaned = super().clean()
        said = self.cleaned_data
        if "through" in said:
            self.instance.introduction = self.introductions.get(said["through"])
        has_currency = "currency" not in said or said["currency"]
        if said.get("value") is not None and not has_currency:
            self.add_error("currency", WHICH_CURRENCY)
        return cleaned

    def save(self, commit: bool = True) -> Outcome:
        with derived.batch():
            self.save_new_picks()
            outcome = self.instance
            outcome.save()
            outcome.set_people(self.ticked | self.typed_people())
        return outcome


def _in_words(introduction: Introduction) -> str:
    """ "Lena and Tom, through you, Oct 2026"."""
    role, when = Introduction.Role, introduction.on
    by = introduction.name_of("introducer") or "somebody"
    words = f"{introduction.name_of('a')} and {introduction.name_of('b')}"
    words += f", through {'you' if introduction.role == role.BY_ME else by}"
    return f"{words}, {when.words}" if when else words


class OutcomeFilterForm(forms.Form):
    """The list's filters: one GET form that knows how to narrow a queryset."""

    SORTS: dict[str, tuple[str, list[Any]]] = {
        "latest": ("Latest first", [F("on").desc(nulls_last=True), "-pk"]),
        "earliest": ("Earliest first", [F("on").asc(nulls_last=True), "pk"]),
        "value": (
            "Worth most first",
            [F("value").desc(nulls_last=True), F("on").desc(nulls_last=True), "-pk"],
        ),
        "title": ("By name", ["title", "pk"]),
    }

    q = search_field("What, with whom, at which event")
    kind = forms.ChoiceField(
        choices=[("", "Any kind"), *Outcome.Kind.choices], required=False
    )
    person = forms.CharField(label="With", required=False, max_length=300)
    introduced_by = forms.CharField(
        label="Came through", required=False, max_length=300
    )
    at = forms.CharField(label="Event", required=False, max_length=300)
    year = forms.ChoiceField(required=False)
    sort = forms.ChoiceField(
        label="Sort by",
        choices=[(key, label) for key, (label, _order) in SORTS.items()],
        required=False,
    )

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner = owner
        years = owner.outcomes.filter(on__isnull=False).order_by()
        found = years.values_list(Substr("on", 1, 4), flat=True).distinct()
        self.fields["year"].choices = [  # type: ignore[attr-defined]
            ("", "Any year"),
            *((year, year) for year in sorted(map(str, found), reverse=True)),
        ]

    @property
    def is_narrowing(self) -> bool:
        self.is_valid()
        return any(v for k, v in self.cleaned_data.items() if k != "sort")

    @property
    def is_narrowing_more(self) -> bool:
        """Whether a filter is set that stands folded away."""
        self.is_valid()
        return any(self.cleaned_data.get(k) for k in ("person", "introduced_by", "at"))

    def filter(self, outcomes: OutcomeQuerySet) -> OutcomeQuerySet:
        """What the form does not understand narrows nothing."""
        self.is_valid()
        said = self.cleaned_data
        if said.get("q"):
            text = said["q"].strip()
            outcomes = outcomes.filter(
                Q(title__icontains=text)
                | Q(text__icontains=text)
                | Q(event_name__icontains=text)
                | self._with(self._named(text))
            )
        if said.get("kind"):
            outcomes = outcomes.filter(kind=said["kind"])
        if said.get("person"):
            outcomes = outcomes.filter(self._with(self._named(said["person"])))
        if said.get("introduced_by"):
            outcomes = outcomes.filter(pk__in=self._through(said["introduced_by"]))
        if said.get("at"):
            outcomes = outcomes.filter(event_name__icontains=said["at"].strip())
        if said.get("year"):
            outcomes = outcomes.filter(on__startswith=said["year"])
        return outcomes

    def sort_by(self, outcomes: OutcomeQuerySet) -> OutcomeQuerySet:
        _label, order = self.SORTS[self.cleaned_data.get("sort") or "latest"]
        return outcomes.order_by(*order)

    def _named(self, name: str) -> Any:
        people = self.owner.contacts.kept().others()
        return people.filter(sort_key__contains=fold(name))

    def _through(self, name: str) -> list[UUID]:
        """The ids of what came through anybody of this name."""
        brought = self.owner.origins.filter(
            introducer__in=self._named(name).values("pk")
        )
        connectors = set(brought.values_list("introducer_id", flat=True))
        through = self.owner.outcomes.through(self.owner, connectors)
        return list(through.values_list("pk", flat=True))

    def _with(self, people: Any) -> Q:
        shares = self.owner.outcomeshares.filter(contact__in=people.values("pk"))
        return Q(pk__in=shares.values("outcome"))
