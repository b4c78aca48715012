from typing import Any

from django import forms

from followups.models import PushSubscription
from followups.models.reminders import hashed
from followups.reminders import push
from networkcrm.forms import OwnedModelForm
from networkcrm.models import User

HOURS = [(hour, f"{hour}:00") for hour in range(24)]
NO_SUCH_HOUR = {"invalid_choice": "A day has the hours 0 to 23."}


class HourField(forms.TypedChoiceField):
    """An hour of the day, as clocks show it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=HOURS, coerce=int, error_messages=NO_SUCH_HOUR, **kwargs
        )


class ReminderForm(forms.ModelForm):
    """What is sent, and when: of the owner's own account."""

    mails_digest = forms.BooleanField(
        label="A mail each day",
        required=False,
        help_text=(
            "Whom to help, promises due, today’s event, birthdays and whom to be in"
            " touch with. On days with nothing to say there is none."
        ),
    )
    pushes_promises = forms.BooleanField(
        label="A notice of promises that are due",
        required=False,
        help_text="One at the same hour, on the browsers you choose below.",
    )
    pushes_events = forms.BooleanField(
        label="A notice of tonight’s event",
        required=False,
        help_text="Some hours before it begins, once.",
    )
    digest_hour = HourField(label="At which hour")
    quiet_from = HourField(
        label="Quiet from",
        help_text="No notices on your devices then. The mail comes at its hour.",
    )
    quiet_until = HourField(
        label="Quiet until", help_text="The same hour twice means no quiet hours."
    )

    class Meta:
        model = User
        fields = [
            "mails_digest",
            "pushes_promises",
            "pushes_events",
            "digest_hour",
            "quiet_from",
            "quiet_until",
        ]


class SubscriptionForm(OwnedModelForm):
    """What js/push.js sends of a browser that shall get notices."""

    endpoint = forms.CharField(max_length=2000)

    class Meta:
        model = PushSubscription
        fields = ["endpoint", "p256dh", "auth"]

    def clean_endpoint(self) -> str:
        endpoint: str = self.cleaned_data["endpoint"]
        if not push.is_known(endpoint):
            raise forms.ValidationError(
                "The push service of this browser is not one this server may write to."
                " Whoever runs it can allow it: PUSH_SERVICES."
            )
        return endpoint

    def clean_p256dh(self) -> str:
        key: str = self.cleaned_data["p256dh"]
        if not push.is_public_key(key):
            raise forms.ValidationError("The key of this browser cannot be read.")
        return key

    def clean_auth(self) -> str:
        secret: str = self.cleaned_data["auth"]
        try:
            is_secret = len(push.decoded(secret)) == 16
        except ValueError:
            is_secret = False
        if not is_secret:
            raise forms.ValidationError("The secret of this browser cannot be read.")
        return secret

    def _post_clean(self) -> None:
        # The same browser once more brings its keys anew.
        endpoint = self.cleaned_data.get("endpoint")
        if endpoint:
            mine = self.instance.owner.pushsubscriptions
            known = mine.filter(endpoint_hash=hashed(endpoint)).first()
            self.instance = known or self.instance
        super()._post_clean()  # type: ignore[misc]
