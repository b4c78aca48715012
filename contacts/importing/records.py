"""What every reader yields: a person as the file tells it, or why there is none."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, time, tzinfo

from networkcrm.partial_dates import PartialDate


@dataclass(slots=True)
class Method:
    """A way to reach someone; kind and service are those of ContactMethod."""

    kind: str
    value: str
    service: str = ""
    label: str = ""
    preferred: bool = False
    # Made once for matching and writing: see ContactMethod.normalized.
    normalized: str = ""


@dataclass(slots=True)
class Dated:
    """An important date; kind is one of ImportantDate.Kind."""

    kind: str
    on: PartialDate
    label: str = ""


@dataclass(frozen=True, slots=True)
class Myself:
    """Whose file it is: what days are theirs, and who in it is nobody but them.

    Names are folded, addresses casefolded.
    """

    tz: tzinfo = UTC
    names: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()


NOBODY = Myself()


class CannotRead(Exception):
    """The file as a whole is refused; the message says why, in a sentence."""


@dataclass(frozen=True, slots=True)
class Happening:
    """What happened between me and one or several people, as Interaction has it.

    All who were in it carry the same one; `uid` tells it from all others, in this file
    and in those to come.
    """

    uid: str
    kind: str
    on: PartialDate
    at: time | None = None
    platform: str = ""
    title: str = ""
    text: str = ""
    started_by: str = ""
    url: str = ""
    # The text as an older archive tells it, which did not know the names yet.
    before: str = ""
    # How many messages it stands for.
    count: int = 1


@dataclass(frozen=True, slots=True)
class Who:
    """Someone else, as a card or a line names them: by one of these."""

    name: str = ""
    uid: str = ""
    email: str = ""
    is_me: bool = False

    @property
    def words(self) -> str:
        return "you" if self.is_me else self.name or self.email or "someone"


@dataclass(frozen=True, slots=True)
class Relation:
    """What this person is to another, in a word: "parent".

    `is_theirs` turns it round: what the other is to this person. `is_sure` says that
    the other is in the same file, if they are not here already.
    """

    kind: str
    other: Who
    since: PartialDate | None = None
    is_theirs: bool = False
    is_sure: bool = True

    @property
    def words(self) -> str:
        if self.is_theirs:
            return f"{self.kind}: {self.other.words}"
        return f"{self.kind} of {self.other.words}"


@dataclass(slots=True)
class Record:
    """One person. Texts are clean: no control characters, no longer than LIMITS."""

    line: int
    full_name: str = ""
    prefix: str = ""
    given_name: str = ""
    middle_name: str = ""
    family_name: str = ""
    suffix: str = ""
    nickname: str = ""
    pronouns: str = ""
    headline: str = ""
    organization: str = ""
    job_title: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    about: str = ""
    birthday: PartialDate | None = None
    uid: str = ""
    methods: list[Method] = field(default_factory=list)
    dates: list[Dated] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    photo: bytes = b""
    # When they connected on a network of that name.
    connected_on: PartialDate | None = None
    platform: str = ""
    # Noticed there, on whatever day: one follows the other.
    noticed: bool = False
    # In words, how: "You follow them."
    story: str = ""
    # Met face to face on `connected_on`; where; and who brought them, by name.
    in_person: bool = False
    place: str = ""
    introducer: str = ""
    happenings: list[Happening] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    # The owner of the address book.
    is_me: bool = False
    # A contact with exactly this name is this person, if there is only one.
    by_name: bool = False
    # Handles or numbers that stand for their name as long as nobody tells it.
    stand_ins: Sequence[str] = ()
    # Found by these too, (kind, value) as in matching.py; they are not written.
    keys: Sequence[tuple[str, str]] = ()
    # What has no field of ours, as unfolded vCard lines: "GENDER:F".
    extra: list[str] = field(default_factory=list)
    # Sentences on what was left out or cut.
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Unread:
    """A part of the file that gives no contact, and the sentence that says why.

    `failed` is False for what is whole but no person: a group, a hidden member.
    """

    line: int
    reason: str
    name: str = ""
    failed: bool = True


MOST_NAMED = 3


def told(record: Record) -> list[str]:
    """What happened with them, and who is what to them, in a few words."""
    said = [relation.words for relation in record.relations[:MOST_NAMED]]
    if more := len(record.relations) - len(said):
        said.append(f"{more} more")
    return [*said, *happened(record.happenings)]


def happened(happenings: Sequence[Happening]) -> list[str]:
    """["12 messages, 2019 to 2024", "1 mention, 2020"]."""
    said = []
    for kind in dict.fromkeys(each.kind for each in happenings):
        those = [each for each in happenings if each.kind == kind]
        count = sum(each.count for each in those)
        years = sorted({each.on.year for each in those if each.on.year})
        when = " to ".join(str(year) for year in dict.fromkeys(years[:1] + years[-1:]))
        said.append(f"{count:,} {kind}{'s' * (count != 1)}, {when}")
    return said


# The text columns of Contact and how much they take.
LIMITS = {
    "full_name": 300,
    "prefix": 100,
    "given_name": 200,
    "middle_name": 200,
    "family_name": 200,
    "suffix": 100,
    "nickname": 200,
    "pronouns": 60,
    "headline": 300,
    "organization": 200,
    "job_title": 200,
    "city": 200,
    "region": 200,
    "country": 200,
    "about": 50_000,
}
# The vCard property (RFC 6350, PRONOUNS of RFC 9554) under which a text is kept
# when its field is taken or too short for it.
PROPERTIES = {
    "full_name": "FN",
    "nickname": "NICKNAME",
    "pronouns": "PRONOUNS",
    "headline": "X-HEADLINE",
    "organization": "ORG",
    "job_title": "TITLE",
    "about": "NOTE",
    "birthday": "BDAY",
}
MAX_EXTRA = 500_000


def escaped(text: str) -> str:
    """A text as the value of a vCard line (RFC 6350, 3.4)."""
    for char in "\\,;":
        text = text.replace(char, f"\\{char}")
    return text.replace("\n", "\\n")


def fit(record: Record) -> None:
    """Cut what no column holds, keep it whole in `extra`, and say so. What stands twice
    is taken once."""
    for name, limit in LIMITS.items():
        text = getattr(record, name)
        if len(text) <= limit:
            continue
        setattr(record, name, text[:limit].rstrip())
        record.extra.append(
            f"{PROPERTIES.get(name, f'X-{name}'.upper())}:{escaped(text)}"
        )
        record.notes.append(
            f"The {name.replace('_', ' ')} is longer than {limit:,} characters"
            " and was cut; all of it is kept with the contact."
        )
    if len(record.methods) > 1:
        once: dict[tuple[str, str, str], Method] = {}
        for method in record.methods:
            once.setdefault((method.kind, method.service, method.value), method)
        record.methods = list(once.values())
    for method in record.methods:
        if len(method.value) > 1000:
            record.extra.append(f"X-{method.kind.upper()}:{escaped(method.value)}")
            record.notes.append(
                f"One {method.kind} is longer than 1,000 characters"
                " and is only kept aside."
            )
        method.label = method.label[:100]
    record.methods = [m for m in record.methods if len(m.value) <= 1000]
    if sum(map(len, record.extra)) > MAX_EXTRA:
        kept = 0
        whole = record.extra
        record.extra = []
        for text in whole:
            if kept + len(text) <= MAX_EXTRA:
                record.extra.append(text)
                kept += len(text)
        record.notes.append(
            "This card holds more than half a megabyte of properties we have no"
            " field for; the longest of them were left out."
        )
