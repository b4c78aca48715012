"""Needs and offers, who of them fit together, and whether it is still so."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from connections.forms.people_rows import valid_ids
from contacts.models import Fact
from contacts.paging import page_by_key
from followups import asking, matching
from followups.forms.give import MyAskForm
from followups.views.steps import back_from
from networkcrm import undo
from networkcrm.http import HttpRequest
from networkcrm.messages import undoable
from networkcrm.models import User

# The lists, by ?show=.
SHOWN = {"": "Needs", "offers": "Offers", "mine": "Mine", "again": "Still so?"}
MATCHES_AT_ONCE = 5
MOST_MATCHES = 30


@require_safe
def give(request: HttpRequest) -> HttpResponse:
    """?show= one of SHOWN, ?q= words to search for, ?sort=oldest."""
    show, sort = request.GET.get("show", ""), request.GET.get("sort", "")
    show = show if show in SHOWN else ""
    sort = sort if sort in asking.SORTS else ""
    text = request.GET.get("q", "").replace("\0", "").strip()[:200]
    user, today = request.user, timezone.localdate()
    asks = asking.asks(user)
    rows = _searched(_shown(asks, show, user, today), text)
    order = ("said", "pk") if sort or show == "again" else ("-said", "-pk")
    rows = rows.order_by(*order)
    page = page_by_key(request, rows, asks.select_related("contact"))
    counts = asking.counts(user, today)
    found: list[matching.Match] = []
    if not text and page.number == 1 and show in ("", "mine"):
        find = matching.matches_with_me if show else matching.matches
        found = find(user, today=today, most=MATCHES_AT_ONCE)
    context = {
        "page": page,
        "asks": asking.rows_of(page.object_list, today),
        "show": show,
        "sort": sort,
        "sorts": asking.SORTS.items(),
        "q": text,
        "tabs": [
            (key, label, count)
            for (key, label), count in zip(SHOWN.items(), counts.values(), strict=True)
        ],
        "is_empty": not any(counts.values()),
        "matches": found,
        "form": MyAskForm(instance=Fact(owner=user)),
    }
    return render(request, "followups/give.html", context)


def _shown(rows: Any, show: str, owner: User, today: Any) -> Any:
    if show == "mine":
        return rows.filter(asking.is_mine(owner))
    if show == "again":
        return asking.asked_again(rows, today)
    kind = Fact.Kind.OFFER if show == "offers" else Fact.Kind.NEED
    return rows.exclude(asking.is_mine(owner)).filter(kind=kind)


def _searched(rows: Any, text: str) -> Any:
    """Each word stands in it or in the name of whose it is."""
    for word in text.split()[:10]:
        rows = rows.filter(
            Q(text__icontains=word) | Q(contact__full_name__icontains=word)
        )
    return rows


@require_safe
def match_list(request: HttpRequest) -> HttpResponse:
    """All that fit together, or those of one ?need= or one ?contact=."""
    user, today = request.user, timezone.localdate()
    said = request.GET
    needs = asking.asks(user).filter(kind="need").select_related("contact")
    need = needs.filter(pk__in=valid_ids([said.get("need", "")])).first()
    people = user.contacts.active()
    contact = people.filter(pk__in=valid_ids([said.get("contact", "")])).first()
    with_me: list[matching.Match] = []
    is_cut = False
    if need:
        found = matching.matches(
            user, today=today, needs=[need], most=MOST_MATCHES, each=MOST_MATCHES
        )
    elif contact:
        found = matching.matches_of(user, contact, today=today, most=MATCHES_AT_ONCE)
    else:
        found = matching.matches(user, today=today, most=MOST_MATCHES)
        with_me = matching.matches_with_me(user, today=today, most=MATCHES_AT_ONCE)
        theirs = needs.exclude(asking.is_mine(user)).values("pk")
        is_cut = theirs[: matching.MOST_NEEDS + 1].count() > matching.MOST_NEEDS
    context = {
        "need": need,
        "contact": contact,
        "matches": found,
        "with_me": with_me,
        # Of how many needs, when there are more.
        "latest": matching.MOST_NEEDS if is_cut else None,
    }
    return render(request, "followups/match_list.html", context)


@require_POST
@transaction.atomic
def match_unfit(request: HttpRequest, need_id: UUID, contact_id: UUID) -> HttpResponse:
    """These two are not proposed again for this need."""
    needs = request.user.facts.filter(kind="need").select_related("contact")
    need = get_object_or_404(needs, pk=need_id)
    contact = get_object_or_404(request.user.contacts, pk=contact_id)
    unfit, _ = request.user.unfits.get_or_create(need=need, contact=contact)
    sentence = f"{contact.first_name} is not proposed again for “{need}”."
    undoable(request, sentence, undo.remember(request.user, "unfit", unfit.pk))
    return back_from(request, "give")


@transaction.atomic
def give_add(request: HttpRequest) -> HttpResponse:
    """What I need or offer: a fact of my own contact."""
    me = get_object_or_404(request.user.contacts, is_me=True)
    fact = Fact(owner=request.user, contact=me)
    form = MyAskForm(request.POST or None, instance=fact)
    if request.method == "POST" and form.is_valid():
        form.save()
        url = undo.remember(request.user, "ask_added", fact.pk)
        undoable(request, f"Written down: “{fact}”.", url)
        return redirect(f"{reverse('give')}?show=mine")
    return render(request, "followups/give_add.html", {"form": form})


def _take_step(
    request: HttpRequest, fact_id: UUID, step: Callable[[Fact], str]
) -> HttpResponse:
    rows: Any = request.user.facts.filter(kind__in=["need", "offer"])
    rows = rows.select_related("contact").select_for_update(of=("self",), no_key=True)
    fact = get_object_or_404(rows, pk=fact_id)
    before = asking.Memory(fact)
    undoable(request, step(fact), before.remember())
    return back_from(request, "give")


@require_POST
@transaction.atomic
def give_still(request: HttpRequest, fact_id: UUID) -> HttpResponse:
    def confirm(fact: Fact) -> str:
        fact.confirm(timezone.localdate())
        return f"Still so: “{fact}”. You are asked again in three months."

    return _take_step(request, fact_id, confirm)


@require_POST
@transaction.atomic
def give_met(request: HttpRequest, fact_id: UUID) -> HttpResponse:
    def meet(fact: Fact) -> str:
        fact.become(Fact.State.MET)
        sentence = format_html("Met: “{}”.", fact)
        if fact.kind != Fact.Kind.NEED:
            return sentence
        mine = fact.contact.is_me
        asked = {"need": str(fact.pk), "direction": "received" if mine else "given"}
        if not mine:
            asked["contact"] = str(fact.contact_id)
        url = f"{reverse('favour_create')}?{urlencode(asked)}"
        words = "Who helped you?" if mine else "Did you help? Write it down"
        return sentence + format_html(' <a href="{}">{}</a>', url, words)

    return _take_step(request, fact_id, meet)


@require_POST
@transaction.atomic
def give_stale(request: HttpRequest, fact_id: UUID) -> HttpResponse:
    def let_go(fact: Fact) -> str:
        fact.become(Fact.State.STALE)
        return f"No longer so: “{fact}”."

    return _take_step(request, fact_id, let_go)
