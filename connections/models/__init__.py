from connections.models.interactions import (
    Interaction,
    InteractionQuerySet,
    Participation,
)
from connections.models.origins import Origin
from connections.models.platforms import Platform

__all__ = ["Interaction", "InteractionQuerySet", "Origin", "Participation", "Platform"]
