from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from contacts.models import Circle
from followups import cadence, suggesting, touching
from followups.circles import Seats
from followups.circles_reach import reach
from followups.models import FollowUp, Suggestion
from followups.suggesting import wording
from followups.today.evenings import evenings
from followups.today.numbers import Numbers, numbers
from networkcrm.http import HttpRequest
from networkcrm.models import User

MOST_PROMISES = 5
MOST_INTRODUCTIONS = 3
# For so long after the account was made its first steps are shown.
BEGINNING = timedelta(days=60)
COUNT_WORDS = (
    "No One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve".split()  # noqa: SIM905
)


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """What can be done today, each line in one tap; twelve queries, however much."""
    owner, day = request.user, timezone.localdate()
    help_ = suggesting.help_of(owner, day)
    found = numbers(owner, day)
    soon = evenings(owner, day)
    promises = _promises(owner, help_.suggestion)
    touches = cadence.keep_in_touch(owner, day)
    introductions = _introductions(owner, help_.suggestion)
    things = [
        help_.suggestion,
        soon.next and soon.next.is_today,
        found.card_notes,
        *(row for row in promises if row.is_due),
        *touches,
        *soon.debriefs,
        *introductions,
    ]
    context = {
        "heading": heading(sum(map(bool, things)), found),
        "help": help_,
        "lines": help_.suggestion and wording.lines(help_.suggestion),
        "words": help_.suggestion and wording.words(help_.suggestion),
        "promises": promises,
        "touches": touches,
        "ways": touching.WAYS,
        "evening": soon.next,
        "debriefs": soon.debriefs,
        "introductions": introductions,
        "numbers": found,
        "seats": _seats(found),
        "reach": _reach(owner, found),
        "steps": found.steps if _is_beginning(owner, found) else None,
    }
    return render(request, "followups/today.html", context)


def heading(things: int, found: Numbers) -> str:
    """ "Six small things today": what waits for one tap."""
    if not found.people:
        return "Three small steps to begin"
    if not things:
        return "Nothing due. Who could use your help?"
    count = COUNT_WORDS[things] if things < len(COUNT_WORDS) else str(things)
    return f"{count} small {'thing' if things == 1 else 'things'} today"


def _promises(owner: User, suggestion: Suggestion | None) -> list[FollowUp]:
    """The late ones first, and without the one that stands above as the suggestion."""
    rows = owner.followups.soon(timezone.localdate())
    found = rows.select_related("contact", "event")[: MOST_PROMISES + 1]
    above = suggestion and suggestion.followup_id
    return [row for row in found if row.pk != above][:MOST_PROMISES]


def _introductions(owner: User, suggestion: Suggestion | None) -> list[Any]:
    due = owner.introductions.due(timezone.localdate()).prefetch_related("consents")
    found = due.with_people().longest_due_first()[: MOST_INTRODUCTIONS + 1]
    above = suggestion and suggestion.introduction_id
    return [row for row in found if row.pk != above][:MOST_INTRODUCTIONS]


def _seats(found: Numbers) -> Seats | None:
    """Of the inner circle, as they are drawn on its page."""
    if found.circle_id is None:
        return None
    circle = Circle(pk=found.circle_id, seats=found.seats or 0)
    return Seats(circle, found.seated, found.in_touch, found.slipping)


def _reach(owner: User, found: Numbers) -> int:
    """Of the inner circle; who has deleted all circles has none."""
    if found.circle_id is None:
        return 0
    return reach(owner, Circle(pk=found.circle_id, owner=owner))


def _is_beginning(owner: User, found: Numbers) -> bool:
    young = timezone.now() - owner.date_joined < BEGINNING
    return not all(found.steps.values()) and (young or not found.people)
