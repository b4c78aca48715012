from collections import defaultdict
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp.forms import ActivateTOTPForm as ActivateForm
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from phonenumbers import SUPPORTED_REGIONS, country_code_for_region

from networkcrm.accounts import lock_first_account
from networkcrm.models import User

type Choices = list[tuple[str, str | list[tuple[str, str]]]]

CONTINENTS = (
    *("Africa", "America", "Antarctica", "Arctic", "Asia"),
    *("Atlantic", "Australia", "Europe", "Indian", "Pacific"),
)


@cache
def time_zones() -> Choices:
    """UTC, then the zones of the IANA database by continent, as choices."""
    zones = defaultdict(list)
    for zone in sorted(available_timezones()):
        continent, _, place = zone.partition("/")
        if continent in CONTINENTS and place:
            zones[continent].append((zone, place.replace("_", " ")))
    return [("UTC", "UTC"), *((name, zones[name]) for name in CONTINENTS)]


@cache
def phone_regions() -> Choices:
    """ISO 3166 codes of the countries whose phone numbers are understood."""
    codes = sorted(SUPPORTED_REGIONS)
    regions: Choices = [("", "Only numbers with a country code")]
    return regions + [(c, f"{c} (+{country_code_for_region(c)})") for c in codes]


class TimeZoneField(forms.ChoiceField):
    """A zone; js/time-zone.js proposes the browser's own on a first visit."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "Dates and times are shown in this zone.")
        super().__init__(choices=time_zones, **kwargs)


LABELS = {
    "email": "E-mail address",
    "login": "E-mail address",
    "oldpassword": "Your password now",
    "password": "Password",
    "password1": "Password",
    "password2": "The same again",
    "code": "Code",
    "name": "Name of this passkey",
    "passwordless": "Sign in with it alone, without a password",
}
PASSWORD_HELP = "At least 8 letters. A few words that do not belong together are best."


class OurWords:
    """Beside a form of allauth: our labels, and nothing said twice."""

    fields: dict[str, forms.Field]
    labels: dict[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = (LABELS | self.labels).get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
            if field.widget.attrs.get("autocomplete") == "new-password":
                field.help_text = PASSWORD_HELP if name == "password1" else ""
        if "code" in self.fields:
            self.fields["code"].widget.attrs["autocomplete"] = "one-time-code"


class LoginForm(OurWords, allauth_forms.LoginForm):
    pass


class ReauthenticateForm(OurWords, allauth_forms.ReauthenticateForm):
    pass


class AddEmailForm(OurWords, allauth_forms.AddEmailForm):
    labels = {"email": "New e-mail address"}


class ChangePasswordForm(OurWords, allauth_forms.ChangePasswordForm):
    labels = {"password1": "New password"}


class SetPasswordForm(OurWords, allauth_forms.SetPasswordForm):
    pass


class ResetPasswordForm(OurWords, allauth_forms.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(OurWords, allauth_forms.ResetPasswordKeyForm):
    labels = {"password1": "New password"}


class AuthenticateForm(OurWords, mfa_forms.AuthenticateForm):
    pass


class ReauthenticateByCodeForm(OurWords, mfa_forms.ReauthenticateForm):
    pass


class ActivateTOTPForm(OurWords, ActivateForm):
    pass


class AddPasskeyForm(OurWords, webauthn_forms.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True
        self.fields[
            "passwordless"
        ].help_text = "Otherwise it is a second step after the password."


class RenamePasskeyForm(OurWords, webauthn_forms.EditWebAuthnForm):
    pass


class SignupForm(OurWords, allauth_forms.SignupForm):
    field_order = ["email", "password1", "time_zone"]

    time_zone = TimeZoneField(
        initial="UTC", widget=forms.Select(attrs={"data-guess": "time-zone"})
    )

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Of two who make the first account at once, the second finds it closed."""
        with transaction.atomic():
            lock_first_account()
            if not get_adapter().is_open_for_signup(request):
                closed = render(request, "account/signup_closed.html", status=403)
                return None, closed
            return super().try_save(request)

    def signup(self, request: HttpRequest, user: User) -> None:
        user.time_zone = self.cleaned_data["time_zone"]
        user.save(update_fields=["time_zone"])


class SettingsForm(forms.ModelForm):
    """What the owner set for themselves; the look is kept by the browser."""

    THEMES = (("system", "As my system"), ("light", "Light"), ("dark", "Dark"))

    time_zone = TimeZoneField()
    phone_region = forms.ChoiceField(
        label="Country for phone numbers",
        choices=phone_regions,
        required=False,
        help_text=(
            "How to read a number written without its country code,"
            " when it is imported or typed."
        ),
    )
    theme = forms.ChoiceField(
        choices=THEMES,
        widget=forms.RadioSelect,
        help_text="Kept in this browser only.",
    )

    class Meta:
        model = User
        fields = ["time_zone", "phone_region"]

    def save(self, commit: bool = True) -> User:
        with transaction.atomic():
            user: User = super().save(commit)
            if "phone_region" in self.changed_data:
                user.contactmethods.renormalize(user)
        return user
