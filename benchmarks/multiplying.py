"""One owner's network given to many more, in SQL: a database of a million people.

Keys and indexes are taken away, the rows copied, and all put back, where Postgres
checks every link: a fifth of the time of inserting under them. The rows of an owner
lie in runs of RUN between those of the others, as if all had written by turns.
"""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from benchmarks.progress import say
from networkcrm.models import User
from networkcrm.owned import Owned

RUN = 100
# For the length of one transaction of bulk work.
ROOMY = {"work_mem": "256MB", "maintenance_work_mem": "512MB"}
# The time that a UUIDv7 begins with stays, so that rows of one time stay together;
# what follows comes of the old id and the new owner (RFC 9562, 5.7).
ANOTHER_ID = """
    CREATE FUNCTION pg_temp.another(id uuid, owner_id uuid) RETURNS uuid
    LANGUAGE sql IMMUTABLE RETURN overlay(overlay(
        md5(owner_id::text || id::text)
        PLACING left(replace(id::text, '-', ''), 13) FROM 1)
        PLACING '8' FROM 17)::uuid
"""


def multiply(owner: User, times: int) -> list[User]:
    """So many new owners with the same network as this one, of rows of their own.

    Every owned table is copied, every id and link of it becomes another; ids that
    stand within texts or JSON would not. Raises IntegrityError when the copies do not
    hold together.
    """
    tables = owned_models()
    names = [model._meta.db_table for model in tables]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name, value in ROOMY.items():
            cursor.execute(f"SET LOCAL {name} = '{value}'")
        # Past the signals, which would give each a first contact and circles.
        owners = User.objects.bulk_create(
            User(email=f"copy-{number}@example.org", password="!")
            for number in range(times)
        )
        cursor.execute(ANOTHER_ID)
        put_back = take_away(cursor, names)
        for model in tables:
            count = copy_rows(cursor, model, owner, owners)
            if count > 1_000_000:
                say(f"{model._meta.db_table}: {count:,} rows")
        for statement in put_back:
            cursor.execute(statement)
        cursor.execute("DROP FUNCTION pg_temp.another")
    return owners


def owned_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if issubclass(model, Owned)]


def copy_rows(
    cursor: Any, model: type[models.Model], owner: User, owners: Sequence[User]
) -> int:
    quote = connection.ops.quote_name
    fields = model._meta.concrete_fields
    columns = ", ".join(quote(field.column or "") for field in fields)
    values = ", ".join(_value(field) for field in fields)
    cursor.execute(
        f"""
        INSERT INTO {quote(model._meta.db_table)} ({columns})
        SELECT {values} FROM (
            SELECT *, row_number() OVER (ORDER BY id) / {RUN} AS run
            FROM {quote(model._meta.db_table)} WHERE owner_id = %s
        ) AS mine CROSS JOIN unnest(%s::uuid[]) AS theirs (owner)
        ORDER BY run, owner, id
        """,
        [owner.pk, [other.pk for other in owners]],
    )
    return int(cursor.rowcount)


def _value(field: models.Field) -> str:
    if field.name == "owner":
        return "theirs.owner"
    column = f"mine.{connection.ops.quote_name(field.column or '')}"
    if isinstance(field, models.UUIDField) or field.is_relation:
        return f"pg_temp.another({column}, theirs.owner)"
    return column


def take_away(cursor: Any, tables: Sequence[str]) -> list[str]:
    """Drop the keys and indexes of these tables. Returns what makes them again."""
    keys = definitions(
        cursor,
        "SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass,"
        " conname), format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s',"
        " conrelid::regclass, conname, pg_get_constraintdef(oid))"
        " FROM pg_constraint WHERE conrelid = ANY(%s::regclass[])"
        " AND contype IN ('f', 'u', 'p') ORDER BY contype = 'f' DESC, conname",
        tables,
    )
    for drop, _make in keys:
        cursor.execute(drop)
    indexes = definitions(
        cursor,
        "SELECT format('DROP INDEX %%s', indexrelid::regclass),"
        " pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = ANY(%s::regclass[]) ORDER BY indexrelid",
        tables,
    )
    for drop, _make in indexes:
        cursor.execute(drop)
    # Links last: they need the keys they lead to.
    return [make for _drop, make in [*indexes, *reversed(keys)]]


def definitions(cursor: Any, query: str, tables: Sequence[str]) -> list[Any]:
    cursor.execute(query, [list(tables)])
    return cursor.fetchall()
