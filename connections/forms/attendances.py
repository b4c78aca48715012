from typing import Any

from django import forms
from django.db import transaction

from connections.picking import People, PickField
from events.models import Attendance, Event


class AttendanceForm(forms.Form):
    """Someone to expect at an event, by name; a name that nobody has is a new one."""

    person = PickField(People(), label="Name")

    def __init__(self, data: Any, event: Event) -> None:
        super().__init__(data)
        self.event = event
        self.fields["person"].belongs_to(event.owner)  # type: ignore[attr-defined]

    @transaction.atomic
    def save(self) -> Attendance:
        """Whoever is on the list already stays there, with what was written down."""
        pick = self.cleaned_data["person"]
        self.is_new_contact = pick.is_new
        if pick.is_new:
            pick.row.save()
        there: Attendance | None = pick.row.attendances.filter(event=self.event).first()
        if there:
            return there
        row = Attendance(owner=self.event.owner, event=self.event, contact=pick.row)
        row.state = row.first_state
        row.save()
        return row
