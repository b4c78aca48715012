"""A person or an event chosen by typing a name, with suggestions and without.

An existing one is found by its name; of several the form asks which one, and so it
does where the name comes close to another; a name that nobody has is a new one, made
when the form is saved.
"""

import re
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.urls import reverse
from rapidfuzz.distance import OSA

from contacts.models import Contact
from contacts.search import Query
from events.models import Event
from networkcrm.models import User
from networkcrm.text import fold

MOST_OFFERED = 8
LONGEST = 300
# So many names are compared, letter by letter, with the one that was typed.
MOST_COMPARED = 1000


@dataclass(frozen=True, slots=True)
class Pick:
    """What was chosen: a row of the owner, a new one that is not saved yet, or a
    name that stays though its row is gone."""

    row: Any
    name: str

    @property
    def is_new(self) -> bool:
        return self.row is not None and self.row._state.adding


class Candidate(NamedTuple):
    value: str
    name: str
    hint: str


class Source(Protocol):
    options: str

    def named(self, owner: User, name: str) -> list[Any]:
        """All that have exactly this name, but for case and accents."""

    def like(self, owner: User, name: str) -> list[Any]:
        """Those with this among their names, or else close to it, a few."""

    def new(self, owner: User, name: str) -> Any: ...

    def question(self, name: str, found: int) -> str: ...

    def hint(self, row: Any) -> str: ...


class People:
    options = "contact_options"

    def named(self, owner: User, name: str) -> list[Contact]:
        people = owner.contacts.kept().select_related("organization")
        return list(people.filter(sort_key=fold(name)[:900])[:MOST_OFFERED])

    def like(self, owner: User, name: str) -> list[Contact]:
        return people_like(owner, name) or people_close_to(owner, name)

    def new(self, owner: User, name: str) -> Contact:
        return Contact(owner=owner, full_name=name)

    def question(self, name: str, found: int) -> str:
        if found:
            return f"You know {found} people called {name}. Which one is it?"
        return f"You know nobody called just {name}. Is it one of these?"

    def hint(self, row: Contact) -> str:
        return row.summary or f"added on {row.created_at:%-d %b %Y}"


class Events:
    options = "event_options"

    def named(self, owner: User, name: str) -> list[Event]:
        key = fold(name)
        events = owner.events.filter(search_key__startswith=key).latest_first()
        return [event for event in events if fold(event.name) == key][:MOST_OFFERED]

    def like(self, owner: User, name: str) -> list[Event]:
        events = owner.events.latest_first()
        names = events.values_list("pk", "name")[:MOST_COMPARED]
        close = [pk for pk, other in names if is_close(name, other, whole=True)]
        return list(events.filter(pk__in=close[:MOST_OFFERED])) if close else []

    def new(self, owner: User, name: str) -> Event:
        return Event(owner=owner, name=name)

    def question(self, name: str, found: int) -> str:
        if found:
            return f"There are {found} events called {name}. Which one was it?"
        return f"There is no event called {name}. Is it one of these?"

    def hint(self, row: Event) -> str:
        when = row.partial_date.words if row.partial_date else "no date"
        return ", ".join(part for part in (when, row.city) if part)


def people_like(owner: User, text: str, most: int = MOST_OFFERED) -> list[Contact]:
    """Contacts whose name begins with this, then those with a later word that does."""
    key = fold(text)
    if not key:
        return []
    people = owner.contacts.kept().others().select_related("organization").by_name()
    first = list(people.filter(sort_key__startswith=key)[:most])
    if len(first) == most:
        return first
    later = people.filter(sort_key__contains=f" {key}").exclude(
        pk__in=[contact.pk for contact in first]
    )
    return [*first, *later[: most - len(first)]]


