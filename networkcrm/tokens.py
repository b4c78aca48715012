"""What stands in a secret address: whose it is, and a secret.

The owner's id comes first, so that only this owner's rows are looked at.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID


def token_of(owner_id: UUID, secret: bytes) -> str:
    return in_letters(owner_id.bytes + secret)


def parts_of(token: str, secret_bytes: int) -> tuple[UUID, bytes] | None:
    """(owner's id, secret), or None when it is made up, cut short or altered."""
    try:
        raw = urlsafe_b64decode(token.encode("ascii") + b"==")
    except ValueError:
        return None
    if len(raw) != 16 + secret_bytes or in_letters(raw) != token:
        return None
    return UUID(bytes=raw[:16]), raw[16:]


def in_letters(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
