"""What events are worth: counted by hand, and every number leads to its list."""

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from networkcrm.partial_dates import PartialDate
from tests.factories import (
    AttendanceFactory,
    ContactFactory,
    EventFactory,
    InteractionFactory,
    OriginFactory,
    OutcomeFactory,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def mixer(owner, month, **more):
    starts_at = datetime(2026, month, 10, 18, tzinfo=UTC)
    said = {"name": f"Mixer {month}", "series": "Mixer", "starts_at": starts_at}
    return EventFactory(owner=owner, **said | more)


def saw(contact, month, day, **more):
    on = PartialDate(2026, month, day)
    InteractionFactory(owner=contact.owner, on=on, with_contacts=[contact], **more)


def table(client, by):
    found = client.get(reverse("insights_events"), {"by": by}).context["insights"].table
    return {row.label: [cell.text for cell in row.cells] for row in found.rows}


@pytest.fixture
def evenings(user, stranger):
    """Three evenings, two of a series; four people, one of them met twice."""
    spring = mixer(user, 3, hours=4, cost=10, currency="EUR", worth=4)
    summer = mixer(user, 6, hours=Decimal("2.5"), cost=5, currency="USD", worth=3)
    autumn = mixer(user, 11, series="", name="Dinner", would_go_again=True)
    ana, ben, cy, dee = (
        ContactFactory(owner=user, full_name=name)
        for name in ("Ana", "Ben", "Cy", "Dee")
    )
    OriginFactory(contact=ana, event=spring, how="event")
    AttendanceFactory(event=spring, contact=ben, state="met")
    AttendanceFactory(event=spring, contact=cy, state="expected")
    saw(ana, 6, 10, event=summer, kind="event")
    AttendanceFactory(event=autumn, contact=dee, state="met")
    # Ana: in touch by mail in June, seen in June and in August. Ben: only a mention.
    saw(ana, 8, 1)
    saw(ben, 9, 1, kind="mention")
    saw(ben, 3, 10, kind="event", event=spring)
    trashed = AttendanceFactory(event=spring, state="met").contact
    trashed.trash()
    OutcomeFactory(owner=user, event=spring, value=100, currency="EUR")
    OutcomeFactory(owner=user, event=spring, value=7, currency="USD")
    AttendanceFactory(event=mixer(stranger, 3, name="Theirs"), state="met")
    EventFactory(owner=user, name="To come", starts_at=datetime(2027, 1, 1, tzinfo=UTC))
    mixer(user, 5, name="Cancelled", series="", cancelled_at=NOW)
    return spring, summer, autumn


def test_per_event(client, evenings):
    assert table(client, "event") == {
        # met, kept, met again, introductions, outcomes, brought in, hours, cost, worth
        "Mixer 3": ["2", "1", "1", "0", "2", "100 EUR, 7 USD", "4", "10 EUR", "4.0"],
        "Mixer 6": ["1", "0", "1", "0", "0", "", "2.5", "5 USD", "3.0"],
        "Dinner": ["1", "too early", "0", "0", "0", "", "", "", ""],
    }


def test_per_series_counts_each_person_once_and_keeps_currencies_apart(
    client, evenings
):
    assert table(client, "series") == {
        "Mixer": [
            *["2", "1", "1", "0", "2"],
            *["100 EUR, 7 USD", "6.5", "10 EUR, 5 USD", "3.5"],
        ]
    }


def test_per_year(client, evenings):
    assert table(client, "year")["2026"][:5] == ["3", "1", "1", "0", "2"]


def test_go_again_with_the_numbers(client, evenings):
    (one,) = client.get(reverse("insights_events")).context["again"]

    assert one["sum"].verdict == (
        "6.5 hours and 10 EUR and 5 USD for 2 people: 1 kept, 6.5 hours each,"
        " 1 met again, 2 outcomes."
    )


@pytest.mark.parametrize("by", ["event", "series", "year"])
def test_every_number_leads_to_a_list_of_so_many(client, evenings, by):
    found = client.get(reverse("insights_events"), {"by": by}).context["insights"]
    cells = [c for row in found.table.rows for c in row.cells if c.url]

    counts = [client.get(c.url).context["page"].paginator.count for c in cells]

    assert cells
    assert counts == [cell.count for cell in cells]


@pytest.mark.parametrize(
    "query", ["", "by=event&what=met&of=x", "by=x&what=met&of=x", "by=year&what=all"]
)
def test_a_list_that_is_none_is_not_found(client, evenings, query):
    assert client.get(f"{reverse('insights_event_list')}?{query}").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same(client, user, count, django_assert_num_queries):
    for month in range(1, count + 1):
        event = mixer(user, month)
        contact = AttendanceFactory(event=event, state="met").contact
        OutcomeFactory(owner=user, event=event, with_contacts=[contact])

    with django_assert_num_queries(7):
        client.get(reverse("insights_events"))


def test_nothing_yet_teaches_the_next_step(client, user):
    assert "Nothing to add up yet" in client.get(reverse("insights_events")).text


@pytest.mark.parametrize("name", ["insights_events", "outcome_list"])
def test_the_navigation_shows_insights(client, user, name):
    here = re.findall(
        r'<a href="([^"]+)" aria-current="page"><svg', client.get(reverse(name)).text
    )

    assert set(here) == {reverse("insights")}
