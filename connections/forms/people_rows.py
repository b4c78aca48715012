"""The people of an interaction or of an outcome, as a form asks for them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict

from connections.forms.happenings import PicksForm
from connections.picking import People, PickField
from contacts.models import Contact
from networkcrm.text import fold

MOST_ROWS = 50


def valid_ids(texts: Iterable[str]) -> list[UUID]:
    ids = []
    for text in texts:
        try:
            ids.append(UUID(text))
        except ValueError:
            continue
    return ids


class PeopleForm(PicksForm):
    """People known when the form is made are boxes to tick ("contact"); more are typed
    by name ("with-0", "with-1", ...), one row each.
    """

    # The reverse relation of the instance to the rows that link it to contacts.
    links: str
    who_was_it = "Who was it?"
    # Whether a form without anybody is refused.
    needs_someone = True

    def __init__(
        self,
        *args: Any,
        chosen: Iterable[UUID] = (),
        half_typed: bool = False,
        more_rows: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.half_typed = half_typed
        self._gather_people(set(chosen))
        self._add_rows(more_rows)

    def _gather_people(self, chosen: set[UUID]) -> None:
        there: set[UUID] = set()
        if not self.instance._state.adding:
            links = getattr(self.instance, self.links)
            there = set(links.values_list("contact_id", flat=True))
        self.there = there
        ticked = chosen | there
        if self.is_bound:
            data: Any = self.data
            ticked = set(valid_ids(data.getlist("contact")))
        contacts = self.instance.owner.contacts.select_related("organization")
        found = contacts.filter(pk__in=ticked | there | chosen).by_name()
        # Nobody is added out of the trash, nor am I; who was there stays there.
        self.people = [
            contact
            for contact in found
            if contact.pk in there or not (contact.trashed_at or contact.is_me)
        ]
        self.ticked = ticked & {contact.pk for contact in self.people}
        self.is_someone_missing = ticked != self.ticked

    def _add_rows(self, more_rows: int) -> None:
        rows = more_rows
        if self.is_bound:
            rows += sum(f"with-{i}" in self.data for i in range(MOST_ROWS))
        elif not self.people:
            rows = 1
        for i in range(min(rows, MOST_ROWS)):
            label = "Who else?" if i or self.people else self.who_was_it
            field = PickField(People(), label=label, required=False)
            field.belongs_to(self.instance.owner)
            self.fields[f"with-{i}"] = field
        if more_rows:
            field.widget.attrs["autofocus"] = True

    @property
    def rows(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("with-")]

    def full_clean(self) -> None:
        """A form that only asks for one more row is not yet to be judged."""
        if not self.half_typed:
            super().full_clean()
            return
        self._errors = ErrorDict(renderer=self.renderer)
        self.cleaned_data = {}

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.is_someone_missing:
            raise ValidationError(
                "Someone you chose is no longer there: they may be in the trash.",
                code="someone_missing",
            )
        typed = any(row.errors or self.cleaned_data.get(row.name) for row in self.rows)
        if self.needs_someone and not self.ticked and not typed:
            raise ValidationError(
                f"{self.who_was_it} Choose or type at least one person."
            )
        return cleaned

    def typed_people(self) -> set[UUID]:
        """Those of the rows, the new ones saved; a new name typed twice is one."""
        by_name: dict[str, Contact] = {}
        ids = set()
        for row in self.rows:
            pick = self.cleaned_data.get(row.name)
            if pick and pick.is_new:
                contact = by_name.setdefault(fold(pick.name), pick.row)
                if contact._state.adding:
                    contact.save()
                ids.add(contact.pk)
            elif pick:
                ids.add(pick.row.pk)
        self.new_people = list(by_name.values())
        return ids
