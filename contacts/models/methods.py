import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import phonenumbers
from django.db import models
from django.db.models import F

from contacts.models.contacts import Contact
from networkcrm import derived
from networkcrm.models import User
from networkcrm.owned import Owned, OwnedForeignKey, OwnedQuerySet, owner_and_id
from networkcrm.text import fold


class Service(models.TextChoices):
    """Where a handle lives."""

    X = "x", "X"
    MASTODON = "mastodon", "Mastodon"
    BLUESKY = "bluesky", "Bluesky"
    LINKEDIN = "linkedin", "LinkedIn"
    INSTAGRAM = "instagram", "Instagram"
    FACEBOOK = "facebook", "Facebook"
    GITHUB = "github", "GitHub"
    SIGNAL = "signal", "Signal"
    WHATSAPP = "whatsapp", "WhatsApp"
    TELEGRAM = "telegram", "Telegram"
    SKYPE = "skype", "Skype"
    OTHER = "other", "another service"


# The page of a handle, and the addresses people paste in its place.
_PROFILES: dict[str, tuple[str, str]] = {
    Service.X: ("https://x.com/{}", r"(?:x|twitter)\.com/(?:#!/)?@?([\w]+)"),
    Service.BLUESKY: ("https://bsky.app/profile/{}", r"bsky\.app/profile/([\w.:-]+)"),
    Service.LINKEDIN: (
        "https://www.linkedin.com/in/{}",
        r"linkedin\.com/(?:mwlite/)?(?:in|pub)/([^/?#]+)",
    ),
    Service.INSTAGRAM: ("https://www.instagram.com/{}", r"instagram\.com/([\w.]+)"),
    Service.FACEBOOK: (
        "https://www.facebook.com/{}",
        r"facebook\.com/(profile\.php\?id=\d+|[\w.-]+)",
    ),
    Service.GITHUB: ("https://github.com/{}", r"github\.com/([\w-]+)"),
    Service.TELEGRAM: ("https://t.me/{}", r"(?:t|telegram)\.me/(\w+)"),
    Service.WHATSAPP: ("https://wa.me/{}", r"wa\.me/\+?(\d+)"),
}  # fmt: skip


def service_of(url: str) -> tuple[Service, str] | None:
    """The service and handle that a profile's address stands for, or None.

    "https://www.linkedin.com/in/ana-ruiz/?x=1" → (Service.LINKEDIN, "ana-ruiz");
    "https://social.example/@ana" → (Service.MASTODON, "ana@social.example").
    """
    bare = re.sub(r"^[a-z]+://", "", url.strip(), flags=re.I)
    for service, (_page, pattern) in _PROFILES.items():
        if match := re.match(rf"(?:[\w-]+\.)*?{pattern}/?", bare, flags=re.I):
            return Service(service), match[1]
    if match := re.match(r"([\w.-]+\.[a-z]{2,})/@(\w+)/?$", bare, flags=re.I):
        return Service.MASTODON, f"{match[2]}@{match[1]}"
    return None


def normalized(kind: str, service: str, value: str, region: str = "") -> str:
    """What two ways of writing the same address have in common, "" when it is none.

    E-mails are folded, phones become E.164 (RFC 3966 sense, "+16175550137") when the
    number is possible in `region` (two letters) or carries its country code, handles
    and web addresses lose what does not tell them apart. The result is at most 500
    characters.
    """
    value = value.strip()
    if kind == ContactMethod.Kind.EMAIL:
        address = re.sub(r"^mailto:", "", value, flags=re.I)
        return address.casefold()[:500]
    if kind == ContactMethod.Kind.PHONE:
        return e164(value, region) or re.sub(r"[^\d+*#]", "", value)[:500]
    if kind == ContactMethod.Kind.HANDLE:
        found = service_of(value)
        handle = found[1] if found and found[0] == service else value
        handle = handle.strip().lstrip("@").rstrip("/").casefold()
        if (
            service in (Service.SIGNAL, Service.WHATSAPP)
            and handle[:1] in "+0123456789"
        ):
            number = e164(handle if handle[:1] == "+" else f"+{handle}", region)
            handle = number or handle
        return handle[:500]
    if kind == ContactMethod.Kind.URL:
        bare = re.sub(r"^https?://(www\.)?", "", value, flags=re.I)
        host, slash, path = bare.partition("/")
        return f"{host.casefold()}{slash}{path}".rstrip("/")[:500]
    return re.sub(r"[\W_]+", " ", fold(value)).strip()[:500]


