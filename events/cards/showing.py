"""What of me others see: only what I chose, field by field."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError

from contacts import photos
from contacts.models import Contact, ContactMethod
from events.models import Card
from networkcrm.models import User

PHOTO_SIDE = 240

# What can be shown beside the name, and what it is called.
FIELDS = {
    "photo": "Photo",
    "headline": "Headline",
    "organization": "Work",
    "city": "City",
    "pronouns": "Pronouns",
}


def key_of(method: ContactMethod) -> str:
    return f"method:{method.pk}"


@dataclass(frozen=True)
class Shown:
    """One person as others see them."""

    name: str
    given_name: str = ""
    family_name: str = ""
    pronouns: str = ""
    headline: str = ""
    job_title: str = ""
    organization: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    greeting: str = ""
    contact: Contact | None = None
    methods: list[ContactMethod] = field(default_factory=list)

    @property
    def work(self) -> str:
        return " at ".join(part for part in (self.job_title, self.organization) if part)

    @property
    def where(self) -> str:
        parts = (self.city, self.region, self.country)
        return ", ".join(part for part in parts if part)

    @cached_property
    def photo(self) -> bytes:
        """A small JPEG, b"" when there is none to show."""
        if self.contact is None or not self.contact.photo:
            return b""
        try:
            with self.contact.photo.open() as file:
                return photos.cleaned(file.read(), side=PHOTO_SIDE).read()
        except (FileNotFoundError, ValidationError):
            return b""

    def without(self, name: str) -> "Shown":
        """Less to show: a field by its name, or "methods" for the last of them."""
        if name == "methods":
            return replace(self, methods=self.methods[:-1])
        less: dict[str, Any] = {name: ""}
        return replace(self, **less)


def card_of(owner: User) -> Card:
    """The owner's card, which need not be saved yet."""
    card: Card = owner.cards.first() or Card(owner=owner)
    return card


def me(owner: User) -> Contact:
    mine: Contact = owner.contacts.select_related("organization").get(is_me=True)
    mine.owner = owner
    return mine


def methods_of(contact: Contact) -> list[ContactMethod]:
    """As they stand on the contact's page."""
    return list(contact.methods.order_by("-preferred", "position", "pk"))


def show(card: Card, contact: Contact, methods: Collection[ContactMethod]) -> Shown:
    """What the card lets others see of its owner's contact."""
    chosen = set(card.shown)

    def said(name: str, of: str = "") -> str:
        return str(getattr(contact, name) or "") if (of or name) in chosen else ""

    return Shown(
        name=contact.full_name,
        given_name=contact.given_name,
        family_name=contact.family_name,
        pronouns=said("pronouns"),
        headline=said("headline"),
        job_title=said("job_title", "organization"),
        organization=said("organization"),
        city=said("city"),
        region=said("region", "city"),
        country=said("country", "city"),
        greeting=card.greeting,
        contact=contact if "photo" in chosen else None,
        methods=[method for method in methods if key_of(method) in chosen],
    )
