"""Deleting an origin or an interaction, and taking that back."""

from typing import Any

from django.db import IntegrityError, transaction

from connections.chains import Cycle
from connections.models import Interaction, Origin
from networkcrm import snapshots, undo
from networkcrm.models import User


def delete_origin(origin: Origin) -> str:
    """Returns the address to post to for taking it back."""
    url = undo.remember(origin.owner, "origin", snapshots.taken(origin))
    origin.delete()
    return url


@undo.action("origin")
def _put_origin_back(user: User, columns: dict[str, Any]) -> str:
    contact = user.contacts.filter(pk=columns["contact_id"]).first()
    if contact is None:
        return "That contact was deleted for ever in the meantime."
    columns = _without_lost_links(user, columns)
    try:
        snapshots.put_back(Origin, columns)
    except Cycle:
        alone = columns | {"introducer_id": None, "introducer_depth": None}
        snapshots.put_back(Origin, alone)
        return (
            f"How you met {contact} is back, but not through"
            f" {columns['introducer_name']}, who came to you through {contact} since."
        )
    except IntegrityError:
        return f"How you met {contact} was written down anew since, and that stays."
    return f"How you met {contact} is back."


def delete_interaction(interaction: Interaction) -> str:
    """Returns the address to post to for taking it back."""
    payload = {
        "columns": snapshots.taken(interaction),
        "people": list(interaction.participations.values_list("contact_id", flat=True)),
        "facts": list(interaction.facts.values_list("pk", flat=True)),
    }
    url = undo.remember(interaction.owner, "interaction", payload)
    interaction.delete()
    return url


@undo.action("interaction")
@transaction.atomic
def _put_interaction_back(user: User, payload: dict[str, Any]) -> str:
    people = user.contacts.filter(pk__in=payload["people"])
    ids = set(people.values_list("pk", flat=True))
    if not ids:
        return "Nobody who was there is still in your network."
    columns = _without_lost_links(user, payload["columns"])
    interaction = snapshots.put_back(Interaction, columns)
    interaction.set_people(ids)
    user.facts.filter(pk__in=payload["facts"]).update(interaction=interaction)
    return f"“{interaction}” is back."


def _without_lost_links(user: User, columns: dict[str, Any]) -> dict[str, Any]:
    """What it pointed at may be gone for ever; the names of it are kept beside."""
    columns = dict(columns)
    if not user.events.filter(pk=columns["event_id"]).exists():
        columns["event_id"] = None
    introducer = columns.get("introducer_id")
    if introducer and not user.contacts.filter(pk=introducer).exists():
        columns |= {"introducer_id": None, "introducer_depth": None}
    return columns
