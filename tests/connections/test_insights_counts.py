"""What the insights count, in networks small enough to count by hand."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from random import Random
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connections import chains, credit, seeding
from connections.insights.groups import origins_of
from connections.insights.steps import funnel_of
from connections.insights.tables import Insights
from contacts.forms import ContactFilterForm
from contacts.models import Stage
from contacts.purging import purge
from networkcrm.partial_dates import PartialDate
from networkcrm.periods import months_before, period
from tests.factories import (
    CircleFactory,
    ContactFactory,
    EventFactory,
    InteractionFactory,
    OriginFactory,
    OutcomeFactory,
)

TODAY = date(2026, 11, 22)
ALL = period("", TODAY)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-11-22T12:00:00Z", tick=False):
        yield


def brought(owner, name, by=None, on=None, **extra):
    """A contact who came through `by`."""
    contact = ContactFactory(owner=owner, full_name=name)
    if by:
        extra = {"how": "introduction"} | extra
    OriginFactory(contact=contact, introducer=by, on=on and of(on), **extra)
    return contact


def of(text):
    return PartialDate.from_iso(text)


def happened(contact, kind, on):
    InteractionFactory(
        owner=contact.owner, kind=kind, on=of(on), with_contacts=[contact]
    )


def came_of_it(owner, *people, worth="", **extra):
    value, _, currency = worth.partition(" ")
    return OutcomeFactory(
        owner=owner,
        value=Decimal(value) if value else None,
        currency=currency,
        with_contacts=people,
        **extra,
    )


def counted(user, when=""):
    """{name: (people, directly, kept, outcomes, worth)} of the connectors."""
    found = origins_of(user.pk, period(when, TODAY), TODAY).people
    names = {str(c.pk): c.full_name for c in user.contacts.filter(pk__in=list(found))}
    return {
        names[key]: (g.people, g.direct, g.kept, g.outcomes, dict(g.sums))
        for key, g in found.items()
    }


@pytest.fixture
def chain(user):
    """You → Ana → Lena → Maya and Tom."""
    ana = brought(user, "Ana Ruiz")
    lena = brought(user, "Lena Brandt", ana)
    maya = brought(user, "Maya Lindqvist", lena)
    tom = brought(user, "Tom Okafor", lena)
    return SimpleNamespace(ana=ana, lena=lena, maya=maya, tom=tom)


def test_credit_goes_up_the_whole_chain(user, chain):
    came_of_it(user, chain.maya, worth="100 EUR")

    assert counted(user) == {
        "Ana Ruiz": (3, 1, 0, 1, {"EUR": 100}),
        "Lena Brandt": (2, 2, 0, 1, {"EUR": 100}),
    }


def test_two_with_one_ancestor_bring_credit_once(user, chain):
    came_of_it(user, chain.maya, chain.tom, worth="100 EUR")
    came_of_it(user, chain.tom, chain.lena, worth="50 USD")
    came_of_it(user, chain.ana, worth="7 EUR")

    assert counted(user)["Lena Brandt"][3:] == (2, {"EUR": 100, "USD": 50})
    assert counted(user)["Ana Ruiz"][3:] == (2, {"EUR": 100, "USD": 50})


def test_nobody_in_the_trash_is_counted_nor_breaks_the_chain(user, chain):
    came_of_it(user, chain.maya)
    came_of_it(user, chain.tom)
    chain.lena.trash()
    chain.tom.trash()

    assert counted(user) == {"Ana Ruiz": (1, 0, 0, 1, {})}


def test_whom_i_found_and_who_came_through_the_deleted(user, chain):
    purge(user, [chain.lena.pk])

    origins = origins_of(user.pk, ALL, TODAY)

    assert {key: g.people for key, g in origins.through.items()} == {
        "nobody": 1,
        "gone": 2,
    }
    assert origins.people == {}


def test_the_way_of_everybody_in_the_chain_gets_credit(user):
    mixer = EventFactory(owner=user, name="Mixer")
    ana = brought(user, "Ana Ruiz", how="event", event=mixer)
    lena = brought(user, "Lena Brandt", ana, platform="mastodon")
    came_of_it(user, lena, worth="10 EUR")
    came_of_it(user, event=mixer)

    origins = origins_of(user.pk, ALL, TODAY)

    outcomes = {
        key: group.outcomes
        for groups in (origins.hows, origins.platforms, origins.events)
        for key, group in groups.items()
    }
    assert outcomes == {
        "event": 1,
        "introduction": 1,
        "mastodon": 1,
        str(mixer.pk): 2,
    }
    assert origins.outcomes.outcomes == 2


@pytest.mark.parametrize(
    ("last", "cadence", "circle", "is_kept"),
    [
        ("2025-11-22", None, None, True),
        ("2025-11-21", None, None, False),
        ("2025-11-21", 30, None, False),
        ("2025-11-21", 400, None, True),
        ("2025-10-18", 400, None, True),
        ("2025-10-17", 400, None, False),
        ("2025-10-18", None, 400, True),
        ("2025-10-18", 30, 400, False),
        ("2026", None, None, True),
        ("2025", None, None, False),
        (None, 400, None, False),
    ],
)
def test_kept_is_a_year_or_their_rhythm(user, last, cadence, circle, is_kept):
    ana = brought(user, "Ana Ruiz")
    lena = brought(user, "Lena Brandt", ana)
    lena.cadence_days = cadence
    if circle:
        lena.circle = CircleFactory(owner=user, cadence_days=circle)
    lena.save()
    if last:
        happened(lena, "message", last)
    happened(lena, "mention", "2026-11-20")

    kept = ContactFilterForm({"kept": "yes"}, owner=user)

    assert counted(user)["Ana Ruiz"][2] == is_kept
    assert kept.filter(user.contacts.all()).count() == is_kept


def took(user, stage):
    steps = funnel_of(user.pk, ALL).steps
    found = next(step for step in steps if step.stage == stage)
    return found.counted, found.median


@pytest.mark.parametrize(
    ("days", "median", "words"),
    [
        ([], None, ""),
        ([0], 0, "the same day"),
        ([1], 1, "1 day"),
        ([3, 10], 6.5, "6.5 days"),
        ([3, 10, 4], 4, "4 days"),
    ],
)
def test_median_of_odd_and_even_numbers(user, days, median, words):
    for number in days:
        ana = ContactFactory(owner=user)
        happened(ana, "message", "2026-01-01")
        happened(ana, "call", str(date(2026, 1, 1 + number)))

    spoke = funnel_of(user.pk, ALL).steps[2]

    assert (spoke.counted, spoke.median, spoke.days) == (len(days), median, words)


@pytest.mark.parametrize(
    ("wrote", "spoke"),
    [
        ("2026-01", "2026-02-01"),
        ("2026-01-01", "2026-02"),
        ("2026-02-01", "2026-01-01"),
        ("2026", "2026-02-01"),
    ],
)
def test_vague_days_and_steps_the_other_way_round_have_no_days(user, wrote, spoke):
    ana = ContactFactory(owner=user)
    happened(ana, "message", wrote)
    happened(ana, "call", spoke)

    assert took(user, Stage.SPOKE) == (0, None)


def test_who_reached_a_step_and_who_stands_there(user):
    ContactFactory(owner=user)
    happened(ContactFactory(owner=user), "message", "2026-01-01")
    happened(ContactFactory(owner=user), "coffee", "2026-01-01")
    ContactFactory(owner=user).trash()

    funnel = funnel_of(user.pk, ALL)

    assert (funnel.people, funnel.nothing_yet) == (3, 1)
    assert [(s.reached, s.stand) for s in funnel.steps] == [
        (2, 0), (2, 1), (1, 0), (1, 1), (0, 0), (0, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wrote", "is_stuck"),
    [
        ("2026-05-21", True),
        ("2026-05-22", False),
        ("2026-05", False),
        ("2026-04", True),
        ("2026", False),
        ("2025", True),
    ],
)
def test_stuck_is_surely_over_six_months(user, wrote, is_stuck):
    ana = ContactFactory(owner=user)
    happened(ana, "message", wrote)
    happened(ana, "message", "2026-11-20")

    assert Insights(user, "", "people").stuck.count == is_stuck


def test_who_has_spoken_or_lies_in_the_archive_is_not_stuck(user):
    spoken, archived = ContactFactory.create_batch(2, owner=user)
    for contact in (spoken, archived):
        happened(contact, "message", "2024-05-21")
    happened(spoken, "call", "2024-06-21")
    archived.archive()

    assert Insights(user, "", "people").stuck.count == 0


@pytest.mark.parametrize(
    ("now", "zone", "is_stuck"),
    [
        ("2026-11-21T10:59:00Z", "Pacific/Auckland", False),
        ("2026-11-21T11:01:00Z", "Pacific/Auckland", True),
        ("2026-11-22T04:59:00Z", "America/New_York", False),
        ("2026-11-22T05:01:00Z", "America/New_York", True),
    ],
)
def test_days_end_where_the_owner_is(client, user, now, zone, is_stuck):
    user.time_zone = zone
    user.save()
    happened(ContactFactory(owner=user), "message", "2026-05-21")

    with time_machine.travel(now), timezone.override(ZoneInfo("UTC")):
        assert Insights(user, "", "people").stuck.count == is_stuck


@pytest.mark.parametrize(
    ("on", "whens"),
    [
        ("2026-11-22", ["this-year", "12-months"]),
        ("2026", ["this-year", "12-months"]),
        ("2025-12", ["last-year", "12-months"]),
        ("2025-11-23", ["last-year", "12-months"]),
        ("2025-11-22", ["last-year"]),
        ("2025-11", ["last-year"]),
        ("2025", ["last-year"]),
        ("2024-12-31", []),
        ("--05-03", []),
        (None, []),
    ],
)
def test_people_count_by_when_they_came(user, on, whens):
    ana = brought(user, "Ana Ruiz", on="2019")
    brought(user, "Lena Brandt", ana, on=on)

    found = [
        when
        for when in ("this-year", "last-year", "12-months")
        if counted(user, when).get("Ana Ruiz", [0])[0]
    ]

    assert found == whens
    assert counted(user)["Ana Ruiz"][0] == 1


def test_outcomes_count_by_when_they_came_about(user):
    ana = brought(user, "Ana Ruiz", on="2019")
    lena = brought(user, "Lena Brandt", ana, on="2020")
    came_of_it(user, lena, on=of("2025-03"))

    assert counted(user, "last-year") == {"Ana Ruiz": (0, 0, 0, 1, {})}
    assert counted(user, "this-year") == {}


def test_a_month_ago_ends_with_the_month():
    assert months_before(date(2026, 8, 31), 6) == date(2026, 2, 28)
    assert months_before(date(2024, 8, 31), 6) == date(2024, 2, 29)
    assert months_before(date(2026, 12, 31), 1) == date(2026, 11, 30)
    assert months_before(date(2026, 1, 15), 12) == date(2025, 1, 15)
    assert months_before(date(2026, 1, 15), 1) == date(2025, 12, 15)


def test_equals_stand_in_the_order_of_their_names(user):
    for name in ("Öykü", "Zoë", "ana", "Ben"):
        brought(user, f"Through {name}", brought(user, name))

    rows = Insights(user, "", "people").connectors.rows

    assert [row.label for row in rows] == ["ana", "Ben", "Öykü", "Zoë"]


def test_who_stands_first_is_chosen(user):
    many, few = brought(user, "Many"), brought(user, "Few")
    for name in ("A", "B"):
        brought(user, name, many)
    came_of_it(user, brought(user, "C", few))

    first = [
        Insights(user, "", order).connectors.rows[0].label
        for order in ("people", "outcomes")
    ]

    assert first == ["Many", "Few"]


def test_agrees_with_the_pages_of_the_contacts(user):
    seeding.seed(user, 150, 5, TODAY)

    origins = origins_of(user.pk, ALL, TODAY)

    credited = {str(pk): n for pk, n in credit.credited(user.pk).items()}
    at_events = {str(pk): n for pk, n in credit.credited_events(user.pk).items()}
    assert {k: g.outcomes for k, g in origins.people.items() if g.outcomes} == credited
    assert {k: g.outcomes for k, g in origins.events.items() if g.outcomes} == at_events
    for key, group in origins.people.items():
        descent = chains.brought_by(user.pk, key, most=0)
        assert (descent.direct, descent.further) == (group.direct, group.further)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 10_000))
def test_agrees_with_counting_one_by_one(user, seed):
    rng = Random(seed)
    with transaction.atomic():
        above, kept, gone, people = {}, set(), set(), []
        for number in range(rng.randint(1, 14)):
            by = rng.choice([None, *people])
            contact = brought(user, f"Person {number}", by)
            above[contact] = by
            people.append(contact)
            if rng.random() < 0.4:
                happened(contact, "call", rng.choice(["2026-10-01", "2024-10-01"]))
        for contact in people:
            if rng.random() < 0.2:
                contact.trash()
                gone.add(contact)
            contact.refresh_from_db()
            if str(contact.last_contact_on or "") > "2026":
                kept.add(contact)
        shared = []
        for _turn in range(rng.randint(0, 5)):
            those = rng.sample(people, rng.randint(1, min(3, len(people))))
            came_of_it(user, *those, worth="5 EUR")
            shared.append([one for one in those if one not in gone])

        expected = defaultdict(lambda: [0, 0, 0, 0])
        for contact in people:
            for steps, each in enumerate(_chain(contact, above)):
                if contact not in gone:
                    expected[each][0] += 1
                    expected[each][1] += steps == 0
                    expected[each][2] += contact in kept
        for those in shared:
            for each in {a for one in those for a in _chain(one, above)}:
                expected[each][3] += 1

        assert counted(user) == {
            each.full_name: (*n, {"EUR": 5 * n[3]} if n[3] else {})
            for each, n in expected.items()
            if each not in gone
        }
        transaction.set_rollback(True)


def _chain(contact, above):
    while contact := above[contact]:
        yield contact
