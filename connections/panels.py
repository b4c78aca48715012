"""What a contact's page shows of this app: see contacts/panels.py."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone

from connections import chains, introduction_lists, stages
from connections.chains import Link
from connections.models import Interaction, Origin
from connections.relations import by_other
from connections.timelines import Timeline, timeline
from contacts.models import Contact, Stage
from networkcrm.http import HttpRequest
from networkcrm.partial_dates import PartialDate

Answer = tuple[str, dict[str, Any]] | None

# Longer chains fold their middle away.
SHOWN_AT_ONCE = 6
BROUGHT_AT_ONCE = 10
INTRODUCTIONS_AT_ONCE = 4
KNOWN_AT_ONCE = 8
OUTCOMES_AT_ONCE = 5


def origin_of(contact: Contact) -> Origin | None:
    return getattr(contact, "origin", None)


@dataclass(frozen=True, slots=True)
class Chain:
    """The people of a chain, those in the middle folded away when it is long."""

    first: list[Link]
    folded: list[Link]
    last: list[Link]


def folded(links: list[Link]) -> Chain:
    if len(links) <= SHOWN_AT_ONCE:
        return Chain(links, [], [])
    return Chain(links[:2], links[2:-2], links[-2:])


def links_to(contact: Contact) -> list[Link]:
    """The chain to this contact, which two panels show, read once."""
    found: list[Link] | None = contact.__dict__.get("_links")
    if found is None:
        has_origin = origin_of(contact) is not None
        found = chains.chain(contact.owner_id, contact.pk) if has_origin else []
        contact.__dict__["_links"] = found
    return found


def how_you_met(request: HttpRequest, contact: Contact) -> Answer:
    if contact.is_me:
        return None
    origin = origin_of(contact)
    context = {
        "origin": origin,
        "chain": folded(links_to(contact)),
        "track": stages.track(contact, origin),
        "hows": Origin.How.choices,
    }
    return "connections/parts/how_you_met.html", context


def since_then(request: HttpRequest, contact: Contact) -> Answer:
    # On my own page stands what came with one who was merged into me.
    if contact.is_me and not contact.participations.exists():
        return None
    context = {
        "timeline": timeline_of(request, contact),
        "kinds": Interaction.Kind.choices,
        "today": PartialDate.of(timezone.localdate()),
    }
    return "connections/parts/since_then.html", context


def timeline_of(request: HttpRequest, contact: Contact) -> Timeline:
    return timeline(
        request.user.interactions.between_me_and(contact),
        origin_of(contact),
        reverse("contact_timeline", kwargs={"contact_id": contact.pk}),
        request.GET.get("only", ""),
        request.GET.get("page"),
    )


def brought(request: HttpRequest, contact: Contact) -> Answer:
    descent = chains.brought_by(contact.owner_id, contact.pk, most=BROUGHT_AT_ONCE)
    if contact.is_me or not descent.total:
        return None
    return "connections/parts/brought.html", {"descent": descent}


def knows(request: HttpRequest, contact: Contact) -> Answer:
    found = request.user.relationships.of_contact(contact)[: KNOWN_AT_ONCE + 1]
    relationships = list(found)
    if contact.trashed_at and not relationships:
        return None
    shown = relationships[:KNOWN_AT_ONCE]
    context = {
        "people": by_other((row for row in shown if not row.is_over), contact),
        "over": by_other((row for row in shown if row.is_over), contact),
        "has_more": len(relationships) > KNOWN_AT_ONCE,
    }
    return "connections/parts/relationships.html", context


def introductions(request: HttpRequest, contact: Contact) -> Answer:
    rows = introduction_lists.brief(request.user, contact, INTRODUCTIONS_AT_ONCE)
    if contact.is_me or not rows:
        return None
    context = {
        "introductions": rows[:INTRODUCTIONS_AT_ONCE],
        "has_more": len(rows) > INTRODUCTIONS_AT_ONCE,
    }
    return "connections/parts/introductions.html", context


def introduce_button(request: HttpRequest, contact: Contact) -> Answer:
    return None if contact.is_me else ("connections/parts/introduce_button.html", {})


def reach_button(request: HttpRequest, contact: Contact) -> Answer:
    """The way to someone I have not met, or want to meet."""
    if contact.is_me:
        return None
    if contact.stage >= Stage.MET and not contact.wanted_at:
        return None
    return "connections/parts/reach_button.html", {}


def outcomes(request: HttpRequest, contact: Contact) -> Answer:
    if contact.is_me:
        return None
    user = request.user
    theirs = user.outcomes.with_contact(user, contact.pk)
    found = list(theirs.with_people().latest_first()[: OUTCOMES_AT_ONCE + 1])
    through = user.outcomes.through(user, [contact.pk])
    above = [link for link in links_to(contact)[:-1] if link.contact_id]
    context = {
        "outcomes": found[:OUTCOMES_AT_ONCE],
        "has_more": len(found) > OUTCOMES_AT_ONCE,
        "through": through.exclude(pk__in=theirs.values("pk")).count(),
        "chain": [link for link in reversed(above) if not link.is_trashed],
    }
    return "connections/parts/outcomes.html", context


def want_button(request: HttpRequest, contact: Contact) -> Answer:
    if contact.is_me:
        return None
    return "connections/parts/want.html", {"has_met": contact.stage >= Stage.MET}


def wanted_and_met(request: HttpRequest, contact: Contact) -> Answer:
    """Asks whether the wish is fulfilled; what happened takes nothing off the list."""
    met_on = None if contact.trashed_at else contact.met_since_wanted
    if met_on is None:
        return None
    return "connections/parts/wanted_and_met.html", {"met_on": met_on}


def log_button(request: HttpRequest, contact: Contact) -> Answer:
    return None if contact.is_me else ("connections/parts/log_button.html", {})
