"""What a photographed card says is offered, and taken over only as far as it is ticked.

What tesseract reads is often wrong, and a picture may be of anything: nothing of it
becomes the contact's by itself.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from connections.capturing.reading import read
from connections.capturing.saving import ways_of
from contacts.models import Contact, ContactMethod
from events.models import Capture
from networkcrm import derived, undo
from networkcrm.models import User
from networkcrm.text import fold

TEXT = "card_text"
MOST = 12


@dataclass(frozen=True, slots=True)
class Offer:
    # A field of the contact, "" when it is a way to reach them.
    field: str
    label: str
    value: str
    method: ContactMethod | None = None

    @property
    def key(self) -> str:
        return f"{self.label}: {self.value}"


def offers(capture: Capture) -> list[Offer]:
    """What the card says that is not known yet, a better name among it."""
    contact, text = capture.contact, capture.fields.get(TEXT, "")
    if contact is None or not text:
        return []
    found = read(text)
    name, work = found.name, found.organization
    new = []
    if name and fold(name) != fold(contact.full_name):
        new.append(Offer("full_name", "Name", name))
    if fold(work) and contact.organization is None:
        new.append(Offer("organization", "Organization", work[:200]))
    if found.job_title and not contact.job_title:
        new.append(Offer("job_title", "Job title", found.job_title[:200]))
    known = set(contact.methods.values_list("kind", "normalized"))
    for kind, service, value in ways_of(found.emails, found.phones, found.links):
        method = ContactMethod(
            owner=contact.owner,
            contact=contact,
            kind=kind,
            service=service,
            value=value[:1000],
        )
        method.normalize()
        pair = (method.kind, method.normalized)
        if method.normalized and pair not in known:
            known.add(pair)
            new.append(Offer("", method.name, method.value, method))
    return new[:MOST]


def take(capture: Capture, keys: Collection[str]) -> tuple[str, str] | None:
    """Take over what is ticked: (what was done, the address that undoes it), or None
    when nothing of it is offered. Call it in a transaction that holds the capture."""
    ticked = [offer for offer in offers(capture) if offer.key in keys]
    contact = capture.contact
    if not ticked or contact is None:
        return None
    changed: dict[str, tuple[str, str]] = {}
    methods = []
    with derived.batch():
        for offer in ticked:
            if offer.method:
                offer.method.position = contact.methods.count()
                offer.method.save()
                methods.append(str(offer.method.pk))
            else:
                was = str(getattr(contact, offer.field) or "")
                setattr(contact, offer.field, _new_value(contact, offer))
                changed[offer.field] = (was, str(getattr(contact, offer.field)))
        if changed:
            contact.save(update_fields=[*changed, "updated_at"])
        url = _put_away(capture, changed, methods)
    return f"{contact}: taken over from their card.", url


@transaction.atomic
def dismiss(capture: Capture) -> tuple[str, str]:
    url = _put_away(capture, {}, [])
    return "What the card says is put away; its picture stays.", url


def _new_value(contact: Contact, offer: Offer) -> Any:
    if offer.field != "organization":
        return offer.value
    (organization,) = contact.owner.organizations.named(
        contact.owner_id, [offer.value]
    ).values()
    return organization


def _put_away(
    capture: Capture, changed: dict[str, tuple[str, str]], methods: list[str]
) -> str:
    text = capture.fields.pop(TEXT, "")
    capture.save(update_fields=["fields", "updated_at"])
    payload = {"capture": str(capture.pk), "text": text}
    payload |= {"changed": changed, "methods": methods}
    return undo.remember(capture.owner, "card-words", payload)


@undo.action("card-words")
@transaction.atomic
def _offer_again(user: User, payload: dict[str, Any]) -> str:
    rows = user.captures.select_for_update()
    capture = rows.filter(pk=payload["capture"]).first()
    contact: Contact | None = capture.contact if capture else None
    if capture is None or contact is None:
        return "They were deleted for ever in the meantime."
    with derived.batch():
        for method in user.contactmethods.filter(pk__in=payload["methods"]):
            method.delete()
        back = []
        for name, (was, now) in payload["changed"].items():
            # What was written since stays.
            if str(getattr(contact, name) or "") == now:
                setattr(contact, name, None if name == "organization" else was)
                back.append(name)
        if back:
            contact.save(update_fields=[*back, "updated_at"])
        capture.fields[TEXT] = payload["text"]
        capture.save(update_fields=["fields", "updated_at"])
    return f"{contact} is as before, and what the card says waits again."
