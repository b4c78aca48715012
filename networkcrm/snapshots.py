"""Deleted rows, kept for their undoing (networkcrm.undo)."""

from typing import Any

from django.db import transaction

from networkcrm.owned import Owned


def taken(row: Owned) -> dict[str, Any]:
    """Every column of the row, by attribute name."""
    return {f.attname: f.value_from_object(row) for f in row._meta.concrete_fields}


@transaction.atomic
def put_back[Row: Owned](model: type[Row], columns: dict[str, Any]) -> Row:
    """Write the row again as it was, with its key. Raises what saving it raises."""
    row = model(**columns)
    row.save(force_insert=True)
    # Saving stamps a new row with the present, and this one is not new.
    mine = model._base_manager.filter(owner_id=row.owner_id, pk=row.pk)
    mine.update(created_at=columns["created_at"])
    return row
