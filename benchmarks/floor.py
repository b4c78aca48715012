"""The floor: what Django, granian and Postgres cost when a view does hardly a thing."""

from functools import cache
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from contacts.models import Contact


@cache
def filler(length: int) -> bytes:
    return b"<!doctype html>" + b"x" * max(0, length - 15)


def floor(
    request: HttpRequest, owner: UUID, contact: UUID, length: int
) -> HttpResponse:
    """One query by an index, and an answer of so many bytes."""
    found = Contact.objects.filter(owner_id=owner, pk=contact).values("full_name")
    if not found:
        raise Http404
    return HttpResponse(filler(length))


def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"ok")


urlpatterns = [
    path("floor/<uuid:owner>/<uuid:contact>/<int:length>/", floor),
    path("healthz", healthz),
]
