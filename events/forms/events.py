from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from contacts.forms.filters import GivenPeriodField
from events.models import Event, EventQuerySet
from networkcrm.forms import EditGuard, OwnedModelForm, search_field

_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"]


class WallClockField(forms.DateTimeField):
    """A time as the clock on the wall shows it: its zone stands in another field."""

    widget = forms.DateTimeInput(
        attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=_FORMATS, required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value

    def to_python(self, value: Any) -> datetime | None:
        if not value:
            return None
        if isinstance(value, datetime):
            return value
        for pattern in _FORMATS:
            try:
                return datetime.strptime(value.strip(), pattern)  # noqa: DTZ007
            except ValueError:
                continue
        raise ValidationError(
            "This is not a date and time. For example 2026-11-20 19:30.", code="invalid"
        )


def go_again_field(
    widget: type[forms.Select | forms.RadioSelect],
) -> forms.TypedChoiceField:
    """Yes, no, or not decided."""
    return forms.TypedChoiceField(
        label="Would you go again?",
        choices=[("", "Not decided"), ("True", "Yes"), ("False", "No")],
        coerce=lambda value: value == "True",
        empty_value=None,
        required=False,
        widget=widget,
    )


class EventForm(EditGuard, OwnedModelForm):
    starts_at = WallClockField(label="Starts")
    ends_at = WallClockField(
        label="Ends", help_text="After midnight? Then it is the next day."
    )

    class Meta:
        model = Event
        fields = (
            "name",
            "kind",
            "place",
            "city",
            "is_online",
            "is_all_day",
            "url",
            "time_zone",
            "purpose",
            "goal_people",
            "series",
            "notes",
            "debrief",
            "worth",
            "would_go_again",
            "cost",
            "currency",
            "hours",
        )
        widgets = {
            "purpose": forms.Textarea(attrs={"rows": 2}),
            "notes": forms.Textarea(attrs={"rows": 4}),
            "debrief": forms.Textarea(attrs={"rows": 4}),
            "time_zone": forms.TextInput(
                attrs={"list": "time-zones", "autocomplete": "off"}
            ),
            "worth": forms.NumberInput(attrs={"min": 1, "max": 5}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        event = self.instance
        for name in ("starts_at", "ends_at"):
            moment = getattr(event, name)
            local = moment.astimezone(event.tz).replace(tzinfo=None) if moment else None
            if local and event.is_all_day and name == "ends_at":
                # It ends with its last day, so that is the one to show.
                local -= timedelta(days=1)
            self.initial.setdefault(name, local)
        zone = self.fields["time_zone"]
        zone.help_text = (
            f"Of the place. Left empty it is yours, {event.owner.time_zone}."
            " For example Europe/Berlin."
        )
        self.fields["would_go_again"] = go_again_field(forms.Select)

    @property
    def shows_afterwards(self) -> bool:
        return self._fills("debrief", "worth", "would_go_again")

    @property
    def shows_more(self) -> bool:
        return self._fills("url", "series", "goal_people", "cost", "currency", "hours")

    def _fills(self, *names: str) -> bool:
        """Whether a folded part of the form has something to show."""
        return any(self[name].errors or self[name].value() for name in names)

    @property
    def time_zones(self) -> list[str]:
        """Places of the world, without the zones that are no places."""
        names = (n for n in available_timezones() if "/" in n)
        return sorted(n for n in names if not n.startswith(("Etc/", "SystemV/", "US/")))

    def clean_time_zone(self) -> str:
        name = self.cleaned_data["time_zone"].strip().replace(" ", "_")
        by_fold = {zone.casefold(): zone for zone in available_timezones()}
        if name and name.casefold() not in by_fold:
            raise ValidationError(
                "There is no such time zone. They are called like Europe/Berlin or"
                " America/New_York."
            )
        return by_fold[name.casefold()] if name else ""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if "time_zone" not in self.cleaned_data:
            return cleaned
        zone = ZoneInfo(self.cleaned_data["time_zone"] or self.instance.owner.time_zone)
        if self.cleaned_data.get("is_all_day"):
            self._take_whole_days()
        for name in ("starts_at", "ends_at"):
            if name in self.cleaned_data:
                self._place_in_time(name, zone)
        start, end = self.instance.starts_at, self.instance.ends_at
        if end and not start and "starts_at" not in self.errors:
            self.add_error("starts_at", "When does it start?")
        elif start and end and end < start and not self.errors:
            self.add_error("ends_at", "An event cannot end before it starts.")
        return cleaned

    def _take_whole_days(self) -> None:
        """From the midnight before the first day to the one after the last."""
        said = self.cleaned_data
        first, last = said.get("starts_at"), said.get("ends_at")
        if first:
            said["starts_at"] = datetime.combine(first, time.min)
            last = last or first
        if last and "ends_at" in said:
            said["ends_at"] = datetime.combine(last, time.min) + timedelta(days=1)

    def _place_in_time(self, name: str, zone: ZoneInfo) -> None:
        """Set the moment in which the clocks of the place show this."""
        shown = self.cleaned_data[name]
        stored = getattr(self.instance, name)
        if shown is None:
            setattr(self.instance, name, None)
            return
        if stored:
            before = stored.astimezone(zone).replace(tzinfo=None)
            # As it was, to the second, and in the second of two equal hours.
            if before.replace(second=0, microsecond=0) == shown:
                return
        if not 1900 <= shown.year <= 2200:
            self.add_error(name, "This is too far away.")
            return
        moment = shown.replace(tzinfo=zone)
        if moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != shown:
            self.add_error(
                name, f"In {zone.key} the clocks jumped over this hour that night."
            )
            return
        setattr(self.instance, name, moment)


class EventFilterForm(forms.Form):
    """What narrows and sorts the list of events, all from the address."""

    class Sort:
        CHOICES = (
            ("latest", "Latest first"),
            ("earliest", "Earliest first"),
            ("name", "Name"),
            ("people", "Most people met"),
            ("worth", "Most worth it"),
        )

    q = search_field("Name, place, city, series")
    when = forms.ChoiceField(
        label="When",
        required=False,
        choices=[("", "Any time"), ("upcoming", "Still to come"), ("past", "Past")],
    )
    kind = forms.ChoiceField(
        label="Kind", required=False, choices=[("", "Any kind"), *Event.Kind.choices]
    )
    sort = forms.ChoiceField(label="Sort by", required=False, choices=Sort.CHOICES)
    within = GivenPeriodField("that took place in {}")

    def filter(self, events: EventQuerySet) -> EventQuerySet:
        """Narrowed and sorted; what the form does not understand narrows nothing."""
        self.is_valid()
        said = self.cleaned_data
        if said.get("q"):
            events = events.search(said["q"])
        if said.get("when") == "upcoming":
            events = events.upcoming()
        elif said.get("when") == "past":
            events = events.past()
        if said.get("kind"):
            events = events.filter(kind=said["kind"])
        if said.get("within"):
            zone = timezone.get_current_timezone()
            events = events.took_place(said["within"], zone)
        return events.sorted_by(said.get("sort") or "latest")

    @property
    def is_narrowing(self) -> bool:
        names = ("q", "when", "kind", "within")
        return any(self.cleaned_data.get(name) for name in names)
