"""What other apps make of an imported record, without contacts knowing of them.

An app registers its part in its AppConfig.ready():

    extensions.register(Origins())
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms

from contacts.importing.records import Record
from contacts.models import Import
from networkcrm.owned import Owned


class SavedForm(forms.Form):
    """A form of an extension; `save` sets what was said on its batch."""

    def save(self) -> None:
        raise NotImplementedError


class Extension:
    """A part of an import that another app writes. Each method may be left as it is."""

    # What it writes to.
    tables: Sequence[type[Owned]] = ()

    def wanting(self, batch: Import, found: Mapping[UUID, Record]) -> dict[UUID, str]:
        """Those of these existing contacts to whom it would add, each with what.

        A constant number of queries, however many.
        """
        return {}

    def write(
        self, batch: Import, new: Mapping[UUID, Record], found: Mapping[UUID, Record]
    ) -> dict[UUID, Any]:
        """Add to contacts just created and to those found wanting.

        Returns what undo needs, as JSON, by contact. What hangs on a contact that is
        deleted again goes with it. Rows carry `batch.started_at` as their time: what
        is newer on them is the owner's.
        """
        return {}

    def finish(self, batch: Import) -> None:
        """Once, in the last transaction of the import, when everybody is there."""

    def form(self, data: Any, batch: Import) -> SavedForm | None:
        """What the owner can say of the whole file before it is written."""
        return None

    def added_to(self, batch: Import, contact_ids: Collection[UUID]) -> set[UUID]:
        """Those of these contacts to what `write` wrote of whom the owner has added."""
        return set()

    def undoing(self, batch: Import) -> None:
        """Before anything is taken back: let go of what it tied together itself."""

    def undo(self, batch: Import, written: Mapping[UUID, Any]) -> None:
        """Take back what `write` added to contacts that were there before."""

    def undone(self, batch: Import, notes: Sequence[Any]) -> None:
        """Take back the rest, with all notes of the import, when all else is undone."""


def tables() -> list[type[Owned]]:
    return [table for each in registered for table in each.tables]


def forms_of(data: Any, batch: Import) -> list[SavedForm]:
    return [form for each in registered if (form := each.form(data, batch))]


registered: list[Extension] = []


def register(extension: Extension) -> None:
    registered.append(extension)
