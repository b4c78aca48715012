from django.contrib import messages
from django.db.models import Q, Sum
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from networkcrm import undo
from networkcrm.account_forms import SettingsForm
from networkcrm.http import HttpRequest
from networkcrm.models import User

A_YEAR = 60 * 60 * 24 * 365


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Until people are promised things: the first steps, and what there is."""
    owner = request.user
    people = owner.contacts.active()
    due = owner.introductions.due(timezone.localdate()).prefetch_related("consents")
    counts = {
        "people": people.count(),
        "met": people.met().count(),
        "unknown": people.without_origin(owner).count(),
    }
    promised = owner.followups.soon(timezone.localdate()).select_related("contact")
    context = {
        "counts": counts,
        "promises": promised[:5],
        "steps": first_steps(owner, counts["people"]),
        "added": people.latest_first().select_related("organization")[:5],
        "interactions": owner.interactions.last_in_touch(owner, most=5),
        "introductions": due.with_people().longest_due_first()[:3],
        "card_notes": owner.cardnotes.new().count(),
        "debriefs": owner.events.to_debrief(owner)[:3],
        "events": owner.events.upcoming().order_by("starts_at", "pk")[:3],
    }
    return render(request, "networkcrm/today.html", context)


def first_steps(owner: User, people: int) -> dict[str, bool]:
    """Which of the first three steps are done, by what an import cannot have done."""
    done = owner.imports.filter(state="done")
    brought = done.aggregate(created=Sum("created"))["created"]
    written = ~Q(story="") | ~Q(place="") | Q(introducer__isnull=False)
    return {
        "imported": brought is not None,
        "added": people > (brought or 0),
        "noted": owner.origins.filter(written | Q(event__isnull=False)).exists(),
    }


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
