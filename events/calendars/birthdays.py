"""Birthdays, and other days that come every year, as a calendar. Names only."""

from datetime import date, datetime

from django.db.models import Count, Max
from icalendar import Calendar
from icalendar import Event as Component

from events.calendars.writing import named
from networkcrm.models import User
from networkcrm.owned import Owned
from networkcrm.partial_dates import PartialDate

# Where nobody knows the year: a leap year, which has every day there is.
SOME_YEAR = 2000


def seen(owner: User) -> tuple[str, datetime | None]:
    """What the calendar depends on, and the last change of it."""
    people = owner.contacts.active().aggregate(
        people=Count("pk"), born=Count("birthday"), last=Max("updated_at")
    )
    days = owner.importantdates.aggregate(count=Count("pk"), last=Max("updated_at"))
    last = max(filter(None, (people["last"], days["last"])), default=None)
    return f"{people} {days}", last


def calendar_of(owner: User) -> bytes:
    """Of everybody in the list; not of those in the archive or the trash."""
    calendar = named("Birthdays", "birthdays")
    people = owner.contacts.active()
    for contact in people.exclude(birthday=None).order_by("sort_key", "pk"):
        title = f"{contact.full_name}’s birthday"
        _add(calendar, contact, contact.birthday, title, "Birthday")
    dates = owner.importantdates.filter(yearly=True, contact__in=people.values("pk"))
    for one in dates.select_related("contact").order_by("contact__sort_key", "pk"):
        title = f"{one.label or one.get_kind_display()}: {one.contact.full_name}"
        _add(calendar, one, one.on, title, "Anniversary")
    return calendar.to_ical()


def _add(
    calendar: Calendar, row: Owned, on: PartialDate | None, title: str, category: str
) -> None:
    if on is None or on.month is None or on.day is None:
        return
    found = Component()
    found.add("uid", f"{row.pk}@networkcrm")
    found.add("dtstamp", row.updated_at)
    found.add("last-modified", row.updated_at)
    found.add("summary", title)
    first = date(on.year or SOME_YEAR, on.month, on.day)
    # Without an end it lasts that day (RFC 5545, 3.6.1), and the last day there is has
    # none after it.
    found.add("dtstart", first)
    found.add("rrule", _every_year(first))
    found.add("categories", [category])
    # Nobody is busy for it.
    found.add("transp", "TRANSPARENT")
    calendar.add_component(found)


def _every_year(first: date) -> dict[str, object]:
    if (first.month, first.day) == (2, 29):
        # The last day of February: RFC 5545 would skip three years of four.
        return {"freq": "yearly", "bymonth": 2, "bymonthday": -1}
    return {"freq": "yearly"}
