"""Notices to browsers that asked for them (RFC 8030, 8291, 8292).

The server calls the push services of browsers and nobody else: the address comes from
a browser, and whoever controls that must not make us knock on doors inside a network.
"""

import base64
import json
import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parseaddr
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.http import HttpRequest

from followups.models import PushSubscription
from networkcrm import home
from networkcrm.models import User

logger = logging.getLogger(__name__)

# Seconds to connect, and to be answered.
PATIENCE = (5, 10)
# How long a push service keeps it for a browser that is switched off, at most.
KEPT = timedelta(hours=6)
# A service must take 4096 bytes of what is encrypted (RFC 8030, 7.2); some take less.
MOST_BYTES = 2000
GONE = {404, 410}
# It may take it later.
BUSY = {408, 429, 500, 502, 503, 504}
LONGEST_PAUSE = timedelta(hours=1)
_NAME = re.compile("[a-z0-9.-]+")


def is_known(endpoint: str) -> bool:
    """Whether this is an address of a push service of PUSH_SERVICES.

    https at its usual port, and a name: no number of a machine can be known. An entry
    that is an address itself ("https://push.example.org:8443") stands for just that.
    """
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return False
    if not _NAME.fullmatch(parts.hostname or "") or "@" in parts.netloc:
        # Programs do not agree on where such a name ends.
        return False
    if f"{parts.scheme}://{parts.netloc}" in settings.PUSH_SERVICES:
        return True
    host = str(parts.hostname)
    return (
        parts.scheme == "https"
        and port in (None, 443)
        and any(
            host.endswith(one) if one.startswith(".") else host == one
            for one in settings.PUSH_SERVICES
        )
    )


def decoded(text: str) -> bytes:
    """base64url with or without its padding. Raises ValueError."""
    return base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)


def is_public_key(text: str) -> bool:
    """Whether this is a point on P-256, as a browser tells its key."""
    try:
        raw = decoded(text)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
    except ValueError:
        return False
    return len(raw) == 65


@cache
def private_key(chosen: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(decoded(chosen)), ec.SECP256R1())


def our_key() -> ec.EllipticCurvePrivateKey:
    """Raises SetupError when there is none and none can be kept."""
    return private_key(settings.VAPID_PRIVATE_KEY or home.vapid_key(settings.HOME))


def public_key() -> str:
    """What a browser is told to take notices from, base64url."""
    raw = (
        our_key()
        .public_key()
        .public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
    )
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def forget_browser(request: HttpRequest, user: User | None, **signal: Any) -> None:
    """Who signs out gets no notices in that browser: js/offline.js names it."""
    if user is not None:
        named = request.POST.get("browser", "")[:64]
        user.pushsubscriptions.filter(endpoint_hash=named).delete()


@dataclass(frozen=True, slots=True)
class Words:
    """What a notice says: first names and titles, and the page a tap opens."""

    title: str
    body: str
    path: str
    # One notice of a kind replaces the one before.
    tag: str

    def as_json(self) -> str:
        said = {"title": self.title, "body": self.body}
        said |= {"url": self.path, "tag": self.tag}
        text = json.dumps(said, ensure_ascii=False)
        while len(text.encode()) > MOST_BYTES:
            longest = max(("title", "body"), key=lambda name: len(said[name]))
            said[longest] = said[longest][: len(said[longest]) * 3 // 4].rstrip() + "…"
            text = json.dumps(said, ensure_ascii=False)
        return text


@dataclass(slots=True)
class Outcome:
    """Which browsers' services took it, which are gone, and what the others said."""

    taken: list[PushSubscription] = field(default_factory=list)
    gone: list[PushSubscription] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    # Some may take it later, not before this pause.
    is_busy: bool = False
    pause: timedelta = timedelta(0)


def push(
    to: Iterable[PushSubscription],
    words: Words,
    now: datetime,
    good_for: timedelta = KEPT,
) -> Outcome:
    """Ask the services of these browsers; those that are gone are forgotten.

    What is not delivered while it is good for something is not delivered at all.
    """
    outcome = Outcome()
    seconds = int(min(good_for, KEPT).total_seconds())
    for subscription in to:
        _push_to(subscription, words, seconds, now, outcome)
    return outcome


def _push_to(
    subscription: PushSubscription,
    words: Words,
    seconds: int,
    now: datetime,
    outcome: Outcome,
) -> None:
    # It takes more than half a second, which no page has.
    import requests
    from pywebpush import WebPushException

    try:
        _post(subscription, words, seconds)
    except WebPushException as error:
        _note_answer(subscription, error, outcome)
    except (requests.RequestException, OSError) as error:
        # Not the error itself: it names the address, which is the browser's secret.
        logger.warning("A push service does not answer: %s.", type(error).__name__)
        outcome.is_busy = True
        outcome.problems.append(f"The push service of {subscription} does not answer.")
    except ValueError:
        # Its keys are none, or its service is not known any more.
        logger.warning("A browser cannot be written to.", exc_info=True)
        outcome.problems.append(f"{subscription} cannot be reached: turn it on anew.")
    else:
        subscription.last_sent_at = now
        subscription.save(update_fields=["last_sent_at", "updated_at"])
        outcome.taken.append(subscription)


def _post(subscription: PushSubscription, words: Words, seconds: int) -> None:
    import requests
    from py_vapid import Vapid02
    from pywebpush import webpush

    if not is_known(subscription.endpoint):
        raise ValueError("not a push service we know")
    keys = {"p256dh": subscription.p256dh, "auth": subscription.auth}
    info: dict[str, Any] = {"endpoint": subscription.endpoint, "keys": keys}
    with requests.Session() as session:
        # Nobody is followed elsewhere.
        session.max_redirects = 0
        webpush(
            info,
            words.as_json(),
            vapid_private_key=Vapid02(our_key(), {"no-strict": True}),
            vapid_claims={"sub": _contact()},
            ttl=seconds,
            headers={"Urgency": "normal"},
            timeout=PATIENCE,
            requests_session=session,
        )


def _contact() -> str:
    """Whom the push service may turn to (RFC 8292, 2.1)."""
    if settings.SECURE:
        return f"https://{urlsplit(settings.BASE_URL).hostname}"
    return f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"


def _note_answer(subscription: PushSubscription, error: Any, outcome: Outcome) -> None:
    status = error.status_code
    if status in GONE:
        subscription.delete()
        outcome.gone.append(subscription)
        return
    logger.warning("A push service answers %s.", status)
    said = f"The push service of {subscription} refused it ({status})."
    outcome.problems.append(said)
    if status in BUSY:
        outcome.is_busy = True
        outcome.pause = max(outcome.pause, _pause(error.retry_after))


def _pause(retry_after: str | None) -> timedelta:
    seconds = int(retry_after) if retry_after and retry_after.isdecimal() else 0
    return min(timedelta(seconds=min(seconds, 86400)), LONGEST_PAUSE)
