"""My events as a calendar that other programs read. What is private stays here."""

from datetime import date, timedelta

from django.utils import timezone
from icalendar import Calendar, vUri
from icalendar import Event as Component

from events.models import Event
from networkcrm.models import User

DAY = timedelta(days=1)


def named(name: str, product: str) -> Calendar:
    """An empty calendar, as RFC 5545 and the calendars of phones want it."""
    calendar = Calendar()
    calendar.add("prodid", f"-//networkcrm//{product}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    return calendar


def calendar_of(owner: User) -> bytes:
    """All events that have a date, as RFC 5545 wants it: CRLF, folded, with the time
    zones they are in. Names, places and times; no purpose, no notes, nobody."""
    calendar = named("My events", "events")
    days: list[date] = []
    for event in owner.events.exclude(starts_at=None).order_by("starts_at", "pk"):
        event.owner = owner
        calendar.add_component(_component(event))
        days += [day for day in (event.day, event.last_day) if day]
    if days:
        calendar.add_missing_timezones(min(days) - 370 * DAY, max(days) + 370 * DAY)
    return calendar.to_ical()


def _component(event: Event) -> Component:
    found = Component()
    found.add("uid", f"{event.pk}@networkcrm")
    found.add("dtstamp", event.updated_at)
    found.add("last-modified", event.updated_at)
    found.add("summary", event.name)
    start, end = event.local_start, event.local_end
    if event.is_all_day:
        found.add("dtstart", event.day)
        found.add("dtend", (event.last_day or timezone.localdate()) + DAY)
    else:
        found.add("dtstart", start)
        if end and end != start:
            found.add("dtend", end)
    if where := ", ".join(part for part in (event.place, event.city) if part):
        found.add("location", where)
    if event.url:
        found.add("url", vUri(event.url))
    found.add("categories", [event.get_kind_display()])
    found.add("status", "CANCELLED" if event.cancelled_at else "CONFIRMED")
    return found
