"""The network's pages: table and data of the picture, the tree, the way."""

import json

import pytest
from django.urls import reverse

from connections.models import GraphLayout
from connections.network.graph import INTRODUCTION, ONLINE, ORGANIZATION, RELATIONSHIP
from networkcrm.partial_dates import PartialDate
from tests.factories import (
    CircleFactory,
    ContactFactory,
    ContactTagFactory,
    EventFactory,
    InteractionFactory,
    OrganizationFactory,
    OriginFactory,
    RelationshipFactory,
    TagFactory,
)


@pytest.fixture
def lena(user):
    return ContactFactory(owner=user, full_name="Lena Brandt")


@pytest.fixture
def maya(user):
    return ContactFactory(owner=user, full_name="Maya Lindqvist")


def data(client, **asked):
    return client.get(reverse("network_data"), asked).json()


def edges(said):
    """{(name, name), ...: bits}, each pair in the order of the alphabet."""
    flat = iter(said["edges"])
    triples = zip(flat, flat, flat, strict=True)
    names = said["names"]
    return {tuple(sorted((names[a], names[b]))): bits for a, b, bits in triples}


def test_the_picture_holds_people_events_and_organizations(client, user, lena, maya):
    me = user.contacts.get(is_me=True).full_name
    fair = EventFactory(owner=user, name="Fair", is_online=True)
    maya.organization = OrganizationFactory(owner=user, name="Lumen")
    maya.save()
    OriginFactory(contact=lena, how="online")
    OriginFactory(contact=maya, how="introduction", introducer=lena)
    RelationshipFactory(owner=user, from_contact=lena, to_contact=maya)
    InteractionFactory(owner=user, kind="event", event=fair, with_contacts=[maya])
    ContactFactory(owner=user, full_name="Linked to nobody")

    said = data(client)

    assert edges(said) == {
        tuple(sorted((me, "Lena Brandt"))): ONLINE,
        ("Lena Brandt", "Maya Lindqvist"): INTRODUCTION | RELATIONSHIP,
        ("Fair", "Maya Lindqvist"): ONLINE,
        ("Lumen", "Maya Lindqvist"): ORGANIZATION,
    }
    assert sorted(zip(said["kinds"], said["names"], strict=True)) == [
        ("e", "Fair"),
        ("o", "Lumen"),
        ("p", "Lena Brandt"),
        ("p", "Maya Lindqvist"),
        ("p", me),
    ]
    assert (said["names"][said["me"]], said["leftOut"]) == (me, 0)


def test_the_trashed_the_archived_and_strangers_are_not_in_it(
    client, user, stranger, lena, maya
):
    for contact in (lena, maya, ContactFactory(owner=stranger)):
        OriginFactory(contact=contact)
    lena.trash()
    maya.archive()

    assert data(client)["names"] == []
    assert client.get(reverse("network")).context["page"].object_list == []


def test_above_the_most_only_the_most_linked(client, user, lena, monkeypatch):
    monkeypatch.setattr("connections.network.graph.graph.__defaults__", (3,))
    for n in range(4):
        OriginFactory(
            contact=ContactFactory(owner=user, full_name=f"Ben {n}"),
            how="introduction",
            introducer=lena,
        )

    said = data(client)

    assert said["names"][0] == "Lena Brandt"
    assert (len(said["names"]), said["leftOut"]) == (3, 2)
    assert len(edges(said)) == 2


@pytest.mark.parametrize("by", ["circle", "tag", "event"])
def test_narrowed_by(client, user, lena, maya, by):
    ben = ContactFactory(owner=user, full_name="Ben")
    for a, b in ((lena, maya), (maya, ben)):
        RelationshipFactory(owner=user, from_contact=a, to_contact=b)
    row = {"circle": CircleFactory, "tag": TagFactory, "event": EventFactory}[by](
        owner=user, name="Chosen"
    )
    for contact in (lena, maya):
        if by == "circle":
            contact.circle = row
            contact.save()
        elif by == "tag":
            ContactTagFactory(contact=contact, tag=row)
        else:
            InteractionFactory(
                owner=user, kind="event", event=row, with_contacts=[contact]
            )

    said = data(client, **{by: row.pk})
    page = client.get(reverse("network"), {by: row.pk}).context["page"]

    assert ("Lena Brandt", "Maya Lindqvist") in edges(said)
    assert "Ben" not in said["names"]
    assert {person.name for person in page} == {"Lena Brandt", "Maya Lindqvist"}


