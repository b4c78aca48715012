"""The floor: what Django, granian and Postgres cost when a view does hardly a thing."""

import json
from functools import cache
from uuid import UUID

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone

from contacts.models import Contact
from events.models import Capture

# The statements of a page, by its name, as they were sent here before.
statements: dict[str, list[str]] = {}


@cache
def filler(length: int) -> bytes:
    return b"<!doctype html>" + b"x" * max(0, length - 15)


def bare(request: HttpRequest, owner: UUID, contact: UUID, length: int) -> HttpResponse:
    """One query by an index, and an answer of so many bytes."""
    found = Contact.objects.filter(owner_id=owner, pk=contact).values("full_name")
    if not found:
        raise Http404
    return HttpResponse(filler(length))


def same_sql(request: HttpRequest, name: str, length: int = 0) -> HttpResponse:
    """The statements of a page, and an answer of so many bytes. POST tells them."""
    if request.method == "POST":
        statements[name] = json.loads(request.body)
        return HttpResponse(b"ok")
    with connection.cursor() as cursor:
        for statement in statements[name]:
            cursor.execute(statement, None)
            cursor.fetchall()
    return HttpResponse(filler(length))


def write(request: HttpRequest, owner: UUID) -> HttpResponse:
    """One row written and committed."""
    Capture.objects.create(
        owner_id=owner, text=request.POST["text"], captured_at=timezone.now()
    )
    return HttpResponse(status=302, headers={"Location": "/"})


def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"ok")


urlpatterns = [
    path("floor/<uuid:owner>/<uuid:contact>/<int:length>/", bare),
    path("sql/<str:name>/", same_sql),
    path("sql/<str:name>/<int:length>/", same_sql),
    path("write/<uuid:owner>/", write),
    path("healthz", healthz),
]
