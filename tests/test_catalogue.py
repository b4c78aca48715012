"""Postgres itself is asked whether the tables can be spread over machines by owner.

DESIGN.md, "Ready for many machines", rule by rule, from pg_catalog and not from the
models, so that it does not matter who made a table, or how. Each rule is shown a
table that breaks it.
"""

import pytest
from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.db import connection

from networkcrm.models import User
from networkcrm.owned import Owned, _OwnedLink

APPS = [
    app.label
    for app in apps.get_app_configs()
    if app.name in {"networkcrm", "contacts", "events", "connections", "followups"}
]
OUR_MODELS = [
    model
    for label in APPS
    for model in apps.get_app_config(label).get_models(include_auto_created=True)
]
OWNED_MODELS = [model for model in OUR_MODELS if issubclass(model, Owned)]
# What belongs to the installation or to an account, not to an owner's network.
NOT_OWNED = {
    "networkcrm_user",
    "networkcrm_user_groups",
    "networkcrm_user_user_permissions",
    "networkcrm_cache",
    "networkcrm_revision",
}
OURS = r"^(" + "|".join(APPS) + ")_"
RULES_OF_KEYS = {
    "a": "NO ACTION",
    "c": "CASCADE",
    "r": "RESTRICT",
    "n": "SET NULL",
    "d": "SET DEFAULT",
}


def ask(sql):
    """Rows of a query over `owned`: every table of our apps but those not owned."""
    owned = """
        WITH owned AS (
            SELECT c.oid, c.relname::text AS name FROM pg_class c
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
                AND c.relname ~ %s AND c.relname <> ALL(%s)
        ), owner AS (
            SELECT attrelid AS oid, attnum FROM pg_attribute
            WHERE attname = 'owner_id' AND NOT attisdropped
        )
    """
    with connection.cursor() as cursor:
        cursor.execute(owned + sql.replace("%", "%%"), [OURS, list(NOT_OWNED)])
        return cursor.fetchall()


def told(sql):
    return sorted(" ".join(map(str, row)) for row in ask(sql))


def tables():
    return {name for (name,) in ask("SELECT name FROM owned")}


def owner_is_not_second():
    """Tables that do not begin with a plain `id uuid, owner_id uuid NOT NULL`."""
    return told("""
        SELECT name FROM owned WHERE ARRAY(
            SELECT concat_ws(' ', attname, atttypid::regtype, attnotnull,
                attgenerated, attidentity)
            FROM pg_attribute
            WHERE attrelid = owned.oid AND attnum > 0 AND NOT attisdropped
            ORDER BY attnum LIMIT 2
        ) <> ARRAY['id uuid t  ', 'owner_id uuid t  ']
    """)


def primary_key_is_not_the_id():
    return told("""
        SELECT name FROM owned WHERE NOT EXISTS (
            SELECT FROM pg_index i JOIN pg_attribute a
                ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
            WHERE i.indrelid = owned.oid AND i.indisprimary
                AND i.indnkeyatts = 1 AND a.attname = 'id')
    """)


def index_without_owner_first():
    """Indexes of any kind, unique or not, but the primary key."""
    return told("""
        SELECT name, i.indexrelid::regclass
        FROM pg_index i JOIN owned ON owned.oid = i.indrelid
        LEFT JOIN owner ON owner.oid = owned.oid
        WHERE NOT i.indisprimary AND i.indkey[0] IS DISTINCT FROM owner.attnum
    """)


def no_target_for_links():
    """Tables without a whole UNIQUE (owner_id, id)."""
    return told("""
        SELECT name FROM owned WHERE NOT EXISTS (
            SELECT FROM pg_constraint
            WHERE conrelid = owned.oid AND contype = 'u' AND ARRAY(
                SELECT attname::text FROM unnest(conkey) WITH ORDINALITY k (n, place)
                JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = k.n
                ORDER BY place) = ARRAY['owner_id', 'id'])
    """)


def _foreign_keys():
    """All that begin or end at an owned table: table, columns, target, its columns,
    what happens on delete and on update, whether it is checked at the commit."""
    columns = """ARRAY(
        SELECT attname::text FROM unnest({key}) WITH ORDINALITY k (n, place)
        JOIN pg_attribute a ON a.attrelid = {table} AND a.attnum = k.n
        ORDER BY place)"""
    mine = columns.format(key="conkey", table="conrelid")
    theirs = columns.format(key="confkey", table="confrelid")
    return ask(f"""
        SELECT conrelid::regclass::text, {mine},
            confrelid::regclass::text, {theirs},
            confdeltype::text, confupdtype::text, condeferrable AND condeferred
        FROM pg_constraint WHERE contype = 'f'
            AND (conrelid IN (SELECT oid FROM owned)
                OR confrelid IN (SELECT oid FROM owned))
    """)


