"""What the list of contacts can be narrowed to by how well I keep in touch."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import F, Q
from django.utils import timezone

from contacts.forms.filters import GivenField
from contacts.models.contacts import ContactQuerySet
from followups import circles, rhythms
from followups.circles_reach import behind
from networkcrm.models import User

TOUCH = [
    ("", "or not"),
    ("losing", "whom you are losing"),
    ("slipping", "slipping: their time has passed"),
    ("in-touch", "in touch, as their rhythm says"),
    ("quiet", "left in peace for now"),
]


def fields(owner: User) -> dict[str, forms.Field]:
    touch = forms.ChoiceField(label="Keeping in touch", choices=TOUCH, required=False)
    return {
        "touch": touch,
        "behind": GivenField(owner.circles.all(), "one step behind {}"),
    }


def narrow(owner: User, contacts: Any, chosen: dict[str, Any]) -> Any:
    if circle := chosen.get("behind"):
        contacts = behind(owner, contacts, circle)
    if touch := chosen.get("touch"):
        today = timezone.localdate(timezone=owner.tz)
        contacts = contacts.filter(_is(touch, owner, today))
    return contacts


def _is(touch: str, owner: User, today: date) -> Q:
    if touch == "quiet":
        return circles.is_quiet(today)
    if touch == "losing":
        late, is_lost = _lost(owner, today)
        return Q(pk__in=late.values("pk")) | is_lost
    is_so = circles.is_slipping(today) if touch == "slipping" else circles.is_in_touch()
    return Q(pk__in=_with_rhythm(owner, today).filter(is_so).values("pk"))


def _with_rhythm(owner: User, today: date) -> ContactQuerySet:
    """Those who have one."""
    people = rhythms.kept(owner.contacts.active())
    return rhythms.with_rhythm(people, owner, today, read=False)


def _lost(owner: User, today: date) -> tuple[ContactQuerySet, Q]:
    """More than a whole rhythm late, or close once and silent. Not those in peace.

    Those with a rhythm, and what is true of the others: most of an address book have
    none, and are not reckoned with one by one.
    """
    is_awake = circles.is_awake(today)
    is_asleep = rhythms.is_silent(today) & rhythms.was_close()
    late = _with_rhythm(owner, today).filter(
        is_awake, Q(late__gt=F("every")) | is_asleep
    )
    is_lost = is_awake & rhythms.is_silent_for_a_year(today) & rhythms.was_close()
    return late, is_lost & ~rhythms.has_rhythm()


def losing(owner: User, today: date) -> int:
    """How many /contacts/?touch=losing lists. One query."""
    late, is_lost = _lost(owner, today)
    silent = owner.contacts.active().filter(is_lost)
    return late.values("pk").union(silent.values("pk"), all=True).count()
