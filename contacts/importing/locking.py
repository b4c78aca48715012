"""Imports and people at work at once: who waits for whom."""

import logging
from collections.abc import Callable

from django.db import OperationalError

from networkcrm.models import User

logger = logging.getLogger(__name__)

ATTEMPTS = 4
# serialization_failure and deadlock_detected: nothing is wrong, only the moment was.
# https://www.postgresql.org/docs/current/errcodes-appendix.html
UNLUCKY = ("40001", "40P01")


def hold_owner(owner: User) -> None:
    """Lock the owner's row until the transaction ends, before any contact is locked.

    Whoever saves an origin takes the two in this order (connections/chains.py).
    """
    User.objects.select_for_update(no_key=True).only("pk").get(pk=owner.pk)


def again_when_unlucky(step: Callable[[], None]) -> None:
    """Do this transaction, up to four times when Postgres gave it up for another.

    Raises the OperationalError of the last attempt, and any other at once.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return step()
        except OperationalError as error:
            unlucky = getattr(error.__cause__, "sqlstate", "") in UNLUCKY
            if not unlucky or attempt == ATTEMPTS:
                raise
            logger.warning("Once more, attempt %s gave way: %s", attempt, error)
