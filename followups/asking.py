"""What is needed and offered, by everybody and by me, and whether it is still so."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import CharField, Count, F, Func, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce, TruncDate

from contacts.models import Fact
from followups.matching.pools import STALE_AFTER
from networkcrm import undo
from networkcrm.models import User
from networkcrm.partial_dates import PartialDate

SORTS = {"": "Latest first", "oldest": "Oldest first"}


def _day(when: Any) -> Func:
    return Func(when, Value("YYYY-MM-DD"), function="to_char", output_field=CharField())


def asks(owner: User) -> Any:
    """Open needs and offers, and `said`: when last, as text."""
    said = Coalesce(
        _day(F("confirmed_on")),
        Cast("heard_on", CharField()),
        _day(TruncDate("created_at", tzinfo=owner.tz)),
    )
    found = owner.facts.filter(kind__in=["need", "offer"], state="open")
    found = found.exclude(contact__in=owner.contacts.put_away().values("pk"))
    return found.annotate(said=said)


def is_mine(owner: User) -> Q:
    """Of my own contact."""
    me = owner.contacts.filter(is_me=True).values("pk")[:1]
    return Q(contact=Subquery(me))


def asked_again(rows: Any, today: date) -> Any:
    """Those nobody has spoken of for so long that it may not be so any more."""
    return rows.filter(said__lt=(today - STALE_AFTER).isoformat())


def counts(owner: User, today: date) -> dict[str, int]:
    """How many stand in each list."""
    mine = is_mine(owner)
    stale = Q(said__lt=(today - STALE_AFTER).isoformat())
    found: dict[str, int] = asks(owner).aggregate(
        needs=Count("pk", filter=~mine & Q(kind="need")),
        offers=Count("pk", filter=~mine & Q(kind="offer")),
        mine=Count("pk", filter=mine),
        again=Count("pk", filter=stale),
    )
    return found


@dataclass(frozen=True, slots=True)
class Ask:
    """A need or an offer as a row of the list. `said_on` is as vague as it was said."""

    fact: Fact
    said_on: PartialDate
    is_stale: bool

    @property
    def is_need(self) -> bool:
        return self.fact.kind == Fact.Kind.NEED


def rows_of(facts: Any, today: date) -> list[Ask]:
    stale = (today - STALE_AFTER).isoformat()
    return [
        Ask(fact, PartialDate.from_iso(fact.said), fact.said < stale) for fact in facts
    ]


class Memory:
    """How a need or an offer stood before a step."""

    def __init__(self, fact: Fact) -> None:
        self.fact = fact
        self.columns = {"state": fact.state, "confirmed_on": fact.confirmed_on}

    def remember(self) -> str:
        payload = {"pk": self.fact.pk, "columns": self.columns}
        return undo.remember(self.fact.owner, "ask", payload)


@undo.action("ask")
@transaction.atomic
def _as_it_was(user: User, payload: dict[str, Any]) -> str:
    fact = user.facts.filter(pk=payload["pk"]).exclude(state="").first()
    if fact is None:
        return "It was forgotten in the meantime."
    for name, value in payload["columns"].items():
        setattr(fact, name, value)
    fact.save(update_fields=[*payload["columns"], "updated_at"])
    return f"“{fact}” is as it was."


@undo.action("ask_added")
def _not_said(user: User, pk: UUID) -> str:
    fact = user.facts.filter(pk=pk).first()
    if fact is None:
        return "It was forgotten already."
    fact.delete()
    return f"“{fact}” is not written down any more."


@undo.action("unfit")
def _fits_after_all(user: User, pk: UUID) -> str:
    user.unfits.filter(pk=pk).delete()
    return "They may fit after all, and are proposed again."
