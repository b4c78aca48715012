from collections.abc import Callable

from django.http import HttpResponse
from django.utils import timezone

from networkcrm.http import HttpRequest


class OwnerTimeZoneMiddleware:
    """Dates and times of a page are those of the owner's zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(request.user.tz):
            return self.get_response(request)
