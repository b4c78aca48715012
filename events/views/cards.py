"""My card: what it shows, what I offer, and the addresses that lead to it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from events import nearby, undoing
from events.cards import codes, showing
from events.forms.cards import CardForm, CardLinkForm, CardOfferForm
from events.models import CardLink, CardOffer
from networkcrm.http import HttpRequest
from networkcrm.messages import undoable

MOST_LINKS = 50


@transaction.atomic
def me(request: HttpRequest) -> HttpResponse:
    owner = request.user
    contact = showing.me(owner)
    methods = showing.methods_of(contact)
    if request.method == "POST":
        card, _is_new = owner.cards.get_or_create()
    else:
        card = showing.card_of(owner)
    shown = showing.show(card, contact, methods)
    form = CardForm(
        request.POST or None, instance=card, contact=contact, methods=methods
    )
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Your card is saved.")
        return redirect("me")
    context = _context(request, CardLinkForm(instance=_next_link(request)))
    context |= {
        "form": form,
        "contact": contact,
        "shown": shown,
        "photo": contact.photo_url if shown.contact else "",
        "code": codes.code_of_card(shown),
    }
    status = 422 if form.errors else 200
    return render(request, "events/me.html", context, status=status)


def _next_link(request: HttpRequest) -> CardLink:
    """One for the event that is on, when it has none."""
    event = nearby.on_now(nearby.events_nearby(request.user))
    link = CardLink(owner=request.user)
    if event and not request.user.cardlinks.live().filter(event=event).exists():
        link.event = event
        link.label = event.name[:100]
    return link


def _context(request: HttpRequest, link_form: CardLinkForm) -> dict[str, Any]:
    owner = request.user
    mine = owner.cardlinks.with_note_counts(owner).select_related("event")
    links = list(mine.latest_first()[:MOST_LINKS])
    asked = request.GET.get("link", "")
    live = [link for link in links if not link.revoked_at]
    link = next((one for one in live if str(one.pk) == asked), None)
    link = link or next(iter(live), None)
    return {
        "offers": owner.cardoffers.order_by("key", "pk"),
        "links": links,
        "link": link,
        "link_code": link and codes.svg_of(link.address),
        "link_form": link_form,
        "new_notes": owner.cardnotes.new().count(),
    }


@transaction.atomic
def card_offer_create(request: HttpRequest) -> HttpResponse:
    return _offer_form(request, CardOffer(owner=request.user))


@transaction.atomic
def card_offer_edit(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    offer = get_object_or_404(request.user.cardoffers, pk=offer_id)
    return _offer_form(request, offer)


def _offer_form(request: HttpRequest, offer: CardOffer) -> HttpResponse:
    is_new = offer._state.adding
    form = CardOfferForm(request.POST or None, instance=offer)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, f"What you offer {offer.audience} is saved.")
        return redirect(_to("offers"))
    context = {"form": form, "offer": offer, "is_new": is_new}
    status = 422 if form.errors else 200
    return render(request, "events/card_offer_form.html", context, status=status)


@require_POST
def card_offer_delete(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    offer = get_object_or_404(request.user.cardoffers, pk=offer_id)
    undo_url = undoing.delete_offer(offer)
    undoable(request, f"You offer {offer.audience} nothing now.", undo_url)
    return redirect(_to("offers"))


@transaction.atomic
def card_link_create(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        form = CardLinkForm(request.POST, instance=CardLink(owner=request.user))
        if form.is_valid():
            link = form.save()
            messages.success(request, "The link is ready.")
            return redirect(f"{reverse('me')}?link={link.pk}#code-link")
    else:
        form = CardLinkForm(instance=_next_link(request))
    status = 422 if form.errors else 200
    context = {"form": form}
    return render(request, "events/card_link_form.html", context, status=status)


@require_POST
def card_link_renew(request: HttpRequest, link_id: UUID) -> HttpResponse:
    """No undo: who had the old address shall not have the new one."""
    link = get_object_or_404(request.user.cardlinks, pk=link_id)
    link.renew()
    messages.success(request, f"“{link}” has a new address; the old one leads nowhere.")
    return redirect(f"{reverse('me')}?link={link.pk}#code-link")


@require_POST
def card_link_revoke(request: HttpRequest, link_id: UUID) -> HttpResponse:
    link = get_object_or_404(request.user.cardlinks, pk=link_id)
    if link.revoked_at is None:
        undo_url = undoing.revoke_link(link)
        undoable(request, f"“{link}” leads nowhere now.", undo_url)
    return redirect(_to("links"))


def _to(part: str) -> str:
    return f"{reverse('me')}#{part}"