def test_narrowed_by_years(client, user, lena, maya):
    for year, other in ((2019, "Old"), (2024, "New"), (None, "Undated")):
        RelationshipFactory(
            owner=user,
            from_contact=lena,
            to_contact=ContactFactory(owner=user, full_name=other),
            since=PartialDate(year) if year else None,
        )

    assert set(edges(data(client, since=2020))) == {("Lena Brandt", "New")}
    assert set(edges(data(client, until=2020))) == {("Lena Brandt", "Old")}
    assert len(edges(data(client))) == 3


def test_what_is_not_understood_narrows_nothing_and_says_so(client, user, lena, maya):
    RelationshipFactory(owner=user, from_contact=lena, to_contact=maya)
    asked = {"circle": "x", "since": "2024", "until": "2020"}

    response = client.get(reverse("network"), asked)

    assert "That is before the first year." in response.content.decode()
    assert len(response.context["page"]) == 2


def test_the_table_says_who_is_linked_to_whom(client, user, lena, maya):
    for contact in (lena, maya, ContactFactory(owner=user, full_name="Ben")):
        OriginFactory(contact=contact, how="family")

    page = client.get(reverse("network")).context["page"]

    me = user.contacts.get(is_me=True)
    assert [(p.name, p.links, [name for _k, _i, name in p.linked]) for p in page] == [
        (me.full_name, 3, ["Lena Brandt", "Maya Lindqvist", "Ben"]),
        ("Ben", 1, [me.full_name]),
        ("Lena Brandt", 1, [me.full_name]),
        ("Maya Lindqvist", 1, [me.full_name]),
    ]


@pytest.mark.parametrize(("page", "shown"), [("2", 1), ("99", 1), ("x", 25)])
def test_the_table_has_pages(client, user, page, shown):
    for contact in ContactFactory.create_batch(25, owner=user):
        OriginFactory(contact=contact, how="family")

    response = client.get(reverse("network"), {"page": page})

    assert len(response.context["page"]) == shown
    assert response.context["page"].paginator.count == 26


@pytest.mark.parametrize("count", [1, 3])
def test_queries(client, user, count, django_assert_num_queries):
    lena = ContactFactory(owner=user, full_name="Lena")
    for contact in ContactFactory.create_batch(count, owner=user):
        OriginFactory(contact=contact, how="introduction", introducer=lena)
    client.get(reverse("network"))

    with django_assert_num_queries(8):
        client.get(reverse("network"))
    with django_assert_num_queries(6):
        client.get(reverse("network_data"))
    with django_assert_num_queries(4):
        client.get(reverse("network_tree"))


def post_positions(client, positions):
    return client.post(
        reverse("network_positions"), {"positions": json.dumps(positions)}
    )


def test_places_are_kept_for_my_nodes_only(client, user, stranger, lena, maya):
    theirs = ContactFactory(owner=stranger)
    fair = EventFactory(owner=user)
    OriginFactory(contact=lena, event=fair, how="event")

    sent = {str(lena.pk): [1.234, -2], str(theirs.pk): [3, 4], "nonsense": [5, 6]}
    assert post_positions(client, sent).json() == {"kept": 1}
    post_positions(client, {str(fair.pk): [7, 8], str(lena.pk): [9, 9]})

    layout = GraphLayout.objects.get()
    assert layout.positions == {str(fair.pk): [7.0, 8.0], str(lena.pk): [9.0, 9.0]}
    said = data(client)
    assert dict(zip(said["names"], said["places"], strict=True)) == {
        "Lena Brandt": [9.0, 9.0],
        fair.name: [7.0, 8.0],
    }


@pytest.mark.parametrize("sent", ["[]", "x", '{"a": 1', "", "1"])
def test_places_that_make_no_sense_are_refused(client, user, sent):
    response = client.post(reverse("network_positions"), {"positions": sent})

    assert response.status_code == 422
    assert not GraphLayout.objects.exists()


@pytest.mark.parametrize("place", [[1], [1, "x"], "xy", [1e9, 0], [True, False], None])
def test_a_place_is_two_numbers(client, user, lena, place):
    post_positions(client, {str(lena.pk): place})

    assert GraphLayout.objects.get().positions == {}


def test_the_card_of_a_node(client, user, stranger, maya):
    url = reverse("network_card")
    firm = OrganizationFactory(owner=user, name="Lumen")
    fair = EventFactory(owner=user, name="The fair")
    theirs = ContactFactory(owner=stranger)

    for row, words in ((maya, "Maya"), (fair, "The fair"), (firm, "You know 0 people")):
        assert words in client.get(url, {"node": row.pk}).content.decode()
    for node in (theirs.pk, "x", ""):
        assert client.get(url, {"node": node}).status_code == 404


