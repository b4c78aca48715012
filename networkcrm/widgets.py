"""The plain widgets of forms, drawn without a template.

A page with filters has twenty fields, and a template for each of their options costs
more than all that is read for the page. What is drawn here is to the letter what
Django's own templates draw; whatever else there is, they draw.
"""

from collections.abc import Callable
from typing import Any

from django.utils.formats import localize
from django.utils.html import conditional_escape

Widget = dict[str, Any]


def _shown(value: Any) -> str:
    return conditional_escape(value if isinstance(value, str) else localize(value))


def _attributes(widget: Widget) -> str:
    return "".join(
        f" {_shown(name)}" if value is True else f' {_shown(name)}="{_text(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _text(value: Any) -> str:
    # As |stringformat:"s" does: what is safe stays as it is.
    return conditional_escape(value if isinstance(value, str) else str(value))


def _input(widget: Widget) -> str:
    value = widget["value"]
    given = "" if value is None else f' value="{_text(value)}"'
    kind, name = _shown(widget["type"]), _shown(widget["name"])
    return f'<input type="{kind}" name="{name}"{given}{_attributes(widget)}>'


def _textarea(widget: Widget) -> str:
    value = _shown(widget["value"]) if widget["value"] else ""
    name = _shown(widget["name"])
    return f'<textarea name="{name}"{_attributes(widget)}>\n{value}</textarea>'


def _select(widget: Widget) -> str:
    parts = [f'<select name="{_shown(widget["name"])}"{_attributes(widget)}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f'\n  <optgroup label="{_shown(group)}">')
        parts += [f"\n  {_option(option)}\n" for option in options]
        if group:
            parts.append("\n  </optgroup>")
    return "".join([*parts, "\n</select>"])


def _option(option: Widget) -> str:
    value, label = _text(option["value"]), _shown(option["label"])
    return f'<option value="{value}"{_attributes(option)}>{label}</option>'


_INPUTS = ("text", "number", "email", "url", "password", "hidden", "date", "checkbox")
DRAWN: dict[str, Callable[[Widget], str]] = {
    f"django/forms/widgets/{name}.html": draw
    for name, draw in (
        *((name, _input) for name in _INPUTS),
        ("textarea", _textarea),
        ("select", _select),
    )
}
