"""The harness runs; how fast anything is, no test says."""

import subprocess
from itertools import groupby

import psutil
import pytest
from django.db import connection
from django.urls import reverse

from benchmarks import (
    imports,
    load,
    memory,
    multiplying,
    networks,
    pages,
    plans,
    results,
    writing,
)
from benchmarks.__main__ import is_asked, parsed
from benchmarks.asked import asked, asked_too
from benchmarks.inside import inside
from connections import seeding
from contacts.importing.readers import reader_for
from networkcrm.models import User
from networkcrm.owned import uuid7


def test_every_page_measured_answers_and_is_counted(user):
    seeding.seed(user, 20)

    for name, paths in (asked(user) | asked_too(user)).items():
        found = inside(user, paths, visits=1)
        assert found.queries > 0, name
        assert 0 < found.cold[0] <= found.cold[1]
        assert found.statements, name


def test_a_row_has_a_value_for_each_column(user, monkeypatch):
    monkeypatch.setattr(pages, "visit", lambda *_asked: 2000)
    monkeypatch.setattr(pages, "tell", lambda *_told: None)
    monkeypatch.setattr(load, "ask", lambda *_asked: load.Measured(50.0, 2000))
    favours = {"favours": [reverse("favour_list")]}

    with_wire = pages.wired(user, favours, pages.Ports(1, 2, 3), 0.1, 1)
    without = pages.unwired(user, favours, visits=1)

    assert [line.count("|") for line in with_wire] == [pages.HEAD.count("|")] * 3
    assert [line.count("|") for line in without] == [pages.SHORT.count("|")] * 3


def test_what_is_captured_is_timed_and_taken_back(client, user):
    seeding.seed(user, 60)
    before = user.contacts.count()

    for texts in ([writing._new(1, "Acme")], writing._known(user)[:2]):
        queries, sql, p50, p95 = writing.inside(client, texts)

        assert queries > 10
        assert 0 < sql < p50 <= p95
    assert user.contacts.count() == before


def test_ways_are_found_in_a_network_at_random(user):
    networks.connect(user, people=200, edges=600)

    line = networks.measured(user, "at random", 200, 600, pairs=5)

    assert line.startswith("| at random | 200 | 600 |")
    assert line.count("|") == networks.HEAD.count("|")
    assert user.relationships.count() == 600


def test_the_floor_answers_as_long_as_it_is_told(user, settings, client):
    settings.ROOT_URLCONF = "benchmarks.floor"
    settings.MIDDLEWARE = []
    me = user.contacts.get()
    client.post("/sql/page/", ["SELECT 1"], content_type="application/json")

    one_query = client.get(f"/floor/{user.pk}/{me.pk}/5000/")
    its_queries = client.get("/sql/page/4000/")
    client.post(f"/write/{user.pk}/", {"text": "Ana Ruiz"})

    assert len(one_query.content) == 5000
    assert len(its_queries.content) == 4000
    assert user.captures.get().text == "Ana Ruiz"


@pytest.mark.parametrize(
    ("text", "name"),
    [(imports.cards(30), "vcard"), (imports.connections(30), "linkedin")],
)
def test_a_file_to_import_has_so_many_people(tmp_path, text, name):
    path = tmp_path / "file"
    path.write_text(text)

    with path.open("rb") as file:
        reader = reader_for(file, path.stat().st_size)
        people = list(reader.read(file))

    assert reader.name == name
    assert len({person.full_name for person in people}) == 30


def test_others_are_given_the_same_network_and_nothing_is_shared(user):
    seeding.seed(user, 30)
    tables = [model._meta.db_table for model in multiplying.owned_models()]
    before = defined(tables)

    others = multiplying.multiply(user, 2)

    assert User.objects.count() == 3
    assert defined(tables) == before
    for model in multiplying.owned_models():
        rows = model._base_manager.order_by("owner_id").values_list("owner_id", "pk")
        owned = {
            owner: {pk for _, pk in found}
            for owner, found in groupby(rows, lambda row: row[0])
        }
        if owned:
            assert owned.keys() == {user.pk, *(other.pk for other in others)}
            sizes = {len(pks) for pks in owned.values()}
            assert len(sizes) == 1, model
            assert len(set.union(*owned.values())) == 3 * sizes.pop(), model


def test_a_copy_of_somebody_was_brought_by_the_copy_of_who_brought_them(user):
    seeding.seed(user, 30)
    told = "contact__full_name", "introducer__full_name", "event__name"

    (other,) = multiplying.multiply(user, 1)

    assert sorted(other.origins.values_list(*told), key=str) == sorted(
        user.origins.values_list(*told), key=str
    )


def defined(tables):
    """All keys and indexes, what they are of, and whether they hold."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, contype::text, conkey::text,"
            " confrelid::regclass::text, confkey::text, confdeltype::text,"
            " condeferrable, condeferred, convalidated"
            " FROM pg_constraint WHERE conrelid = ANY(%s::regclass[])",
            [tables],
        )
        keys = cursor.fetchall()
        cursor.execute(
            "SELECT indexrelid::regclass::text, indkey::text, indclass::text,"
            " indoption::text, indisunique, indisprimary, indisvalid,"
            " pg_get_expr(indexprs, indrelid), indpred IS NULL"
            " FROM pg_index WHERE indrelid = ANY(%s::regclass[])",
            [tables],
        )
        return sorted(keys), sorted(cursor.fetchall(), key=str)


def test_memory_is_that_of_a_process_and_those_below_it():
    me = psutil.Process()
    child = subprocess.Popen(["sleep", "60"])

    try:
        assert {me.pid, child.pid} <= memory.tree(me.pid)
        assert memory.size({me.pid}) == pytest.approx(
            me.memory_full_info().pss / 1e6, rel=0.1
        )
    finally:
        child.kill()
        child.wait()


def test_a_plan_names_no_id_and_no_long_list(user):
    ids = f"'{uuid7()}', '{uuid7().hex}', 'c', 'd', 'e'"
    text = f"id IN ({ids}) AND owner = '{user.pk.hex}'"

    told = plans.plain(user, text)

    assert told == "id IN ('<id>', '<id>', 'c', …) AND owner = '<owner>'"


def test_percentiles_are_milliseconds():
    assert load.percentiles([0.001] * 40) == (1.0, 1.0)


def test_a_run_replaces_the_tables_of_its_own_kind(tmp_path):
    readme = tmp_path / "README.md"
    readme.write_text(f"Before\n\n{results.BEGIN}\n{results.END}\n\nAfter\n")

    results.put({"Import": "old", "10,000 contacts": "ten"}, readme)
    results.put({"1,000 contacts": "one", "Import": "new"}, readme)

    assert readme.read_text() == (
        f"Before\n\n{results.BEGIN}\n\n### 1,000 contacts\n\none\n\n"
        f"### 10,000 contacts\n\nten\n\n### Import\n\nnew\n\n{results.END}\n\nAfter\n"
    )


def test_readme_has_a_place_for_the_results():
    text = results.README.read_text()

    assert text.count(results.BEGIN) == text.count(results.END) == 1


def test_only_what_is_asked_for_is_measured():
    options = parsed(["--only", "list,capture"])

    assert is_asked("list, its last page", options)
    assert not is_asked("Today", options)
