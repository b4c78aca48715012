"""How far a relation has come, and since when."""

from importlib import import_module
from random import Random
from types import SimpleNamespace

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.urls import reverse

from connections import stages
from contacts.models import Stage
from networkcrm.partial_dates import PartialDate, parse
from tests.factories import (
    ContactFactory,
    EventFactory,
    InteractionFactory,
    OriginFactory,
)


@pytest.fixture
def maya(user):
    return ContactFactory(owner=user, full_name="Maya Lindqvist")


def happened(contact, kind, on, **extra):
    return InteractionFactory(
        owner=contact.owner,
        kind=kind,
        on=parse(on) if on else None,
        with_contacts=[contact],
        **extra,
    )


def derived(contact):
    contact.refresh_from_db()
    last = contact.last_contact_on
    return Stage(contact.stage), str(last) if last else None


@pytest.mark.parametrize(
    ("kind", "stage", "last"),
    [
        ("mention", Stage.NOTICED, None),
        ("message", Stage.WROTE, "2026-10-16"),
        ("email", Stage.WROTE, "2026-10-16"),
        ("letter", Stage.WROTE, "2026-10-16"),
        ("call", Stage.SPOKE, "2026-10-16"),
        ("video_call", Stage.SPOKE, "2026-10-16"),
        ("coffee", Stage.MET, "2026-10-16"),
        ("event", Stage.MET, "2026-10-16"),
        ("work", Stage.WORKED_TOGETHER, "2026-10-16"),
        ("other", Stage.NOTICED, "2026-10-16"),
    ],
)
def test_each_kind_is_a_step(maya, kind, stage, last):
    happened(maya, kind, "16 Oct 2026")

    assert derived(maya) == (stage, last)


def test_how_often_there_was_contact(maya):
    for kind, on in (
        ("coffee", "16 Oct 2026"),
        ("call", ""),
        ("mention", "17 Oct 2026"),
        ("meal", "1 Jan 2999"),
    ):
        planned_or_past = happened(maya, kind, on)
    maya.refresh_from_db()
    assert maya.times_in_touch == 2

    planned_or_past.set_people(set())
    maya.interactions.get(kind="coffee").delete()

    maya.refresh_from_db()
    assert maya.times_in_touch == 1


def test_nothing_happened_yet(maya):
    assert derived(maya) == (Stage.NONE, None)


def test_an_online_coffee_is_talk(maya):
    happened(maya, "coffee", "16 Oct 2026", in_person=False)

    assert derived(maya) == (Stage.SPOKE, "2026-10-16")


def test_being_named_on_a_stage_is_not_meeting(maya):
    happened(maya, "mention", "16 Oct 2026", in_person=True)

    assert derived(maya) == (Stage.NOTICED, None)


@pytest.mark.parametrize(
    ("how", "in_person", "stage", "last"),
    [
        ("online", None, Stage.NOTICED, None),
        ("school", None, Stage.MET, "2026-05"),
        ("introduction", True, Stage.MET, "2026-05"),
        ("introduction", None, Stage.NOTICED, None),
        ("work", None, Stage.WORKED_TOGETHER, "2026-05"),
    ],
)
def test_how_you_met_is_a_step(maya, how, in_person, stage, last):
    OriginFactory(contact=maya, how=how, in_person=in_person, on=parse("May 2026"))

    assert derived(maya) == (stage, last)


@pytest.mark.parametrize(
    ("first", "second", "stage"),
    [
        ("2 Nov 2026", "9 Nov 2026", Stage.MET_AGAIN),
        ("2 Nov 2026", "2 Nov 2026", Stage.MET),
        ("Nov 2026", "9 Nov 2026", Stage.MET),
        ("Oct 2026", "9 Nov 2026", Stage.MET_AGAIN),
        ("2026", "9 Nov 2026", Stage.MET),
        ("2025", "2026", Stage.MET_AGAIN),
        (None, "9 Nov 2026", Stage.MET),
    ],
)
def test_met_again_is_surely_another_day(maya, first, second, stage):
    happened(maya, "coffee", first)
    happened(maya, "meal", second)

    assert derived(maya)[0] == stage
    assert bool(stages.track(maya, None)[4].tone) == (stage == Stage.MET_AGAIN)


def test_met_again_sees_past_a_vague_date(maya):
    for on in ("2026", "2 Nov 2026", "9 Nov 2026"):
        happened(maya, "coffee", on)

    assert derived(maya) == (Stage.MET_AGAIN, "2026-11-09")
    assert stages.track(maya, None)[4].on == PartialDate(2026, 11, 9)


def test_meeting_after_meeting_at_school_is_again(maya):
    OriginFactory(contact=maya, how="school", on=parse("2003"))
    happened(maya, "coffee", "2 Nov 2026")

    assert derived(maya) == (Stage.MET_AGAIN, "2026-11-02")


def test_a_day_without_a_year_is_no_last_contact(maya):
    OriginFactory(contact=maya, how="school", on=PartialDate(None, 11, 2))

    assert derived(maya) == (Stage.MET, None)


def test_tomorrow_does_not_count_until_it_comes(user):
    user.time_zone = "Pacific/Auckland"
    user.save()
    maya = ContactFactory(owner=user)

    with time_machine.travel("2026-11-22T10:59:00Z"):  # 23:59 in Auckland
        happened(maya, "coffee", "23 Nov 2026")
    assert derived(maya) == (Stage.NONE, None)

    with time_machine.travel("2026-11-22T11:01:00Z"):
        stages.refresh_what_came_to_pass()
    assert derived(maya) == (Stage.MET, "2026-11-23")


