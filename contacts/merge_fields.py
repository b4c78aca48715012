"""Which value stays when two contacts say different things, and where the other goes.

Values that belong together go together: a job with its organization, a city with its
country. Nothing is put together that nobody said.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils import timezone
from django.utils.formats import date_format

from contacts.importing.comparing import N_ORDER, NAME_PARTS
from contacts.importing.matching import alike
from contacts.importing.records import PROPERTIES, escaped
from contacts.models import Contact
from networkcrm.journal import columns_of
from networkcrm.text import fold

Side = Literal["keep", "gone"]
LONGEST_NOTES = Contact._meta.get_field("about").max_length or 0
LONGEST_NICKNAME = Contact._meta.get_field("nickname").max_length or 0


@dataclass(frozen=True, slots=True)
class Question:
    """What the owner is asked: both say something else, and one of it stays."""

    name: str
    label: str
    keep: str
    gone: str
    default: Side = "keep"

    def answer(self, choices: Mapping[str, Any]) -> Side:
        chosen: Any = choices.get(self.name)
        return chosen if chosen in ("keep", "gone") else self.default


@dataclass(frozen=True, slots=True)
class Group:
    """Columns that go together; `words` says them in one line."""

    name: str
    label: str
    columns: tuple[str, ...]
    words: Callable[[Contact], str]
    # The vCard property that keeps a lost value, by column: as imports do it, so
    # that the same file finds nothing new (contacts/importing/comparing.py).
    properties: dict[str, Callable[[Contact], str]] = field(default_factory=dict)

    def values(self, contact: Contact) -> dict[str, Any]:
        all_columns = columns_of(contact)
        found = {name: all_columns[name] for name in self.columns}
        return {name: value for name, value in found.items() if value not in (None, "")}

    def settled(self, keep: Contact, gone: Contact) -> Side | None:
        """Which side stays when nobody needs to be asked."""
        one, other = self.values(keep), self.values(gone)
        if not other or _holds(one, other):
            return "keep"
        return "gone" if _holds(other, one) else None

    def question(self, keep: Contact, gone: Contact) -> Question | None:
        if self.settled(keep, gone):
            return None
        default = _better(self, keep, gone)
        return Question(
            self.name, self.label, self.words(keep), self.words(gone), default
        )

    def side(self, keep: Contact, gone: Contact, choices: Mapping[str, Any]) -> Side:
        question = self.question(keep, gone)
        if question:
            return question.answer(choices)
        return self.settled(keep, gone) or "keep"

    def given(self, keep: Contact, gone: Contact) -> dict[str, Any]:
        """The columns that the one who goes gives to the other."""
        theirs = columns_of(gone)
        return {name: theirs[name] for name in self.columns}


def _holds(whole: dict[str, Any], part: dict[str, Any]) -> bool:
    """Does the one say all that the other says?"""
    return all(_same(whole.get(name), value) for name, value in part.items())


def _same(value: Any, other: Any) -> bool:
    if isinstance(value, str) and isinstance(other, str):
        return fold(value) == fold(other)
    return bool(value == other)


class NameGroup(Group):
    """The name decides; its parts, cut by somebody's hand or a card, go with it."""

    def settled(self, keep: Contact, gone: Contact) -> Side | None:
        if fold(keep.full_name) != fold(gone.full_name):
            return None
        cut = any(getattr(keep, name) for name in NAME_PARTS)
        return "keep" if cut else "gone"

    def given(self, keep: Contact, gone: Contact) -> dict[str, Any]:
        found = super().given(keep, gone)
        # Of two spellings the kept one stays: "Maya Ruiz", not "maya ruiz".
        if fold(keep.full_name) == fold(gone.full_name):
            del found["full_name"]
        return found


class OthersGroup(Group):
    """What others are to me: I take no seat, and nobody reminds me of myself."""

    def settled(self, keep: Contact, gone: Contact) -> Side | None:
        return "keep" if keep.is_me else super().settled(keep, gone)


class BirthdayGroup(Group):
    """The more exact of two that can both be true."""

    def settled(self, keep: Contact, gone: Contact) -> Side | None:
        one, other = str(keep.birthday or ""), str(gone.birthday or "")
        if one.startswith(other) or (other[:2] == "--" and one.endswith(other[1:])):
            return "keep"
        if other.startswith(one) or (one[:2] == "--" and other.endswith(one[1:])):
            return "gone"
        return None


def _better(group: Group, keep: Contact, gone: Contact) -> Side:
    """Of "M. Ruiz" and "Maya Ruiz" the longer; else what the kept one says."""
    if group.name == "full_name":
        one, other = fold(keep.full_name), fold(gone.full_name)
        if alike(one, other) and len(other) > len(one):
            return "gone"
    return "keep"


def _plain(name: str) -> Callable[[Contact], str]:
    return lambda contact: str(getattr(contact, name) or "")


def _work(contact: Contact) -> str:
    organization = str(contact.organization or "")
    return " at ".join(part for part in (contact.job_title, organization) if part)


