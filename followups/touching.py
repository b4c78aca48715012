"""A contact of today in one tap."""

from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.html import format_html

from connections.models import Interaction
from contacts.models import Contact
from networkcrm import undo
from networkcrm.models import User
from networkcrm.partial_dates import PartialDate

Kind = Interaction.Kind


class Way(NamedTuple):
    """A button: what it says, and what is told afterwards."""

    kind: Kind
    label: str
    told: str

    @property
    def icon(self) -> str:
        return Interaction.ICONS[self.kind]


WAYS = (
    Way(Kind.MESSAGE, "Wrote to", "You wrote to {} today."),
    Way(Kind.CALL, "Called", "You and {} spoke today."),
    Way(Kind.COFFEE, "Met", "You and {} met today."),
)


def log(contact: Contact, kind: str) -> tuple[str, str]:
    """Write it down, a message unless `kind` is that of another of the WAYS.

    Returns what to tell, and where to post to for taking it back.
    """
    way = next((way for way in WAYS if way.kind == kind), WAYS[0])
    today = timezone.localdate(timezone=contact.owner.tz)
    row = Interaction(owner=contact.owner, kind=way.kind, on=PartialDate.of(today))
    row.save()
    row.set_people({contact.pk})
    sentence = format_html(
        way.told + ' <a href="{}">Say more of it</a>',
        contact.first_name,
        row.get_absolute_url(),
    )
    payload = {"pk": row.pk, "seen_at": row.updated_at}
    return sentence, undo.remember(contact.owner, "touch", payload)


@undo.action("touch")
def _take_back(user: User, payload: dict[str, Any]) -> str:
    row = user.interactions.filter(pk=payload["pk"]).first()
    if row is None:
        return "It was deleted already."
    if row.updated_at != payload["seen_at"]:
        return "You wrote more of it since, so it stays. It can be deleted there."
    row.delete()
    return "That is not written down any more."
