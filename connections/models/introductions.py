from collections.abc import Iterable
from datetime import date, tzinfo
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest, Least
from django.urls import reverse

from connections.models.platforms import Platform
from connections.models.progress import Progress, Stuck
from contacts.models import Contact
from events.models import Event
from networkcrm.owned import OwnedForeignKey, OwnedQuerySet, owner_and_id
from networkcrm.partial_dates import PartialDateField, partial_date_check
from networkcrm.periods import Period


class IntroductionQuerySet(OwnedQuerySet):
    def by_me(self) -> Self:
        return self.filter(role=Introduction.Role.BY_ME)

    def for_me(self) -> Self:
        return self.filter(role=Introduction.Role.FOR_ME)

    def between_others(self) -> Self:
        return self.filter(role=Introduction.Role.BETWEEN)

    def ideas(self) -> Self:
        return self.filter(state=Introduction.State.IDEA)

    def waiting(self) -> Self:
        """Asked, and not everybody has answered."""
        return self.filter(state=Introduction.State.ASKED)

    def made(self) -> Self:
        """It took place, whatever came of it."""
        return self.filter(made_at__isnull=False)

    def made_in(self, within: Period, zone: tzinfo) -> Self:
        """On the day that was written down, else on the one it was said to be made."""
        said = Q(on__isnull=False) & within.holds("on")
        return self.made().filter(
            said | Q(on=None) & within.holds_moment("made_at", zone)
        )

    def open(self) -> Self:
        return self.filter(state__in=Introduction.OPEN)

    def current(self) -> Self:
        """Under way, or made and not closed: there is one of the same people."""
        return self.filter(state__in=Introduction.CURRENT)

    def between(self, one: Contact, other: Contact) -> Self:
        """Of these two, whichever stands first."""
        return self.filter(Q(a=one, b=other) | Q(a=other, b=one))

    def due(self, on: date) -> Self:
        """Those the owner is to be asked about on this day: nobody in the trash."""
        there = Q()
        for party in Party.values:
            there &= Q(**{party: None}) | Q(**{f"{party}__trashed_at": None})
        return self.filter(there, ask_on__lte=on)

    def involving(self, *people: Contact | UUID) -> Self:
        """In which one of these has a part."""
        either = Q(introducer__in=people) | Q(a__in=people) | Q(b__in=people)
        return self.filter(either)

    def of_occasion(self, introduction_id: UUID) -> Self:
        """This one, and all that the same post or the same evening brought about."""
        # One value that both have, not "this one or those": of that Postgres expects
        # half of all there are, and reads everybody for their names.
        first = Coalesce("occasion", "pk")
        same = self.filter(pk=introduction_id).values_list(first)[:1]
        return self.alias(first=first).filter(first=same)

    def with_people(self) -> Self:
        return self.select_related("introducer", "a", "b")

    def changed_last(self, most: int) -> Self:
        """The few that changed last, with their people: these are joined to the few."""
        order = ("-updated_at", "-pk")
        few = self.order_by(*order).values("pk")[:most]
        return self.filter(pk__in=few).with_people().order_by(*order)

    def latest_first(self) -> Self:
        return self.order_by(F("on").desc(nulls_last=True), "-pk")

    def longest_due_first(self) -> Self:
        return self.order_by("ask_on", "pk")


