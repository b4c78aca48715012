"""What becomes of those who were at events when two contacts are one."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from contacts.merge_fields import Question
from contacts.merging import Merging, counted_words
from contacts.models import Contact
from events.models import Attendance
from networkcrm.models import User
from networkcrm.owned import Owned
from networkcrm.text import fold

State = Attendance.State
# Of two who were one, the one who was met was met.
RANK = (State.EXPECTED, State.WANTED, State.MISSED, State.MET)


class OfEvents:
    models: Collection[type[Owned]] = (Attendance,)

    def asks(self, keep: Contact, gone: Contact) -> list[Question]:
        return []

    def adds(self, keep: Contact, gone: Contact) -> list[str]:
        return counted_words((gone.attendances, "event", "events"))

    def merge(self, merging: Merging) -> None:
        """At each event once."""
        keep, gone = merging.keep.pk, merging.gone.pk
        mine = merging.rows(Attendance, contact=keep)
        there = {row.event_id: row for row in mine}
        doubles, moved = [], []
        changes: dict[Attendance, dict[str, Any]] = {}
        for row in merging.rows(Attendance, contact=gone):
            if kept := there.get(row.event_id):
                doubles.append(row)
                changes[kept] = _both(kept, row)
            else:
                moved.append(row.pk)
        merging.journal.change_all(Attendance, changes)
        merging.journal.delete(Attendance, doubles)
        merging.journal.move(Attendance, "contact_id", gone, keep, moved)

    def settle(self, owner: User, contact_ids: Collection[UUID]) -> list[str]:
        return []


def _both(kept: Attendance, double: Attendance) -> dict[str, Any]:
    further = max(kept, double, key=lambda row: RANK.index(State(row.state)))
    return {
        "state": further.state,
        "met_at": further.met_at,
        "was_wanted": kept.was_wanted or double.was_wanted,
        "debriefed_at": kept.debriefed_at or double.debriefed_at,
        "talking_points": _joined(kept.talking_points, double.talking_points),
        "note": _joined(kept.note, double.note),
    }


def _joined(text: str, other: str) -> str:
    if fold(other) in fold(text):
        return text
    return "\n\n".join(filter(None, [text, other]))
