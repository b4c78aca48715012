"""What is asked after an event: of each person, and of the evening."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from connections import debriefing
from contacts.models import Fact
from events.forms.events import go_again_field
from events.goals import Progress
from events.models import Attendance, Event
from networkcrm.forms import EditGuard, OwnedModelForm

ASKED = (Fact.Kind.WORKS_ON, Fact.Kind.NEED, Fact.Kind.OFFER, Fact.Kind.ENJOYS)


class PersonForm(forms.Form):
    """Someone I met, while I still remember."""

    headline = forms.CharField(
        label="What do they do?",
        required=False,
        max_length=300,
        help_text="In their words.",
    )
    note = forms.CharField(
        label="What did you talk about?",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    follow_up = forms.CharField(
        label="What will you do within two days?",
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"placeholder": "Send the link to the grant"}),
    )
    due_on = forms.DateField(
        label="By",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, data: Any, attendance: Attendance) -> None:
        self.attendance = attendance
        contact = attendance.contact
        self.due = debriefing.follow_up_on(attendance.event)
        initial = {
            "headline": contact.headline,
            "note": attendance.note,
            "due_on": self.due,
        }
        super().__init__(data, initial=initial, auto_id="person_%s")
        for kind in ASKED:
            self.fields[kind.value] = forms.CharField(
                label=kind.label, required=False, max_length=2000
            )

    @property
    def facts(self) -> list[forms.BoundField]:
        return [self[kind.value] for kind in ASKED]

    def clean_due_on(self) -> Any:
        day = self.cleaned_data["due_on"]
        if day and not 2000 <= day.year <= 2200:
            raise ValidationError("This is too far away.")
        return day or self.due

    def save(self) -> None:
        row, said = self.attendance, self.cleaned_data
        contact = row.contact
        if said["headline"] != contact.headline:
            contact.headline = said["headline"]
            contact.save(update_fields=["headline", "updated_at"])
        if said["note"] != row.note:
            row.note = said["note"]
            row.save(update_fields=["note", "updated_at"])
        told = {kind.value: said[kind.value] for kind in ASKED}
        debriefing.learn(contact, told, row.event)
        debriefing.promise(row.event, contact, said["follow_up"], said["due_on"])
        debriefing.write_down(row)


class EveningForm(EditGuard, OwnedModelForm):
    class Meta:
        model = Event
        fields = ("best_story", "worth", "would_go_again", "debrief")
        labels = {
            "best_story": "The best story you heard",
            "debrief": "What else is worth remembering?",
        }
        widgets = {
            "best_story": forms.Textarea(attrs={"rows": 3}),
            "debrief": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, goals: list[Progress] = [], **kwargs: Any) -> None:  # noqa: B006
        super().__init__(*args, **kwargs)
        self.goals = goals
        self.fields["worth"] = forms.TypedChoiceField(
            label="Was it worth it?",
            choices=[(str(n), str(n)) for n in range(1, 6)],
            coerce=int,
            empty_value=None,
            required=False,
            widget=forms.RadioSelect,
            help_text="1 is a lost evening, 5 the best of the year.",
        )
        self.fields["would_go_again"] = go_again_field(forms.RadioSelect)
        again = self.instance.would_go_again
        self.initial["would_go_again"] = "" if again is None else str(again)
        for one in goals:
            self.fields[f"goal-{one.goal.pk}"] = forms.IntegerField(
                label=f"{one.goal.text}: met by hand",
                help_text=f"{one.counted} of {one.goal.target} counted by themselves.",
                min_value=0,
                max_value=999,
                required=False,
                initial=one.goal.ticked,
            )

    @property
    def goal_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("goal-")]

    def save(self, commit: bool = True) -> Event:
        event: Event = super().save()
        for one in self.goals:
            said = self.cleaned_data.get(f"goal-{one.goal.pk}")
            if said is not None and said != one.goal.ticked:
                one.goal.tick(said)
        debriefing.finish(event)
        return event
