"""A relationship as it looks from one of its two sides."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from connections.models import Relationship
from contacts.models import Contact

STRENGTHS = {1: "distant", 2: "loose", 3: "good", 4: "close", 5: "very close"}


@dataclass(frozen=True, slots=True)
class Side:
    """`role` is what the other is to the one it is seen from: Maya's mentor."""

    relationship: Relationship
    other: Contact
    role: str
    is_over: bool

    @property
    def strength(self) -> str:
        """ "close, 4 of 5", "" when nothing is said."""
        number = self.relationship.strength
        return f"{STRENGTHS[number]}, {number} of 5" if number else ""


@dataclass(slots=True)
class Other:
    """All that someone is to the one it is seen from."""

    contact: Contact
    sides: list[Side] = field(default_factory=list)


def side(relationship: Relationship, contact_id: UUID) -> Side:
    """Seen from this contact, who must be one of the two."""
    kind = relationship.kind
    is_over = getattr(relationship, "is_over", False)
    if relationship.from_contact_id == contact_id:
        other, role = relationship.to_contact, kind.inverse_name
    else:
        other, role = relationship.from_contact, kind.name
    return Side(relationship, other, role, is_over)


def by_other(relationships: Iterable[Any], contact: Contact) -> list[Other]:
    """One entry per person, in the order in which they come first."""
    found: dict[UUID, Other] = {}
    for relationship in relationships:
        seen = side(relationship, contact.pk)
        found.setdefault(seen.other.pk, Other(seen.other)).sides.append(seen)
    return list(found.values())


def possessive(contact: Contact) -> str:
    """ "Maya's", "your"."""
    return "your" if contact.is_me else f"{contact.first_name}'s"
