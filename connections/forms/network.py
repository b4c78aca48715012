"""What is asked on the pages of the network."""

from functools import cache, partial
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from connections.forms.people_rows import valid_ids
from connections.network.graph import MOST_NODES, Narrowed
from connections.picking import LONGEST, People
from contacts.models import Contact
from networkcrm.models import User
from networkcrm.text import fold

# So many places are remembered, more than a picture shows at once.
MOST_KEPT = 4 * MOST_NODES


class PersonField(forms.CharField):
    """Somebody who is there: typed by name, given by id, or "me". Cleans to a Contact.

    Of several with the name, or like it, `candidates` are to be chosen from.
    """

    def __init__(self, owner: User, known: str = "", **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST, **kwargs)
        self.owner, self.known = owner, known
        self.found: Contact | None = None
        self.candidates: list[Contact] = []

    def clean(self, value: Any) -> Contact | None:
        text = super().clean(value)
        self.found = self._find(text) if text else None
        if self.found and self.found.trashed_at:
            raise ValidationError(
                f"{self.found} is in the trash, and no way leads there."
            )
        return self.found

    def _find(self, text: str) -> Contact:
        people = self.owner.contacts.select_related("organization")
        if fold(text) == "me":
            return people.get(is_me=True)
        if (by_id := people.filter(pk__in=valid_ids([text])).first()) is not None:
            return by_id
        source = People()
        same = source.named(self.owner, text)
        if len(same) == 1:
            return same[0]
        # Chosen before, and the name still stands there.
        chosen = [one for one in same if str(one.pk) == self.known]
        if chosen:
            return chosen[0]
        self.candidates = same or source.like(self.owner, text)
        if same:
            raise ValidationError(source.question(text, len(same)))
        if self.candidates:
            raise ValidationError(
                f"You know nobody called just {text}. Is it one of these?"
            )
        raise ValidationError(f"You know nobody called {text}.")


class NetworkFilterForm(forms.Form):
    """What of the network is shown, in the picture and in the table alike."""

    circle: Any = forms.ModelChoiceField(None, required=False, empty_label="any")
    tag: Any = forms.ModelChoiceField(None, required=False, empty_label="any")
    event: Any = forms.ModelChoiceField(None, required=False, empty_label="any")
    since = forms.IntegerField(
        label="From the year", required=False, min_value=1000, max_value=9999
    )
    until = forms.IntegerField(
        label="To the year", required=False, min_value=1000, max_value=9999
    )

    def __init__(self, data: Any, owner: User) -> None:
        super().__init__(data)
        choices = {
            "circle": owner.circles.order_by("seats", "key"),
            "tag": owner.tags.order_by("key"),
            "event": owner.events.latest_first(),
        }
        for name, rows in choices.items():
            field: Any = self.fields[name]
            field.queryset = rows
            # Names are enough: there may be hundreds of events.
            field.choices = cache(partial(_named, rows))
        for name in ("since", "until"):
            self.fields[name].widget.attrs["inputmode"] = "numeric"

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", "That is before the first year.")
            del cleaned["since"]
        return cleaned

    @property
    def narrowed(self) -> Narrowed:
        """What is not understood is left out; the field says so."""
        self.is_valid()
        chosen = self.cleaned_data
        ids = {
            name: chosen[name].pk for name in ("circle", "tag", "event")
            if chosen.get(name)
        }  # fmt: skip
        return Narrowed(**ids, since=chosen.get("since"), until=chosen.get("until"))

    @property
    def is_narrowing(self) -> bool:
        return self.narrowed != Narrowed()


def _named(rows: Any) -> list[tuple[Any, str]]:
    return [("", "any"), *rows.values_list("pk", "name")]


class NodeForm(forms.Form):
    """A node of the picture by its id: a contact, an event or an organization."""

    node = forms.UUIDField()

    def __init__(self, data: Any, owner: User) -> None:
        super().__init__(data)
        self.owner = owner

    @property
    def found(self) -> dict[str, Any] | None:
        if not self.is_valid():
            return None
        pk, owner = self.cleaned_data["node"], self.owner
        people = owner.contacts.kept().select_related("organization", "circle")
        if contact := people.filter(pk=pk).first():
            return {"contact": contact}
        if event := owner.events.filter(pk=pk).first():
            return {"event": event}
        if organization := owner.organizations.filter(pk=pk).first():
            people = organization.contacts.active().by_name()
            return {"organization": organization, "count": people.count()}
        return None


class PositionsForm(forms.Form):
    """{id of a node: [x, y]} as JSON, from the picture."""

    positions = forms.JSONField()

    LARGEST = 1_000_000

    def __init__(self, data: Any, owner: User) -> None:
        super().__init__(data)
        self.owner = owner

    def clean_positions(self) -> dict[str, list[float]]:
        """Those of this owner's nodes; the others are not ours to keep."""
        given = self.cleaned_data["positions"]
        if not isinstance(given, dict) or len(given) > MOST_NODES:
            raise ValidationError(f"Positions of up to {MOST_NODES:,} nodes, please.")
        placed: dict[UUID, list[float]] = {}
        for key, place in given.items():
            ids = valid_ids([key])
            if ids and self._is_place(place):
                placed[ids[0]] = place
        owner, wanted = self.owner, list(placed)
        mine = {
            pk
            for rows in (owner.contacts, owner.events, owner.organizations)
            for pk in rows.filter(pk__in=wanted).values_list("pk", flat=True)
        }
        return {
            str(pk): [round(float(x), 2), round(float(y), 2)]
            for pk, (x, y) in placed.items()
            if pk in mine
        }

    def _is_place(self, place: Any) -> bool:
        return (
            isinstance(place, list)
            and len(place) == 2
            and all(type(n) in (int, float) and abs(n) < self.LARGEST for n in place)
        )

    def save(self) -> int:
        """Beside those kept before; how many are kept now."""
        given = self.cleaned_data["positions"]
        layout, _is_new = self.owner.graphlayouts.get_or_create(
            defaults={"owner": self.owner}
        )
        kept = {k: v for k, v in layout.positions.items() if k not in given} | given
        # The latest are the last; what was left long ago goes first.
        layout.positions = dict(list(kept.items())[-MOST_KEPT:])
        layout.save(update_fields=["positions", "updated_at"])
        return len(layout.positions)


class PathForm(forms.Form):
    """From whom to whom: ?from=me&to=Maya, names or ids."""

    def __init__(self, data: Any, owner: User) -> None:
        super().__init__(data)
        self.fields["from"] = PersonField(
            owner, data.get("from_id", ""), label="From", required=False
        )
        self.fields["to"] = PersonField(
            owner, data.get("to_id", ""), label="To", required=False
        )
        self.owner = owner
        self.is_valid()

    @property
    def start(self) -> Contact | None:
        if not self.data.get("from", "").strip():
            return self.owner.contacts.get(is_me=True)
        return self.cleaned_data.get("from")

    @property
    def goal(self) -> Contact | None:
        return self.cleaned_data.get("to")

    @property
    def ends(self) -> list[dict[str, Any]]:
        """Both fields as they are shown."""
        shown = []
        for name in ("from", "to"):
            field: Any = self.fields[name]
            found = field.found
            text = self.data.get(name, "") or ("me" if name == "from" else "")
            if found:
                text = "me" if found.is_me else found.full_name
            shown.append(
                {
                    "name": name,
                    "label": field.label,
                    "text": text,
                    "id": found.pk if found and not found.is_me else "",
                    "errors": self.errors.get(name, []),
                    "candidates": field.candidates,
                }
            )
        return shown
