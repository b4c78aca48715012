from typing import Any

from django import template

from contacts.models import Contact

register = template.Library()


@register.filter
def without(people: list[Contact], contact: Any) -> list[Contact]:
    """The others; all of them on a page that is nobody's."""
    return [one for one in people if one != contact]


@register.filter
def beside(rows: list[Any], others: list[Any]) -> Any:
    """Both at once: {% for cell, column in cells|beside:columns %}."""
    return zip(rows, others, strict=True)