@pytest.mark.parametrize("on", ["18 Nov 2026", "21 Nov 2026", "Nov 2026"])
def test_what_came_while_nothing_ran_is_counted(user, on):
    maya, noor = ContactFactory.create_batch(2, owner=user)
    with time_machine.travel("2026-10-30T12:00:00Z"):
        happened(maya, "coffee", "29 Oct 2026")
        happened(maya, "meal", on)
        OriginFactory(contact=noor, how="school", on=parse(on))
    before = derived(maya), derived(noor)

    with time_machine.travel("2026-11-22T12:00:00Z"):
        stages.refresh_what_came_to_pass()

    on = str(parse(on))
    assert before == ((Stage.MET, "2026-10-29"), (Stage.NONE, None))
    assert (derived(maya), derived(noor)) == ((Stage.MET_AGAIN, on), (Stage.MET, on))


def test_what_is_counted_is_not_counted_every_hour(user, monkeypatch):
    contacts = ContactFactory.create_batch(6, owner=user)
    refreshed = []
    with time_machine.travel("2026-11-22T12:00:00Z"):
        for contact, kind in zip(contacts, ["mention", "coffee", "work"], strict=False):
            happened(contact, kind, "2026")
        for contact, how in zip(
            contacts[3:], ["online", "work", "school"], strict=True
        ):
            OriginFactory(contact=contact, how=how, on=parse("2026"))
        monkeypatch.setattr(stages, "refresh", lambda *said: refreshed.append(said))

        stages.refresh_what_came_to_pass()

    assert refreshed == []


def test_taking_back_goes_back_a_step(maya):
    happened(maya, "message", "16 Oct 2026")
    coffee = happened(maya, "coffee", "2 Nov 2026")

    coffee.delete()

    assert derived(maya) == (Stage.WROTE, "2026-10-16")


def test_only_mine_are_touched(maya, stranger):
    theirs = ContactFactory(owner=stranger)
    happened(theirs, "coffee", "2 Nov 2026")

    stages.refresh(maya.owner_id, {maya.pk, theirs.pk})

    assert derived(theirs) == (Stage.MET, "2026-11-02")


@pytest.mark.parametrize("count", [1, 3])
def test_refreshing_costs_two_statements(user, count, django_assert_num_queries):
    contacts = ContactFactory.create_batch(count, owner=user)

    with django_assert_num_queries(2):
        stages.refresh(user.pk, {contact.pk for contact in contacts})


def test_the_track_as_in_the_picture(maya, django_assert_num_queries):
    origin = OriginFactory(contact=maya, how="online", on=parse("15 Oct 2026"))
    event = EventFactory(owner=maya.owner, name="Social Entrepreneurship class")
    happened(maya, "message", "16 Oct 2026")
    happened(maya, "coffee", "2 Nov 2026", event=event)

    with django_assert_num_queries(1):
        track = stages.track(maya, origin)

    assert [(step.stage.label, step.words, step.tone) for step in track] == [
        ("noticed", "15 Oct 2026", "online"),
        ("wrote", "16 Oct", "online"),
        ("spoke", "", ""),
        ("met", "2 Nov, Social Entrepreneurship class", "person"),
        ("met again", "", ""),
        ("worked together", "", ""),
    ]


def test_the_track_says_the_year_where_it_changes(maya):
    happened(maya, "message", "16 Oct 2025")
    happened(maya, "call", "3 Jan 2026")

    track = stages.track(maya, None)

    assert [step.words for step in track[1:3]] == ["16 Oct 2025", "3 Jan 2026"]


DATES = ["2024", "2024-05", "2024-05-03", "2024-06", "2024-06-01", "2025-01-31", None]


@pytest.mark.parametrize("seed", range(12))
def test_the_first_dates_are_those_of_the_track(user, seed):
    rng = Random(seed)
    maya = ContactFactory(owner=user)
    origin = None
    if rng.random() < 0.7:
        how = rng.choice(["online", "work", "event", "school"])
        on = rng.choice([*DATES, "--05-03"])
        origin = OriginFactory(
            contact=maya, how=how, on=PartialDate.from_iso(on) if on else None
        )
    for _turn in range(rng.randint(0, 12)):
        kinds = ["mention", "message", "call", "coffee", "meal", "work", "other"]
        in_person = rng.choice([None, None, True, False])
        happened(maya, rng.choice(kinds), rng.choice(DATES), in_person=in_person)

    maya.refresh_from_db()

    track = [step.on and str(step.on) for step in stages.track(maya, origin)]
    first = [None if on and on.startswith("--") else on for on in track]
    assert maya.reached_on == (first if maya.stage else [])


def test_those_of_before_got_their_dates_by_a_migration(user, stranger):
    maya, tom = ContactFactory(owner=user), ContactFactory(owner=stranger)
    for contact in (maya, tom):
        happened(contact, "email", "3 Mar 2024")
        happened(contact, "coffee", "5 May 2024")
        type(contact).objects.filter(pk=contact.pk).update(reached_on=[])
    migration = import_module("connections.migrations.0005_first_dates_of_steps")

    migration.write_down(apps, SimpleNamespace(connection=connection))

    for contact in (maya, tom):
        assert derived(contact) == (Stage.MET, "2024-05-05")
        dates = [None, "2024-03-03", None, "2024-05-05", None, None]
        assert contact.reached_on == dates


def test_who_skipped_a_step_can_be_edited(client, user):
    maya = ContactFactory(owner=user, full_name="Maya")
    InteractionFactory(owner=user, with_contacts=[maya])

    edit = reverse("contact_edit", args=[maya.pk])
    response = client.post(edit, {"full_name": "Maya Lindqvist"})

    assert response.url == maya.get_absolute_url()
