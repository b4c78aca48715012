"""Rhythms in the words of the database: how often, how long ago, how late.

Days are days of the owner's calendar. A last contact that is only half known ("2026",
"2026-11") counts as the latest day it can mean; whom I was never in touch with counts
from the day they were added.
"""

from datetime import date, timedelta

from django.db.models import (
    Case,
    DateField,
    F,
    FloatField,
    Func,
    IntegerField,
    Q,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Greatest, Least, TruncDate

from contacts.models import Contact, Stage
from contacts.models.contacts import OFTEN, ContactQuerySet
from networkcrm.models import User
from networkcrm.partial_dates import PartialDate
from networkcrm.periods import surely_before

A_YEAR = 365
HALF_A_YEAR = 183
# Of a person with a rhythm: so many times without a word is silence.
MISSED = 3


class LatestDay(Func):
    """The last day that a partial date with a year can mean."""

    template = (
        "(CASE length(%(expressions)s)"
        " WHEN 10 THEN %(expressions)s::date"
        " WHEN 7 THEN ((%(expressions)s || '-01')::date"
        " + interval '1 month' - interval '1 day')::date"
        " ELSE (%(expressions)s || '-12-31')::date END)"
    )
    output_field = DateField()


class Days(Func):
    """How many days lie between two days, the later one first."""

    template = "(%(expressions)s)"
    arg_joiner = " - "
    output_field = IntegerField()


def with_rhythm(
    contacts: ContactQuerySet, owner: User, today: date, *, read: bool = True
) -> ContactQuerySet:
    """With `every` and `late`, None where there is no rhythm, and `since` and `silent`:
    the day of the last contact, or of being added, and how many days ago that was.

    Without `read` they are there to narrow by only.
    """
    day = Cast(Value(today), DateField())
    added = TruncDate("created_at", tzinfo=owner.tz)
    since = Coalesce(LatestDay("last_contact_on"), added, output_field=DateField())
    with_all = contacts
    for column, expression in {
        "every": Coalesce("cadence_days", "circle__cadence_days"),
        "since": Least(since, day, output_field=DateField()),
        "silent": Days(day, F("since")),
        "late": F("silent") - F("every"),
    }.items():
        add = with_all.annotate if read else with_all.alias
        with_all = add(**{column: expression})
    return with_all


def kept(contacts: ContactQuerySet) -> ContactQuerySet:
    """Those of them who have a rhythm, in the words of the index for them."""
    in_index = Q(circle__isnull=False) | Q(cadence_days__isnull=False)
    return contacts.filter(in_index, has_rhythm())


def not_quiet(contacts: ContactQuerySet, today: date) -> ContactQuerySet:
    return contacts.filter(Q(quiet_until=None) | Q(quiet_until__lte=today))


# A week late of seven days comes before a month late of a year.
MOST_OVERDUE_FIRST = (
    (Cast("late", FloatField()) / Cast("every", FloatField())).desc(nulls_last=True),
    "sort_key",
    "pk",
)


def is_silent(today: date) -> Q:
    """Of contacts with their rhythm: not heard of for a year, or for three times as
    long as their rhythm says and half a year at least."""
    usual = Case(
        When(every=None, then=Value(A_YEAR)),
        default=Greatest(F("every") * MISSED, Value(HALF_A_YEAR)),
    )
    # The second says less, and says it to the index.
    half_a_year_ago = str(today - timedelta(days=HALF_A_YEAR))
    return Q(silent__gte=usual, last_contact_on__lte=half_a_year_ago)


def is_silent_for_a_year(today: date) -> Q:
    """The same of contacts without a rhythm, without reckoning with their days."""
    return surely_before("last_contact_on", today - timedelta(days=A_YEAR - 1))


def has_rhythm() -> Q:
    return Q(cadence_days__isnull=False) | Q(circle__cadence_days__isnull=False)


def was_close(*, met: Stage = Stage.MET_AGAIN) -> Q:
    """Met on more than one day, worked with, or in touch with five times or more.

    With Stage.MET it is enough to have met once.
    """
    return Q(stage__gte=met) | Q(times_in_touch__gte=OFTEN)


def since_of(contact: Contact, today: date) -> date:
    """`since` of one contact, without the database."""
    last: PartialDate | None = contact.last_contact_on
    added = contact.created_at.astimezone(contact.owner.tz).date()
    return min(latest_day(last) if last else added, today)


def latest_day(day: PartialDate) -> date:
    """The last day it can mean. It has a year."""
    year, month = day.year or 1, day.month or 12
    if day.day:
        return date(year, month, day.day)
    if month == 12:
        return date(year, 12, 31)
    return date(year, month + 1, 1) - timedelta(days=1)


def every_words(days: int) -> str:
    """ "every 30 days", "every week"."""
    named = {1: "every day", 7: "every week", 14: "every two weeks", 365: "every year"}
    return named.get(days, f"every {days} days")


def span(days: int) -> str:
    """ "9 days", "14 months", "3 years"."""
    count, unit = days, "day"
    if days >= 730:
        count, unit = days // 365, "year"
    elif days >= 61:
        count, unit = days * 12 // 365, "month"
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def ago(day: date, today: date) -> str:
    days = (today - day).days
    return ("today", "yesterday")[days] if days < 2 else f"{span(days)} ago"
