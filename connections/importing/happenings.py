"""Imported conversations and mentions as interactions, each once however often it
comes."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from connections.importing.origins import PLATFORMS
from connections.models import Interaction, Participation
from contacts.importing.extensions import Extension
from contacts.importing.records import Happening, Record, happened
from contacts.models import Import
from networkcrm import derived
from networkcrm.copying import copy_in
from networkcrm.models import User
from networkcrm.owned import uuid7

Pair = tuple[UUID, UUID]


class Known(NamedTuple):
    """Of an earlier import or chunk."""

    pk: UUID
    uid: str
    text: str


class Happenings(Extension):
    tables = (Interaction, Participation)

    def wanting(self, batch: Import, found: Mapping[UUID, Record]) -> dict[UUID, str]:
        said = {
            each.uid: each for record in found.values() for each in record.happenings
        }
        known = _known(batch.owner, said)
        there = _there(batch.owner, known, found)
        said_of: dict[UUID, str] = {}
        for pk, record in found.items():
            new = [
                each
                for each in record.happenings
                if each.uid not in known
                or (known[each.uid].pk, pk) not in there
                or _goes_on(known[each.uid], each)
            ]
            if new:
                said_of[pk] = ", ".join(happened(new))
        return said_of

    def write(
        self, batch: Import, new: Mapping[UUID, Record], found: Mapping[UUID, Record]
    ) -> dict[UUID, Any]:
        people = {pk: r for pk, r in {**new, **found}.items() if r.happenings}
        said = {
            each.uid: each for record in people.values() for each in record.happenings
        }
        if not said:
            return {}
        known = _known(batch.owner, said)
        there = _there(batch.owner, known, found)
        longer = _go_on(batch.owner, known, said)
        made = {uid: uuid7() for uid in said if uid not in known}
        _create(batch, made, said)
        ids = made | {uid: each.pk for uid, each in known.items()}
        joined = [
            (uuid7(), ids[each.uid], pk)
            for pk, record in people.items()
            for each in {each.uid: each for each in record.happenings}.values()
            if (ids[each.uid], pk) not in there
        ]
        _join(batch, joined)
        return _notes(people, found, joined, ids, longer)

    def added_to(self, batch: Import, contact_ids: Collection[UUID]) -> set[UUID]:
        """With whom something happened that the owner has written into since."""
        owner = batch.owner
        theirs = owner.participations.filter(contact__in=contact_ids)
        pairs = list(theirs.values_list("interaction_id", "contact_id"))
        edited = _edited(batch, [interaction for interaction, _contact in pairs])
        return {contact for interaction, contact in pairs if interaction in edited}

    def undo(self, batch: Import, written: Mapping[UUID, Any]) -> None:
        owner = batch.owner
        ids = [UUID(pk) for note in written.values() for pk in note.get("joined", ())]
        mine = owner.participations.filter(pk__in=ids)
        edited = _edited(batch, mine.values_list("interaction_id", flat=True))
        mine = mine.exclude(interaction__in=edited)
        interactions = list(mine.values_list("interaction_id", flat=True))
        mine.delete()
        _delete_lonely(owner, interactions)

    def undone(self, batch: Import, notes: Sequence[Any]) -> None:
        """Conversations that went on are as long as they were."""
        owner = batch.owner
        before = {
            UUID(pk): was for n in notes for pk, was in n.get("longer", {}).items()
        }
        changed = []
        for interaction in owner.interactions.filter(pk__in=before):
            text, digest = before[interaction.pk]
            if _digest(interaction.text) == digest:
                interaction.text = text
                changed.append(interaction)
        owner.interactions.bulk_update(changed, ["text"])
        _touch_people(owner, [interaction.pk for interaction in changed])


def _known(owner: User, uids: Iterable[str]) -> dict[str, Known]:
    wanted = list(uids)
    if not wanted:
        return {}
    mine = owner.interactions.filter(uid__in=wanted).exclude(uid="")
    found = map(Known._make, mine.values_list("pk", "uid", "text"))
    return {each.uid: each for each in found}


def _there(
    owner: User, known: Mapping[str, Known], people: Iterable[UUID]
) -> set[Pair]:
    ids = [each.pk for each in known.values()]
    if not ids:
        return set()
    mine = owner.participations.filter(interaction__in=ids, contact__in=list(people))
    return set(mine.values_list("interaction_id", "contact_id"))


def _goes_on(known: Known, said: Happening) -> bool:
    """Does the file know more of it? What the owner wrote into it is never replaced."""
    if said.text == known.text:
        return False
    return said.text.startswith(known.text) or (
        bool(said.before) and said.before.startswith(known.text)
    )


def _go_on(
    owner: User, known: Mapping[str, Known], said: Mapping[str, Happening]
) -> dict[str, list[Any]]:
    """Write what goes on. By uid, the text that was and the digest of what is now."""
    changed = []
    longer: dict[str, list[Any]] = {}
    for uid, was in known.items():
        text = said[uid].text
        if _goes_on(was, said[uid]):
            longer[uid] = [was.text, _digest(text)]
            changed.append(Interaction(pk=was.pk, owner=owner, text=text))
    if changed:
        owner.interactions.bulk_update(changed, ["text"])
        _touch_people(owner, [each.pk for each in changed])
    return longer


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _touch_people(owner: User, interactions: list[UUID]) -> None:
    there = owner.participations.filter(interaction__in=interactions)
    derived.touch(owner.pk, there.values_list("contact_id", flat=True))


def _create(
    batch: Import, made: Mapping[str, UUID], said: Mapping[str, Happening]
) -> None:
    names = (
        "id owner_id created_at updated_at kind in_person platform on at started_by"
        " title text event_id event_name url uid"
    )
    at = batch.started_at
    copy_in(
        Interaction,
        names.split(),
        (
            (
                pk,
                batch.owner_id,
                at,
                at,
                one.kind,
                False,
                PLATFORMS.get(one.platform.casefold(), ""),
                str(one.on),
                one.at,
                one.started_by,
                one.title[:200],
                one.text,
                None,
                "",
                one.url[:1000],
                uid,
            )
            for uid, pk in made.items()
            for one in (said[uid],)
        ),
    )


def _join(batch: Import, joined: Iterable[tuple[UUID, UUID, UUID]]) -> None:
    at = batch.started_at
    copy_in(
        Participation,
        ["id", "owner_id", "created_at", "updated_at", "interaction_id", "contact_id"],
        ((pk, batch.owner_id, at, at, *pair) for pk, *pair in joined),
    )


def _notes(
    people: Mapping[UUID, Record],
    found: Mapping[UUID, Record],
    joined: Iterable[tuple[UUID, UUID, UUID]],
    ids: Mapping[str, UUID],
    longer: Mapping[str, list[Any]],
) -> dict[UUID, Any]:
    notes: dict[UUID, dict[str, Any]] = defaultdict(dict)
    for pk, _interaction, contact in joined:
        # With those who are new it goes when they go.
        if contact in found:
            notes[contact].setdefault("joined", []).append(str(pk))
    left = dict(longer)
    for contact, record in people.items():
        for each in record.happenings:
            if was := left.pop(each.uid, None):
                note = notes[contact].setdefault("longer", {})
                note[str(ids[each.uid])] = was
    return notes


def _edited(batch: Import, interactions: Iterable[UUID]) -> set[UUID]:
    mine = batch.owner.interactions.filter(pk__in=list(interactions))
    newer = mine.filter(updated_at__gt=batch.started_at)
    return set(newer.values_list("pk", flat=True))


def _delete_lonely(owner: User, interactions: Sequence[UUID]) -> None:
    """What is left without people."""
    shared = owner.participations.filter(interaction__in=interactions)
    there = set(shared.values_list("interaction_id", flat=True))
    lonely = [pk for pk in interactions if pk not in there]
    owner.facts.filter(interaction__in=lonely).update(interaction=None)
    owner.interactions.filter(pk__in=lonely).delete()
