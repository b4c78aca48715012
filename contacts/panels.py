"""What other apps show on a contact's page, without contacts knowing of them.

An app registers its panels in its AppConfig.ready(); the page draws them:

    {% for panel in panels.main %}{{ panel }}{% endfor %}
"""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple, get_args

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from contacts.models import Contact
from networkcrm.http import HttpRequest

Place = Literal["main", "side", "actions"]
Answer = tuple[str, dict[str, Any]] | None
Build = Callable[[HttpRequest, Contact], Answer]


class _Panel(NamedTuple):
    place: Place
    order: int
    build: Build


_registered: list[_Panel] = []


def register(place: Place, order: int, build: Build) -> None:
    """Add a panel to the main column, the side column or the row of buttons.

    `build(request, contact)` answers with a template and its context, to which
    the contact is added, or with None when there is nothing to show. Lower
    orders stand first.
    """
    _registered.append(_Panel(place, order, build))
    _registered.sort(key=lambda panel: panel.order)


def panels(request: HttpRequest, contact: Contact) -> dict[str, list[SafeString]]:
    """This contact's panels, drawn, by place: {"main": [...], "side": [...], ...}."""
    drawn: dict[str, list[SafeString]] = {place: [] for place in get_args(Place)}
    for place, _, build in _registered:
        answer = build(request, contact)
        if answer:
            template, context = answer
            context = {"contact": contact} | context
            drawn[place].append(render_to_string(template, context, request))
    return drawn
