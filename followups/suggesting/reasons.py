"""Why someone can be helped today: a kind of reason each, and the best one of it.

Each finds at most one, of people who are there, were not shown lately, and of whom
the owner did not say "never". The same rows give the same one.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, F, Func, IntegerField, Q, Value, When
from django.db.models.functions import Cast, Coalesce, Right

from contacts.models import Contact
from followups import matching
from followups.models import Suggestion
from followups.suggesting import wording
from networkcrm.models import User

Kind = Suggestion.Kind

# A birthday is told so many days before, at most.
AHEAD = 3
# So many needs are matched at once, and so many matches are looked through.
MOST_NEEDS = 60
MOST_MATCHES = 120


@dataclass(frozen=True, slots=True)
class Asked:
    """Of whom and for which day; who was shown lately, and what may never come."""

    owner: User
    today: date
    seen: Collection[UUID] = ()
    never: Collection[str] = ()

    def helpable(self, link: str = "contact__") -> Q:
        """That the one at this link is among my people, and was not shown lately."""
        there = {"is_me": False, "trashed_at": None, "archived_at": None}
        found = Q(**{f"{link}{name}": value for name, value in there.items()})
        return found & ~Q(**{f"{link}pk__in": self.seen}) if self.seen else found

    def refused(self, prefix: str) -> list[UUID]:
        """The rows behind the keys "prefix:<id>" that are never to come again."""
        parts = [key.split(":") for key in self.never]
        return [UUID(ids[0]) for name, *ids in parts if name == prefix]


Reason = Callable[[Asked], Suggestion | None]


def promise(asked: Asked) -> Suggestion | None:
    """What I promised somebody, and is due: the latest first."""
    due = asked.owner.followups.due(asked.today).mine().filter(asked.helpable())
    due = due.exclude(pk__in=asked.refused("promise")).select_related("contact")
    for row in due.by_date()[:1]:
        return Suggestion(
            kind=Kind.PROMISE,
            contact=row.contact,
            followup=row,
            key=f"promise:{row.pk}",
            why=wording.of_promise(row, row.contact),
        )
    return None


def match(asked: Asked) -> Suggestion | None:
    """One needs what another offers."""
    needs = _needs(asked).order_by("-pk")[:MOST_NEEDS]
    found = matching.matches(
        asked.owner, today=asked.today, most=MOST_MATCHES, needs=needs
    )
    for one in found:
        if _may_come(asked, one) and one.other.pk not in asked.seen:
            return Suggestion(
                kind=Kind.MATCH,
                contact=one.need.contact,
                other=one.other,
                need=one.need,
                offer=one.offer,
                key=one.key,
                why=wording.of_match(one),
            )
    return None


def mine(asked: Asked) -> Suggestion | None:
    """One needs what I offer."""
    found = matching.matches_with_me(asked.owner, today=asked.today, most=MOST_MATCHES)
    for one in found:
        if one.other.is_me and _may_come(asked, one):
            return Suggestion(
                kind=Kind.MINE,
                contact=one.need.contact,
                need=one.need,
                offer=one.offer,
                key=one.key,
                why=wording.of_match(one),
            )
    return None


def _may_come(asked: Asked, one: matching.Match) -> bool:
    return one.key not in asked.never and one.need.contact_id not in asked.seen


def _needs(asked: Asked) -> Any:
    """What others need, as far as it was told."""
    needs = asked.owner.facts.filter(asked.helpable(), kind="need", state="open")
    return needs.select_related("contact", "owner")


def need(asked: Asked) -> Suggestion | None:
    """Who waits the longest for what they need."""
    # Partial dates sort as text; what has none sorts by the day it was written down.
    written = Func(F("created_at"), Value("YYYY-MM-DD"), function="to_char")
    said = Coalesce(Cast("confirmed_on", CharField()), "heard_on", written)
    needs = _needs(asked).exclude(pk__in=asked.refused("need"))
    for row in needs.order_by(Cast(said, CharField()), "pk")[:1]:
        return Suggestion(
            kind=Kind.NEED,
            contact=row.contact,
            need=row,
            key=f"need:{row.pk}",
            why=wording.of_need(row),
        )
    return None


def introduction(asked: Asked) -> Suggestion | None:
    """It waits for me: both said yes, or I had the idea."""
    rows = asked.owner.introductions.by_me().filter(
        asked.helpable("a__"),
        asked.helpable("b__"),
        Q(ask_on=None) | Q(ask_on__lte=asked.today),
        state__in=["agreed", "idea"],
    )
    rows = rows.exclude(pk__in=asked.refused("introduction")).with_people()
    for row in rows.order_by("state", "created_at", "pk")[:1]:
        return Suggestion(
            kind=Kind.INTRODUCTION,
            contact=row.a,
            other=row.b,
            introduction=row,
            key=f"introduction:{row.pk}",
            why=wording.of_introduction(row, row.a, row.b),
        )
    return None


def birthday(asked: Asked) -> Suggestion | None:
    """A birthday or another day of the next days: the closest person's first."""
    found = [one for one in (_birthday(asked), _date(asked)) if one]
    return min(found, key=lambda one: one[0])[1] if found else None