def _parts(contact: Contact) -> str:
    parts = [escaped(getattr(contact, name)) for name in N_ORDER]
    return ";".join(parts) if any(parts) else ""


def _escaped(name: str) -> Callable[[Contact], str]:
    return lambda contact: escaped(str(getattr(contact, name) or ""))


def _text(name: str, label: str) -> Group:
    return Group(name, label, (name,), _plain(name), {PROPERTIES[name]: _escaped(name)})


GROUPS: tuple[Group, ...] = (
    NameGroup(
        "full_name",
        "Name",
        ("full_name", *NAME_PARTS),
        _plain("full_name"),
        {"FN": _escaped("full_name"), "N": _parts},
    ),
    _text("nickname", "Nickname"),
    _text("pronouns", "Pronouns"),
    _text("headline", "Headline"),
    Group(
        "work",
        "Work",
        ("organization_id", "job_title"),
        _work,
        {"ORG": _escaped("organization"), "TITLE": _escaped("job_title")},
    ),
    Group("place", "Lives in", ("city", "region", "country"), lambda c: c.where),
    BirthdayGroup(
        "birthday",
        "Birthday",
        ("birthday",),
        lambda c: c.birthday.words if c.birthday else "",
        {"BDAY": lambda c: str(c.birthday or "")},
    ),
    OthersGroup("circle", "Circle", ("circle_id",), _plain("circle")),
    OthersGroup(
        "cadence",
        "Keep in touch every",
        ("cadence_days",),
        lambda c: f"{c.cadence_days} days" if c.cadence_days else "",
    ),
    Group("photo", "Photo", ("photo",), lambda c: f"that of {c}" if c.photo else ""),
)
# What is not asked: it is joined, the earlier or the more alive, or follows.
TOGETHER = {"about", "extra", "uid"}
EARLIEST = {"created_at", "wanted_at", "quiet_until"}
OWN = {"id", "owner_id", "sort_key", "is_me", "archived_at", "trashed_at", "updated_at"}


def questions(keep: Contact, gone: Contact) -> list[Question]:
    found = [group.question(keep, gone) for group in GROUPS]
    return [question for question in found if question]


@dataclass(slots=True)
class Joined:
    """The columns of the one who stays, and what is no longer in any of them."""

    columns: dict[str, Any]
    # "headline “Runs a shop”", and as vCard lines.
    lost: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    # The names of the groups that were taken from the one who goes.
    taken: set[str] = field(default_factory=set)


def joined(keep: Contact, gone: Contact, choices: Mapping[str, Any]) -> Joined:
    """What the kept one says from now on. Nothing is written."""
    done = Joined({})
    for group in GROUPS:
        side = group.side(keep, gone, choices)
        if side == "gone":
            done.taken.add(group.name)
            done.columns |= group.given(keep, gone)
        stays, goes = (keep, gone) if side == "keep" else (gone, keep)
        # These may differ though nobody needs to be asked.
        may_differ = isinstance(group, NameGroup | OthersGroup)
        if may_differ or group.settled(keep, gone) is None:
            _lose(done, group, stays, goes)
    for name in EARLIEST:
        dates = [getattr(contact, name) for contact in (keep, gone)]
        done.columns[name] = min((at for at in dates if at), default=None)
    if keep.is_me:
        done.columns["wanted_at"] = None
    if keep.archived_at and not gone.archived_at:
        done.columns["archived_at"] = None
    done.columns["sort_key"] = fold(done.columns.get("full_name", keep.full_name))[:900]
    return done


def _lose(done: Joined, group: Group, stays: Contact, goes: Contact) -> None:
    for name, value_of in group.properties.items():
        value = value_of(goes)
        if value and fold(value) != fold(value_of(stays)):
            done.extra.append(f"{name}:{value}")
    said = group.words(goes)
    if group.name == "full_name" and fold(said) != fold(stays.full_name):
        has_nickname = stays.nickname or goes.nickname
        if not has_nickname and len(said) <= LONGEST_NICKNAME:
            done.columns["nickname"] = said
            return
    if group.name != "photo" and said and fold(said) != fold(group.words(stays)):
        done.lost.append(f"{group.label.lower()} “{said}”")


def notes(keep: Contact, gone: Contact, lost: list[str]) -> tuple[str, list[str]]:
    """The notes of both, with what was lost; and as vCard lines what does not fit."""
    texts = [keep.about]
    if gone.about and fold(gone.about) not in fold(keep.about):
        texts.append(gone.about)
    if lost:
        today = date_format(timezone.localdate(), "j M Y")
        texts.append(f"Merged with {gone.full_name} on {today}: {'; '.join(lost)}.")
    kept, aside = "", []
    for text in filter(None, texts):
        both = f"{kept}\n\n{text}" if kept else text
        if len(both) <= LONGEST_NOTES or not kept:
            kept = both
        else:
            aside.append(f"NOTE:{escaped(text)}")
    return kept, aside
