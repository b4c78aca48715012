from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from contacts.models.groups import Circle, Organization, Tag
from networkcrm.models import User
from networkcrm.owned import Owned, OwnedForeignKey, OwnedQuerySet, owner_and_id
from networkcrm.partial_dates import (
    PartialDate,
    PartialDateField,
    partial_date_check,
)
from networkcrm.text import fold

PURGED_AFTER = timedelta(days=90)


class Stage(models.IntegerChoices):
    """How far a relation has come, from online to in person."""

    NONE = 0, "not yet"
    NOTICED = 1, "noticed"
    WROTE = 2, "wrote"
    SPOKE = 3, "spoke"
    MET = 4, "met"
    MET_AGAIN = 5, "met again"
    WORKED_TOGETHER = 6, "worked together"


# So many contacts make somebody close, however they were.
OFTEN = 5
PUT_AWAY = Q(trashed_at__isnull=False) | Q(archived_at__isnull=False)
WAS_CLOSE_OR_MET = Q(stage__gte=Stage.MET) | Q(times_in_touch__gte=OFTEN)


class ContactQuerySet(OwnedQuerySet):
    def others(self) -> Self:
        """Everybody but the owner's own contact."""
        return self.filter(is_me=False)

    def active(self) -> Self:
        return self.others().filter(trashed_at=None, archived_at=None)

    def archived(self) -> Self:
        return self.others().filter(trashed_at=None, archived_at__isnull=False)

    def trashed(self) -> Self:
        return self.others().filter(trashed_at__isnull=False)

    def put_away(self) -> Self:
        """In the trash or archived. Few are: it costs less to leave these out than to
        look whether somebody is there, one by one."""
        return self.filter(PUT_AWAY)

    def kept(self) -> Self:
        """Not in the trash: what a link may be made to."""
        return self.filter(trashed_at=None)

    def by_name(self) -> Self:
        return self.order_by("sort_key", "pk")

    def wanted(self) -> Self:
        """Whom I want to meet."""
        return self.filter(wanted_at__isnull=False)

    def met(self) -> Self:
        return self.filter(stage__gte=Stage.MET)

    def search(self, owner: User, text: str) -> Self:
        """Who is found by this text, see contacts/search.py."""
        from contacts.search import matching

        return self.filter(matching(owner.pk, text))

    def for_list(self, owner: User) -> Self:
        """With all that a row of the list shows."""
        tags = owner.contacttags.with_tags()
        return self.select_related("organization", "circle").prefetch_related(
            models.Prefetch("contact_tags", queryset=tags)
        )


