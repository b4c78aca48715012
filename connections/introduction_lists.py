"""What the pages of introductions read: sections, counts, who was asked how often."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Q, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.utils import timezone

from connections import introduction_texts
from connections.models import Consent, Introduction, Origin, Party
from contacts.models import Contact
from networkcrm.models import User

QUARTER = timedelta(days=90)
PER_SECTION = 5
MOST_LOADS = 5

State = Introduction.State
Role = Introduction.Role

# By the name that an address gives it: a choice of states.
STATES: dict[str, tuple[str, Q]] = {
    "to-make": ("To make", Q(state__in=[State.IDEA, State.AGREED])),
    "took-place": ("Took place", Q(made_at__isnull=False)),
} | {state.value: (state.label, Q(state=state)) for state in State}


class Section(NamedTuple):
    """A few of those that belong together, and the address of all of them."""

    title: str
    query: str
    total: int
    rows: list[Introduction]


_SECTIONS: dict[str, tuple[str, str, Q]] = {
    "to_make": ("To make", "state=to-make", STATES["to-make"][1]),
    "waiting": ("Waiting for an answer", "state=asked", Q(state=State.ASKED)),
    "made": (
        "Made: did they meet?",
        "state=made&role=by-me",
        Q(state=State.MADE, role=Role.BY_ME),
    ),
    "for_me": (
        "Made for you",
        "state=took-place&role=for-me",
        Q(role=Role.FOR_ME, made_at__isnull=False),
    ),
    "between": (
        "Between others",
        "state=took-place&role=between",
        Q(role=Role.BETWEEN, made_at__isnull=False),
    ),
    "declined": ("Somebody said no", "state=declined", Q(state=State.DECLINED)),
}


def counts(user: User) -> dict[str, int]:
    """Of all, of those made by me, and of each section, from one count of each kind."""
    rows = user.introductions.order_by().values_list("role", "state")
    kinds = rows.annotate(number=Count("pk"), made=Count("made_at"))
    found = dict.fromkeys(("all", "made_by_me", *_SECTIONS), 0)
    for role, state, number, made in kinds:
        found["all"] += number
        found["made_by_me"] += made if role == Role.BY_ME else 0
        found["to_make"] += number if state in (State.IDEA, State.AGREED) else 0
        found["waiting"] += number if state == State.ASKED else 0
        found["made"] += number if (state, role) == (State.MADE, Role.BY_ME) else 0
        found["for_me"] += made if role == Role.FOR_ME else 0
        found["between"] += made if role == Role.BETWEEN else 0
        found["declined"] += number if state == State.DECLINED else 0
    return found


def sections(user: User, counted: dict[str, int]) -> list[Section]:
    """Those that hold something: one query each."""
    found = [due(user)]
    for name, (title, query, condition) in _SECTIONS.items():
        if counted[name]:
            rows = user.introductions.filter(condition)
            shown = list(rows.changed_last(PER_SECTION))
            found.append(Section(title, query, counted[name], shown))
    shown = [row for section in found for row in section.rows]
    prefetch_related_objects(shown, "consents")
    return [section for section in found if section.rows]


def in_order(user: User, keys: Iterable[UUID]) -> list[Introduction]:
    """These, with all that a row of the list shows."""
    keys = list(keys)
    rows = user.introductions.filter(pk__in=keys).with_people()
    by_key = {row.pk: row for row in rows.prefetch_related("consents")}
    return [by_key[key] for key in keys if key in by_key]


def due(user: User) -> Section:
    """What the owner is to decide now, by their calendar."""
    rows = user.introductions.due(timezone.localdate()).with_people()
    shown = list(rows.longest_due_first()[: PER_SECTION + 1])
    return Section("What now?", "due=1", len(shown), shown)


@dataclass(frozen=True, slots=True)
class Load:
    """How often someone introduced me, or was asked to, in the last ninety days."""

    contact: Contact
    asked: int
    unasked: int

    @property
    def words(self) -> str:
        """As in "You asked Lena 4 times this quarter, and once she came by herself"."""
        name = self.contact.first_name
        unasked = f"introduced you {_times(self.unasked)} without being asked"
        if not self.asked:
            return f"{name} {unasked} this quarter"
        also = f", and {name} {unasked}" if self.unasked else ""
        return f"You asked {name} {_times(self.asked)} this quarter{also}"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def loads(user: User, only: Iterable[UUID] | None = None) -> list[Load]:
    """Of all, or of `only` these: the most asked first. What one post or one evening
    brought counts once."""
    since = timezone.now() - QUARTER
    day = str(timezone.localdate(since))
    asked = Q(asked_at__gte=since)
    unasked = Q(asked_at=None, made_at__isnull=False)
    unasked &= Q(on__gte=day) | Q(on=None, made_at__gte=since)
    rows = user.introductions.for_me().filter(asked | unasked)
    rows = rows.filter(introducer__isnull=False)
    if only is not None:
        rows = rows.filter(introducer__in=list(only))
    occasions = Coalesce("occasion", "pk")
    found = rows.values("introducer").annotate(
        asked=Count(occasions, distinct=True, filter=asked),
        unasked=Count(occasions, distinct=True, filter=unasked),
    )
    by_id = {
        row["introducer"]: (row["asked"], row["unasked"])
        for row in found.order_by("-asked", "-unasked", "introducer")[:MOST_LOADS]
    }
    people = user.contacts.filter(pk__in=by_id)
    said = [Load(contact, *by_id[contact.pk]) for contact in people]
    return sorted(said, key=lambda load: (-load.asked, -load.unasked, load.contact.pk))


def load_of(user: User, introducer: Contact | None) -> Load | None:
    if introducer is None or introducer.is_me:
        return None
    return next(iter(loads(user, [introducer.pk])), None)


class Asked(NamedTuple):
    """One whose yes it takes, with what was asked and answered."""

    party: Party
    name: str
    contact: Contact | None
    consent: Consent | None
    question: introduction_texts.Letter


def asked(introduction: Introduction) -> list[Asked]:
    by_party = {consent.party: consent for consent in introduction.consents.all()}
    return [
        Asked(
            party,
            introduction.name_of(party),
            getattr(introduction, party),
            by_party.get(party),
            introduction_texts.question(introduction, party),
        )
        for party in introduction.asked_parties
    ]


def differing_origins(introduction: Introduction) -> list[tuple[Introduction, Origin]]:
    """Of those this occasion brought me: whom I wrote down to have met otherwise."""
    owner = introduction.owner
    rows = owner.introductions.of_occasion(introduction.pk).with_people()
    contacts = {row.brought_me.pk: row for row in rows if row.brought_me}
    origins = owner.origins.filter(contact__in=contacts).select_related(
        "contact", "introducer", "event"
    )
    pairs = [(contacts[origin.contact_id], origin) for origin in origins]
    return sorted(
        (pair for pair in pairs if pair[1].introduction_id != pair[0].pk),
        key=lambda pair: (pair[1].contact.sort_key, pair[1].pk),
    )


def brief(user: User, contact: Contact, most: int) -> list[Introduction]:
    """The latest introductions a contact has a part in, and one more if there is."""
    return list(user.introductions.involving(contact).changed_last(most + 1))
