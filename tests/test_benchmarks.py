"""The harness runs; how fast anything is, no test says."""

from pathlib import Path

import pytest

from benchmarks import __main__ as benchmarks
from benchmarks import networks
from benchmarks.asked import asked
from benchmarks.load import percentiles
from benchmarks.writing import captures


def test_every_page_measured_answers_and_is_counted(user):
    from connections import seeding

    seeding.seed(user, 20)

    for name, paths in asked(user).items():
        queries, _sql, p50, p95 = benchmarks.inside(user, paths, visits=2)
        assert queries > 0, name
        assert 0 < p50 <= p95


def test_what_is_captured_is_timed_and_taken_back(client, user):
    from connections import seeding

    seeding.seed(user, 20)
    before = user.contacts.count()

    table = captures(user, client)

    assert [line.split(" | ")[0] for line in table[2:]] == [
        "| somebody new",
        "| somebody known, through somebody",
    ]
    assert user.contacts.count() == before


@pytest.mark.django_db(transaction=True)
def test_ways_are_found_in_a_network_at_random(user):
    line = networks.measured(user, people=200, edges=600, pairs=5)

    assert line.startswith("| 200 | 600 |")
    assert user.relationships.count() == 600


def test_the_floor_answers_as_long_as_it_is_told(user, settings, client):
    settings.ROOT_URLCONF = "benchmarks.floor"
    settings.MIDDLEWARE = []
    me = user.contacts.get()

    response = client.get(f"/floor/{user.pk}/{me.pk}/5000/")

    assert len(response.content) == 5000


def test_percentiles_are_milliseconds():
    assert percentiles([0.001] * 40) == (1.0, 1.0)


def test_readme_has_a_place_for_the_results():
    assert Path(benchmarks.README).read_text().count(benchmarks.MARK) == 1