def e164(value: str, region: str = "") -> str:
    """The number as +CCNNN, "" when it is none or its country is not known."""
    value = re.sub(r"^tel:", "", value.strip(), flags=re.I)
    try:
        number = phonenumbers.parse(value[:100], region.upper() or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class ContactMethodQuerySet(OwnedQuerySet):
    def renormalize(self, user: User) -> None:
        """Read the phone numbers of this user anew, in the country they chose."""
        changed = []
        for method in self.filter(kind="phone").iterator(2000):
            now = normalized(
                method.kind, method.service, method.value, user.phone_region
            )
            if now != method.normalized:
                method.normalized = now
                changed.append(method)
        self.bulk_update(changed, ["normalized"], batch_size=1000)
        derived.touch(user.pk, {method.contact_id for method in changed})


class ContactMethod(Owned):
    """A way to reach someone."""

    class Kind(models.TextChoices):
        EMAIL = "email", "E-mail"
        PHONE = "phone", "Phone"
        ADDRESS = "address", "Postal address"
        URL = "url", "Web page"
        HANDLE = "handle", "Handle"

    contact = OwnedForeignKey(Contact, related_name="methods")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    service = models.CharField(max_length=20, choices=Service.choices, blank=True)
    value = models.CharField(max_length=1000)
    normalized = models.CharField(max_length=500, editable=False)
    label = models.CharField(max_length=100, blank=True)
    preferred = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = ContactMethodQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            owner_and_id("contactmethod"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["email", "phone", "address", "url"])
                & models.Q(service="")
                | models.Q(kind="handle") & ~models.Q(service=""),
                name="contactmethod_service_of_handle",
                violation_error_message="Say on which service this handle is.",
            ),
            models.CheckConstraint(
                condition=~models.Q(value=""), name="contactmethod_has_value"
            ),
        ]
        indexes = [
            models.Index(
                F("owner"), F("contact"), F("position"), name="contactmethod_of_contact"
            ),
            models.Index(
                F("owner"), F("kind"), F("normalized"), name="contactmethod_normalized"
            ),
        ]

    def __str__(self) -> str:
        return self.value

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.normalize()
        super().save(*args, **kwargs)

    def normalize(self) -> None:
        self.normalized = normalized(
            self.kind, self.service, self.value, self.owner.phone_region
        )

    def touches(self) -> Iterable[UUID | None]:
        return [self.contact_id]

    @property
    def name(self) -> str:
        """What stands before the value: the service, or the kind, and the label."""
        return self.get_service_display() if self.service else self.get_kind_display()

    @property
    def opens_elsewhere(self) -> bool:
        return self.href.startswith("http")

    @property
    def href(self) -> str:
        """Where a click on it leads, "" when nowhere. Only ever a safe scheme."""
        if self.kind == self.Kind.EMAIL:
            return f"mailto:{self.normalized}"
        if self.kind == self.Kind.PHONE:
            return f"tel:{self.normalized}"
        if self.kind == self.Kind.URL:
            address = self.value.strip()
            if re.match(r"https?://", address, flags=re.I):
                return address
            return "" if ":" in address.split("/")[0] else f"https://{address}"
        if self.kind == self.Kind.HANDLE and self.service == Service.MASTODON:
            user, _at, host = self.normalized.partition("@")
            return f"https://{host}/@{user}" if host else ""
        if self.kind == self.Kind.HANDLE and self.service in _PROFILES:
            return _PROFILES[self.service][0].format(self.normalized.lstrip("+"))
        return ""
