"""Whom imported relations name, found among those who are here."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from contacts.importing.records import Who
from networkcrm.models import User
from networkcrm.text import fold


class Others:
    """Whom the relations name, among those who are here."""

    def __init__(self, owner: User, wanted: Collection[Who]) -> None:
        self.found: dict[tuple[str, str], set[UUID]] = defaultdict(set)
        self.trashed: set[tuple[str, str]] = set()
        self.me: UUID | None = None
        uids = {who.uid for who in wanted if who.uid}
        emails = {who.email for who in wanted if who.email}
        names = {fold(who.name)[:900] for who in wanted if who.name}
        if any(who.is_me for who in wanted):
            mine = owner.contacts.values_list("pk", flat=True)
            self.me = mine.get(is_me=True)
        if uids:
            mine = owner.contacts.filter(uid__in=uids).exclude(uid="")
            self._add("uid", mine.values_list("uid", "pk", "trashed_at"))
            merged = owner.mergeduids.filter(uid__in=uids)
            for uid, pk in merged.values_list("uid", "contact_id"):
                self.found["uid", uid].add(pk)
        if names:
            mine = owner.contacts.filter(sort_key__in=names)
            self._add("name", mine.values_list("sort_key", "pk", "trashed_at"))
        if emails:
            theirs = owner.contactmethods.filter(kind="email", normalized__in=emails)
            pairs = list(theirs.values_list("normalized", "contact_id"))
            mine = owner.contacts.filter(pk__in={pk for _, pk in pairs})
            times = dict(mine.values_list("pk", "trashed_at"))
            self._add("email", [(value, pk, times[pk]) for value, pk in pairs])

    def _add(self, what: str, rows: Iterable[tuple[str, UUID, Any]]) -> None:
        for value, pk, trashed_at in rows:
            if trashed_at:
                self.trashed.add((what, value))
            else:
                self.found[what, value].add(pk)

    @property
    def everybody(self) -> set[UUID]:
        return set().union(*self.found.values())

    def find(self, who: Who) -> UUID | None:
        """The one contact this is; None when there is none, or several."""
        if who.is_me:
            return self.me
        for key in _keys(who):
            if len(found := self.found.get(key, ())) == 1:
                return next(iter(found))
        return None

    def is_refused(self, who: Who) -> bool:
        """Nobody will come: several have this name, or they are in the trash."""
        return any(key in self.trashed or key in self.found for key in _keys(who))


def _keys(who: Who) -> list[tuple[str, str]]:
    keys = [("uid", who.uid), ("email", who.email), ("name", fold(who.name)[:900])]
    return [key for key in keys if key[1]]
