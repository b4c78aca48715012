from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from contacts import purging
from contacts.models import Contact
from tests.factories import (
    CircleFactory,
    ContactFactory,
    FactFactory,
    FavourFactory,
    ImportFactory,
    ImportRowFactory,
    InteractionFactory,
    OriginFactory,
    TagFactory,
    UnfitFactory,
)

pytestmark = pytest.mark.django_db


def undo(client, response):
    """Press the button of the message that the action left."""
    message = [*client.get(response.url).context["messages"]][-1]
    return client.post(message.extra_tags)


def bulk(client, contacts, **choices):
    ids = [contact.pk for contact in contacts]
    return client.post(reverse("contact_bulk"), {"contact": ids} | choices)


def test_to_the_trash_and_back(client, user):
    contact = ContactFactory(owner=user)

    response = client.post(reverse("contact_trash", args=[contact.pk]))
    assert list(user.contacts.active()) == []

    undo(client, response)
    assert list(user.contacts.active()) == [contact]


def test_the_trash_is_a_list(client, user, stranger):
    contact = ContactFactory(owner=user)
    contact.trash()
    ContactFactory(owner=stranger).trash()
    ContactFactory(owner=user)

    page = client.get(reverse("trash_list")).context["page"]

    assert list(page) == [contact]


def test_an_undo_is_spent_once_and_only_by_its_owner(client, user, stranger):
    contact = ContactFactory(owner=user)
    response = client.post(reverse("contact_trash", args=[contact.pk]))
    url = [*client.get(response.url).context["messages"]][-1].extra_tags

    client.force_login(stranger)
    client.post(url)
    assert user.contacts.trashed().count() == 1

    client.force_login(user)
    client.post(url)
    contact.refresh_from_db()
    contact.trash()
    client.post(url)
    assert user.contacts.trashed().count() == 1


def test_i_cannot_be_trashed(client, user):
    me = user.contacts.get(is_me=True)

    assert client.post(reverse("contact_trash", args=[me.pk])).status_code == 404
    bulk(client, [me], action="trash")
    assert user.contacts.get(is_me=True).trashed_at is None


@pytest.mark.parametrize("action", ["archive", "trash"])
def test_many_at_once_and_back(client, user, stranger, action):
    chosen = [ContactFactory(owner=user) for _ in range(3)]
    other, theirs = ContactFactory(owner=user), ContactFactory(owner=stranger)

    response = bulk(client, [*chosen, theirs], action=action)
    assert list(user.contacts.active()) == [other]
    assert stranger.contacts.active().count() == 1

    undo(client, response)
    assert user.contacts.active().count() == 4


def test_an_undo_leaves_alone_what_was_trashed_before(client, user):
    before, now = ContactFactory(owner=user), ContactFactory(owner=user)
    before.trash()

    undo(client, bulk(client, [now], action="trash"))

    assert list(user.contacts.trashed()) == [before]


def test_tag_many_and_back(client, user):
    tagged, new = ContactFactory(owner=user), ContactFactory(owner=user)
    bulk(client, [tagged], action="tag", tag_name="choir")

    response = bulk(client, [tagged, new], action="tag", tag_name="Choir")
    assert [tag.name for tag in new.tags.all()] == ["choir"]

    undo(client, response)
    assert [c.full_name for c in user.tags.get().contacts.all()] == [tagged.full_name]


def test_circle_many_and_back(client, user):
    near, far = CircleFactory(owner=user), CircleFactory(owner=user, seats=2)
    one = ContactFactory(owner=user, circle=near)
    two = ContactFactory(owner=user)

    response = bulk(client, [one, two], action="circle", circle=far.pk)
    assert set(far.contacts.all()) == {one, two}

    undo(client, response)
    assert [c.circle for c in user.contacts.others().order_by("created_at")] == [
        near,
        None,
    ]


