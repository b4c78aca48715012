"""Deleting a relationship or a kind of it, and taking that back."""

from typing import Any

from django.db import IntegrityError

from connections.models import Relationship, RelationshipKind
from networkcrm import snapshots, undo
from networkcrm.models import User


def delete_relationship(relationship: Relationship) -> str:
    """Returns the address to post to for taking it back."""
    url = undo.remember(
        relationship.owner,
        "relationship",
        {"columns": snapshots.taken(relationship), "kind": str(relationship.kind)},
    )
    relationship.delete()
    return url


@undo.action("relationship")
def _put_relationship_back(user: User, payload: dict[str, Any]) -> str:
    columns = payload["columns"]
    ends = {columns["from_contact_id"], columns["to_contact_id"]}
    if user.contacts.filter(pk__in=ends).count() < len(ends):
        return "One of the two was deleted for ever in the meantime."
    if not user.relationshipkinds.filter(pk=columns["kind_id"]).exists():
        return f"There is no kind “{payload['kind']}” any more: nothing was put back."
    try:
        relationship = snapshots.put_back(Relationship, columns)
    except IntegrityError:
        return "That was written down anew since, and stays."
    return (
        f"{relationship.from_contact} and {relationship.to_contact} are linked again."
    )


def delete_kind(kind: RelationshipKind) -> str:
    """Of a kind that nobody is. Returns the address to post to for taking it back."""
    url = undo.remember(kind.owner, "relationshipkind", snapshots.taken(kind))
    kind.delete()
    return url


@undo.action("relationshipkind")
def _put_kind_back(user: User, columns: dict[str, Any]) -> str:
    try:
        kind = snapshots.put_back(RelationshipKind, columns)
    except IntegrityError:
        return f"You have another kind called “{columns['name']}” now, and that stays."
    return f"“{kind}” is back."