def _birthday(asked: Asked) -> tuple[Any, Suggestion] | None:
    days = days_ahead(asked.today)
    people = asked.owner.contacts.filter(asked.helpable(""))
    people = people.exclude(pk__in=asked.refused("birthday")).select_related("circle")
    for contact in _closest_first(people, "birthday", days, ""):
        day = days[sign_of(contact.birthday)]
        return _rank(contact, day), Suggestion(
            kind=Kind.BIRTHDAY,
            contact=contact,
            key=f"birthday:{contact.pk}",
            why=wording.of_birthday(contact, day, asked.today),
        )
    return None


def _date(asked: Asked) -> tuple[Any, Suggestion] | None:
    days = days_ahead(asked.today)
    once = [str(day) for day in days.values()]
    dates = asked.owner.importantdates.filter(
        asked.helpable(), Q(yearly=True) | Q(on__in=once)
    )
    dates = dates.exclude(pk__in=asked.refused("date"))
    dates = dates.select_related("contact__circle")
    for row in _closest_first(dates, "on", days, "contact__"):
        day = days[sign_of(row.on)]
        return _rank(row.contact, day), Suggestion(
            kind=Kind.BIRTHDAY,
            contact=row.contact,
            key=f"date:{row.pk}",
            why=wording.of_date(row, day, asked.today),
        )
    return None


def days_ahead(today: date) -> dict[str, date]:
    """The days of the next days, by how a partial date of theirs ends: "-11-22".

    Who was born on 29 February has their birthday on the 28th in other years.
    """
    days = [today + timedelta(number) for number in range(AHEAD + 1)]
    found = {f"-{day:%m-%d}": day for day in days}
    for day in days:
        if (day.month, day.day) == (2, 28) and (day + timedelta(1)).month == 3:
            found["-02-29"] = day
    return found


def sign_of(day: Any) -> str:
    return str(day)[-6:]


def _closest_first(rows: Any, column: str, days: dict[str, date], link: str) -> Any:
    signed = rows.annotate(sign=Right(column, 6)).filter(sign__in=days)
    nearest = Case(
        *(When(sign=sign, then=Value(day.toordinal())) for sign, day in days.items()),
        output_field=IntegerField(),
    )
    seats = F(f"{link}circle__seats").asc(nulls_last=True)
    return signed.order_by(seats, f"-{link}stage", nearest, "pk")[:1]


def _rank(contact: Contact, day: date) -> tuple[Any, ...]:
    """As in `_closest_first`."""
    seats = contact.circle.seats if contact.circle else 100_000
    return seats, -contact.stage, day


# In the order they come when none has come lately.
REASONS: dict[Suggestion.Kind, Reason] = {
    Kind.PROMISE: promise,
    Kind.MATCH: match,
    Kind.INTRODUCTION: introduction,
    Kind.BIRTHDAY: birthday,
    Kind.MINE: mine,
    Kind.NEED: need,
}


def in_turn(last: dict[str, date], today: date) -> Iterable[Reason]:
    """The kind that has not come for the longest first, so that each has its turn.

    A birthday passes, and so waits no longer than it is told before.
    """

    def waited(kind: Suggestion.Kind) -> int:
        days = (today - last[kind]).days if kind in last else len(REASONS) * AHEAD * 2
        return -(days + AHEAD if kind == Kind.BIRTHDAY else days)

    return [REASONS[kind] for kind in sorted(REASONS, key=waited)]
