from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy

from contacts import photos, seats
from contacts.models import Circle, Contact
from networkcrm import derived, files
from networkcrm.forms import EditGuard, OwnedModelForm
from networkcrm.text import fold

ORGANIZATION_AS_YOU_TYPE = {
    "list": "organization-options",
    "autocomplete": "off",
    "hx-get": reverse_lazy("organization_options"),
    "hx-trigger": "input delay:200ms",
    "hx-target": "#organization-options",
}


class ContactForm(EditGuard, OwnedModelForm):
    organization_name = forms.CharField(
        label="Organization",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs=ORGANIZATION_AS_YOU_TYPE),
    )
    tag_names = forms.CharField(
        label="Tags",
        required=False,
        max_length=2000,
        help_text="Separated by commas: django, choir, Boston.",
    )
    photo_file = forms.FileField(
        label="Photo",
        required=False,
        help_text="Up to 10 MB. It is made small, and where it was taken is removed.",
        widget=forms.FileInput(attrs={"accept": "image/*"}),
    )
    photo_remove = forms.BooleanField(label="Remove the photo", required=False)
    same_name = forms.BooleanField(label="This is somebody else", required=False)

    class Meta:
        model = Contact
        fields = (
            "full_name",
            "prefix",
            "given_name",
            "middle_name",
            "family_name",
            "suffix",
            "nickname",
            "pronouns",
            "headline",
            "job_title",
            "city",
            "region",
            "country",
            "birthday",
            "about",
            "circle",
            "cadence_days",
        )
        widgets = {
            "full_name": forms.TextInput(attrs={"autocomplete": "off"}),
            "about": forms.Textarea(attrs={"rows": 5}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contact = self.instance
        self.namesakes: list[Contact] = []
        # Where all seats are taken, and it is asked who leaves.
        self.full_circle: Circle | None = None
        self.fields["circle"].empty_label = "in no circle"  # type: ignore[attr-defined]
        if contact._state.adding:
            return
        if contact.organization:
            self.initial["organization_name"] = contact.organization.name
        names = contact.contact_tags.values_list("tag__name", flat=True)
        self.initial["tag_names"] = ", ".join(names.order_by("tag__key"))

    @property
    def show_circle(self) -> bool:
        return self._fills("circle", "cadence_days")

    @property
    def show_dates(self) -> bool:
        return self._fills("birthday")

    @property
    def show_names(self) -> bool:
        return self._fills(
            "nickname",
            "pronouns",
            "prefix",
            "given_name",
            "middle_name",
            "family_name",
            "suffix",
            "region",
            "country",
        )

    def _fills(self, *names: str) -> bool:
        """Whether a folded part of the form has something to show."""
        return any(name in self.errors or self[name].value() for name in names)

    def clean_photo_file(self) -> Any:
        upload = self.cleaned_data["photo_file"]
        if not upload:
            return None
        if upload.size > photos.MAX_BYTES:
            raise ValidationError(
                "This photo is larger than 10 MB. Choose a smaller one."
            )
        return photos.cleaned(upload.read())

    def clean_circle(self) -> Circle | None:
        """A seat of another circle, held until all is saved; none is given twice."""
        chosen: Circle | None = self.cleaned_data["circle"]
        contact = self.instance
        if chosen is None or contact.is_me or chosen.pk == contact.circle_id:
            return chosen
        circle = seats.hold(contact.owner, [chosen.pk]).get(chosen.pk)
        if circle is None:
            raise ValidationError("This circle was deleted. Choose another one.")
        if circle.free_seats > 0:
            return circle
        self.full_circle = circle
        return contact.circle

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        self._refuse_unasked_namesake(cleaned)
        return cleaned

    def _refuse_unasked_namesake(self, cleaned: dict[str, Any]) -> None:
        """A second contact of one name, or a second click, is asked about first."""
        if not self.instance._state.adding or cleaned.get("same_name"):
            return
        key = fold(cleaned.get("full_name", ""))[:900]
        kept = self.instance.owner.contacts.kept()
        self.namesakes = list(kept.filter(sort_key=key)[:3]) if key else []
        if self.namesakes:
            name = self.namesakes[0].full_name
            self.add_error(
                "full_name",
                f"You already have {name}. Open that contact, or say below that"
                " this is somebody else.",
            )

    def save(self, commit: bool = True) -> Contact:
        contact = self.instance
        owner = contact.owner
        with derived.batch():
            name = self.cleaned_data["organization_name"].strip()
            if self.fields["organization_name"].disabled is False:
                named = owner.organizations.named(owner.pk, [name]) if name else {}
                contact.organization = named.get(name)
            old_photo = contact.photo.name
            if self.cleaned_data["photo_file"]:
                photo = self.cleaned_data["photo_file"]
                contact.photo.save(photo.name, photo, save=False)
            elif self.cleaned_data["photo_remove"]:
                contact.photo = ""
            contact.save()
            if self.fields["tag_names"].disabled is False:
                self._save_tags()
        if old_photo and old_photo != contact.photo.name:
            files.forget([old_photo])
        return contact

    def _save_tags(self) -> None:
        contact = self.instance
        names = [
            name for name in self.cleaned_data["tag_names"].split(",") if name.strip()
        ]
        tags = contact.owner.tags.named(contact.owner_id, names).values()
        wanted = {tag.pk for tag in tags}
        had = set(contact.contact_tags.values_list("tag_id", flat=True))
        contact.contact_tags.filter(tag_id__in=had - wanted).delete()
        for tag_id in wanted - had:
            contact.contact_tags.create(tag_id=tag_id)
        derived.touch(contact.owner_id, [contact.pk])
