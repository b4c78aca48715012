"""Of a large network the pages are bounded and kept, and say what they leave out."""

import pytest
from django.urls import reverse

from connections.network import graph, tree
from networkcrm import kept
from tests.factories import (
    CircleFactory,
    ContactFactory,
    ContactTagFactory,
    EventFactory,
    InteractionFactory,
    OriginFactory,
    TagFactory,
)


@pytest.fixture(autouse=True)
def large(monkeypatch):
    monkeypatch.setattr(kept, "LIVE", 0)


def brought(owner, introducer=None, **extra):
    contact = ContactFactory(owner=owner, **extra.pop("contact", {}))
    OriginFactory(contact=contact, introducer=introducer, **extra)
    return contact


@pytest.fixture
def lena(user):
    """Found online; she brought Maya, who brought Tom."""
    lena = brought(user, how="online", platform="mastodon", contact={"full_name": "L"})
    maya = brought(user, lena, how="introduction", contact={"full_name": "Maya"})
    brought(user, maya, how="introduction", contact={"full_name": "Tom"})
    return lena


def rows(response):
    return [
        (row.name, row.links, [one.name for one in row.linked])
        for row in response.context["page"]
    ]


def test_the_table_is_that_of_a_small_network(client, user, lena, monkeypatch):
    address = reverse("network")
    large = rows(client.get(address))
    monkeypatch.setattr(kept, "LIVE", 5)

    assert large == rows(client.get(address))
    assert [name for name, _links, _linked in large][:2] == ["L", "Maya"]


def test_the_table_ends_with_the_most_linked(client, user, lena, monkeypatch):
    monkeypatch.setattr(graph, "MOST_ROWS", 2)

    page = client.get(reverse("network"))

    assert [name for name, _links, _linked in rows(page)] == ["L", "Maya"]
    assert "4 people have links. The 2 with most of them stand here" in page.text


@pytest.mark.parametrize("by", ["circle", "tag", "event"])
def test_narrowed_it_is_read_from_those_people(client, user, stranger, by):
    event = EventFactory(owner=user)
    circle = CircleFactory(owner=user)
    one = brought(user, event=event, contact={"circle": circle, "full_name": "One"})
    other = brought(user, one, event=event, contact={"circle": circle})
    tag = TagFactory(owner=user)
    for contact in (one, other):
        ContactTagFactory(contact=contact, tag=tag)
    outside = brought(user, one)
    InteractionFactory(owner=user, kind="meal", with_contacts=[one, other])
    InteractionFactory(owner=user, kind="meal", with_contacts=[one, outside])
    wanted = {"circle": circle, "tag": tag, "event": event}[by]

    found = rows(client.get(reverse("network"), {by: wanted.pk}))
    data = client.get(reverse("network_data"), {by: wanted.pk}).json()

    assert {name for name, _links, _linked in found} == {"One", other.full_name}
    assert outside.full_name not in data["names"]
    assert sorted(data["kinds"]) == sorted("ppe")


def shown(response):
    def below(branch):
        return [branch.label, branch.count, [below(one) for one in branch.shown]]

    return below(response.context["branch"])


@pytest.mark.parametrize("which", ["me", "online", "platform:mastodon", "person"])
def test_the_tree_is_that_of_a_small_network(client, lena, which, monkeypatch):
    key = str(lena.pk) if which == "person" else which
    address = f"{reverse('network_tree')}?branch={key}"
    large = shown(client.get(address))
    monkeypatch.setattr(kept, "LIVE", 5)
    small = shown(client.get(address))

    assert large == small if which == "person" else large[:2] == small[:2]
    assert large[1] == (2 if which == "person" else 3)


def test_the_branch_of_an_event_is_read_alone(client, user, lena):
    event = EventFactory(owner=user, name="Mixer")
    ana = brought(user, event=event, contact={"full_name": "Ana"})
    brought(user, ana, contact={"full_name": "Ben"})

    page = client.get(reverse("network_tree"), {"branch": f"event:{event.pk}"})

    assert shown(page) == ["Mixer", 2, [["Ana", 1, [["Ben", 0, []]]]]]


def test_a_wide_branch_says_how_many_are_left_out(client, user, monkeypatch):
    monkeypatch.setattr(tree, "WIDEST", (2, 1))
    for _number in range(3):
        brought(user, how="school")

    page = client.get(reverse("network_tree"), {"branch": "school"})
    data = client.get(reverse("network_branch"), {"branch": "school"}).json()

    assert len(page.context["page"]) == 2
    assert "1 more stand below At school" in page.text
    assert (data["count"], data["size"], len(data["children"])) == (3, 3, 2)


@pytest.mark.parametrize("key", ["nobody", "event:x", "family", "0" * 32, "event:"])
def test_no_such_branch(client, lena, key):
    for name in ("network_tree", "network_branch"):
        assert client.get(reverse(name), {"branch": key}).status_code == 404
