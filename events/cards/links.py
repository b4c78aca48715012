"""The one door to a card that is open to people without an account."""

from uuid import uuid5

from events import nearby
from events.models import CardLink, CardNote, Event


def link_of(token: str) -> CardLink | None:
    found = CardLink.objects.by_token(token).select_related("owner", "event")
    link: CardLink | None = found.first()
    return link


def event_of(link: CardLink) -> Event | None:
    """Where someone stands who sees it now."""
    return link.event or nearby.on_now(nearby.events_nearby(link.owner))


def leave(link: CardLink, name: str, reach: str, words: str) -> CardNote:
    """Into the owner's inbox. The same said twice, by a second click, is one note."""
    said = "\n".join((name, reach, words))
    note, _is_new = link.owner.cardnotes.get_or_create(
        pk=uuid5(link.pk, said),
        defaults={
            "link": link,
            "event": event_of(link),
            "name": name,
            "reach": reach,
            "words": words,
        },
    )
    return note