class Contact(Owned):
    full_name = models.CharField("name", max_length=300)
    sort_key = models.CharField(max_length=900, editable=False)
    prefix = models.CharField(max_length=100, blank=True)
    given_name = models.CharField(max_length=200, blank=True)
    middle_name = models.CharField(max_length=200, blank=True)
    family_name = models.CharField(max_length=200, blank=True)
    suffix = models.CharField(max_length=100, blank=True)
    nickname = models.CharField(max_length=200, blank=True)
    pronouns = models.CharField(max_length=60, blank=True)
    headline = models.CharField(
        max_length=300, blank=True, help_text="What they do, in their words."
    )
    organization = OwnedForeignKey(
        Organization,
        null=True,
        blank=True,
        related_name="contacts",
        on_database_delete="NO ACTION",
    )
    job_title = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=200, blank=True)
    region = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=200, blank=True)
    birthday = PartialDateField()
    photo = models.ImageField(upload_to="photos/%Y", blank=True, editable=False)
    about = models.TextField(
        "notes", max_length=50_000, blank=True, help_text="Markdown is understood."
    )
    circle = OwnedForeignKey(
        Circle,
        null=True,
        blank=True,
        related_name="contacts",
        on_database_delete="NO ACTION",
    )
    cadence_days = models.PositiveSmallIntegerField(
        "keep in touch every (days)",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Leave empty to follow the circle.",
    )
    tags = models.ManyToManyField(
        Tag, through="ContactTag", related_name="contacts", blank=True
    )
    is_me = models.BooleanField(default=False, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    trashed_at = models.DateTimeField(null=True, blank=True, editable=False)
    wanted_at = models.DateTimeField("want to meet", null=True, editable=False)
    # Not to be named as somebody to keep in touch with before this day.
    quiet_until = models.DateField("not now, until", null=True, editable=False)
    uid = models.CharField(max_length=500, blank=True, editable=False)
    extra = models.JSONField(
        "properties kept from imports", default=list, blank=True, editable=False
    )
    # Derived from the origin and the interactions by connections/stages.py.
    stage = models.PositiveSmallIntegerField(
        choices=Stage.choices, default=Stage.NONE, editable=False
    )
    last_contact_on = PartialDateField(editable=False, year_required=True)
    # The first date of each step from noticed to worked together, as vague as it is
    # known, None where there is none; empty while nothing has happened.
    reached_on = ArrayField(
        models.CharField(max_length=10, null=True, blank=True),
        default=list,
        blank=True,
        editable=False,
    )
    # How many contacts there were so far; being mentioned is none.
    times_in_touch = models.PositiveIntegerField(
        default=0, db_default=0, editable=False
    )
    # At most so many introducers stand between me and them: fewer when one of these
    # was purged. An origin's introducer is always less deep than its contact, so no
    # origin can close a circle.
    chain_depth = models.PositiveIntegerField(default=0, editable=False)

    DERIVED = frozenset(
        {"stage", "last_contact_on", "reached_on", "times_in_touch", "chain_depth"}
    )

    objects = ContactQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            owner_and_id("contact"),
            models.UniqueConstraint(
                fields=["owner"],
                condition=Q(is_me=True),
                name="contact_only_one_is_me",
                violation_error_message="There is already a contact that is you.",
            ),
            models.UniqueConstraint(
                fields=["owner", "id", "chain_depth"], name="contact_depth_key"
            ),
            models.CheckConstraint(
                condition=~Q(full_name=""),
                name="contact_has_a_name",
                violation_error_message="Everybody needs a name, even a short one.",
            ),
            models.CheckConstraint(
                condition=Q(is_me=False) | Q(trashed_at=None, archived_at=None),
                name="contact_me_stays",
                violation_error_message="You cannot leave your own network.",
            ),
            models.CheckConstraint(
                condition=Q(cadence_days=None) | Q(cadence_days__gte=1),
                name="contact_cadence_positive",
                violation_error_message="At least one day.",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=Stage.values), name="contact_stage_known"
            ),
            partial_date_check("birthday", "contact_birthday_partial_date"),
            partial_date_check(
                "last_contact_on",
                "contact_last_contact_partial_date",
                year_required=True,
            ),
        ]
        indexes = [
            # The orders of the list. A page of it, however deep, and how many there are
            # is read from these alone: what they include says who is there.
            models.Index(
                F("owner"), F("sort_key"), F("id"),
                include=["is_me", "archived_at", "trashed_at"],
                name="contact_names",
            ),
            models.Index(
                F("owner"),
                F("last_contact_on").desc(nulls_last=True),
                F("id"),
                include=["is_me", "archived_at", "trashed_at", "times_in_touch"],
                name="contact_by_last_contact",
            ),
            models.Index(
                F("owner"), F("created_at").desc(), F("id"),
                include=["is_me", "archived_at", "trashed_at"],
                name="contact_additions",
            ),
            models.Index(
                F("owner"), F("stage").desc(), F("sort_key"), F("id"),
                include=["is_me", "archived_at", "trashed_at"],
                name="contact_stages",
            ),
            # Who was close once and may have fallen silent, the closest first.
            models.Index(
                F("owner"),
                F("stage").desc(),
                F("last_contact_on").desc(),
                F("id"),
                include=["circle", "cadence_days", "quiet_until", "times_in_touch"],
                condition=WAS_CLOSE_OR_MET & Q(
                    trashed_at=None, archived_at=None, is_me=False
                ),
                name="contact_close_once",
            ),
            models.Index(F("owner"), F("organization"), name="contact_by_organization"),
            models.Index(F("owner"), F("circle"), name="contact_by_circle"),
            models.Index(
                F("owner"), F("trashed_at"), condition=Q(trashed_at__isnull=False),
                name="contact_in_trash",
            ),
            models.Index(
                F("owner"), F("id"), include=["trashed_at"], condition=PUT_AWAY,
                name="contact_put_away",
            ),
            models.Index(
                F("owner"), F("quiet_until"), condition=Q(quiet_until__isnull=False),
                name="contact_left_in_peace",
            ),
            models.Index(
                F("owner"), F("uid"), condition=~Q(uid=""), name="contact_by_uid"
            ),
            models.Index(
                F("owner"), F("wanted_at"), condition=Q(wanted_at__isnull=False),
                name="contact_wanted",
            ),
            models.Index(
                F("owner"), F("id"),
                condition=Q(circle__isnull=False) | Q(cadence_days__isnull=False),
                name="contact_kept_in_touch",
            ),
            # Whose work may answer somebody's need.
            GinIndex(
                F("owner"), SearchVector("headline", "job_title", config="english"),
                condition=Q(trashed_at=None, archived_at=None),
                gin_pending_list_limit=64,
                name="contact_work_words",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.full_name

    @classmethod
    def from_db(cls, db: Any, field_names: Any, values: Any, **kwargs: Any) -> Self:
        contact = super().from_db(db, field_names, values, **kwargs)
        contact._stored_name = contact.__dict__.get("full_name", "")
        contact._stored_trashed_at = contact.__dict__.get("trashed_at")
        return contact

    def get_absolute_url(self) -> str:
        return reverse("contact_detail", kwargs={"contact_id": self.pk})

    def clean(self) -> None:
        self.full_name = " ".join(self.full_name.split())

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_key = fold(self.full_name)[:900]
        fields = kwargs.get("update_fields")
        if fields is None and not self._state.adding:
            # What others compute is never overwritten by an older copy in memory.
            fields = (
                {f.name for f in self._meta.concrete_fields} - self.DERIVED - {"id"}
            )
        if fields is not None:
            kwargs["update_fields"] = {*fields, "sort_key"}
        super().save(*args, **kwargs)
        self._stored_name = self.full_name
        self._stored_trashed_at = self.trashed_at

    def touches(self) -> Iterable[UUID | None]:
        renamed = getattr(self, "_stored_name", "") not in ("", self.full_name)
        moved = getattr(self, "_stored_trashed_at", None) != self.trashed_at
        brought = self.brought.values_list("contact_id", flat=True) if renamed else []
        known = relatives(self.owner, [self.pk]) if renamed or moved else []
        return [self.pk, *brought, *known]

    @property
    def first_name(self) -> str:
        return self.given_name or self.full_name.split()[0]

    @cached_property
    def initials(self) -> str:
        words = [word for word in self.full_name.split() if word[0].isalnum()]
        if not words:
            return self.full_name[:1]
        return "".join(word[0] for word in [words[0], *words[1:][-1:]]).upper()

    @property
    def summary(self) -> str:
        """Who they are in one line: what they do, and where."""
        work = " at ".join(
            part for part in (self.job_title, str(self.organization or "")) if part
        )
        return " · ".join(part for part in (self.headline or work, self.city) if part)

    @property
    def where(self) -> str:
        return ", ".join(
            part for part in (self.city, self.region, self.country) if part
        )

    @property
    def stage_tone(self) -> str:
        return "person" if self.stage >= Stage.MET else "online"

    @property
    def photo_url(self) -> str:
        """An address that changes with the photo, "" when there is none."""
        if not self.photo:
            return ""
        url = reverse("contact_photo", kwargs={"contact_id": self.pk})
        return f"{url}?{str(self.photo.name)[-12:-4]}"

    # How a picture begins that merging left in `extra`.
    PHOTO_LINE = "PHOTO:data:image/jpeg;base64,"

    @property
    def more_photos(self) -> list[str]:
        """Addresses that carry the whole picture."""
        lines = [line for line in self.extra if line.startswith(self.PHOTO_LINE)]
        return [line.removeprefix("PHOTO:") for line in lines]

    @property
    def more_properties(self) -> list[str]:
        return [line for line in self.extra if not line.startswith(self.PHOTO_LINE)]

    @property
    def tone(self) -> int:
        """Which of the four colours stands behind the initials, always the same."""
        return self.pk.int % 4 + 1

    @property
    def purged_on(self) -> Any:
        return self.trashed_at and timezone.localdate(self.trashed_at + PURGED_AFTER)

    @property
    def met_since_wanted(self) -> PartialDate | None:
        """When I met them whom I had wanted to meet, as vague as it is known."""
        met = self.reached_on[Stage.MET - 1] if self.stage >= Stage.MET else None
        if not met or not self.wanted_at:
            return None
        wanted = timezone.localdate(self.wanted_at).isoformat()
        is_later = met >= wanted or wanted.startswith(met)
        return PartialDate.from_iso(met) if is_later else None

    def want(self, at: datetime | None = None) -> None:
        """To meet them, from now on or since a moment; who is wanted already stays."""
        self.wanted_at = self.wanted_at or at or timezone.now()
        self.save(update_fields=["wanted_at", "updated_at"])

    def want_no_more(self) -> None:
        self.wanted_at = None
        self.save(update_fields=["wanted_at", "updated_at"])

    def archive(self) -> None:
        self.archived_at = timezone.now()
        self.save(update_fields=["archived_at", "updated_at"])

    def unarchive(self) -> None:
        self.archived_at = None
        self.save(update_fields=["archived_at", "updated_at"])

    def trash(self) -> None:
        """Put away for ninety days. Those they introduced keep their name."""
        self.trashed_at = timezone.now()
        self.save(update_fields=["trashed_at", "updated_at"])

    def restore(self) -> None:
        self.trashed_at = None
        self.save(update_fields=["trashed_at", "updated_at"])


def relatives(owner: User, contact_ids: Collection[UUID]) -> set[UUID]:
    """Those who are found by the names of these: as their colleague or their mentor,
    or because one introduction was about both."""
    rows = owner.relationships
    first = rows.filter(to_contact__in=contact_ids)
    second = rows.filter(from_contact__in=contact_ids)
    parties = owner.introductions.involving(*contact_ids).values_list(
        "introducer_id", "a_id", "b_id"
    )
    return {
        *first.values_list("from_contact_id", flat=True),
        *second.values_list("to_contact_id", flat=True),
        *(pk for ids in parties for pk in ids if pk),
    }


class ContactTagQuerySet(OwnedQuerySet):
    def with_tags(self) -> Self:
        return self.select_related("tag").order_by("tag__key", "pk")


class ContactTag(Owned):
    contact = OwnedForeignKey(Contact, related_name="contact_tags")
    tag = OwnedForeignKey(Tag, related_name="contact_tags")

    objects = ContactTagQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            owner_and_id("contacttag"),
            models.UniqueConstraint(
                fields=["owner", "contact", "tag"], name="contacttag_once"
            ),
        ]
        indexes = [models.Index(F("owner"), F("tag"), name="contacttag_by_tag")]

    def touches(self) -> Iterable[UUID | None]:
        return [self.contact_id]
