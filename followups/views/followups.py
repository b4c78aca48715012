from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from connections.forms.people_rows import valid_ids
from connections.models import Interaction
from contacts.paging import page_by_key
from followups import undoing
from followups.forms.followups import FollowUpForm, LineForm
from followups.models import FollowUp
from networkcrm import undo
from networkcrm.http import HttpRequest, render_part
from networkcrm.messages import undoable
from networkcrm.periods import Period, stretch

# Of what is done, by ?kept=.
KEPT = {"on-time": "done on time", "late": "done late"}
# The three lists, by ?show=.
SHOWN = {"": "To do", "waiting": "Waiting for them", "done": "Done"}


@require_safe
def followup_list(request: HttpRequest) -> HttpResponse:
    """?show= one of SHOWN, ?q= words to search for.

    The links of a year's review say ?in= a year and ?kept= on-time or late, too.
    """
    show = request.GET.get("show", "")
    show = show if show in SHOWN else ""
    text = request.GET.get("q", "").strip()[:200]
    mine = request.user.followups
    rows = {
        "": mine.open().mine().by_date(),
        "waiting": mine.open().waiting().by_date(),
        "done": mine.over(),
    }[show]
    period = stretch(request.GET.get("in", "")) if show == "done" else None
    if period:
        rows = _of_the_year(rows, period, request)
    page = page_by_key(request, rows.search(text), mine.select_related("contact"))
    is_open = Q(done_at=None, dismissed_at=None)
    counts = mine.aggregate(
        todo=Count("pk", filter=is_open & Q(promised_by=FollowUp.By.ME)),
        waiting=Count("pk", filter=is_open & Q(promised_by=FollowUp.By.THEM)),
        done=Count("pk", filter=~is_open),
    )
    tabs = zip(SHOWN.items(), counts.values(), strict=True)
    context = {
        "page": page,
        "groups": _groups(page.object_list, show),
        "show": show,
        "q": text,
        "period": period,
        "kept": KEPT.get(request.GET.get("kept", ""), "done"),
        "tabs": [(key, label, count) for (key, label), count in tabs],
        "is_empty": not any(counts.values()),
    }
    return render(request, "followups/followup_list.html", context)


def _of_the_year(rows: Any, period: Period, request: HttpRequest) -> Any:
    """What I did within it, all or only on time or late."""
    zone = request.user.tz
    rows = rows.mine().done_in(period, zone)
    kept = request.GET.get("kept")
    if kept == "on-time":
        return rows.on_time(zone)
    return rows.too_late(zone) if kept == "late" else rows


def _groups(rows: Iterable[FollowUp], show: str) -> list[tuple[str, list[FollowUp]]]:
    if show == "done":
        found = list(rows)
        return [("Done or let go", found)] if found else []
    today = timezone.localdate()
    grouped = groupby(rows, lambda row: section(row.due_on, today))
    return [(name, list(some)) for name, some in grouped]


def section(day: date | None, today: date) -> str:
    """Where it stands in the list. A week ends with its Sunday."""
    if day is None:
        return "No date"
    if day < today:
        return "Late"
    if day == today:
        return "Today"
    if day <= today + timedelta(6 - today.weekday()):
        return "This week"
    return "Later"


@transaction.atomic
def followup_create(request: HttpRequest) -> HttpResponse:
    """In one line; of ?contact=, ?event=, ?introduction= or ?interaction=<id>."""
    followup = FollowUp(owner=request.user)
    user, said = request.user, request.GET.getlist
    people = user.contacts.kept().others().filter(pk__in=valid_ids(said("contact")))
    followup.contact = people.first()
    events = user.events.filter(pk__in=valid_ids(said("event")))
    followup.event = events.first()
    introductions = user.introductions.filter(pk__in=valid_ids(said("introduction")))
    followup.introduction = introductions.first()
    interactions = user.interactions.filter(pk__in=valid_ids(said("interaction")))
    followup.interaction = interactions.first()
    if followup.interaction:
        _as_of(followup, followup.interaction)
    came_from = followup.contact or followup.event or followup.introduction
    came_from = came_from or followup.interaction
    back = came_from.get_absolute_url() if came_from else reverse("followup_list")
    form = LineForm(
        request.POST or None,
        instance=followup,
        initial={"line": request.GET.get("line", "")},
    )
    if request.method == "POST" and form.is_valid():
        form.save()
        undoable(
            request, _told(followup), undo.remember(user, "followup_added", followup.pk)
        )
        return redirect(back)
    context = {"form": form, "followup": followup, "back": back}
    template = "followups/followup_create.html"
    return render_part(request, template, "understood", context)


def _as_of(followup: FollowUp, interaction: Interaction) -> None:
    """What was promised when this happened is for whoever was there, if one was."""
    people = followup.owner.contacts.kept().others()
    there = people.filter(pk__in=interaction.participations.values("contact"))[:2]
    if followup.contact is None and len(there) == 1:
        followup.contact = there[0]
    followup.event = followup.event or interaction.event


def _told(followup: FollowUp) -> str:
    """What was understood: so a misunderstanding is seen at once."""
    who = f", with {followup.who}" if followup.contact else ""
    return f"Written down: “{followup}”, {followup.when}{who}."


@transaction.atomic
def followup_edit(request: HttpRequest, followup_id: UUID) -> HttpResponse:
    rows: Any = request.user.followups.select_related("contact", "event")
    followup = get_object_or_404(rows, pk=followup_id)
    title = followup.title
    form = FollowUpForm(request.POST or None, instance=followup)
    if request.method == "POST" and form.is_valid():
        form.saved()
        messages.success(request, f"“{followup}” is saved.")
        for contact in form.new_people:
            messages.info(request, f"{contact} was new, and is a contact of yours now.")
        return redirect("followup_list")
    context = {"form": form, "followup": followup, "title": title}
    return render(request, "followups/followup_form.html", context)


@require_POST
@transaction.atomic
def followup_delete(request: HttpRequest, followup_id: UUID) -> HttpResponse:
    followup = get_object_or_404(request.user.followups, pk=followup_id)
    undo_url = undoing.delete_followup(followup)
    undoable(request, f"Deleted “{followup}”.", undo_url)
    return redirect("followup_list")
