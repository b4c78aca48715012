"""Which kind of relationship an imported word means."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from connections.models import RelationshipKind
from contacts.importing.related import plain_kind
from networkcrm.models import User

# Words for the kinds every account begins with (connections/models/relationships.py);
# most of them are the TYPE values of RFC 6350, 6.6.6, and the labels of Apple.
SAME_AS = {
    "": "acquaintance", "contact": "acquaintance", "met": "acquaintance",
    "knows": "acquaintance", "other": "acquaintance", "coworker": "colleague",
    "co-worker": "colleague", "neighbor": "neighbour", "co-resident": "flatmate",
    "roommate": "flatmate", "kin": "relative", "family": "relative",
    "mother": "parent", "father": "parent", "son": "child", "daughter": "child",
    "brother": "sibling", "sister": "sibling", "wife": "spouse", "husband": "spouse",
    "married": "spouse", "sweetheart": "partner", "date": "partner",
    "domestic partner": "partner", "girlfriend": "partner", "boyfriend": "partner",
    "boss": "manager", "agent": "assistant", "emergency": "emergency contact",
    "supplier": "supplier", "customer": "client", "cofounder": "co-founder",
    "pupil": "student", "schoolmate": "classmate",
}  # fmt: skip
# From whom, to whom, and of which kind.
End = tuple[UUID, UUID, UUID]


class Kinds:
    """The owner's kinds of relationship, found by a word from either side."""

    def __init__(self, owner: User) -> None:
        self.owner = owner
        self.by_word: dict[str, tuple[RelationshipKind, bool]] = {}
        self._cache: dict[str, tuple[RelationshipKind, bool] | None] = {}
        self._learn(owner.relationshipkinds.order_by("pk"))

    def _learn(self, kinds: Iterable[RelationshipKind]) -> None:
        self._cache.clear()
        kinds = list(kinds)
        for kind in kinds:
            self.by_word.setdefault(kind.key, (kind, False))
        for kind in kinds:
            self.by_word.setdefault(kind.inverse_key, (kind, True))

    def find(self, said: str) -> tuple[RelationshipKind, bool] | None:
        """The kind, and whether the word is that of its second side."""
        if said not in self._cache:
            word = plain_kind(said)
            self._cache[said] = self.by_word.get(word) or self.by_word.get(
                SAME_AS.get(word, "")
            )
        return self._cache[said]

    def end(
        self,
        kind: tuple[RelationshipKind, bool],
        is_theirs: bool,
        pk: UUID,
        other: UUID,
    ) -> End:
        row, is_inverse = kind
        first, second = (other, pk) if is_theirs != is_inverse else (pk, other)
        if row.is_symmetrical and first > second:
            first, second = second, first
        return first, second, row.pk

    def make(self, words: Iterable[str], at: Any) -> dict[str, UUID]:
        names = {plain_kind(word): None for word in sorted(words)}
        if not names:
            return {}
        made = [
            RelationshipKind(owner=self.owner, name=name, inverse_name=name)
            for name in names
        ]
        for kind in made:
            kind.clean()
        mine = self.owner.relationshipkinds
        mine.bulk_create(made)
        mine.filter(pk__in=[kind.pk for kind in made]).update(updated_at=at)
        self._learn(made)
        return {kind.name: kind.pk for kind in made}
