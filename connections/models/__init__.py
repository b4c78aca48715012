from connections.models.interactions import Interaction, Participation
from connections.models.origins import Origin
from connections.models.platforms import Platform

__all__ = ["Interaction", "Origin", "Participation", "Platform"]
