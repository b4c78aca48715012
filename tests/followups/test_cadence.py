from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from contacts.models import Contact
from followups import cadence, rhythms
from networkcrm.partial_dates import PartialDate
from tests.factories import (
    CircleFactory,
    ContactFactory,
    EventFactory,
    InteractionFactory,
    OriginFactory,
    make_user,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def sunday():
    with time_machine.travel(NOW, tick=False):
        yield


def person(owner, name, every=None, **columns):
    """Somebody; `ago` is days since the last coffee, `added` since they were added."""
    ago, added = columns.pop("ago", None), columns.pop("added", None)
    contact = ContactFactory(owner=owner, full_name=name, cadence_days=every, **columns)
    if added is not None:
        mine = owner.contacts.filter(pk=contact.pk)
        mine.update(created_at=NOW - timedelta(added))
    if ago is not None:
        coffee(contact, TODAY - timedelta(ago))
    contact.refresh_from_db()
    return contact


def coffee(contact, day, **columns):
    return InteractionFactory(
        owner=contact.owner, on=day, with_contacts=[contact], **columns
    )


def names(rows):
    return [row.contact.full_name for row in rows]


def test_overdue_is_measured_in_rhythms(user, stranger):
    person(user, "Yearly", 365, ago=395)
    person(user, "Weekly", 7, ago=14)
    inner = CircleFactory(owner=user, cadence_days=30)
    person(user, "Of the circle", circle=inner, ago=41)
    person(user, "Slower than the circle", 90, circle=inner, ago=41)
    person(user, "In touch", 30, ago=29)
    person(user, "Without a rhythm", ago=1000)
    person(user, "Circle without a rhythm", ago=900,
           circle=CircleFactory(owner=user, cadence_days=None))  # fmt: skip
    person(stranger, "Not mine", 7, ago=70)

    found = cadence.due(user, TODAY, most=10)

    assert [(row.contact.full_name, row.every, row.late) for row in found] == [
        ("Weekly", 7, 7),
        ("Of the circle", 30, 11),
        ("Yearly", 365, 30),
    ]
    assert [row.words for row in found] == [
        "7 days late",
        "11 days late",
        "30 days late",
    ]
    assert found[1].since == date(2026, 10, 12)
    assert [names(cadence.due(user, TODAY, most=n)) for n in (0, 1)] == [[], ["Weekly"]]


def test_who_was_never_contacted_counts_from_the_day_they_were_added(user):
    person(user, "Long here", 7, added=21)
    person(user, "New", 7, added=3)

    found = cadence.due(user, TODAY, most=10)

    assert [(row.contact.full_name, row.never, row.late) for row in found] == [
        ("Long here", True, 14)
    ]


def test_due_today_and_soon(user):
    person(user, "Today", 30, ago=30)
    person(user, "In two days", 30, ago=28)
    person(user, "In a week", 30, ago=23)

    soon = cadence.due(user, TODAY, most=10, soon=2)

    assert names(cadence.due(user, TODAY, most=10)) == ["Today"]
    assert [(row.contact.full_name, row.late) for row in soon] == [
        ("Today", 0),
        ("In two days", -2),
    ]
    assert [row.words for row in soon] == ["due today", "in touch"]


def test_who_is_away_is_not_due(user):
    person(user, "Archived", 7, ago=50).archive()
    person(user, "In the trash", 7, ago=50).trash()
    person(user, "In peace", 7, ago=50, quiet_until=date(2026, 11, 23))
    person(user, "In peace until today", 7, ago=50, quiet_until=TODAY)
    user.contacts.filter(is_me=True).update(cadence_days=1, last_contact_on="2020")

    assert names(cadence.due(user, TODAY, most=10)) == ["In peace until today"]


def test_a_contact_sets_the_clock_back_and_a_mention_does_not(user):
    ana = person(user, "Ana", 30, ago=60)

    coffee(ana, TODAY, kind="mention")
    assert names(cadence.due(user, TODAY, most=10)) == ["Ana"]

    call = coffee(ana, TODAY, kind="call")
    assert cadence.due(user, TODAY, most=10) == []

    call.delete()
    assert names(cadence.due(user, TODAY, most=10)) == ["Ana"]


def test_what_is_planned_does_not_set_the_clock_back(user):
    ana = person(user, "Ana", 30, ago=60)

    coffee(ana, TODAY + timedelta(3))

    assert names(cadence.due(user, TODAY, most=10)) == ["Ana"]


@pytest.mark.parametrize(
    ("last", "since"),
    [
        (PartialDate(2025), date(2025, 12, 31)),
        (PartialDate(2026), TODAY),
        (PartialDate(2026, 2), date(2026, 2, 28)),
        (PartialDate(2024, 2), date(2024, 2, 29)),
        (PartialDate(2025, 12), date(2025, 12, 31)),
        (PartialDate(2026, 11), TODAY),
        (PartialDate(2026, 11, 2), date(2026, 11, 2)),
        # Of a calendar that is a day ahead.
        (PartialDate(2026, 11, 23), TODAY),
        (PartialDate(1), date(1, 12, 31)),
        (PartialDate(9999, 12), TODAY),
    ],
)
def test_a_half_known_day_counts_as_its_latest(user, last, since):
    ana = person(user, "Ana", 1)
    user.contacts.filter(pk=ana.pk).update(last_contact_on=last)
    ana.refresh_from_db()

    (found,) = cadence.due(user, TODAY, most=2, soon=1)

    assert found.since == since
    assert found == cadence.standing(ana, TODAY)


@pytest.mark.parametrize(
    ("zone", "since"),
    [
        ("UTC", date(2026, 11, 15)),
        ("Pacific/Kiritimati", date(2026, 11, 16)),
        ("Pacific/Pago_Pago", date(2026, 11, 15)),
    ],
)
def test_days_are_those_of_the_owner(zone, since, db):
    user = make_user("zoe", time_zone=zone)
    with time_machine.travel(datetime(2026, 11, 15, 23, 30, tzinfo=UTC), tick=False):
        ana = ContactFactory(owner=user, cadence_days=7)

    (found,) = cadence.due(user, TODAY, most=2, soon=7)

    assert found.since == since
    assert found == cadence.standing(user.contacts.get(pk=ana.pk), TODAY)


def test_midnight_makes_somebody_late(user):
    person(user, "Ana", 30, ago=30)

    days = [TODAY + timedelta(n) for n in (-1, 0, 1)]

    assert [[row.words for row in cadence.due(user, day, most=3)] for day in days] == [
        [],
        ["due today"],
        ["1 day late"],
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_one_query_for_those_who_are_due(user, django_assert_num_queries, count):
    circle = CircleFactory(owner=user)
    for n in range(count):
        person(user, f"Ana {n}", circle=circle, ago=60)

    with django_assert_num_queries(1):
        found = cadence.due(user, TODAY, most=10)
        assert (
            len([f"{row.contact.circle} {row.contact.organization}" for row in found])
            == count
        )


def test_keep_in_touch_says_why(user, stranger):
    inner = user.circles.get(name="Inner circle")
    lena = person(user, "Lena Brandt", circle=inner, ago=41)
    brought = [person(user, f"Friend {n}") for n in range(3)]
    for one in brought[:2]:
        OriginFactory(contact=one, introducer=lena)
    OriginFactory(contact=brought[2], introducer=brought[0])
    susan = person(user, "Susan Reyes", ago=430)
    coffee(susan, TODAY - timedelta(500), kind="work")
    person(user, "Just met", 7, ago=13)
    person(stranger, "Not mine", 7, ago=70)

    found = cadence.keep_in_touch(user, TODAY)

    assert [(row.contact.full_name, row.is_dormant, row.why) for row in found] == [
        (
            "Lena Brandt",
            False,
            "Inner circle, every 30 days · last: coffee, 41 days ago"
            " · brought you 3 people",
        ),
        ("Susan Reyes", True, "Dormant 14 months · you worked together"),
    ]


def test_other_reasons_to_keep_in_touch(user):
    person(user, "Never", 7, added=50)
    vague = person(user, "Vague", 30)
    coffee(vague, PartialDate(2026, 5), kind="other")
    event = EventFactory(owner=user, name="Late Mixer", starts_at=NOW)
    coffee(person(user, "Once"), TODAY - timedelta(700), kind="event", event=event)
    often = person(user, "Often")
    for n in range(5):
        coffee(often, TODAY - timedelta(400 + n), kind="email")
    twice = person(user, "Twice", ago=401)
    coffee(twice, TODAY - timedelta(800))

    found = cadence.keep_in_touch(user, TODAY)

    assert {row.contact.full_name: row.why for row in found} == {
        "Never": "Every week · never in touch, added 50 days ago",
        "Vague": "Every 30 days · last: contact, in May 2026",
        "Twice": "Dormant 13 months · you met more than once",
        "Once": "Dormant 23 months · you met at Late Mixer",
        "Often": "Dormant 13 months · you were in touch 5 times",
    }


def test_one_who_was_close_is_among_five(user):
    for n in range(7):
        person(user, f"Late {n}", 30, ago=100 - n)
    person(user, "Asleep", ago=500)

    found = cadence.keep_in_touch(user, TODAY)

    assert names(found) == ["Late 0", "Late 1", "Late 2", "Late 3", "Asleep"]


def test_without_anybody_asleep_there_are_five_who_are_late(user):
    for n in range(7):
        person(user, f"Late {n}", 30, ago=100 - n)

    assert len(cadence.keep_in_touch(user, TODAY)) == 5
    assert len(cadence.keep_in_touch(user, TODAY, most=2)) == 2


def test_the_one_asleep_is_another_than_those_who_are_late(user):
    person(user, "Late and asleep", 30, ago=500)

    found = cadence.keep_in_touch(user, TODAY)

    assert names(found) == ["Late and asleep"]


@pytest.mark.parametrize(
    ("columns", "is_there"),
    [
        ({"ago": 364}, False),
        ({"ago": 365}, True),
        # With a rhythm: three times as long, and half a year at least.
        ({"ago": 400, "every": 365}, False),
        ({"ago": 1095, "every": 365}, True),
        ({"ago": 182, "every": 60}, False),
        ({"ago": 183, "every": 60}, True),
        ({"ago": 400, "quiet_until": date(2026, 12, 1)}, False),
    ],
)
def test_who_is_asleep(user, columns, is_there):
    ana = person(user, "Ana", **columns)

    assert cadence.dormant(user, TODAY, most=5) == ([ana] if is_there else [])


def test_who_was_only_read_about_was_never_close(user):
    for n in range(9):
        coffee(person(user, "Ana"), TODAY - timedelta(400 + n), kind="mention")

    assert cadence.dormant(user, TODAY, most=5) == []


def test_nothing_to_say_to_an_empty_account(user, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert cadence.keep_in_touch(user, TODAY) == []


@pytest.mark.parametrize("count", [1, 3])
def test_three_queries_for_today(user, django_assert_num_queries, count):
    for n in range(count):
        person(user, f"Late {n}", 30, ago=60)
        person(user, f"Asleep {n}", ago=600)

    with django_assert_num_queries(3):
        cadence.keep_in_touch(user, TODAY)


def test_the_database_and_the_page_agree(user):
    """Of one contact the page asks no query, and says the same."""
    for ago in (0, 29, 30, 31, 400):
        person(user, f"Ago {ago}", 30, ago=ago)
        person(user, f"Added {ago}", 30, added=ago)

    people = rhythms.with_rhythm(
        Contact.objects.of(user.pk).others().select_related("circle"), user, TODAY
    )

    assert [cadence.standing(one, TODAY) for one in people] == [
        cadence.Due.of(one) for one in people
    ]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (1, "1 day"),
        (60, "60 days"),
        (61, "2 months"),
        (430, "14 months"),
        (729, "23 months"),
        (730, "2 years"),
    ],
)
def test_spans(days, words):
    assert rhythms.span(days) == words
