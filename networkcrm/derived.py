"""What is computed from a contact and everything linked to it, kept current.

An app registers a refresher, a function of (owner_id, contact_ids) that
recomputes its part (the stage, the search row) for those contacts. Saving or
deleting an owned row touches the contacts it names, in the same transaction;
inside `batch()` the touches are gathered and the work is done once at its end.
Code that writes in bulk (`bulk_create`, `QuerySet.update`) calls `touch` itself.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import transaction

Refresher = Callable[[UUID, set[UUID]], None]

_refreshers: list[Refresher] = []
_pending: ContextVar[dict[UUID, set[UUID]] | None] = ContextVar("pending", default=None)


def register(refresher: Refresher) -> None:
    """Add a refresher; they run in the order of registration."""
    _refreshers.append(refresher)


def touch(owner_id: UUID, contact_ids: Iterable[UUID | None]) -> None:
    """Recompute these contacts now, or at the end of the batch around us."""
    ids = {contact_id for contact_id in contact_ids if contact_id}
    if not ids:
        return
    pending = _pending.get()
    if pending is not None:
        pending[owner_id] |= ids
        return
    with transaction.atomic():
        for refresher in _refreshers:
            refresher(owner_id, ids)


@contextmanager
def batch() -> Iterator[None]:
    """One transaction in which every touched contact is recomputed once, at the end."""
    if _pending.get() is not None:
        yield
        return
    with transaction.atomic():
        token = _pending.set(defaultdict(set))
        try:
            yield
            pending = _pending.get() or {}
        finally:
            _pending.reset(token)
        for owner_id, ids in pending.items():
            touch(owner_id, ids)
