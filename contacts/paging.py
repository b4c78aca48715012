from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

PER_PAGE = 50


def page_of(request: HttpRequest, rows: Any, per_page: int | None = None) -> Page[Any]:
    """The page that ?page= asks for; the nearest one when there is no such page."""
    return Paginator(rows, per_page or PER_PAGE).get_page(request.GET.get("page"))


def page_by_key(request: HttpRequest, rows: Any, shown: Any) -> Page[Any]:
    """The same of a long list: found by its keys first, and only then read.

    `rows` say which and in what order, `shown` is a queryset with all that a row of
    the list shows. So an index alone finds the page, however deep it is.
    """
    page = page_of(request, rows.values_list("pk", flat=True))
    keys = list(page.object_list)
    by_key = {row.pk: row for row in shown.filter(pk__in=keys)}
    page.object_list = [by_key[key] for key in keys if key in by_key]
    return page
