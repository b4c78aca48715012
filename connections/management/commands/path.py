from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management import CommandError

from connections.network.evidence import chains
from contacts.models import Contact
from networkcrm.management.base import OwnerCommand
from networkcrm.models import User
from networkcrm.text import fold


class Command(OwnerCommand):
    help = "How to get from one person to another: the strongest of the shortest ways."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        for name in ("from", "to"):
            parser.add_argument(
                name, metavar=name.upper(), help="me, an id, or a full name"
            )

    def run(self, **options: Any) -> dict[str, Any]:
        owner = options["owner"]
        start, goal = (person(owner, options[name]) for name in ("from", "to"))
        if start == goal:
            return {"found": True, "length": 0, "steps": []}
        found = chains(owner, start, goal)
        if not found:
            return {"found": False, "length": None, "steps": []}
        steps = [
            {
                "from": {"id": link.person.pk, "name": link.person.full_name},
                "to": {"id": link.next.pk, "name": link.next.full_name},
                "evidence": [reason.words for reason in link.reasons],
                "strength": link.strength,
            }
            for link in found[0].links
        ]
        return {"found": True, "length": len(steps), "steps": steps}


def person(owner: User, text: str) -> Contact:
    """Who is meant. Raises CommandError with a sentence."""
    if fold(text) == "me":
        return owner.contacts.get(is_me=True)
    try:
        found = list(owner.contacts.filter(pk=UUID(text)))
    except ValueError:
        named = owner.contacts.filter(sort_key=fold(text)[:900]).by_name()
        kept = list(named.kept()[:50])
        found = kept or list(named[:1])
    if not found:
        raise CommandError(f"You know nobody called {text}.")
    if len(found) > 1:
        ids = ", ".join(str(contact.pk) for contact in found)
        raise CommandError(
            f"You know {len(found)} people called {text}. Say which one by id: {ids}."
        )
    if found[0].trashed_at:
        raise CommandError(f"{found[0]} is in the trash: take them back first.")
    return found[0]
