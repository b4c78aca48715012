"""What becomes of a suggestion: done, later, never. Each can be taken back."""

from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.html import format_html

from connections import undoing_introductions
from connections.introducing import Beginnings
from connections.models import Introduction, Stuck
from followups.models import Suggestion
from followups.suggesting import wording
from followups.undoing import Memory
from networkcrm import undo
from networkcrm.models import User

Answer = Suggestion.Answer
Kind = Suggestion.Kind


class Answered(NamedTuple):
    """What to tell, where to post to for taking it back, and where it leads."""

    sentence: str
    undo_url: str
    leads_to: str = ""


@transaction.atomic
def done(row: Suggestion) -> Answered:
    """Whatever it proposed is done with it. Raises Stuck where it cannot be."""
    _refuse_what_is_answered(row)
    sentence, leads_to, also = _DONE.get(Kind(row.kind), _helped)(row)
    row.settle(Answer.DONE)
    return Answered(sentence, _remember(row, also), leads_to)


def later(row: Suggestion) -> Answered:
    """Not today: they rest, as everybody who was suggested does."""
    _refuse_what_is_answered(row)
    row.settle(Answer.LATER)
    name = wording.first_name(row.contact)
    return Answered(f"Not today. {name} may come again in a month.", _remember(row))


def never(row: Suggestion) -> Answered:
    """Not for this reason; the same person may come for another."""
    _refuse_what_is_answered(row)
    row.settle(Answer.NEVER)
    return Answered("That is never suggested again.", _remember(row))


def _refuse_what_is_answered(row: Suggestion) -> None:
    if not row.is_open:
        raise Stuck("That was answered already.")


def _kept(row: Suggestion) -> tuple[str, str, str]:
    promise = row.followup
    if promise is None:
        raise Stuck("That promise was deleted in the meantime.")
    before = Memory(promise)
    following = promise.complete()
    sentence = format_html("Done: “{}”.", promise)
    if following:
        sentence += format_html(" The next one is {}.", following.when)
    return sentence, "", before.remember(following)


def _introduced(row: Suggestion) -> tuple[str, str, str]:
    """The idea is written down, with both reasons; whether they want to is asked."""
    if row.other is None:
        raise Stuck("One of the two was deleted for ever in the meantime.")
    owner = row.owner
    found = owner.introductions.by_me().current().between(row.contact, row.other)
    introduction = found.with_people().first()
    also = ""
    if introduction is None:
        offered, needed = (line.reason for line in reversed(wording.lines(row)))
        introduction = Introduction(
            owner=owner,
            introducer=owner.contacts.get(is_me=True),
            a=row.contact,
            b=row.other,
            why_a=_because(row.other, offered),
            why_b=_because(row.contact, needed),
        )
        introduction.save()
        also = undoing_introductions.remember_record(
            owner, [introduction], Beginnings()
        )
    sentence = format_html(
        'Written down: you introduce {} and {}. <a href="{}">Ask them both</a>',
        *wording.named_apart(row.contact, row.other),
        introduction.get_absolute_url(),
    )
    return sentence, "", also


def _because(contact: Any, reason: str) -> str:
    return f"{wording.first_name(contact)} {reason}".strip() if reason else ""


def _led_on(row: Suggestion) -> tuple[str, str, str]:
    if row.introduction is None:
        raise Stuck("That introduction was deleted in the meantime.")
    names = wording.named_apart(row.contact, row.other or row.contact)
    sentence = f"Here {names[0]} and {names[1]} are introduced, step by step."
    return sentence, row.introduction.get_absolute_url(), ""


def _helped(row: Suggestion) -> tuple[str, str, str]:
    """What was given can be noted, with the need it met."""
    asked = {"contact": str(row.contact_id)}
    if row.need_id:
        asked["need"] = str(row.need_id)
    url = f"{reverse('favour_create')}?{urlencode(asked)}"
    sentence = format_html(
        'Well done. <a href="{}">Note what you did for {}</a>',
        url,
        wording.first_name(row.contact),
    )
    return sentence, "", ""


_DONE = {
    Kind.PROMISE: _kept,
    Kind.MATCH: _introduced,
    Kind.INTRODUCTION: _led_on,
}


def _remember(row: Suggestion, also: str = "") -> str:
    """`also` is the address that takes back what was done with it."""
    token = also.rstrip("/").rpartition("/")[2]
    return undo.remember(row.owner, "suggestion", {"pk": row.pk, "also": token})


@undo.action("suggestion")
@transaction.atomic
def _take_answer_back(user: User, payload: dict[str, Any]) -> str:
    pk: UUID = payload["pk"]
    rows = user.suggestions.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("contact").filter(pk=pk).first()
    if row is None:
        return "They were deleted for ever in the meantime."
    row.reopen()
    told = undo.spend(user, payload["also"]) if payload["also"] else ""
    return told or f"{wording.first_name(row.contact)} is back."
