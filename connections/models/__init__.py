from connections.models.consents import Consent
from connections.models.interactions import (
    Interaction,
    InteractionQuerySet,
    Participation,
)
from connections.models.introductions import Introduction, Party
from connections.models.layouts import GraphLayout
from connections.models.origins import Origin
from connections.models.outcomes import Outcome, OutcomeQuerySet, OutcomeShare
from connections.models.platforms import Platform
from connections.models.progress import Stuck
from connections.models.relationships import Relationship, RelationshipKind

__all__ = [
    "Consent",
    "GraphLayout",
    "Interaction",
    "InteractionQuerySet",
    "Introduction",
    "Origin",
    "Outcome",
    "OutcomeQuerySet",
    "OutcomeShare",
    "Participation",
    "Party",
    "Platform",
    "Relationship",
    "RelationshipKind",
    "Stuck",
]
