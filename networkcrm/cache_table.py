"""The table of settings.CACHES: what has run out goes by night, and what an account
leaves there goes with it.

By itself the table forgets only what is asked for again.
"""

from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

TABLE = "networkcrm_cache"


def clear() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE expires < %s", [timezone.now()])


def forget(owner_id: UUID, what: str = "") -> None:
    """Of this owner: keys of what is somebody's hold the id after what it is."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {TABLE} WHERE cache_key LIKE %s", [f"%{what}:{owner_id}:%"]
        )


def forget_that_of(instance: Any, **kwargs: Any) -> None:
    """Receiver of `pre_delete`."""
    forget(instance.pk)
