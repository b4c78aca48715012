import pytest
from django.urls import reverse

from tests.factories import (
    ContactFactory,
    EventFactory,
    ImportFactory,
    InteractionFactory,
    OriginFactory,
)


def today(client):
    return client.get(reverse("today")).context


def test_a_new_owner_sees_three_steps(client, stranger):
    OriginFactory(contact=ContactFactory(owner=stranger), story="At the bus stop")
    ImportFactory(owner=stranger, state="done")

    steps = today(client)["steps"]

    assert steps == {"imported": False, "added": False, "noted": False}


def test_each_step_is_ticked_by_the_owner_and_not_by_an_import(client, user):
    ImportFactory(owner=user, state="done", created=1)
    imported = ContactFactory(owner=user)
    origin = OriginFactory(contact=imported, how="online", platform="linkedin")
    after_import = today(client)["steps"]

    ContactFactory(owner=user)
    origin.story = "She wrote to me about the talk."
    origin.save()

    assert after_import == {"imported": True, "added": False, "noted": False}
    assert today(client)["steps"] == {"imported": True, "added": True, "noted": True}


def test_the_counts_are_those_of_the_lists_they_lead_to(client, user, stranger):
    met, known, _ = ContactFactory.create_batch(3, owner=user)
    ContactFactory(owner=stranger)
    OriginFactory(contact=known)
    InteractionFactory(owner=user, with_contacts=[met])

    counts = today(client)["counts"]

    lists = {
        "people": {},
        "met": {"stage": "in-person"},
        "unknown": {"origin": "none"},
    }
    assert counts == {
        name: client.get(reverse("contact_list"), filters)
        .context["page"]
        .paginator.count
        for name, filters in lists.items()
    }
    assert counts == {"people": 3, "met": 1, "unknown": 2}


@pytest.mark.parametrize("count", [1, 3])
def test_today_costs_the_same_for_few_and_many(
    client, user, count, django_assert_num_queries
):
    for contact in ContactFactory.create_batch(count, owner=user):
        InteractionFactory(
            owner=user, with_contacts=[contact], event=EventFactory(owner=user)
        )

    with django_assert_num_queries(13):
        client.get(reverse("today"))
