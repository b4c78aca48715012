"""Many rows into a table at once, by COPY: a third of the time of INSERT."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models

from networkcrm import revisions


def copy_in(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
) -> None:
    """Write rows, each with a value for every column, in their order.

    Values are what psycopg takes for the column (JSON as text); no default of the
    model and no `save` is run: name every column that may not be NULL, and call
    derived.touch. Raises Django's IntegrityError and DataError.
    """
    owner = columns.index("owner_id")
    owners = set()
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    names = ", ".join(map(quote, columns))
    statement = f"COPY {table} ({names}) FROM STDIN"
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        for row in rows:
            copy.write_row(row)
            owners.add(row[owner])
    # COPY is no statement that revisions.py sees.
    revisions.moved(owners)


def analyze(*tables: type[models.Model]) -> None:
    """Tell Postgres how much has come.

    Without this, what follows is planned for empty tables, and takes ten times as long:
    the check of a foreign key, planned once for a connection, walks through every row
    of the owner for each new one.
    """
    names = ", ".join(connection.ops.quote_name(t._meta.db_table) for t in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {names}")


def analyze_grown(*tables: type[models.Model]) -> None:
    """`analyze` those that are ten times as large as Postgres knows."""
    by_name = {table._meta.db_table: table for table in tables}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE oid = ANY(%s::regclass[])"
            " AND pg_relation_size(oid)"
            " > 10 * greatest(relpages, 1) * current_setting('block_size')::bigint",
            [[connection.ops.quote_name(name) for name in by_name]],
        )
        grown = [by_name[name] for (name,) in cursor.fetchall()]
    if grown:
        analyze(*grown)
