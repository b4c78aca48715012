import pytest
import time_machine
from django.urls import reverse

from networkcrm.partial_dates import PartialDate
from tests.factories import (
    CardLinkFactory,
    CardNoteFactory,
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


def test_last_in_touch_is_each_person_once_and_nothing_to_come(client, user, stranger):
    maya, tom, noor = (
        ContactFactory(owner=user, full_name=name) for name in ("Maya", "Tom", "Noor")
    )

    def happened(day, *people, owner=user, **said):
        on = day and PartialDate(2026, 11, day)
        InteractionFactory(owner=owner, on=on, with_contacts=people, **said)

    happened(24, noor)
    happened(None, noor)
    happened(21, noor, kind="mention")
    for day in (19, 20, 21):
        happened(day, maya)
    happened(18, maya, tom)
    happened(17, tom)
    happened(21, ContactFactory(owner=stranger), owner=stranger)

    with time_machine.travel("2026-11-22T12:00:00Z"):
        client.force_login(user)
        page = client.get(reverse("today"))

    shown = [
        (str(one.on), [contact.full_name for contact in one.people])
        for one in page.context["interactions"]
    ]
    assert shown == [("2026-11-21", ["Maya"]), ("2026-11-18", ["Maya", "Tom"])]
    assert "Maya, Tom" in page.text


def test_many_at_one_table_are_one_line(client, user):
    people = [ContactFactory(owner=user, full_name=f"Guest {i}") for i in range(1, 6)]
    InteractionFactory(owner=user, with_contacts=people)

    assert "Guest 1, Guest 2, Guest 3 and 2 others" in client.get(reverse("today")).text


@pytest.mark.parametrize("count", [1, 3])
def test_today_costs_the_same_for_few_and_many(
    client, user, count, django_assert_num_queries
):
    for contact in ContactFactory.create_batch(count, owner=user):
        InteractionFactory(
            owner=user, with_contacts=[contact], event=EventFactory(owner=user)
        )

    with django_assert_num_queries(19):
        client.get(reverse("today"))


def test_those_who_left_their_name_wait(client, user, stranger):
    link = CardLinkFactory(owner=user)
    CardNoteFactory.create_batch(2, link=link)
    CardNoteFactory(link=link, state="dismissed")
    CardNoteFactory(link=CardLinkFactory(owner=stranger))

    answer = client.get(reverse("today"))

    assert answer.context["card_notes"] == 2
    assert "2 people left you their names" in answer.text
