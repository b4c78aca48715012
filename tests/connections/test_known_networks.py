"""Networks whose answers everybody knows, loaded as rows and asked of our search."""

import json
from itertools import combinations

import networkx
import pytest
from django.core.management import call_command

from connections.models import Origin, Relationship
from connections.network.paths import trails
from contacts.models import Contact
from networkcrm.text import fold
from tests.factories import EventFactory, InteractionFactory

KNOWN = {
    "Zachary's karate club": networkx.karate_club_graph,
    "Florentine families": networkx.florentine_families_graph,
}


def load(owner, graph):
    """Contacts and relationships of a graph; {node: contact}."""
    people = {
        node: Contact(
            owner=owner, full_name=f"Person {node}", sort_key=fold(f"Person {node}")
        )
        for node in graph
    }
    Contact.objects.bulk_create(people.values())
    kind = owner.relationshipkinds.get(key="colleague")
    ends = [sorted((people[a], people[b]), key=lambda c: c.pk) for a, b in graph.edges]
    Relationship.objects.bulk_create(
        Relationship(owner=owner, from_contact=a, to_contact=b, kind=kind)
        for a, b in ends
    )
    return people


def distance(owner, a, b):
    found = trails(owner, a, b)
    return len(found[0]) - 1 if found else None


@pytest.mark.parametrize("name", KNOWN)
def test_all_shortest_paths(user, name):
    graph = KNOWN[name]()
    people = load(user, graph)
    known = dict(networkx.all_pairs_shortest_path_length(graph))

    for a, b in combinations(graph, 2):
        assert distance(user, people[a], people[b]) == known[a].get(b), (a, b)


def test_les_miserables_and_who_is_cut_off(user):
    graph = networkx.les_miserables_graph()
    graph.remove_node("Valjean")
    assert networkx.number_connected_components(graph) > 1
    people = load(user, graph)
    known = dict(networkx.all_pairs_shortest_path_length(graph))

    for a, b in list(combinations(sorted(graph), 2))[::3]:
        assert distance(user, people[a], people[b]) == known[a].get(b), (a, b)


def test_two_women_at_one_event_are_two_apart(user):
    """Davis' southern women: each woman went to several events, one is her origin."""
    graph = networkx.davis_southern_women_graph()
    women = graph.graph["top"]
    events = {
        node: EventFactory(owner=user, name=node) for node in graph.graph["bottom"]
    }
    people = {w: Contact(owner=user, full_name=w, sort_key=w.lower()) for w in women}
    Contact.objects.bulk_create(people.values())
    for woman in women:
        first, *later = sorted(graph[woman])
        Origin(
            owner=user, contact=people[woman], how="event", event=events[first]
        ).save()
        for event in later:
            went(user, people[woman], events[event])
    known = dict(networkx.all_pairs_shortest_path_length(graph))

    for a, b in combinations(women, 2):
        trail = trails(user, people[a], people[b])[0]
        assert len(trail) - 1 == known[a][b]
        assert trail[1] in {f"e{events[e].pk}" for e in graph[a]}


def went(owner, contact, event):
    InteractionFactory(owner=owner, kind="event", event=event, with_contacts=[contact])


def test_each_way_is_one_that_networkx_knows(user):
    graph = networkx.karate_club_graph()
    people = load(user, graph)
    node_of = {f"p{contact.pk}": node for node, contact in people.items()}

    for a, b in [(0, 33), (16, 26), (11, 14)]:
        found = [
            [node_of[node] for node in trail]
            for trail in trails(user, people[a], people[b], most=4)
        ]
        assert found[0] in list(networkx.all_shortest_paths(graph, a, b))
        assert all(networkx.is_simple_path(graph, way) for way in found)
        between = [set(way[1:-1]) for way in found]
        assert all(not (one & other) for one, other in combinations(between, 2))


def test_the_command_says_the_same(user, capsys):
    graph = networkx.florentine_families_graph()
    load(user, graph)

    call_command("path", "Person Medici", "person PAZZI", owner=user.email)

    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert said["found"] is True
    assert said["length"] == networkx.shortest_path_length(graph, "Medici", "Pazzi")
    assert [step["to"]["name"] for step in said["steps"]] == [
        "Person Salviati",
        "Person Pazzi",
    ]
