from typing import Any

from django import http
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails

from networkcrm.models import User


class HttpRequest(http.HttpRequest):
    """What LoginRequiredMiddleware and HtmxMiddleware leave every view with."""

    user: User
    htmx: HtmxDetails


def render_part(
    request: HttpRequest,
    template_name: str,
    part: str | tuple[str, ...],
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    """Render the page, or only its part when htmx asks to replace #part.

    A part has one name: {% partialdef NAME %}, id="NAME" and hx-target="#NAME"; a page
    of several names them all. Matching the target, not just request.htmx, keeps
    boosted links and restored history on the full page.
    """
    target = (request.htmx.target or "").rpartition("#")[2]  # htmx 4 sends "tag#id"
    if target and target in ((part,) if isinstance(part, str) else part):
        template_name = f"{template_name}#{target}"
    response = render(request, template_name, context, status=status)
    patch_vary_headers(response, ["HX-Target"])
    return response