def people_close_to(owner: User, name: str) -> list[Contact]:
    """Contacts whose name is this one with a mistake or two. At most four queries."""
    meant = Query(owner.pk, name).corrected()
    if not meant:
        return []
    words = (term.query(exact=True, named=True) for term in meant.terms)
    query = " & ".join(f"({word})" for word in words)
    rows = owner.searchrows.filter(words__matches=query).order_by("sort_key")
    names = rows.values_list("contact_id", "sort_key")[:MOST_COMPARED]
    close = [pk for pk, other in names if is_close(name, other)]
    people = owner.contacts.kept().others().select_related("organization").by_name()
    return list(people.filter(pk__in=close[:MOST_OFFERED])) if close else []


def is_close(typed: str, name: str, *, whole: bool = False) -> bool:
    """One letter wrong, missing, too many or swapped with the next; two in a long name.

    The name may have more words than were typed, unless it is compared as a `whole`.
    Other digits make another name: DjangoCon 2026 is not the one of 2025.
    """
    typed, name = fold(typed), fold(name)
    most = 2 if len(typed) > 11 else 1
    if re.findall(r"\d+", typed) != re.findall(r"\d+", name):
        return False
    if whole:
        return OSA.distance(typed, name, score_cutoff=most) <= most
    words = name.split()
    wrong = [
        min((OSA.distance(word, other) for other in words), default=most + 1)
        for word in typed.split()
    ]
    return sum(wrong) <= most


class Typed(NamedTuple):
    text: str
    choice: str = ""
    # The text at which the question was asked: another text needs another answer.
    asked: str = ""

    def __str__(self) -> str:
        return self.text


class PickWidget(forms.TextInput):
    template_name = "connections/parts/pick.html"
    candidates: list[Candidate] = []

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Typed | None:
        if name not in data:
            return None
        parts = (name, f"{name}-choice", f"{name}-asked")
        return Typed(*(" ".join(data.get(part, "").split()) for part in parts))

    def format_value(self, value: Any) -> str:
        return str(value or "")

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"candidates": self.candidates, "text": str(value or "")}
        return context


class PickField(forms.Field):
    """Cleans to a Pick, or None when left empty. Its form calls `belongs_to` first."""

    widget = PickWidget

    def __init__(self, source: Source, **kwargs: Any) -> None:
        self.source = source
        super().__init__(**kwargs)

    def belongs_to(self, owner: User, linked: Any = None, name: str = "") -> None:
        """`linked` is the row chosen so far, `name` what is shown for it."""
        self.owner, self.linked, self.linked_name = owner, linked, name
        url = reverse(self.source.options)
        self.widget.attrs |= {"maxlength": LONGEST, "autocomplete": "off"}
        self.widget.attrs |= {"hx-get": url, "hx-trigger": "input changed delay:200ms"}

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(initial or "") != str(data or "")

    def clean(self, value: Any) -> Pick | None:
        typed = value if isinstance(value, Typed) else Typed(str(value or ""))
        name = typed.text
        if not name:
            if self.required:
                raise ValidationError("Please type a name.", code="required")
            return None
        if len(name) > LONGEST:
            raise ValidationError(f"A name has at most {LONGEST} letters.")
        ProhibitNullCharactersValidator()(name)
        if name == self.linked_name and not typed.choice:
            return Pick(self.linked, name)
        return self._found(typed)

    def _found(self, typed: Typed) -> Pick:
        name = typed.text
        same = self.source.named(self.owner, name)
        if len(same) == 1 and not typed.choice:
            return self._pick(same[0])
        offered = same or self.source.like(self.owner, name)
        if not offered or (typed.asked == name and typed.choice == "new"):
            return Pick(self.source.new(self.owner, name), name)
        for row in offered:
            if typed.asked == name and str(row.pk) == typed.choice:
                return self._pick(row)
        self.widget.candidates = [
            Candidate(str(row.pk), str(row), self.source.hint(row)) for row in offered
        ]
        raise ValidationError(self.source.question(name, len(same)), code="which")

    def _pick(self, row: Any) -> Pick:
        if getattr(row, "is_me", False):
            raise ValidationError(
                "That is you. Leave it empty if there was nobody else."
            )
        return Pick(row, str(row))
