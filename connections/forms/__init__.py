from connections.forms.interactions import InteractionForm
from connections.forms.origins import OriginForm

__all__ = ["InteractionForm", "OriginForm"]
