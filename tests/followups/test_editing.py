"""The page of one follow-up: from which event it is, and about which introduction."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse

from tests.factories import (
    ContactFactory,
    EventFactory,
    FollowUpFactory,
    InteractionFactory,
    IntroductionFactory,
)


@pytest.fixture(autouse=True)
def wednesday():
    with time_machine.travel(datetime(2026, 11, 25, 12, tzinfo=UTC), tick=False):
        yield


def edit(client, followup, **said):
    """The answer to the form as a browser sends it, with these fields changed."""
    form = client.get(followup.get_absolute_url()).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    answer = client.post(followup.get_absolute_url(), {**sent, **said})
    followup.refresh_from_db()
    return answer


def test_where_it_comes_from_can_be_changed(client, user):
    fair, dinner = EventFactory.create_batch(2, owner=user)
    first, second = IntroductionFactory.create_batch(2, owner=user)
    followup = FollowUpFactory(owner=user, contact=None, event=fair, introduction=first)

    edit(client, followup, event=dinner.name, introduction=second.pk)

    assert (followup.event, followup.introduction) == (dinner, second)


def test_where_it_comes_from_stays_and_can_be_taken_away(client, user):
    fair, introduction = EventFactory(owner=user), IntroductionFactory(owner=user)
    ana = ContactFactory(owner=user)
    followup = FollowUpFactory(contact=ana, event=fair, introduction=introduction)

    edit(client, followup, title="Send the slides")
    after = (followup.title, followup.contact, followup.event, followup.introduction)
    edit(client, followup, event="", introduction="")

    assert after == ("Send the slides", ana, fair, introduction)
    assert (followup.event, followup.introduction) == (None, None)


def test_an_event_that_is_not_written_down_yet_is_added(client, user):
    followup = FollowUpFactory(owner=user, contact=None)

    edit(client, followup, event="Harbour dinner")

    assert followup.event.name == "Harbour dinner"
    assert followup.event.owner == user


def test_nothing_of_a_stranger_is_offered_or_taken(client, user, stranger):
    theirs = IntroductionFactory(owner=stranger)
    EventFactory(owner=stranger, name="Secret supper")
    mine = IntroductionFactory(owner=user)
    followup = FollowUpFactory(owner=user, contact=None, introduction=mine)

    answer = edit(client, followup, introduction=theirs.pk)
    edit(client, followup, event="Secret supper")

    assert answer.context["form"].errors == {
        "introduction": ["There is no such introduction."]
    }
    assert str(theirs.pk) not in answer.text
    assert followup.introduction == mine
    assert followup.event.owner == user


@pytest.mark.parametrize("count", [1, 3])
def test_costs_the_same_for_three(client, user, count, django_assert_num_queries):
    introduction = IntroductionFactory.create_batch(count, owner=user)[0]
    followup = FollowUpFactory(owner=user, contact=None, introduction=introduction)
    client.get(followup.get_absolute_url())

    with django_assert_num_queries(6):
        client.get(followup.get_absolute_url())


@pytest.mark.parametrize("count", [1, 2])
def test_what_was_promised_in_a_talk_is_for_the_one_who_was_there(client, user, count):
    people = ContactFactory.create_batch(count, owner=user)
    dinner = EventFactory(owner=user)
    talk = InteractionFactory(owner=user, with_contacts=people, event=dinner)
    url = f"{reverse('followup_create')}?interaction={talk.pk}"

    page = client.get(talk.get_absolute_url()).text
    client.post(url, {"line": "send the slides friday"})

    followup = user.followups.get()
    assert url in page
    assert (followup.interaction, followup.event) == (talk, dinner)
    assert followup.contact == (people[0] if count == 1 else None)