class Introduction(Progress):
    """Someone brings two people together: an introducer, A and B.

    Any of the three may be me. The date of every change of state stands in its own
    column, and the checks below say which of them a state must and cannot have: so
    no state is reached without those before it, and going back one is always known.
    """

    class Kind(models.TextChoices):
        IN_PERSON = "in_person", "In person"
        EMAIL = "email", "By e-mail"
        GROUP_MESSAGE = "group_message", "Group message"
        MENTION = "mention", "Public mention"
        REFERRAL = "referral", "Referral"

    class Role(models.TextChoices):
        """Mine in it."""

        BY_ME = "by_me", "By me"
        FOR_ME = "for_me", "For me"
        BETWEEN = "between", "Between others"

    introducer = OwnedForeignKey(
        Contact,
        null=True,
        blank=True,
        related_name="introductions_made",
        on_database_delete="NO ACTION",
    )
    introducer_name = models.CharField(max_length=300, blank=True, editable=False)
    a = OwnedForeignKey(
        Contact,
        null=True,
        related_name="introductions_as_a",
        on_database_delete="NO ACTION",
    )
    a_name = models.CharField(max_length=300, blank=True, editable=False)
    b = OwnedForeignKey(
        Contact,
        null=True,
        related_name="introductions_as_b",
        on_database_delete="NO ACTION",
    )
    b_name = models.CharField(max_length=300, blank=True, editable=False)
    role = models.CharField(max_length=8, choices=Role.choices, editable=False)
    kind = models.CharField(max_length=15, choices=Kind.choices, default=Kind.EMAIL)
    platform = models.CharField(max_length=12, choices=Platform.choices, blank=True)
    why_a = models.TextField(
        "why it is good for the first", max_length=5000, blank=True
    )
    why_b = models.TextField(
        "why it is good for the second", max_length=5000, blank=True
    )
    on = PartialDateField("when", year_required=True)
    place = models.CharField("where", max_length=300, blank=True)
    url = models.URLField("address of the post", max_length=1000, blank=True)
    event = OwnedForeignKey(
        Event,
        null=True,
        blank=True,
        related_name="introductions",
        on_database_delete="NO ACTION",
    )
    event_name = models.CharField(max_length=300, blank=True, editable=False)
    text = models.TextField(
        "in which words",
        max_length=50_000,
        blank=True,
        help_text="Markdown is understood.",
    )
    # Introductions of several people by one post or at one table share this.
    occasion = models.UUIDField(null=True, editable=False)
    objects = IntroductionQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            owner_and_id("introduction"),
            models.CheckConstraint(
                condition=~Q(a=F("b")),
                name="introduction_of_two",
                violation_error_message="An introduction needs two different people.",
            ),
            models.CheckConstraint(
                condition=~Q(introducer=F("a")) & ~Q(introducer=F("b")),
                name="introduction_not_by_self",
                violation_error_message="Someone cannot introduce themselves.",
            ),
            models.UniqueConstraint(
                F("owner"),
                F("introducer"),
                Least("a", "b"),
                Greatest("a", "b"),
                condition=Q(
                    state__in=["idea", "asked", "agreed", "made", "met"],
                    introducer__isnull=False,
                    a__isnull=False,
                    b__isnull=False,
                ),
                name="introduction_of_pair_once",
                violation_error_message="This introduction is already written down.",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="idea",
                    asked_at=None,
                    agreed_at=None,
                    made_at=None,
                    met_at=None,
                    closed_at=None,
                    declined_at=None,
                    expired_at=None,
                )
                | Q(
                    state="asked",
                    asked_at__isnull=False,
                    agreed_at=None,
                    made_at=None,
                    met_at=None,
                    closed_at=None,
                    declined_at=None,
                    expired_at=None,
                )
                | Q(
                    state="agreed",
                    asked_at__isnull=False,
                    agreed_at__isnull=False,
                    made_at=None,
                    met_at=None,
                    closed_at=None,
                    declined_at=None,
                    expired_at=None,
                )
                | Q(
                    Q(asked_at=None, agreed_at=None)
                    | Q(asked_at__isnull=False, agreed_at__isnull=False),
                    Q(state="made", met_at=None, closed_at=None)
                    | Q(state="met", met_at__isnull=False, closed_at=None)
                    | Q(state="closed", closed_at__isnull=False),
                    made_at__isnull=False,
                    declined_at=None,
                    expired_at=None,
                )
                | Q(
                    Q(state="declined", declined_at__isnull=False, expired_at=None)
                    | Q(state="expired", expired_at__isnull=False, declined_at=None),
                    asked_at__isnull=False,
                    made_at=None,
                    met_at=None,
                    closed_at=None,
                ),
                name="introduction_state_has_its_dates",
            ),
            models.CheckConstraint(
                condition=(Q(agreed_at=None) | Q(agreed_at__gte=F("asked_at")))
                & (Q(made_at=None) | Q(agreed_at=None) | Q(made_at__gte=F("agreed_at")))
                & (Q(met_at=None) | Q(met_at__gte=F("made_at")))
                & (Q(closed_at=None) | Q(closed_at__gte=F("made_at")))
                & (Q(declined_at=None) | Q(declined_at__gte=F("asked_at")))
                & (Q(expired_at=None) | Q(expired_at__gte=F("asked_at"))),
                name="introduction_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(ask_on=None) | ~Q(state__in=["closed", "declined"]),
                name="introduction_asks_while_open",
            ),
            models.CheckConstraint(
                condition=Q(role__in=["by_me", "for_me", "between"]),
                name="introduction_role_known",
            ),
            partial_date_check(
                "on", "introduction_on_partial_date", year_required=True
            ),
        ]
        indexes = [
            models.Index(
                F("owner"), F("state"), F("id").desc(), name="introduction_by_state"
            ),
            # The last ones that changed, of any kind, and how many there are of each.
            models.Index(
                F("owner"), F("updated_at").desc(), F("id").desc(),
                include=["role", "state", "made_at"],
                name="introduction_changed",
            ),
            # Counted by role and time, without being read.
            models.Index(
                F("owner"), F("role"), F("id").desc(),
                include=["on", "made_at", "introducer", "a", "b"],
                condition=Q(made_at__isnull=False),
                name="introduction_made",
            ),
            models.Index(
                F("owner"), F("introducer"), name="introduction_of_introducer"
            ),
            models.Index(F("owner"), F("a"), name="introduction_of_a"),
            models.Index(F("owner"), F("b"), name="introduction_of_b"),
            models.Index(F("owner"), F("event"), name="introduction_of_event"),
            models.Index(
                F("owner"), Coalesce("occasion", "id"), name="introduction_of_occasion"
            ),
            models.Index(
                F("owner"),
                F("ask_on"),
                condition=Q(ask_on__isnull=False),
                name="introduction_to_ask",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name_of('a')} and {self.name_of('b')}"

    def get_absolute_url(self) -> str:
        return reverse("introduction_detail", kwargs={"introduction_id": self.pk})

    def save(self, *args: Any, **kwargs: Any) -> None:
        for party in Party.values:
            contact = getattr(self, party)
            if contact is not None:
                setattr(self, f"{party}_name", contact.full_name)
        if self.event:
            self.event_name = self.event.name
        self.role = self.role_by_people
        super().save(*args, **kwargs)

    @property
    def role_by_people(self) -> "Introduction.Role":
        if self.introducer and self.introducer.is_me:
            return self.Role.BY_ME
        if (self.a and self.a.is_me) or (self.b and self.b.is_me):
            return self.Role.FOR_ME
        return self.Role.BETWEEN

    def name_of(self, party: str) -> str:
        """As they are called now, or were when they were deleted for ever."""
        contact = getattr(self, party)
        return contact.full_name if contact else getattr(self, f"{party}_name")

    def touches(self) -> Iterable[UUID | None]:
        return [self.introducer_id, self.a_id, self.b_id]

    @property
    def asked_parties(self) -> tuple["Party", ...]:
        """Whose yes it takes: of both when I make it, else of who is to make it."""
        if self.role == self.Role.BY_ME:
            return Party.A, Party.B
        return (Party.INTRODUCER,)

    @property
    def me(self) -> "Party | None":
        """Which of them I am."""
        people = {party: getattr(self, party) for party in Party}
        return next(
            (p for p, contact in people.items() if contact and contact.is_me), None
        )

    @property
    def others(self) -> list[Contact]:
        """The people in it who are still there, without me: the introducer first."""
        people = (self.introducer, self.a, self.b)
        return [contact for contact in people if contact and not contact.is_me]

    @property
    def brought_me(self) -> Contact | None:
        """Whom I got to know by it: the other one, when it was made for me."""
        if self.role != self.Role.FOR_ME or not self.is_made:
            return None
        contact: Contact | None = self.b if self.me == Party.A else self.a
        return contact

    @property
    def title(self) -> str:
        """As in "Maya Lindqvist, through Lena Brandt": all but me."""
        mine = self.me
        names = [self.name_of(party) for party in ("a", "b") if party != mine]
        through = self.name_of("introducer")
        if mine == Party.INTRODUCER or not through:
            return " and ".join(names)
        return f"{' and '.join(names)}, through {through}"

    @property
    def waiting_for(self) -> list[str]:
        """Who has not said yes yet. Costs nothing when the consents are prefetched."""
        said = {consent.party: consent.answer for consent in self.consents.all()}
        return [
            self.name_of(party)
            for party in self.asked_parties
            if said.get(party.value) != "yes"
        ]

    @property
    def missing(self) -> str:
        """The name of one who is in the trash or gone for ever, else ""."""
        for party in Party.values:
            contact, name = getattr(self, party), self.name_of(party)
            # Without a name too: nobody ever knew who it was.
            if name and (contact is None or contact.trashed_at):
                return name
        return ""

    def refuse_missing(self) -> None:
        """Raises Stuck: nobody is asked about, or led to, someone who was deleted."""
        if name := self.missing:
            raise Stuck(
                f"{name} is no longer among your people. Take them back out of the"
                " trash first, or delete this introduction."
            )

    @property
    def tone(self) -> str:
        return "intro"


class Party(models.TextChoices):
    """Who of an introduction is asked."""

    INTRODUCER = "introducer", "the introducer"
    A = "a", "the first"
    B = "b", "the second"
