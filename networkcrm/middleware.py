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


class CarefulHeadersMiddleware:
    """What Django has no setting for: who may embed us, and what pages may ask for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # The camera reads codes of other people's cards.
        response.headers.setdefault(
            "Permissions-Policy",
            "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
        )
        match = request.resolver_match
        if request.method == "POST" and match and match.url_name == "account_logout":
            # The browser forgets photos and pages that it kept. Not "storage": there
            # wait those whom nobody has sent yet, until the same account is back.
            response.headers["Clear-Site-Data"] = '"cache"'
        return response
