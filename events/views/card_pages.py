"""My card as others see it: open to whoever has the address of a link."""

import base64
from collections.abc import Callable
from functools import wraps

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from events.cards import links, showing
from events.cards.showing import Shown
from events.cards.vcards import text_of
from events.forms.cards import CardNoteForm
from events.models import CardLink, CardNote
from networkcrm.http import HttpRequest

Page = Callable[[HttpRequest, CardLink], HttpResponseBase]


def _for_everybody(page: Page) -> Callable[[HttpRequest, str], HttpResponseBase]:
    """Opened by the token of a live link; for all others there is nothing here."""

    @login_not_required
    @cache_control(no_store=True, private=True)
    @wraps(page)
    def opened(request: HttpRequest, token: str) -> HttpResponseBase:
        too_often = ratelimit.consume_or_429(
            request, action=page.__name__, key=token, limit_get=True
        )
        if too_often:
            return too_often
        link = links.link_of(token)
        if link is None:
            response: HttpResponseBase = render(
                request, "events/card_nowhere.html", status=404
            )
        else:
            response = page(request, link)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        # The card itself keeps "same-origin": by "no-referrer" a browser sends its
        # form with "Origin: null", which is refused as forged. Neither tells any
        # other site the address.
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        return response

    return opened


@require_http_methods(["GET", "HEAD", "POST"])
@_for_everybody
def card(request: HttpRequest, link: CardLink) -> HttpResponseBase:
    """A GET changes nothing: a preview of the link leaves no note."""
    note = CardNote(owner=link.owner, link=link)
    form = CardNoteForm(request.POST or None, instance=note)
    if request.method == "POST":
        too_often = ratelimit.consume_or_429(
            request, action="card_note", key=str(link.pk)
        )
        if too_often:
            return too_often
        if form.is_from_a_program:
            return redirect("card_thanks", token=link.token)
        if form.is_valid():
            links.leave(link, **form.said)
            return redirect("card_thanks", token=link.token)
    shown = _shown(link)
    photo = base64.b64encode(shown.photo).decode()
    context = {
        "form": form,
        "shown": shown,
        "photo": photo and f"data:image/jpeg;base64,{photo}",
        "token": link.token,
        "event": links.event_of(link),
    }
    status = 422 if form.errors else 200
    response = render(request, "events/card.html", context, status=status)
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@require_safe
@_for_everybody
def card_thanks(request: HttpRequest, link: CardLink) -> HttpResponse:
    context = {"shown": _shown(link), "token": link.token}
    return render(request, "events/card_thanks.html", context)


@require_safe
@_for_everybody
def card_vcf(request: HttpRequest, link: CardLink) -> HttpResponse:
    shown = _shown(link)
    text = text_of(shown, photo=shown.photo)
    response = HttpResponse(text, content_type="text/vcard; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="card.vcf"'
    return response


def _shown(link: CardLink) -> Shown:
    contact = showing.me(link.owner)
    methods = showing.methods_of(contact)
    return showing.show(showing.card_of(link.owner), contact, methods)
