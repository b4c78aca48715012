"""Who brought whom, from me outward.

Below me stand the ways in which I met people ("At events", "Online"), below those the
events and platforms, then the people, each with those they brought. So nobody has
thousands of branches, and whoever brought others stands first.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.urls import reverse

from connections.models import Origin, Platform
from networkcrm.models import User

# So many branches are shown below one at first, and at a time.
MOST = 60
# A tree of up to so many people is given whole.
SMALL = 250
# Of a larger one so much.
LEVELS = 2
ROOT = "me"
UNKNOWN = "unknown"

_HOWS = {
    "event": ("At events", "person"),
    "online": ("Online", "online"),
    "introduction": ("Introduced by someone who is no longer here", "intro"),
    "work": ("Through work", "person"),
    "school": ("At school", "person"),
    "family": ("Family", "person"),
    "neighbourhood": ("In the neighbourhood", "person"),
    "other": ("Otherwise", ""),
    UNKNOWN: ("Not written down yet", ""),
}
_PEOPLE = """
    SELECT c.id::text, c.full_name, c.sort_key, c.trashed_at IS NOT NULL,
        coalesce(o.how, %(unknown)s), coalesce(o.platform, ''), o.in_person,
        o.event_id::text, e.name, i.id::text, o.contact_depth
    FROM contacts_contact c
    LEFT JOIN connections_origin o ON o.owner_id = %(owner)s AND o.contact_id = c.id
    LEFT JOIN events_event e ON e.owner_id = %(owner)s AND e.id = o.event_id
    LEFT JOIN contacts_contact i ON i.owner_id = %(owner)s AND i.id = o.introducer_id
    WHERE c.owner_id = %(owner)s AND NOT c.is_me
"""
# Only one branch of it: {first} are those it begins with.
_BRANCH = (
    _PEOPLE
    + """
    AND c.id IN (
        WITH RECURSIVE below (id) AS (
            {first}
            UNION
            SELECT o.contact_id FROM below b JOIN connections_origin o
                ON o.owner_id = %(owner)s AND o.introducer_id = b.id
        )
        SELECT id FROM below
    )
"""
)
_AT_EVENT = """
    SELECT o.contact_id FROM connections_origin o
    WHERE o.owner_id = %(owner)s AND o.event_id = %(only)s AND o.introducer_id IS NULL
