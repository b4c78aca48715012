import logging
from smtplib import SMTPException
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from allauth.account import views as allauth_views
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.forms import Form
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from networkcrm.models import User

# Any number will do, as long as nothing else locks the same one.
FIRST_ACCOUNT_LOCK = 7_201_936_404

logger = logging.getLogger(__name__)


@login_not_required
def login(request: HttpRequest) -> HttpResponseBase:
    """Sign in; or, while there is nobody who could, make the owner's account."""
    if not User.objects.exists():
        return redirect("account_signup")
    return allauth_views.login(request)


def lock_first_account() -> None:
    """Of two who would be first, the second waits here until the first is known."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FIRST_ACCOUNT_LOCK])


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up is for the first visitor, and closed afterwards unless SIGNUP_OPEN.

    Mails are made from BASE_URL: what a browser calls this server proves nothing.
    """

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return settings.SIGNUP_OPEN or not User.objects.exists()

    def new_user(self, request: HttpRequest) -> User:
        first = not User.objects.exists()
        return User(is_staff=first, is_superuser=first)

    def save_user(
        self, request: HttpRequest, user: User, form: Form, commit: bool = True
    ) -> User:
        if user.is_superuser:
            # Whoever runs the server needs no mail to prove who they are.
            self.stash_verified_email(request, form.cleaned_data["email"])
        return super().save_user(request, user, form, commit)

    def send_mail(
        self, template_prefix: str, email: str, context: dict[str, Any]
    ) -> None:
        site = SimpleNamespace(
            name="networkcrm", domain=urlsplit(settings.BASE_URL).netloc
        )
        message = self.render_mail(
            template_prefix,
            email,
            context
            | {"email": email, "current_site": site, "base_url": settings.BASE_URL},
        )
        try:
            message.send()
        except (OSError, SMTPException):
            # Known and unknown addresses fail alike, so this tells nobody apart.
            logger.exception("A mail could not be sent: check EMAIL_URL")
            messages.error(
                current.request,
                "The mail could not be sent: the mail server did not take it."
                " Whoever runs this server finds the reason in its log.",
            )

    def get_reset_password_from_key_url(self, key: str) -> str:
        url = super().get_reset_password_from_key_url(key)
        return settings.BASE_URL + urlsplit(url).path

    def get_email_confirmation_url(
        self, request: HttpRequest, emailconfirmation: Any
    ) -> str:
        url = super().get_email_confirmation_url(request, emailconfirmation)
        return settings.BASE_URL + urlsplit(url).path


class MFAAdapter(DefaultMFAAdapter):
    def _get_site_name(self) -> str:
        return "networkcrm"

    def generate_authenticator_name(
        self, user: AbstractBaseUser, type: Authenticator.Type
    ) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return f"Passkey {count + 1}"
