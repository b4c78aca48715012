from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

from networkcrm.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up is for the first visitor, and closed afterwards unless SIGNUP_OPEN."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return settings.SIGNUP_OPEN or not User.objects.exists()
