from django import forms

from events.models import Attendance
from networkcrm.forms import EditGuard, OwnedModelForm


class AttendanceForm(EditGuard, OwnedModelForm):
    class Meta:
        model = Attendance
        fields = ("talking_points", "note")
        widgets = {
            "talking_points": forms.Textarea(
                attrs={"rows": 3, "placeholder": "What to ask, what to bring up"}
            ),
            "note": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "note": "What was said. After the event it stands in your timeline."
        }
