"""The address in each mail that switches the mails off, without a login.

It holds whose mails they are, signed with the key of this installation. It lasts as
long as the account: a mail may be years old when somebody has enough of them.
"""

from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from networkcrm.models import User
from networkcrm.tokens import parts_of, token_of

SIGNATURE_BYTES = 32


def token_for(owner: User) -> str:
    return token_of(owner.pk, _signature(owner.pk))


def address_for(owner: User) -> str:
    path = reverse("digest_off", kwargs={"token": token_for(owner)})
    return f"{settings.BASE_URL}{path}"


def owner_of(token: str) -> User | None:
    """Whose mails this address switches off; None when it is made up or altered."""
    parts = parts_of(token, SIGNATURE_BYTES)
    if parts is None:
        return None
    owner_id, signature = parts
    if not constant_time_compare(signature, _signature(owner_id)):
        return None
    return User.objects.filter(pk=owner_id, is_active=True).first()


def switch_off(owner: User) -> None:
    owner.mails_digest = False
    owner.save(update_fields=["mails_digest"])


def _signature(owner_id: UUID) -> bytes:
    salt = "followups.reminders.unsubscribing"
    return salted_hmac(salt, owner_id.hex, algorithm="sha256").digest()
