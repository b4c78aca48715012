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
        people = rhythms.with_rhythm(contacts.others(), owner, today, read=False)
        contacts = people.filter(_is(touch, owner, today))
    return contacts


def _is(touch: str, owner: User, today: date) -> Q:
    if touch == "slipping":
        return circles.is_slipping(today)
    if touch == "in-touch":
        return circles.is_in_touch()
    return circles.is_quiet(today) if touch == "quiet" else is_lost(owner, today)


def is_lost(owner: User, today: date) -> Q:
    """More than a whole rhythm late, or close once and silent. Not those in peace."""
    is_far_behind = Q(late__gt=F("every"))
    is_asleep = rhythms.is_silent(today) & rhythms.was_close(owner, today)
    return circles.is_awake(today) & (is_far_behind | is_asleep)


def losing(owner: User, today: date) -> int:
    """How many /contacts/?touch=losing lists. One query."""
    people: ContactQuerySet = owner.contacts.active()
    people = rhythms.with_rhythm(people, owner, today, read=False)
    return people.filter(is_lost(owner, today)).count()