def link_out_of_one_owner():
    """Foreign keys that do not carry the owner on both ends."""
    mine = tables()
    to_the_owner = (["owner_id"], User._meta.db_table, ["id"])
    return sorted(
        f"{table} ({', '.join(columns)}) -> {target} ({', '.join(theirs)})"
        for table, columns, target, theirs, *_rules in _foreign_keys()
        if (columns, target, theirs) != to_the_owner
        and not (
            {table, target} <= mine
            and columns[0] == theirs[0] == "owner_id"
            and len(columns) > 1
        )
    )


def delete_rule_that_cannot_be_spread():
    return sorted(
        f"{table} ({', '.join(columns)}): {RULES_OF_KEYS[delete]},"
        f" {RULES_OF_KEYS[update]}"
        for table, columns, _target, _theirs, delete, update, _ in _foreign_keys()
        if delete not in "ac" or update != "a"
    )


def trigger():
    return told("""
        SELECT name, tgname FROM pg_trigger JOIN owned ON owned.oid = tgrelid
        WHERE NOT tgisinternal
    """)


def sequence():
    """Columns that count by a sequence, owned or only asked, and identity columns."""
    return told("""
        SELECT name, attname FROM owned
        JOIN pg_attribute a
            ON a.attrelid = owned.oid AND attnum > 0 AND NOT attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE attidentity <> '' OR pg_get_expr(d.adbin, d.adrelid) LIKE '%nextval%'
            OR EXISTS (
                SELECT FROM pg_depend
                JOIN pg_class s ON s.oid = objid AND s.relkind = 'S'
                WHERE refobjid = owned.oid AND refobjsubid = a.attnum)
    """)


def table_of_no_model():
    """Tables of our apps that no owned model names: those between many and many."""
    return sorted(tables() - {model._meta.db_table for model in OWNED_MODELS})


RULES = [
    owner_is_not_second,
    primary_key_is_not_the_id,
    index_without_owner_first,
    no_target_for_links,
    link_out_of_one_owner,
    delete_rule_that_cannot_be_spread,
    trigger,
    sequence,
    table_of_no_model,
]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rule", RULES)
def test_no_table_breaks(rule):
    assert rule() == []


def test_every_owned_model_has_its_table():
    assert tables() == {model._meta.db_table for model in OWNED_MODELS}


def test_every_model_is_owned():
    others = {m for m in OUR_MODELS if not issubclass(m, Owned)}

    assert {m._meta.db_table for m in others} <= NOT_OWNED
    assert User in others


def test_no_model_points_at_any_kind_of_row():
    generic = (GenericForeignKey, GenericRelation)

    assert [
        field
        for model in OUR_MODELS
        for field in model._meta.private_fields
        if isinstance(field, generic)
    ] == []


@pytest.mark.parametrize("model", OWNED_MODELS, ids=lambda model: model.__name__)
def test_no_link_makes_a_table_of_its_own(model):
    made = [
        field.name
        for field in model._meta.local_many_to_many
        if field.remote_field.through._meta.auto_created
    ]

    assert made == []


LINKS = [
    pytest.param(field, id=str(field))
    for model in OWNED_MODELS
    for field in model._meta.local_fields
    if field.is_relation
]


@pytest.mark.parametrize("field", LINKS)
def test_every_link_is_held_by_the_database(field):
    """By one key of both columns, deleted as the field says, checked at the commit."""
    if field.name == "owner":
        expected = (["owner_id"], User._meta.db_table, ["id"], "CASCADE", True)
    else:
        assert isinstance(field, _OwnedLink)
        target = field.related_model._meta.db_table
        columns = ["owner_id", field.column]
        rule = field.on_database_delete
        expected = (columns, target, ["owner_id", "id"], rule, True)

    found = [
        (columns, target, theirs, RULES_OF_KEYS[delete], deferred)
        for table, columns, target, theirs, delete, _update, deferred in _foreign_keys()
        if table == field.model._meta.db_table and columns[-1] == field.column
    ]

    assert found == [expected]


GOOD = """
    CREATE TABLE contacts_probe (
        id uuid PRIMARY KEY,
        owner_id uuid NOT NULL REFERENCES networkcrm_user ON DELETE CASCADE,
        contact_id uuid,
        word text,
        UNIQUE (owner_id, id),
        FOREIGN KEY (owner_id, contact_id) REFERENCES contacts_contact (owner_id, id)
    );
"""
LATE = """
    DROP TABLE contacts_probe;
    CREATE TABLE contacts_probe (
        id {id} PRIMARY KEY, {before} owner_id {type} NOT NULL, UNIQUE (owner_id, id));
"""


