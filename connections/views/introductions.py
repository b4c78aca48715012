"""Introductions: the list, the page of one, and writing one down."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from connections import introducing, introduction_lists, introduction_texts
from connections import undoing_introductions as undoing
from connections.chains import Cycle
from connections.forms.introduction_filters import IntroductionFilterForm
from connections.forms.introductions import (
    ForMeForm,
    IntroductionForm,
)
from connections.forms.people_rows import valid_ids
from connections.models import Introduction
from connections.views.introduction_steps import locked, tell_of_beginnings
from connections.views.origins import tell_of_new_people
from contacts.paging import page_of
from networkcrm import mails, snapshots
from networkcrm.http import HttpRequest, render_part
from networkcrm.messages import undoable

Role = Introduction.Role
State = Introduction.State


@require_safe
def introduction_list(request: HttpRequest) -> HttpResponse:
    form = IntroductionFilterForm(request.GET, owner=request.user)
    narrowed = form.filter(request.user.introductions.all())
    context: dict[str, Any] = {"form": form}
    if form.is_narrowing:
        page = page_of(request, narrowed.values_list("pk", flat=True))
        page.object_list = introduction_lists.in_order(request.user, page.object_list)
        context["page"] = page
    else:
        counts = context["counts"] = introduction_lists.counts(request.user)
        context["sections"] = introduction_lists.sections(request.user, counts)
        context["loads"] = introduction_lists.loads(request.user)
    template = "connections/introduction_list.html"
    return render_part(request, template, "results", context)


@transaction.atomic
def introduction_create(request: HttpRequest) -> HttpResponse:
    """Of the people in ?introducer=&a=&b=; ?role=for-me|by-me|between; why it is good
    for each in ?why_a=&why_b=."""
    introduction, chosen = _begun(request)
    wants_row = "add_row" in request.POST
    # Someone to be introduced by and someone to meet: that is still to be asked for.
    asks = bool(chosen and introduction.introducer)
    whys = {name: request.GET.get(name, "") for name in ("why_a", "why_b")}
    initial = {name: why.replace("\0", "")[:5000] for name, why in whys.items() if why}
    if asks:
        initial["has_happened"] = "False"
    form: IntroductionForm
    if introduction.role == Role.FOR_ME:
        form = ForMeForm(
            request.POST or None,
            instance=introduction,
            initial=initial,
            chosen=chosen,
            half_typed=wants_row,
            more_rows=int(wants_row),
        )
    else:
        form = IntroductionForm(
            request.POST or None, instance=introduction, initial=initial
        )
    if request.method == "POST" and not wants_row and form.is_valid():
        try:
            with transaction.atomic():
                rows = form.save()
        except IntegrityError:
            form.add_error(None, "This introduction was written down a moment ago.")
        else:
            return _after_recording(request, form, rows)
    return _form_page(request, form, introduction)


def _begun(request: HttpRequest) -> tuple[Introduction, list[UUID]]:
    """An introduction with the people of the address, and whom I was introduced to."""
    given = {party: valid_ids([request.GET.get(party, "")]) for party in "ab"}
    given["introducer"] = valid_ids([request.GET.get("introducer", "")])
    ids = [pk for found in given.values() for pk in found]
    people = introducing.named(request.user, ids)
    introducer, a, b = (
        next((people[pk] for pk in given[party] if pk in people), None)
        for party in ("introducer", "a", "b")
    )
    me = request.user.contacts.get(is_me=True)
    introduction = Introduction(owner=request.user)
    role = _role(request, introducer, a, b)
    introduction.role = role
    if role == Role.BY_ME:
        introduction.introducer, introduction.a, introduction.b = me, a, b
    elif role == Role.BETWEEN:
        introduction.kind = Introduction.Kind.EMAIL
        introduction.introducer, introduction.a, introduction.b = introducer, a, b
    else:
        introduction.introducer, introduction.a = introducer, me
    for party in ("introducer", "a", "b"):
        contact = getattr(introduction, party)
        if contact and contact.is_me and party != _mine(role):
            setattr(introduction, party, None)
    chosen = [one.pk for one in (a, b) if one and not one.is_me]
    return introduction, chosen if role == Role.FOR_ME else []


def _mine(role: str) -> str:
    return {Role.BY_ME: "introducer", Role.FOR_ME: "a"}.get(Role(role), "")


def _role(request: HttpRequest, introducer: Any, a: Any, b: Any) -> Role:
    asked = request.GET.get("role", "").replace("-", "_")
    if asked in Role.values:
        return Role(asked)
    if introducer and not introducer.is_me:
        strangers = a and b and not (a.is_me or b.is_me)
        return Role.BETWEEN if strangers else Role.FOR_ME
    return Role.BY_ME if a or b or introducer else Role.FOR_ME


def _after_recording(
    request: HttpRequest, form: IntroductionForm, rows: list[Introduction]
) -> HttpResponse:
    done = introducing.set_origins(rows)
    undo_url = undoing.remember_record(request.user, rows, done)
    undoable(request, "Written down.", undo_url)
    tell_of_new_people(request, form)
    tell_of_beginnings(request, done)
    if done.differing:
        return redirect("introduction_origins", introduction_id=rows[0].pk)
    return redirect(rows[0])


@transaction.atomic
def introduction_edit(request: HttpRequest, introduction_id: UUID) -> HttpResponse:
    introduction = get_object_or_404(
        request.user.introductions.with_people(), pk=introduction_id
    )
    form = IntroductionForm(request.POST or None, instance=introduction)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                form.save()
        except IntegrityError:
            form.add_error(None, "This introduction is already written down.")
        else:
            messages.success(request, "Saved.")
            tell_of_new_people(request, form)
            return redirect(introduction)
    return _form_page(request, form, introduction)


def _form_page(
    request: HttpRequest, form: IntroductionForm, introduction: Introduction
) -> HttpResponse:
    introducer = introduction.introducer if form.is_new else None
    context = {
        "form": form,
        "introduction": introduction,
        "is_new": form.is_new,
        "load": introduction_lists.load_of(request.user, introducer),
        "twin": form.twin if form.errors else None,
    }
    template = "connections/introduction_form.html"
    return render_part(request, template, "people", context)


@require_safe
def introduction_detail(request: HttpRequest, introduction_id: UUID) -> HttpResponse:
    introduction = _found(request, introduction_id)
    asked = introduction_lists.asked(introduction)
    letter = None
    if introduction.role == Role.BY_ME and introduction.state == "agreed":
        letter = introduction_texts.introducing_mail(introduction)
    together = request.user.introductions.none()
    if introduction.occasion:
        together = request.user.introductions.of_occasion(introduction.pk)
        together = together.exclude(pk=introduction.pk).with_people()
        together = together.prefetch_related("consents").order_by("pk")[:50]
    context = {
        "introduction": introduction,
        "asked": asked,
        "may_ask": introduction.may_become(State.ASKED) and not introduction.missing,
        "may_answer": introduction.state in (*Introduction.OPEN, State.EXPIRED)
        and not introduction.missing,
        "letter": letter,
        "mail_is_set_up": mails.is_set_up(),
        "outcomes": introduction.outcomes.latest_first(),
        "promises": request.user.followups.of_introduction(introduction)[:20],
        "together": together,
        "load": introduction_lists.load_of(
            request.user,
            introduction.introducer if introduction.state == "idea" else None,
        ),
        "differs": introduction_lists.differing_origins(introduction),
        "is_due": introduction.ask_on and introduction.ask_on <= timezone.localdate(),
    }
    return render(request, "connections/introduction_detail.html", context)


def _found(request: HttpRequest, introduction_id: UUID) -> Introduction:
    found: Introduction = get_object_or_404(
        request.user.introductions.with_people().select_related("event"),
        pk=introduction_id,
    )
    return found


@require_POST
@transaction.atomic
def introduction_delete(request: HttpRequest, introduction_id: UUID) -> HttpResponse:
    introduction = locked(request, introduction_id)
    name = str(introduction)
    undo_url = undoing.delete_introduction(introduction)
    undoable(request, f"The introduction of {name} is deleted.", undo_url)
    return redirect("introduction_list")


@transaction.atomic
def introduction_origins(request: HttpRequest, introduction_id: UUID) -> HttpResponse:
    """How I met them was written down otherwise: replace it or keep it, each."""
    introduction = _found(request, introduction_id)
    differing = introduction_lists.differing_origins(introduction)
    if request.method == "POST":
        return _replace_origins(request, introduction, differing)
    if not differing:
        return redirect(introduction)
    context = {"introduction": introduction, "differing": differing}
    return render(request, "connections/introduction_origins.html", context)


def _replace_origins(
    request: HttpRequest, introduction: Introduction, differing: list[Any]
) -> HttpResponse:
    replaced = []
    for row, origin in differing:
        # What was changed since the page was opened is not what was to be replaced.
        seen = request.POST.get(f"replace-{origin.pk}")
        if seen != origin.updated_at.isoformat():
            if seen:
                messages.warning(
                    request, f"How you met {origin.contact} was changed meanwhile."
                )
            continue
        before = snapshots.taken(origin)
        try:
            new = introducing.replace_origin(row, origin.contact)
        except Cycle as cycle:
            messages.warning(
                request,
                f"How you met {origin.contact} stays: {' '.join(cycle.messages)}",
            )
        else:
            replaced.append((before, new))
    if replaced:
        names = ", ".join(str(origin.contact) for _before, origin in replaced[:5])
        undo_url = undoing.remember_replaced(request.user, replaced)
        undoable(request, f"Replaced how you met {names}.", undo_url)
    else:
        messages.info(request, "Kept as it was.")
    return redirect(introduction)
