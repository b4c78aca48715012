"""Where promises are seen and done besides their own list."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from followups import suggesting
from tests.factories import (
    ContactFactory,
    EventFactory,
    FollowUpFactory,
    IntroductionFactory,
)

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def wednesday():
    with time_machine.travel(NOW, tick=False):
        yield


def test_today_shows_what_is_due_within_three_days(client, user, stranger):
    for days in (-9, 0, 3, 4):
        FollowUpFactory(
            owner=user,
            contact=None,
            title=f"In {days}",
            due_on=TODAY + timedelta(days),
        )
    FollowUpFactory(owner=user, contact=None, due_on=TODAY, promised_by="them")
    FollowUpFactory(owner=user, contact=None, due_on=TODAY, done_at=NOW)
    FollowUpFactory(owner=stranger, contact=None, due_on=TODAY)

    promises = client.get(reverse("today")).context["promises"]

    assert [row.title for row in promises] == ["In -9", "In 0", "In 3"]


def test_today_shows_five_at_most(client, user):
    for _ in range(7):
        FollowUpFactory(owner=user, contact=None, due_on=TODAY)

    assert len(client.get(reverse("today")).context["promises"]) == 5


@pytest.mark.parametrize("place", ["contact", "event", "introduction"])
def test_a_page_shows_what_is_open_there_and_it_is_done_there(client, user, place):
    thing = {
        "contact": ContactFactory,
        "event": EventFactory,
        "introduction": IntroductionFactory,
    }[place](owner=user)
    here = {"contact": None, place: thing}
    followup = FollowUpFactory(owner=user, title="Send the deck", **here)
    FollowUpFactory(owner=user, title="Done long ago", done_at=NOW, **here)
    FollowUpFactory(owner=user, title="Elsewhere", contact=None)
    url = thing.get_absolute_url()

    page = client.get(url).text
    done = client.post(
        reverse("followup_complete", kwargs={"followup_id": followup.pk}),
        {"back": url},
        follow=True,
    )

    assert "Send the deck" in page
    assert "Elsewhere" not in page
    assert "Done long ago" not in page
    assert f"{reverse('followup_create')}?{place}={thing.pk}" in page
    assert done.redirect_chain == [(url, 302)]
    assert "promise-" not in done.text


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("place", ["contact", "event", "introduction", "today"])
def test_the_promises_of_a_page_cost_one_query(
    client, user, count, place, django_assert_num_queries
):
    ana = ContactFactory(owner=user)
    event = EventFactory(owner=user)
    introduction = IntroductionFactory(owner=user)
    for _ in range(count):
        FollowUpFactory(
            contact=ana, event=event, introduction=introduction, due_on=TODAY
        )
    places = {"contact": ana, "event": event, "introduction": introduction}
    thing = places.get(place)
    url = thing.get_absolute_url() if thing else reverse("today")
    # The first visit of a day looks for somebody to help.
    suggesting.of_day(user, TODAY)

    with django_assert_num_queries(200, exact=False) as all_of_them:
        client.get(url)

    mine = [one for one in all_of_them if 'FROM "followups_followup"' in one["sql"]]
    assert len(mine) == 1