def test_a_full_circle_asks_who_leaves(client, user, stranger):
    circle = CircleFactory(owner=user, seats=1)
    chosen = [ContactFactory(owner=user) for _ in range(2)]

    response = bulk(client, chosen, action="circle", circle=circle.pk)
    room = client.get(response.url).context
    bulk(client, chosen, action="circle", circle=CircleFactory(owner=stranger).pk)

    assert not user.contacts.filter(circle__isnull=False).exists()
    assert set(room["coming"]) == set(chosen)
    assert room["lacking"] == 1


def test_so_many_are_not_asked_about_one_by_one(client, user):
    circle = CircleFactory(owner=user, name="Rowers", seats=2)
    chosen = [ContactFactory(owner=user) for _ in range(21)]

    response = bulk(client, chosen, action="circle", circle=circle.pk)

    said = client.get(response.url).context["messages"]
    assert [str(message) for message in said] == [
        "Rowers has 2 of 2 seats free, and you chose 21 people. Nobody was moved."
    ]


def test_all_that_the_filters_found(client, user):
    for number in range(60):
        ContactFactory(owner=user, full_name=f"Ana {number}", city="Rome")
    ContactFactory(owner=user, full_name="Tom", city="Bath")

    found = {"all_found": "1", "filters": "city=rome", "action": "archive"}
    client.post(reverse("contact_bulk"), found)

    assert [c.full_name for c in user.contacts.active()] == ["Tom"]


def test_nothing_ticked_is_said(client, user):
    response = client.post(reverse("contact_bulk"), {"action": "trash"}, follow=True)

    assert "Tick the people first" in response.content.decode()


def test_purging_leaves_the_chain_and_shared_days_alone(user):
    lena, maya, tom = (
        ContactFactory(owner=user, full_name=n) for n in ("Lena", "Maya", "Tom")
    )
    OriginFactory(contact=lena)
    OriginFactory(contact=maya, introducer=lena)
    lena.full_name = "Lena Brandt"
    lena.save()
    alone = InteractionFactory(owner=user, with_contacts=[lena])
    shared = InteractionFactory(owner=user, with_contacts=[lena, tom])
    FactFactory(contact=lena)
    FactFactory(contact=tom, interaction=alone)
    batch = ImportFactory(owner=user, met_through=lena)
    row = ImportRowFactory(batch=batch, contact=lena)

    assert purging.purge(user, [lena.pk]) == 1

    maya.origin.refresh_from_db()
    assert (maya.origin.introducer, maya.origin.introducer_name) == (
        None,
        "Lena Brandt",
    )
    assert [i.pk for i in user.interactions.all()] == [shared.pk]
    row.refresh_from_db()
    assert row.contact_id is None
    assert user.facts.count() == 1


def test_the_trash_is_purged_after_ninety_days(user, stranger):
    with time_machine.travel(timezone.now() - timedelta(days=91), tick=False):
        old = ContactFactory(owner=user)
        old.trash()
        ContactFactory(owner=stranger).trash()
    recent = ContactFactory(owner=user)
    recent.trash()
    ContactFactory(owner=user)

    assert purging.purge_old_trash() == 2
    assert list(user.contacts.trashed()) == [recent]


def test_only_the_trash_can_be_purged_by_hand(client, user):
    contact = ContactFactory(owner=user)
    url = reverse("contact_purge", args=[contact.pk])
    assert client.post(url).status_code == 404

    contact.trash()
    assert "cannot be undone" in client.get(url).content.decode()
    client.post(url)
    assert not Contact.objects.filter(pk=contact.pk).exists()


def test_facts_come_and_go_in_one_line_each(client, user):
    contact = ContactFactory(owner=user)
    page = contact.get_absolute_url()

    client.post(
        reverse("fact_create", args=[contact.pk]), {"kind": "need", "text": " a buyer "}
    )
    fact = contact.facts.get()
    assert (fact.text, fact.state) == ("a buyer", "open")

    client.post(reverse("fact_met", args=[fact.pk]))
    assert "met" in client.get(page).content.decode()

    response = client.post(reverse("fact_delete", args=[fact.pk]))
    assert not contact.facts.exists()
    undo(client, response)
    assert list(contact.facts.values_list("pk", "state")) == [(fact.pk, "met")]


