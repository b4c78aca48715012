from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from networkcrm.http import HttpRequest


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    return render(request, "networkcrm/today.html")


def settings(request: HttpRequest) -> HttpResponse:
    return render(request, "networkcrm/settings.html")
