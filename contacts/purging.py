"""Deleting contacts for ever, without hurting what is linked to them."""

from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from contacts.models import Contact, Fact
from contacts.models.contacts import PURGED_AFTER, relatives
from networkcrm import cache_table, derived, files
from networkcrm.models import User
from networkcrm.owned import Owned

# Called with the owner and those whose introducer is about to go.
orphaned: list[Callable[[UUID, list[UUID]], None]] = []


@transaction.atomic
def purge(user: User, contact_ids: Collection[UUID]) -> int:
    """Delete these contacts of the user and say how many.

    Those they introduced keep their names in the chain; what happened with others
    too stays; what happened with nobody else goes with them.
    """
    doomed = user.contacts.others().filter(pk__in=contact_ids)
    ids = list(doomed.values_list("pk", flat=True))
    photos = [name for name in doomed.values_list("photo", flat=True) if name]
    brought = {*_orphan(user, ids), *relatives(user, ids)} - set(ids)
    _leave_names(user, ids)
    photos += _empty_captures(user, ids)
    # What they left on my card is theirs, and goes with them.
    user.cardnotes.filter(contact__in=ids).delete()
    # A suggestion quotes what they offered to another.
    user.suggestions.filter(other__in=ids).delete()
    _let_go(user, Contact, ids)
    # What they told me goes with them, and was an answer to others.
    _let_go(user, Fact, user.facts.filter(contact__in=ids).values("pk"))
    theirs = user.participations.filter(contact__in=ids)
    interactions = list(theirs.values_list("interaction_id", flat=True))
    user.contacts.filter(pk__in=ids).delete()
    shared = user.participations.filter(interaction__in=interactions)
    lonely = user.interactions.filter(pk__in=interactions).exclude(
        pk__in=shared.values("interaction")
    )
    _let_go(user, user.interactions.model, lonely.values("pk"))
    lonely.delete()
    derived.touch(user.pk, brought)
    files.forget(photos)
    if ids:
        # Their names stand in what was counted, which may be shown once more.
        cache_table.forget(user.pk, "kept")
    return len(ids)


def _orphan(user: User, ids: Collection[UUID]) -> list[UUID]:
    """Leave those they introduced with the name alone; says who these are."""
    origins = user.origins.filter(introducer__in=ids)
    brought = list(origins.values_list("contact_id", flat=True))
    gone = user.contacts.filter(pk__in=origins.values("introducer"))
    for pk, name in list(gone.values_list("pk", "full_name")):
        user.origins.filter(introducer=pk).update(
            introducer=None, introducer_depth=None, introducer_name=name
        )
    left = [pk for pk in brought if pk not in set(ids)]
    for tell in orphaned if left else ():
        tell(user.pk, left)
    return left


def _leave_names(user: User, ids: Collection[UUID]) -> None:
    """In introductions their names stay, as they were called last."""
    for party in ("introducer", "a", "b"):
        person = user.contacts.filter(pk=OuterRef(party))
        user.introductions.filter(**{f"{party}__in": ids}).update(
            **{f"{party}_name": Subquery(person.values("full_name")), party: None}
        )


def _empty_captures(user: User, ids: Collection[UUID]) -> list[str]:
    """Of how they were written down only that it was stays; returns the pictures."""
    captures = user.captures.filter(contact__in=ids)
    pictures = [name for name in captures.values_list("picture", flat=True) if name]
    captures.update(text="", fields={}, contact_name="", picture="")
    return pictures


def _let_go(user: User, model: type[Owned], ids: Any) -> None:
    """What outlives these rows stands without them."""
    for relation in model._meta.related_objects:
        field = relation.field
        if getattr(field, "on_database_delete", "") == "NO ACTION":
            rows = relation.related_model._base_manager.filter(owner_id=user.pk)
            rows.filter(**{f"{field.name}__in": ids}).update(**{field.name: None})


def purge_old_trash() -> int:
    """Purge, for every owner, what has been in the trash for ninety days."""
    before = timezone.now() - PURGED_AFTER
    purged = 0
    for user in User.objects.all():
        old = user.contacts.trashed().filter(trashed_at__lt=before)
        purged += purge(user, list(old.values_list("pk", flat=True)))
    return purged
