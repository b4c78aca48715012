"""What other apps add to /insights/, without connections knowing of them.

An app registers its sections in its AppConfig.ready(); the page draws them last.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.template.loader import render_to_string

from networkcrm.models import User

Build = Callable[[User], tuple[str, dict[str, Any]] | None]


class _Section(NamedTuple):
    order: int
    build: Build


_registered: list[_Section] = []


def register(order: int, build: Build) -> None:
    """`build(owner)` answers with a template and its context, or with None when there
    is nothing to show. Lower orders stand first."""
    _registered.append(_Section(order, build))
    _registered.sort(key=lambda section: section.order)


def drawn(owner: User) -> str:
    """All of them, one below the other."""
    answers = [section.build(owner) for section in _registered]
    return "".join(render_to_string(*answer) for answer in answers if answer)
