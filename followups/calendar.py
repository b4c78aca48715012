"""What I promised, as tasks and as whole days of a calendar. Titles and names only."""

from datetime import date, datetime, timedelta

from django.db.models import Count, Max, Q
from django.utils import timezone
from icalendar import Calendar, Component, Todo, vRecur
from icalendar import Event as Day

from events.calendars.writing import named
from followups.models import FollowUp, FollowUpQuerySet
from networkcrm.models import User

# A task list learns that something is done, then it may forget it.
DONE_SHOWN = timedelta(days=30)


def seen(owner: User) -> tuple[str, datetime | None]:
    """What the calendar depends on, and the last change of it."""
    state = owner.followups.mine().aggregate(
        count=Count("pk"), last=Max("updated_at"), named=Max("contact__updated_at")
    )
    # What was done long ago goes with a day.
    return f"{state} {timezone.localdate(timezone=owner.tz)}", state["last"]


def calendar_of(owner: User) -> bytes:
    calendar = named("My follow-ups", "follow-ups")
    for one in shown(owner):
        _add_task(calendar, one)
        if one.due_on and one.is_open:
            _add_day(calendar, one, one.due_on)
    return calendar.to_ical()


def shown(owner: User) -> FollowUpQuerySet:
    """Mine that are open, and what was done lately."""
    since = timezone.now() - DONE_SHOWN
    is_open = Q(done_at=None, dismissed_at=None)
    rows: FollowUpQuerySet = owner.followups.mine()
    rows = rows.filter(is_open | Q(done_at__gte=since)).select_related("contact")
    return rows.by_date()


def _add_task(calendar: Calendar, one: FollowUp) -> None:
    task = _component(Todo(), one, f"{one.pk}@networkcrm")
    if one.due_on:
        task.add("due", one.due_on)
    if one.done_at:
        task.add("status", "COMPLETED")
        task.add("completed", one.done_at)
        task.add("percent-complete", 100)
    else:
        task.add("status", "NEEDS-ACTION")
        if one.repeat and one.due_on:
            task.add("dtstart", one.due_on)
            task.add("rrule", vRecur.from_ical(one.repeat))
    calendar.add_component(task)


def _add_day(calendar: Calendar, one: FollowUp, day: date) -> None:
    # Of another kind, and so with a name of its own in the same file.
    found = _component(Day(), one, f"{one.pk}-day@networkcrm")
    # Without an end it lasts that day (RFC 5545, 3.6.1), and the last day there is has
    # none after it.
    found.add("dtstart", day)
    found.add("transp", "TRANSPARENT")
    if one.repeat:
        found.add("rrule", vRecur.from_ical(one.repeat))
    calendar.add_component(found)


def _component(component: Component, one: FollowUp, uid: str) -> Component:
    component.add("uid", uid)
    component.add("dtstamp", one.updated_at)
    component.add("last-modified", one.updated_at)
    component.add("summary", f"{one.title} ({one.who})" if one.who else one.title)
    return component
