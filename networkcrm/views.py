from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from networkcrm import undo
from networkcrm.account_forms import SettingsForm
from networkcrm.http import HttpRequest

A_YEAR = 60 * 60 * 24 * 365


def settings(request: HttpRequest) -> HttpResponse:
    theme = request.COOKIES.get("theme", "system")
    form = SettingsForm(
        request.POST or None, instance=request.user, initial={"theme": theme}
    )
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        response = redirect("settings")
        # A cookie, so that the server draws the first byte of a page in its colours.
        response.set_cookie(
            "theme",
            form.cleaned_data["theme"],
            max_age=A_YEAR,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
        return response
    return render(request, "networkcrm/settings.html", {"form": form})


@require_POST
def undo_spend(request: HttpRequest, token: str) -> HttpResponse:
    try:
        messages.success(request, undo.spend(request.user, token))
    except undo.TooLate:
        messages.warning(request, "This was undone already, or it is too long ago.")
    back = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()})
    return redirect(back if is_ours else "today")
