"""What other apps make of an imported record, without contacts knowing of them.

An app registers its part in its AppConfig.ready():

    extensions.register(OriginsFromImports())
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from django import forms

from contacts.importing.records import Record
from contacts.models import Import
from networkcrm.owned import Owned


class SavedForm(forms.Form):
    """A form of an extension; `save` sets what was said on its batch."""

    def save(self) -> None:
        raise NotImplementedError


class Extension(Protocol):
    # What it writes to.
    tables: Sequence[type[Owned]]

    def wanting(self, batch: Import, found: Mapping[UUID, Record]) -> dict[UUID, str]:
        """Those of these existing contacts to whom it would add, each with what.

        A constant number of queries, however many.
        """

    def write(
        self, batch: Import, new: Mapping[UUID, Record], found: Mapping[UUID, Record]
    ) -> dict[UUID, Any]:
        """Add to contacts just created and to those found wanting.

        Returns what undo needs, as JSON, for those found; what hangs on a contact
        that is deleted again goes with it.
        """

    def form(self, data: Any, batch: Import) -> SavedForm:
        """What the owner can say of the whole file before it is written."""

    def undo(self, batch: Import, written: Mapping[UUID, Any]) -> None:
        """Take back what `write` added to contacts that were there before."""


registered: list[Extension] = []


def register(extension: Extension) -> None:
    registered.append(extension)
