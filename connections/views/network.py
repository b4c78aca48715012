"""The network as a whole: the graph, the tree of who brought whom, the way to someone.

What is shown is computed in connections/network/.
"""

from django.db import transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from connections.forms.network import (
    NetworkFilterForm,
    NodeForm,
    PathForm,
    PositionsForm,
)
from connections.network.evidence import Chain, chains
from connections.network.graph import MOST_NODES, Graph, People, graph
from connections.network.paths import MOST_ALTERNATIVES
from connections.network.tree import MOST, ROOT, Branch, Tree
from contacts.paging import page_of
from networkcrm.http import HttpRequest, render_part

WANTED_SHOWN = 30
PEOPLE_PER_PAGE = 25


@require_safe
def network(request: HttpRequest) -> HttpResponse:
    form = NetworkFilterForm(request.GET, request.user)
    asked = request.GET.get("page", "")
    people = People(request.user, form.narrowed, PEOPLE_PER_PAGE, asked)
    page = page_of(request, people, PEOPLE_PER_PAGE)
    context = {"form": form, "page": page, "most": MOST_NODES}
    return render_part(request, "connections/network.html", "people", context)


@require_safe
def network_data(request: HttpRequest) -> HttpResponse:
    """The picture, as lists that go together: the nodes' kinds, ids, names, ..."""
    form = NetworkFilterForm(request.GET, request.user)
    found = graph(request.user, form.narrowed)
    layout = request.user.graphlayouts.first()
    return JsonResponse(_packed(found, layout.positions if layout else {}))


def _packed(found: Graph, positions: dict[str, list[float]]) -> dict[str, object]:
    nodes = found.nodes
    return {
        "kinds": "".join(node.kind for node in nodes),
        "ids": [str(node.id) for node in nodes],
        "names": [node.name for node in nodes],
        "stages": [node.stage for node in nodes],
        "links": [node.links for node in nodes],
        "places": [positions.get(str(node.id)) for node in nodes],
        "me": next((i for i, node in enumerate(nodes) if node.is_me), None),
        "edges": [number for edge in found.edges for number in edge],
        "leftOut": found.left_out,
    }


@require_POST
@transaction.atomic
def network_positions(request: HttpRequest) -> HttpResponse:
    form = PositionsForm(request.POST, request.user)
    if not form.is_valid():
        said = " ".join(map(str, form.errors["positions"]))
        return JsonResponse({"error": said}, status=422)
    return JsonResponse({"kept": form.save()})


@require_safe
def network_card(request: HttpRequest) -> HttpResponse:
    """One node of the picture, as ?node=<id>."""
    found = NodeForm(request.GET, request.user).found
    if found is None:
        raise Http404
    return render(request, "connections/parts/network_card.html", found)


@require_safe
def network_tree(request: HttpRequest) -> HttpResponse:
    """The whole tree, or one branch of it with ?branch=<key>."""
    tree = Tree(request.user)
    branch = _branch(request, tree)
    page = page_of(request, branch.below, MOST)
    context = {"branch": branch, "page": page, "levels": tree.levels - 1}
    return render(request, "connections/network_tree.html", context)


@require_safe
def network_branch(request: HttpRequest) -> HttpResponse:
    """The same for the picture: what is below ?branch=<key>, after the first ?skip=."""
    tree = Tree(request.user)
    skip = request.GET.get("skip", "0")
    first = min(int(skip), 10**6) if skip.isascii() and skip.isdigit() else 0
    branch = _branch(request, tree)
    levels = tree.levels if branch.key == ROOT else min(tree.levels, 1)
    return JsonResponse(branch.as_json(levels, first) | {"step": MOST})


def _branch(request: HttpRequest, tree: Tree) -> Branch:
    key = request.GET.get("branch") or ROOT
    if key not in tree:
        raise Http404
    return tree[key]


@require_safe
def network_path(request: HttpRequest) -> HttpResponse:
    form = PathForm(request.GET, request.user)
    start, goal = form.start, form.goal
    found: list[Chain] = []
    if start and goal and start != goal:
        found = chains(request.user, start, goal, 1 + MOST_ALTERNATIVES)
    wanted = request.user.contacts.active().wanted().select_related("organization")
    context = {
        "form": form,
        "start": start,
        "goal": goal,
        "best": found[0] if found else None,
        "others": found[1:],
        "wanted": wanted.order_by("-wanted_at", "pk")[:WANTED_SHOWN],
    }
    return render(request, "connections/network_path.html", context)
