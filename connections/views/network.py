"""The network as a whole: the graph, the tree of who brought whom, the way to someone.

What is shown is computed in connections/network/.
"""

from typing import Any

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
from connections.forms.people_rows import valid_ids
from connections.network.evidence import Chain, chains
from connections.network.graph import (
    MOST_NODES,
    People,
    most_linked,
    persons,
    picture,
)
from connections.network.paths import MOST_ALTERNATIVES
from connections.network.tree import (
    LEVELS,
    MOST,
    ROOT,
    Branch,
    Tree,
    branch_of,
    may_be_wide,
    widest,
)
from contacts.paging import page_of
from networkcrm import kept
from networkcrm.http import HttpRequest, render_part

WANTED_SHOWN = 30
PEOPLE_PER_PAGE = 25


@require_safe
def network(request: HttpRequest) -> HttpResponse:
    form = NetworkFilterForm(request.GET, request.user)
    narrowed, asked = form.narrowed, request.GET.get("page", "")
    counted = kept.Answers(request.user)
    context: dict[str, Any] = {"form": form, "most": MOST_NODES}
    people: Any
    if narrowed.is_wide and counted.is_large:
        answer = counted.of(most_linked, *narrowed.texts)
        count, rows = answer.value
        people = persons(rows)
        context |= {"answer": answer, "count": count}
    else:
        people = People(request.user, narrowed, PEOPLE_PER_PAGE, asked)
    context["page"] = page_of(request, people, PEOPLE_PER_PAGE)
    template = "connections/network.html"
    return counted.on(render_part(request, template, "people", context))


@require_safe
def network_data(request: HttpRequest) -> HttpResponse:
    """The picture, and where its nodes were left."""
    narrowed = NetworkFilterForm(request.GET, request.user).narrowed
    counted = kept.Answers(request.user)
    if narrowed.is_wide:
        found = counted.of(picture, *narrowed.texts).value
    else:
        found = picture(request.user, *narrowed.texts)
    layout = request.user.graphlayouts.first()
    positions = layout.positions if layout else {}
    places = [positions.get(pk) for pk in found["ids"]]
    return counted.on(JsonResponse(found | {"places": places}))


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
    counted = kept.Answers(request.user)
    branch, levels, answer = _branch(request, counted)
    page = page_of(request, branch.below, MOST)
    context = {"branch": branch, "page": page, "levels": levels - 1, "answer": answer}
    template = "connections/network_tree.html"
    return counted.on(render_part(request, template, "branch", context))


@require_safe
def network_branch(request: HttpRequest) -> HttpResponse:
    """The same for the picture: what is below ?branch=<key>, after the first ?skip=."""
    counted = kept.Answers(request.user)
    branch, whole, _answer = _branch(request, counted)
    skip = request.GET.get("skip", "0")
    first = min(int(skip), 10**6) if skip.isascii() and skip.isdigit() else 0
    levels = whole if branch.key == ROOT else min(whole, 1)
    said = branch.as_json(levels, first) | {"step": MOST}
    return counted.on(JsonResponse(said))


def _branch(
    request: HttpRequest, counted: kept.Answers
) -> tuple[Branch, int, kept.Answer | None]:
    """The branch, how many levels of it are shown, and since when it is kept."""
    key = request.GET.get("branch") or ROOT
    if not counted.is_large:
        tree = Tree(request.user)
        if key not in tree:
            raise Http404
        return tree[key], tree.levels, None
    if may_be_wide(key):
        answer = counted.of(widest, key)
        if answer.value is None:
            raise Http404
        return branch_of(answer.value), LEVELS, answer
    if not valid_ids([key.removeprefix("event:")]):
        raise Http404
    tree = Tree(request.user, only=key)
    if key not in tree:
        raise Http404
    return tree[key], LEVELS, None


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
