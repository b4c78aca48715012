"""Rows on their way into Postgres, many at a time."""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cache
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db import connection, models

from networkcrm.owned import Owned, uuid7
from networkcrm.partial_dates import PartialDateField


def row(
    model: type[Owned], owner_id: UUID, moment: datetime, **values: Any
) -> SimpleNamespace:
    """The columns of a new row, written down at this moment, as plain attributes.

    A third of the work of making a model instance, which is most of all work here.
    """
    moment = moment.astimezone(UTC)
    own = {
        "id": uuid7(),
        "owner_id": owner_id,
        "created_at": moment,
        "updated_at": moment,
    }
    return SimpleNamespace(**_defaults(model) | own | values)


def copy(model: type[Owned], rows: Iterable[SimpleNamespace]) -> None:
    """Write new rows by COPY, with the created_at they carry.

    Several times as fast as bulk_create, which also sets created_at to now.
    Nothing derived is refreshed: call networkcrm.derived.touch.
    """
    quote = connection.ops.quote_name
    fields = model._meta.concrete_fields
    columns = ", ".join(quote(field.column or "") for field in fields)
    readers = [(field.attname, _to_database(field)) for field in fields]
    with (
        connection.cursor() as cursor,
        cursor.copy(
            f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN"
        ) as out,
    ):
        for each in rows:
            values = vars(each)
            if len(values) != len(readers):
                raise TypeError(f"{model.__name__} has no such columns: {values}")
            out.write_row(
                [
                    convert(values[name]) if convert else values[name]
                    for name, convert in readers
                ]
            )


@cache
def _defaults(model: type[Owned]) -> dict[str, Any]:
    return {field.attname: field.get_default() for field in model._meta.concrete_fields}


def _to_database(field: models.Field) -> Callable[[Any], Any] | None:
    if isinstance(field, PartialDateField):
        return lambda value: None if value is None else str(value)
    if isinstance(field, models.JSONField):
        return json.dumps
    return None
