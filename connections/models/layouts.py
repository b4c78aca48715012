from django.db import models

from networkcrm.owned import Owned, owner_and_id


class GraphLayout(Owned):
    """Where the nodes of the network were left, so that it looks the same tomorrow."""

    # {id of a contact, event or organization: [x, y]}
    positions = models.JSONField(default=dict)

    class Meta:
        constraints = [
            owner_and_id("graphlayout"),
            models.UniqueConstraint(fields=["owner"], name="graphlayout_one"),
        ]

    def __str__(self) -> str:
        return f"{len(self.positions)} positions"