@pytest.fixture
def probe(db):
    """Makes a table that keeps every rule, then does to it what it is told."""

    def make(sql=""):
        with connection.cursor() as cursor:
            cursor.execute(GOOD + sql)

    return make


def test_a_good_table_breaks_no_rule(probe):
    probe()

    assert [rule() for rule in RULES[:-1]] == [[] for _rule in RULES[:-1]]


@pytest.mark.parametrize(
    ("rule", "sql", "says"),
    [
        (
            owner_is_not_second,
            LATE.format(id="uuid", before="word text,", type="uuid"),
            "contacts_probe",
        ),
        (
            owner_is_not_second,
            LATE.format(id="uuid", before="", type="bigint"),
            "contacts_probe",
        ),
        (
            owner_is_not_second,
            LATE.format(id="bigint", before="", type="uuid"),
            "contacts_probe",
        ),
        (
            owner_is_not_second,
            LATE.format(
                id="uuid", before="one int GENERATED ALWAYS AS (1) STORED,", type="uuid"
            ),
            "contacts_probe",
        ),
        (
            owner_is_not_second,
            "ALTER TABLE contacts_probe ALTER owner_id DROP NOT NULL",
            "contacts_probe",
        ),
        (
            primary_key_is_not_the_id,
            "ALTER TABLE contacts_probe DROP CONSTRAINT contacts_probe_pkey,"
            " ADD PRIMARY KEY (owner_id, id)",
            "contacts_probe",
        ),
        (
            index_without_owner_first,
            "CREATE UNIQUE INDEX bad ON contacts_probe (word)",
            "contacts_probe bad",
        ),
        (
            index_without_owner_first,
            "CREATE INDEX bad ON contacts_probe (word, owner_id)",
            "contacts_probe bad",
        ),
        (
            index_without_owner_first,
            "CREATE INDEX bad ON contacts_probe USING gin (word gin_trgm_ops)",
            "contacts_probe bad",
        ),
        (
            index_without_owner_first,
            "CREATE INDEX bad ON contacts_probe (lower(word))",
            "contacts_probe bad",
        ),
        (
            index_without_owner_first,
            "ALTER TABLE contacts_probe ADD CONSTRAINT bad EXCLUDE (word WITH =)",
            "contacts_probe bad",
        ),
        (
            no_target_for_links,
            "ALTER TABLE contacts_probe DROP CONSTRAINT contacts_probe_owner_id_id_key",
            "contacts_probe",
        ),
        (
            link_out_of_one_owner,
            "ALTER TABLE contacts_probe ADD FOREIGN KEY (contact_id)"
            " REFERENCES contacts_contact (id)",
            "contacts_probe (contact_id) -> contacts_contact (id)",
        ),
        (
            link_out_of_one_owner,
            "ALTER TABLE contacts_probe ADD FOREIGN KEY (contact_id)"
            " REFERENCES networkcrm_user (id)",
            "contacts_probe (contact_id) -> networkcrm_user (id)",
        ),
        (
            link_out_of_one_owner,
            "CREATE TABLE elsewhere (contact_id uuid REFERENCES contacts_contact)",
            "elsewhere (contact_id) -> contacts_contact (id)",
        ),
        (
            delete_rule_that_cannot_be_spread,
            "ALTER TABLE contacts_probe ADD FOREIGN KEY (owner_id, contact_id)"
            " REFERENCES contacts_contact (owner_id, id)"
            " ON DELETE SET NULL (contact_id)",
            "contacts_probe (owner_id, contact_id): SET NULL, NO ACTION",
        ),
        (
            delete_rule_that_cannot_be_spread,
            "ALTER TABLE contacts_probe ADD FOREIGN KEY (owner_id, contact_id)"
            " REFERENCES contacts_contact (owner_id, id) ON UPDATE CASCADE",
            "contacts_probe (owner_id, contact_id): NO ACTION, CASCADE",
        ),
        (
            trigger,
            "CREATE TRIGGER bad BEFORE UPDATE ON contacts_probe"
            " FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            "contacts_probe bad",
        ),
        (
            sequence,
            "ALTER TABLE contacts_probe ADD number serial",
            "contacts_probe number",
        ),
        (
            sequence,
            "ALTER TABLE contacts_probe ADD number int GENERATED ALWAYS AS IDENTITY",
            "contacts_probe number",
        ),
        (table_of_no_model, "", "contacts_probe"),
    ],
)
def test_a_bad_table_is_caught(probe, rule, sql, says):
    probe(sql)

    assert rule() == [says]
