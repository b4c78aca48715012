"""The accounts that are measured, and a browser that is logged in as one of them."""

import time
from typing import Any

from django.db import connection

from benchmarks.progress import say

SEED = 1


def owner_of(count: int) -> Any:
    """An account with so many invented contacts, made when it is not there yet."""
    from connections import seeding
    from networkcrm.models import User

    email = f"benchmark-{count}@example.org"
    owner = User.objects.filter(email=email).first()
    if owner is None:
        owner = User.objects.create_user(email)
        start = time.perf_counter()
        seeding.seed(owner, count, SEED)
        took = time.perf_counter() - start
        say(f"seeded {count:,} contacts, {count / took:,.0f} per second")
        tidy()
    return owner


def named(email: str) -> Any:
    """The account with this address, measured as it is."""
    from networkcrm.models import User

    return User.objects.get(email=email)


def tidy() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def browser(owner: Any) -> Any:
    from django.test import Client

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(owner)
    return client


def headers(owner: Any) -> dict[str, str]:
    """What a browser that is logged in sends along, forms too."""
    session = browser(owner).cookies["sessionid"].value
    token = "b" * 32
    return {
        "Host": "127.0.0.1",
        "Cookie": f"sessionid={session}; csrftoken={token}",
        "X-CSRFToken": token,
    }
