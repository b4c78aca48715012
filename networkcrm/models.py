from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower

from networkcrm.owned import uuid7


class UserManager(BaseUserManager["User"]):
    use_in_migrations = True

    def create_user(
        self, email: str, password: str | None = None, **extra: Any
    ) -> "User":
        user = self.model(email=self.normalize_email(email), **extra)
        user.set_password(password)
        with transaction.atomic():
            user.save()
            # Whoever may make accounts vouches for the address: no mail proves it.
            user.emailaddress_set.create(  # type: ignore[attr-defined]
                email=email.lower(), primary=True, verified=True
            )
        return user

    def create_superuser(
        self, email: str, password: str | None = None, **extra: Any
    ) -> "User":
        return self.create_user(
            email, password, **{"is_staff": True, "is_superuser": True, **extra}
        )

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


def is_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(f"There is no time zone {name}.")


class User(AbstractUser):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = None  # type: ignore[assignment]
    email = models.EmailField("e-mail address", unique=True)
    time_zone = models.CharField(
        max_length=64,
        default="UTC",
        validators=[is_time_zone],
        help_text="Dates and times are shown in this zone, for example Europe/Berlin.",
    )
    phone_region = models.CharField(
        "country for phone numbers",
        max_length=2,
        blank=True,
        help_text=(
            "Two letters, for example DE or US: how to read a phone number that is"
            " written without its country code."
        ),
    )

    # What is sent, and when: hours of the day in their zone.
    digest_hour = models.PositiveSmallIntegerField("at which hour", default=7)
    mails_digest = models.BooleanField("a mail each morning", default=False)
    pushes_promises = models.BooleanField("promises that are due", default=True)
    pushes_events = models.BooleanField("tonight's event", default=True)
    quiet_from = models.PositiveSmallIntegerField("quiet from", default=22)
    quiet_until = models.PositiveSmallIntegerField("quiet until", default=7)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = UserManager()  # type: ignore[assignment,misc]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_case_blind",
                violation_error_message="There is an account with this address.",
            ),
            models.CheckConstraint(
                condition=Q(digest_hour__lt=24, quiet_from__lt=24, quiet_until__lt=24),
                name="user_hours_of_a_day",
                violation_error_message="A day has the hours 0 to 23.",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)