"""


@dataclass(slots=True)
class Branch:
    """A person, or a way of meeting; `count` people are below it.

    Ids are text here, as in the keys: a hundred thousand of them are made faster.
    """

    key: str
    label: str
    tone: str = ""
    sort_key: str = ""
    person: str = ""
    event: str = ""
    is_trashed: bool = False
    count: int = 0
    below: list["Branch"] = field(default_factory=list)
    # How many more are below it than are given here.
    left_out: int = 0

    @property
    def size(self) -> int:
        return len(self.below) + self.left_out

    @property
    def url(self) -> str:
        if self.person:
            return reverse("contact_detail", args=[self.person])
        return reverse("event_detail", args=[self.event]) if self.event else ""

    @property
    def rank(self) -> Any:
        return -self.count, self.sort_key, self.key

    @property
    def words(self) -> str:
        """ "Lena brought you 7 people"."""
        people = "1 person" if self.count == 1 else f"{self.count:,} people"
        if self.person:
            return f"{self.label} brought you {people}" if self.count else self.label
        return f"{self.label}: {people}"

    @property
    def shown(self) -> list["Branch"]:
        return self.below[:MOST]

    @property
    def hidden(self) -> int:
        return self.size - MOST

    def as_json(self, levels: int, skip: int = 0) -> dict[str, Any]:
        """For the browser: what is deeper than so many levels is asked for later."""
        said: dict[str, Any] = {"key": self.key, "label": self.label}
        said |= {"tone": self.tone, "count": self.count, "url": self.url}
        said["size"] = self.size
        if levels and self.below:
            some = self.below[skip : skip + MOST]
            said["children"] = [one.as_json(levels - 1) for one in some]
        return said


class Tree:
    """All branches of an owner by key, or `only` that of a person or an event and what
    is below; one statement whatever their number."""

    def __init__(self, owner: User, only: str = "") -> None:
        rows = _rows(owner, only)
        self.branches = {ROOT: Branch(ROOT, "You", "good")}
        # The deepest first, so that each has its count before it is added to another.
        rows.sort(key=lambda row: -(row[10] or 0))
        parents: dict[str, str] = {}
        by_parent: dict[str, list[Branch]] = defaultdict(list)
        for pk, name, sort_key, is_trashed, how, platform, met, event, *rest in rows:
            event_name, introducer, _depth = rest
            tone = "intro" if introducer else "person" if met else "online"
            if how == UNKNOWN:
                tone = ""
            one = Branch(pk, name, tone, sort_key, pk, is_trashed=is_trashed)
            self.branches[pk] = one
            parents[pk] = introducer or self._group(how, platform, event, event_name)
        for key, parent in parents.items():
            one = self.branches[key]
            if key in by_parent:
                self._filled(one, by_parent.pop(key))
            if one.count or not one.is_trashed:
                by_parent[parent].append(one)
        if not only:
            self._gather(by_parent)
        elif only in self.branches and only in by_parent:
            self._filled(self.branches[only], by_parent[only])

    def __getitem__(self, key: str) -> Branch:
        return self.branches[key]

    def __contains__(self, key: str) -> bool:
        return key in self.branches

    @property
    def root(self) -> Branch:
        return self.branches[ROOT]

    @property
    def levels(self) -> int:
        """How many to give at once."""
        return 100 if self.root.count <= SMALL else LEVELS

    def _group(self, how: str, platform: str, event: Any, name: str | None) -> str:
        """The key of the way of meeting, which is made when it is the first."""
        if event:
            key = f"event:{event}"
            if key not in self.branches:
                self.branches[key] = Branch(key, str(name), "person", event=event)
                self.branches[key].sort_key = str(name).lower()
            return key
        if how == Origin.How.ONLINE and platform:
            key = f"platform:{platform}"
            label = str(Platform(platform).label)
            self.branches.setdefault(
                key, Branch(key, label[:1].upper() + label[1:], "online", label.lower())
            )
            return key
        return self._way(how).key

    def _way(self, how: str) -> Branch:
        label, tone = _HOWS[how]
        return self.branches.setdefault(how, Branch(how, label, tone))

    def _gather(self, by_parent: dict[str, list[Branch]]) -> None:
        """Events and platforms below their ways, and the ways below me."""
        for key in [key for key in by_parent if ":" in key]:
            one = self._filled(self.branches[key], by_parent.pop(key))
            by_parent["event" if one.event else "online"].append(one)
        ways = [self._filled(self._way(how), some) for how, some in by_parent.items()]
        self._filled(self.root, (way for way in ways if way.count))
        # What is not known is not the first to be looked at.
        self.root.below.sort(key=lambda way: (way.key == UNKNOWN, *way.rank))

    @staticmethod
    def _filled(one: Branch, below: Iterable[Branch]) -> Branch:
        one.below = sorted(below, key=lambda branch: branch.rank)
        one.count = sum(
            b.count + bool(b.person and not b.is_trashed) for b in one.below
        )
        return one


def _rows(owner: User, only: str) -> list[Any]:
    said: dict[str, Any] = {"owner": owner.pk, "unknown": UNKNOWN}
    statement = _PEOPLE
    if only:
        kind, _colon, pk = only.rpartition(":")
        said["only"] = pk
        first = _AT_EVENT if kind else "SELECT %(only)s::uuid"
        statement = _BRANCH.format(first=first)
    with connection.cursor() as cursor:
        cursor.execute(statement, said)
        return cursor.fetchall()


# Of a way by which most of a large network came, so many are given, and of each of
# those so many.
WIDEST = (4 * MOST, 6)


def may_be_wide(key: str) -> bool:
    """Whether it is a way of meeting, below which may be most of the network."""
    ways = {ROOT, *_HOWS, *(f"platform:{platform}" for platform in Platform.values)}
    return key in ways


def widest(owner: User, key: str) -> tuple[Any, ...] | None:
    """The first of a wide branch, to be kept: see `branch_of`. None when there is no
    such branch."""
    tree = Tree(owner)
    return _plain(tree[key], WIDEST) if key in tree else None


def _plain(branch: Branch, widths: tuple[int, ...]) -> tuple[Any, ...]:
    some = branch.below[: widths[0]] if widths else []
    below = [_plain(one, widths[1:]) for one in some]
    about = (branch.key, branch.label, branch.tone, branch.person, branch.event)
    return *about, branch.is_trashed, branch.count, branch.size - len(some), below


def branch_of(kept: tuple[Any, ...]) -> Branch:
    *about, is_trashed, count, left_out, below = kept
    key, label, tone, person, event = about
    branch = Branch(key, label, tone, "", person, event, is_trashed, count)
    branch.below = [branch_of(one) for one in below]
    branch.left_out = left_out
    return branch