def test_the_tree_and_one_branch_of_it(client, user, lena, maya):
    OriginFactory(contact=lena, how="work")
    OriginFactory(contact=maya, how="introduction", introducer=lena)

    page = client.get(reverse("network_tree")).content.decode()
    said = client.get(reverse("network_branch")).json()

    assert "Lena Brandt brought you 1 person" in page
    assert lena.get_absolute_url() in page
    (work,) = said["children"]
    assert (work["label"], work["count"]) == ("Through work", 2)
    assert work["children"][0]["children"][0]["label"] == "Maya Lindqvist"
    page = client.get(reverse("network_tree"), {"branch": lena.pk}).content.decode()
    assert maya.get_absolute_url() in page
    assert client.get(reverse("network_tree"), {"branch": "x"}).status_code == 404


def test_a_large_tree_is_given_in_parts(client, user, lena, monkeypatch):
    monkeypatch.setattr("connections.network.tree.SMALL", 2)
    monkeypatch.setattr("connections.network.tree.MOST", 2)
    OriginFactory(contact=lena, how="work")
    for n in range(3):
        ben = ContactFactory(owner=user, full_name=f"Ben {n}")
        OriginFactory(contact=ben, how="introduction", introducer=lena)
    url = reverse("network_branch")

    (work,) = client.get(url).json()["children"]
    (there,) = work["children"]
    first = client.get(url, {"branch": there["key"]}).json()["children"]
    rest = client.get(url, {"branch": there["key"], "skip": 2}).json()["children"]

    assert (there["size"], "children" in there) == (3, False)
    labels = [one["label"] for one in [*first, *rest]]
    assert labels == ["Ben 0", "Ben 1", "Ben 2"]


def path_page(client, **asked):
    return client.get(reverse("network_path"), asked)


def test_the_way_and_whom_to_ask(client, user, lena, maya):
    InteractionFactory(owner=user, kind="coffee", with_contacts=[lena])
    RelationshipFactory(owner=user, from_contact=lena, to_contact=maya)

    page = path_page(client, to="maya lindqvist").content.decode()

    assert "2 links, through Lena" in page
    assert "colleagues" in page
    asks = f"?role=for-me&amp;introducer={lena.pk}&amp;b={maya.pk}"
    assert reverse("introduction_create") + asks in page
    assert path_page(client, to=maya.pk).context["goal"] == maya


def test_the_way_between_two_others(client, user, lena, maya):
    RelationshipFactory(owner=user, from_contact=lena, to_contact=maya)

    page = path_page(client, **{"from": "Lena Brandt", "to": "Maya Lindqvist"})

    assert "They are linked directly" in page.content.decode()
    assert "to introduce you" not in page.content.decode()


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"to": "Nobody Atall"}, "You know nobody called Nobody Atall."),
        ({"to": "Ben Ito"}, "You know 2 people called Ben Ito. Which one is it?"),
        ({"to": "Len"}, "You know nobody called just Len. Is it one of these?"),
        ({"to": "Maya Lindqvist"}, "No way is written down yet"),
        ({"from": "Lena Brandt", "to": "Maya Lindqvist"}, "They are not connected"),
        ({"from": "me", "to": "me"}, "That is one and the same person."),
        ({"to": "x" * 301}, "at most 300 characters"),
        ({}, "Whom would you like to meet?"),
    ],
)
def test_each_case_has_its_sentence(client, user, lena, maya, asked, sentence):
    ContactFactory.create_batch(2, owner=user, full_name="Ben Ito")

    assert sentence in path_page(client, **asked).content.decode()


def test_the_one_that_was_chosen_stays_chosen(client, user):
    _first, second = ContactFactory.create_batch(2, owner=user, full_name="Ben Ito")

    asked = {"to": "Ben Ito", "to_id": second.pk}

    assert path_page(client, **asked).context["goal"] == second


def test_a_trashed_or_foreign_person_is_nobodys_goal(client, stranger, user, maya):
    theirs = ContactFactory(owner=stranger, full_name="Mallory")
    maya.trash()

    assert "in the trash" in path_page(client, to=maya.pk).content.decode()
    assert path_page(client, to=theirs.pk).context["goal"] is None


def test_wanted_people_are_listed(client, user, lena, maya):
    maya.want()

    page = path_page(client)

    assert list(page.context["wanted"]) == [maya]


def test_contact_page_leads_to_the_way(client, user, maya):
    way = f"{reverse('network_path')}?to={maya.pk}"

    assert way in client.get(maya.get_absolute_url()).content.decode()
