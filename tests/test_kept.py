"""What takes long to count is kept, says as of when it is, and is counted anew."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from contacts.purging import purge
from networkcrm import kept, revisions
from tests.factories import ContactFactory

counted: list[str] = []


def count(owner, *said):
    counted.append(":".join(said))
    return {"people": owner.contacts.others().count()}


@pytest.fixture(autouse=True)
def quiet():
    counted.clear()


@pytest.fixture
def large(monkeypatch):
    monkeypatch.setattr(kept, "LIVE", 0)


def write(owner):
    """The number that a commit moves: a test never commits."""
    ContactFactory(owner=owner)
    revisions.move([owner.pk], connection)


def test_a_small_network_is_counted_whenever_it_is_looked_at(user):
    for _look in range(2):
        assert kept.Answers(user).of(count) == kept.Answer({"people": 0})

    assert counted == ["", ""]


def test_a_large_one_is_counted_once_for_each_thing_said(user, large):
    for said in ("a", "b", "a", "b"):
        assert kept.Answers(user).of(count, said).at is None

    assert counted == ["a", "b"]


def test_of_another_owner_it_is_another_answer(user, stranger, large):
    ContactFactory(owner=stranger)
    assert kept.Answers(user).of(count).value == {"people": 0}

    assert kept.Answers(stranger).of(count).value == {"people": 1}


def test_after_a_change_it_says_as_of_when_it_is_until_the_job_is_done(
    user, large, run_tasks
):
    with time_machine.travel("2026-11-22T10:00Z", tick=False):
        kept.Answers(user).of(count)
        write(user)
    with time_machine.travel("2026-11-22T10:05Z", tick=False):
        for _look in range(2):
            answer = kept.Answers(user).of(count)
            assert (answer.value, answer.at.hour) == ({"people": 0}, 10)
        assert counted == [""]
        assert run_tasks() == 1

        assert kept.Answers(user).of(count) == kept.Answer({"people": 1})


def test_who_is_deleted_for_ever_stands_in_no_old_answer(user, stranger, large):
    ana = ContactFactory(owner=user)
    for owner in (user, stranger):
        kept.Answers(owner).of(count, "a")
        write(owner)

    purge(user, [ana.pk])

    assert kept.Answers(user).of(count, "a") == kept.Answer({"people": 1})
    assert kept.Answers(stranger).of(count, "a").at


def test_where_no_worker_counts_it_the_page_does(user, large):
    kept.Answers(user).of(count)
    write(user)
    assert kept.Answers(user).of(count).at

    with time_machine.travel(timezone.now() + kept.PATIENCE + timedelta(seconds=1)):
        assert kept.Answers(user).of(count) == kept.Answer({"people": 1})


def test_another_day_is_another_answer(user, large):
    with time_machine.travel("2026-11-22T12:00Z", tick=False):
        kept.Answers(user).of(count)
    with time_machine.travel("2026-11-23T12:00Z", tick=False):
        assert kept.Answers(user).of(count).at


def test_what_another_version_counted_is_counted_anew(user, large, monkeypatch):
    kept.Answers(user).of(count, "a")

    monkeypatch.setattr(kept, "_version", lambda: "after an upgrade")

    assert kept.Answers(user).of(count, "a").at is None
    assert counted == ["a", "a"]


def test_what_is_said_may_be_long(user, large):
    for _look in range(2):
        kept.Answers(user).of(count, "x" * 400)

    assert len(counted) == 1


def test_of_what_there_is_not_nothing_is_kept(client, user, large, run_tasks):
    asked = {"by": "series", "of": "no\0 series", "what": "people"}
    for _look in range(2):
        address = reverse("insights_event_list", query=asked)
        assert client.get(address).status_code == 404
        write(user)

    assert run_tasks() == 0


def test_an_account_that_is_gone_is_not_counted(user, large, run_tasks):
    kept.Answers(user).of(count)
    write(user)
    kept.Answers(user).of(count)
    user.delete()

    assert run_tasks() == 1
    assert counted == [""]


@pytest.mark.parametrize("name", ["insights", "insights_events"])
@override_settings(PAGE_CACHE=True)
def test_the_page_says_so_and_asks_again(client, user, large, name, run_tasks):
    note = "and being counted anew"
    first = client.get(reverse(name))
    write(user)
    old = client.get(reverse(name))
    run_tasks()
    new = client.get(reverse(name))

    assert [note in r.text for r in (first, old, new)] == [False, True, False]
    assert old["Cache-Control"] == "no-store"
    assert "Cache-Control" not in new
