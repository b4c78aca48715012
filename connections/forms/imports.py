from typing import Any

from connections.picking import Events, People, PickField
from contacts.importing.extensions import SavedForm
from contacts.models import Import


class WholeImportForm(SavedForm):
    """What everybody in an imported file has in common."""

    met_through = PickField(
        People(),
        label="Did they all come through one person?",
        required=False,
        help_text="Type a name. Someone new becomes a contact of yours.",
    )
    event = PickField(
        Events(),
        label="Did you meet them all at one event?",
        required=False,
        help_text="For the guest list of an evening, for example.",
    )

    def __init__(self, data: Any, batch: Import) -> None:
        super().__init__(data)
        self.batch = batch
        for field in self.fields.values():
            assert isinstance(field, PickField)
            field.belongs_to(batch.owner)

    def save(self) -> None:
        """Set both on the batch; who and what is new is made."""
        for name in self.fields:
            if pick := self.cleaned_data[name]:
                if pick.is_new:
                    pick.row.save()
                setattr(self.batch, name, pick.row)
        self.batch.save(update_fields=["met_through", "event", "updated_at"])
