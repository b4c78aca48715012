"""Whom to help today: one person a day, and up to three on demand.

    of_day(owner, today)      the one of this day, None when it is answered
    more(owner, today)        one more
    answering.py              what becomes of it

The row is written when the day is first asked for, and is the same until midnight,
by the owner's calendar. Kinds of reasons come in turn (reasons.py); nobody stands on
a card again for thirty days after, neither as the one who is helped nor as the one
who helps, and what was answered "never" does not come again.
"""

from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q

from followups.models import FollowUp, Suggestion
from followups.models.suggestions import A_DAY_AT_MOST
from followups.suggesting import reasons
from networkcrm.models import User

Answer = Suggestion.Answer
Kind = Suggestion.Kind

# Whoever was shown is not shown again for so long.
REST = timedelta(days=30)


class Help(NamedTuple):
    """What a day has: the one that is open, those that were answered."""

    suggestion: Suggestion | None
    answered: list[Suggestion]

    @property
    def has_more(self) -> bool:
        """Whether one more may be asked for; None may be found."""
        return not self.suggestion and 0 < len(self.answered) < A_DAY_AT_MOST


def of_day(owner: User, today: date) -> Suggestion | None:
    """The one person to help on this day of the owner's calendar.

    None when they were answered already, or when there is no reason at all. One query,
    and a few more when the day is asked for the first time.
    """
    return help_of(owner, today).suggestion


def help_of(owner: User, today: date) -> Help:
    unfit = owner.unfits.filter(need=OuterRef("need"), contact=OuterRef("other"))
    rows = list(owner.suggestions.of_day(today).annotate(is_unfit=Exists(unfit)))
    gone = [row for row in rows if row.is_open and is_gone(row)]
    for row in gone:
        row.settle(Answer.DONE if is_done_elsewhere(row) else Answer.LATER)
    found = next((row for row in rows if row.is_open), None)
    if found is None and (not rows or rows[-1] in gone):
        # A new day, or what it had went away by itself.
        found = _written(owner, today, len(rows))
    return Help(found, [row for row in rows if not row.is_open])


def more(owner: User, today: date) -> Suggestion | None:
    """The open one; one more when it is answered and the day has room."""
    had = help_of(owner, today)
    return had.suggestion or _written(owner, today, len(had.answered))


def _written(owner: User, today: date, place: int) -> Suggestion | None:
    """Find one and write it down. Of two who do so at once, both get the first's."""
    if place >= A_DAY_AT_MOST:
        return None
    found = _found(owner, today)
    if found is None:
        return None
    found.owner, found.on, found.place = owner, today, place
    Suggestion.objects.bulk_create([found], ignore_conflicts=True)
    written: Suggestion | None = (
        owner.suggestions.of_day(today).filter(place=place).first()
    )
    return written


def _found(owner: User, today: date) -> Suggestion | None:
    """The first of the kind whose turn it is, else of the next kind."""
    lately = today - REST
    past = owner.suggestions.filter(Q(on__gte=lately) | Q(answer=Answer.NEVER))
    seen, never, last = set(), set(), dict[str, date]()
    for on, kind, contact, other, key, answer in past.values_list(
        "on", "kind", "contact", "other", "key", "answer"
    ):
        if answer == Answer.NEVER:
            never.add(key)
        if on >= lately:
            seen |= {contact, other} - {None}
            last[kind] = max(on, last.get(kind, on))
    asked = reasons.Asked(owner, today, sorted(seen), frozenset(never))
    return next(
        filter(None, (find(asked) for find in reasons.in_turn(last, today))), None
    )


def is_gone(row: Any) -> bool:
    """Whether what it tells is not so any more: somebody was put away, it is done,
    the two were said not to fit."""
    if row.is_unfit:
        return True
    people = [row.contact, row.other] if row.is_of_two else [row.contact]
    if any(who is None or who.trashed_at or who.archived_at for who in people):
        return True
    if row.kind == Kind.PROMISE:
        promise = row.followup
        return not promise or not promise.is_open or _was_moved(row, promise)
    if row.kind == Kind.INTRODUCTION:
        one = row.introduction
        waits = one and one.state in ("idea", "agreed")
        return not one or not waits or bool(one.ask_on and one.ask_on > row.on)
    if row.kind == Kind.BIRTHDAY:
        return row.key.startswith("birthday:") and row.contact.birthday is None
    if row.need is None or row.need.state != "open":
        return True
    if row.offer:
        return row.offer.state not in ("", "open")
    # Where no fact offers it, their work does: see matching.
    return row.kind == Kind.MATCH and not row.key.endswith(str(row.other_id))


def _was_moved(row: Suggestion, promise: FollowUp) -> bool:
    """Put off, or promised to somebody else."""
    is_due = promise.due_on is not None and promise.due_on <= row.on
    return not is_due or promise.contact_id != row.contact_id


def is_done_elsewhere(row: Suggestion) -> bool:
    """Whether it went away because it was done, and not because it was taken back."""
    if row.kind == Kind.PROMISE:
        return bool(row.followup and row.followup.done_at)
    if row.kind == Kind.INTRODUCTION:
        one = row.introduction
        return bool(one and one.state in ("asked", "made", "met", "closed"))
    return bool(row.need and row.need.state == "met")
