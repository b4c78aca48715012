"""Whom I want to meet."""

import pytest
import time_machine
from django.urls import reverse

from contacts.models import Contact
from networkcrm.partial_dates import PartialDate
from tests.factories import ContactFactory, InteractionFactory


@pytest.fixture
def maya(user):
    return ContactFactory(owner=user, full_name="Maya Lindqvist")


def want(client, contact, **sent):
    return client.post(reverse("contact_want", args=[contact.pk]), sent, follow=True)


def wanted(user):
    return [contact.full_name for contact in user.contacts.wanted().by_name()]


def test_said_and_shown(client, user, maya):
    with time_machine.travel("2026-11-03T12:00:00Z", tick=False):
        assert "You want to meet Maya Lindqvist." in want(client, maya).text

    with time_machine.travel("2026-11-20T12:00:00Z", tick=False):
        want(client, maya, want="yes")
        text = client.get(maya.get_absolute_url()).text

    assert "You want to meet Maya since 3 Nov 2026" in text
    assert wanted(user) == ["Maya Lindqvist"]


def test_taken_off_and_put_back_with_its_date(client, user, maya):
    want(client, maya)
    since = Contact.objects.get(pk=maya.pk).wanted_at

    [message] = want(client, maya).context["messages"]

    assert wanted(user) == []
    want(client, maya, want="no")
    client.post(message.extra_tags)
    assert Contact.objects.get(pk=maya.pk).wanted_at == since


def test_the_list_is_narrowed(client, user, maya):
    ContactFactory(owner=user, full_name="Tom Okafor")
    want(client, maya)

    page = client.get("/contacts/?wanted=1")

    assert [contact.full_name for contact in page.context["page"]] == ["Maya Lindqvist"]
    assert "want to meet</span>" in page.text
    assert len(client.get("/contacts/").context["page"]) == 2


def test_many_at_once(client, user, stranger, maya):
    tom = ContactFactory(owner=user, full_name="Tom Okafor")
    theirs = ContactFactory(owner=stranger)
    want(client, maya)
    since = Contact.objects.get(pk=maya.pk).wanted_at
    chosen = [maya.pk, tom.pk, theirs.pk]

    response = client.post(
        "/contacts/bulk/", {"action": "want", "contact": chosen}, follow=True
    )

    [message] = response.context["messages"]
    assert message.message == "You want to meet Tom Okafor."
    assert wanted(user) == ["Maya Lindqvist", "Tom Okafor"]
    assert wanted(stranger) == []
    client.post(message.extra_tags)
    assert wanted(user) == ["Maya Lindqvist"]
    assert Contact.objects.get(pk=maya.pk).wanted_at == since


@pytest.mark.parametrize(
    ("met", "asks"),
    [
        (PartialDate(2026, 11, 20), True),
        (PartialDate(2026, 11), True),
        (PartialDate(2026, 11, 2), False),
        (PartialDate(2025), False),
    ],
)
def test_having_met_only_asks(client, user, maya, met, asks):
    with time_machine.travel("2026-11-03T12:00:00Z", tick=False):
        want(client, maya)
    with time_machine.travel("2026-11-22T12:00:00Z", tick=False):
        InteractionFactory(owner=user, on=met, with_contacts=[maya])
        text = client.get(maya.get_absolute_url()).text

    assert ("Is that done?" in text) == asks
    assert wanted(user) == ["Maya Lindqvist"]


def test_a_message_asks_nothing(client, user, maya):
    want(client, maya)
    InteractionFactory(owner=user, kind="email", with_contacts=[maya])

    assert "Is that done?" not in client.get(maya.get_absolute_url()).text


def test_neither_me_nor_the_trash(client, user, maya):
    me = user.contacts.get(is_me=True)
    maya.trash()

    assert want(client, me).status_code == 404
    assert want(client, maya).status_code == 404
