"""What the list of contacts can be narrowed to by how they came and how far it went.

The lists behind the numbers of /insights/: see connections/insights.
"""

import re
from typing import Any

from django import forms
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from connections.insights import keeping
from connections.insights.steps import came_closer, first_reached, stuck_before, took
from connections.models import Origin, Platform
from contacts.forms.filters import GivenField, GivenPeriodField
from contacts.models import Stage
from networkcrm.models import User
from networkcrm.periods import CHOICES, period, surely_before

PERIODS = [("", "any time"), *CHOICES[1:]]
THROUGH = [
    ("", "anybody or nobody"),
    ("somebody", "somebody"),
    ("nobody", "nobody, you found them"),
    ("gone", "somebody deleted since"),
]
STUCK = {"wrote": Stage.WROTE}
_BELOW = """
    WITH RECURSIVE below (id) AS (
        SELECT o.contact_id FROM connections_origin o
        WHERE o.owner_id = %(owner)s AND o.introducer_id = %(contact)s
        UNION
        SELECT o.contact_id FROM below b JOIN connections_origin o
            ON o.owner_id = %(owner)s AND o.introducer_id = b.id
    )
    SELECT id FROM below
"""
_KEPT = f"""
    SELECT c.id FROM contacts_contact c {keeping.JOIN}
    WHERE c.owner_id = %(owner)s AND {keeping.KEPT}
"""


def _sql(text: str, said: dict[str, Any]) -> RawSQL:
    """Django counts its parameters, and does not know them by name."""
    names = re.findall(r"%\((\w+)\)s", text)
    return RawSQL(re.sub(r"%\(\w+\)s", "%s", text), [said[name] for name in names])


def fields(owner: User) -> dict[str, forms.Field]:
    return {
        "through": GivenField(owner.contacts.all(), "came through {}"),
        "introducer": GivenField(owner.contacts.all(), "introduced by {}"),
        "began_at": GivenField(owner.events.all(), "met at {}"),
        "came_in": GivenPeriodField("came in {}"),
        "met_in": GivenPeriodField("met in person for the first time in {}"),
        "closer_in": GivenPeriodField("came closer in {}"),
        "met_when": _choice("When you met", PERIODS),
        "met_how": _choice("How it began", [("", "any"), *Origin.How.choices]),
        "platform": _choice("On which platform", [("", "any"), *Platform.choices]),
        "found": _choice("Came through", THROUGH),
        "reached": _choice(
            "Came at least as far as",
            [("", "any"), *((s.value, s.label) for s in Stage if s)],
        ),
        "stuck": _choice(
            "Stuck", [("", "or not"), ("wrote", "at “wrote”, over six months")]
        ),
        "took": _choice(
            "Known how long it took",
            [
                ("", "or not"),
                *((s.value, f"until “{s.label}”") for s in Stage if s > 1),
            ],
        ),
        "kept": _choice(
            "Still in touch", [("", "or not"), ("yes", "yes"), ("no", "no")]
        ),
        "brought": _choice(
            "Brought you somebody", [("", "or not"), ("ever", "ever"), *CHOICES[1:]]
        ),
    }


def _choice(label: str, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False)


def narrow(owner: User, contacts: Any, chosen: dict[str, Any]) -> Any:
    today = timezone.localdate(timezone=owner.tz)
    origin = _origin(chosen, period(chosen.get("met_when") or "", today).holds("on"))
    if origin:
        origins = owner.origins.filter(origin)
        contacts = contacts.filter(pk__in=origins.values("contact"))
    if through := chosen.get("through"):
        below = _sql(_BELOW, {"owner": owner.pk, "contact": through.pk})
        contacts = contacts.filter(pk__in=below)
    if came_in := chosen.get("came_in"):
        origins = owner.origins.filter(came_in.holds("on"))
        contacts = contacts.filter(pk__in=origins.values("contact"))
    if met_in := chosen.get("met_in"):
        contacts = contacts.filter(first_reached(Stage.MET, met_in))
    if closer_in := chosen.get("closer_in"):
        contacts = contacts.filter(came_closer(closer_in))
    if chosen.get("reached"):
        contacts = contacts.filter(stage__gte=int(chosen["reached"]))
    if stuck := STUCK.get(chosen.get("stuck") or ""):
        since = surely_before(f"reached_on__{stuck - 1}", stuck_before(today))
        contacts = contacts.filter(since, stage=stuck)
    if chosen.get("took"):
        contacts = contacts.filter(took(int(chosen["took"])))
    if chosen.get("kept"):
        kept = Q(pk__in=_sql(_KEPT, keeping.said(owner.pk, today)))
        contacts = contacts.filter(kept if chosen["kept"] == "yes" else ~kept)
    if chosen.get("brought"):
        people = owner.contacts.kept().others().values("pk")
        when = period(chosen["brought"], today).holds("on")
        origins = owner.origins.filter(when, contact__in=people)
        origins = origins.filter(introducer__isnull=False)
        contacts = contacts.filter(pk__in=origins.values("introducer"))
    return contacts


def _origin(chosen: dict[str, Any], origin: Q) -> Q:
    """What must be true of how they came."""
    for name, column in (
        ("introducer", "introducer"),
        ("began_at", "event"),
        ("met_how", "how"),
        ("platform", "platform"),
    ):
        if chosen.get(name):
            origin &= Q(**{column: chosen[name]})
    found = chosen.get("found")
    if found == "somebody":
        origin &= Q(introducer__isnull=False)
    elif found == "nobody":
        origin &= Q(introducer=None, introducer_name="")
    elif found == "gone":
        origin &= Q(introducer=None) & ~Q(introducer_name="")
    return origin