def test_an_empty_fact_is_not_kept(client, user):
    contact = ContactFactory(owner=user)

    response = client.post(
        reverse("fact_create", args=[contact.pk]), {"kind": "need", "text": "  "}
    )

    assert response.status_code == 422
    assert not contact.facts.exists()


def test_people_put_in_a_circle_are_found_by_it_at_once(client, user):
    circle = CircleFactory(owner=user, name="Rowers")
    contact = ContactFactory(owner=user, full_name="Ana")

    response = bulk(client, [contact], action="circle", circle=circle.pk)
    assert list(user.contacts.search(user, "rowers")) == [contact]

    undo(client, response)
    assert list(user.contacts.search(user, "rowers")) == []


def test_undoing_a_circle_leaves_a_later_choice_alone(client, user):
    far, near = CircleFactory(owner=user), CircleFactory(owner=user)
    contact = ContactFactory(owner=user)
    response = bulk(client, [contact], action="circle", circle=far.pk)
    user.contacts.filter(pk=contact.pk).update(circle=near)

    undo(client, response)

    contact.refresh_from_db()
    assert contact.circle == near


def test_all_that_a_vanished_filter_found_is_nobody(client, user):
    contact = ContactFactory(owner=user)
    tag = TagFactory(owner=user)
    filters = f"tag={tag.pk}"
    tag.delete()

    client.post(
        reverse("contact_bulk"),
        {"all_found": "1", "filters": filters, "action": "trash"},
    )

    assert list(user.contacts.active()) == [contact]


def test_a_form_opened_before_a_bulk_tag_does_not_take_it_off(client, user):
    contact = ContactFactory(owner=user)
    url = reverse("contact_edit", args=[contact.pk])
    seen = client.get(url).context["form"]["seen_at"].value()
    bulk(client, [contact], action="tag", tag_name="important")

    response = client.post(url, {"seen_at": seen, "tag_names": "", "city": "Rome"})

    assert "Nothing was overwritten" in response.content.decode()
    assert [tag.name for tag in contact.tags.all()] == ["important"]


def test_a_fact_of_somebody_deleted_for_ever_does_not_come_back(client, user):
    contact = ContactFactory(owner=user)
    fact = FactFactory(contact=contact)
    response = client.post(reverse("fact_delete", args=[fact.pk]))
    url = [*client.get(response.url).context["messages"]][-1].extra_tags
    purging.purge(user, [contact.pk])

    response = client.post(url, follow=True)

    assert "deleted for ever" in response.content.decode()


@pytest.mark.parametrize("text", ["\0", "a\0b", "x" * 5000, "👩‍🚀", "'; --"])
def test_odd_text_is_no_error(client, user, text):
    contact = ContactFactory(owner=user)

    answers = [
        bulk(client, [contact], action="tag", tag_name=text),
        *(
            client.get(reverse(name), {"x": text, "organization_name": text})
            for name in ("organization_options", "contact_options", "event_options")
        ),
    ]

    assert {answer.status_code for answer in answers} <= {200, 302}


def test_a_need_comes_back_with_what_led_to_it(client, user):
    contact = ContactFactory(owner=user)
    need = FactFactory(contact=contact, state="met", confirmed_on=date(2026, 11, 1))
    favour = FavourFactory(contact=contact, met_need=need)
    unfit = UnfitFactory(need=need, contact=ContactFactory(owner=user))

    response = client.post(reverse("fact_delete", args=[need.pk]))
    favour.refresh_from_db()
    let_go = favour.met_need
    undo(client, response)

    favour.refresh_from_db()
    back = contact.facts.get()
    assert let_go is None
    assert (back.pk, back.state, back.confirmed_on) == (
        need.pk,
        "met",
        date(2026, 11, 1),
    )
    assert favour.met_need == back
    assert user.unfits.get() == unfit
