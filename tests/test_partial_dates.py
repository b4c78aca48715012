"""What people type as a date, and that nothing else is one."""

from datetime import date

import pytest
import time_machine
from django.db import IntegrityError, connection
from django.urls import reverse

from networkcrm.partial_dates import PartialDate, parse
from tests.factories import ContactFactory, InteractionFactory

SUNDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    "typed",
    ["0000", "0000-05-03", "3 May 0000", "2026-00", "0 May 2026", "29 Feb 2026"],
)
def test_there_is_no_such_date(typed):
    with pytest.raises(ValueError, match=r"no such date|not a date"):
        parse(typed)


@pytest.mark.django_db(transaction=True)
def test_postgres_refuses_the_year_0(user):
    contact = ContactFactory(owner=user)

    for table, column, pk in (
        ("contacts_contact", "birthday", contact.pk),
        ("connections_interaction", '"on"', InteractionFactory(owner=user).pk),
    ):
        with pytest.raises(IntegrityError), connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET {column} = '0000-05-03' WHERE id = %s", [pk]
            )


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("today", 22),
        ("Yesterday", 21),
        ("tomorrow", 23),
        ("sunday", 22),
        ("last Sunday", 15),
        ("Monday", 16),
        ("last monday", 16),
        ("fri", 20),
        ("last friday", 20),
    ],
)
def test_days_are_counted_from_today(typed, day):
    assert parse(typed, today=SUNDAY) == PartialDate(2026, 11, day)


@pytest.mark.parametrize("typed", ["yesterday", "monday"])
def test_without_a_today_nothing_is_counted(typed):
    with pytest.raises(ValueError, match="not a date we understand"):
        parse(typed)


@pytest.mark.parametrize(
    ("moment", "on"),
    [
        ("2026-11-22T10:59:00Z", PartialDate(2026, 11, 21)),  # 23:59 in Auckland
        ("2026-11-22T11:01:00Z", PartialDate(2026, 11, 22)),
    ],
)
def test_yesterday_is_the_owners(client, user, moment, on):
    user.time_zone = "Pacific/Auckland"
    user.save()
    maya = ContactFactory(owner=user)
    said = {"contact": maya.pk, "kind": "coffee", "on": "yesterday"}

    with time_machine.travel(moment):
        client.force_login(user)
        client.post(reverse("interaction_create"), said)

    assert user.interactions.get().on == on


def test_what_is_no_date_has_one_hint(client, user):
    maya = ContactFactory(owner=user)
    said = {"contact": maya.pk, "kind": "coffee", "on": "3/4/2026"}

    response = client.post(reverse("interaction_create"), said)

    field = response.context["form"]["on"]
    assert field.errors == [
        "Is that day first or month first? Write the month as a word."
    ]
    assert field.help_text == (
        "For example yesterday, Monday, 3 May 2019, May 2019 or 2019."
    )
    assert response.text.count("For example") == 1
