"""What becomes of how you met when two contacts are one."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.text import capfirst

from connections import chains
from connections.merging_pairs import merge_introductions, merge_relationships
from connections.models import (
    Interaction,
    Introduction,
    Origin,
    Participation,
    Relationship,
)
from contacts.merge_fields import Question, Side
from contacts.merging import Merging, counted_words
from contacts.models import Contact
from networkcrm.models import User
from networkcrm.owned import Owned

Kind = Interaction.Kind
LONGEST_TITLE = Interaction._meta.get_field("title").max_length or 0
TELLING = (
    "how", "in_person", "platform", "introducer_id", "introducer_name",
    "introduction_id", "event_id", "event_name", "url", "place", "on", "story",
)  # fmt: skip


class OfConnections:
    models: Collection[type[Owned]] = (Origin, Introduction, Relationship)

    def asks(self, keep: Contact, gone: Contact) -> list[Question]:
        mine, theirs = _origin(keep), _origin(gone)
        if mine is None or theirs is None or not _differ(mine, theirs):
            return []
        if len(_possible({keep.pk, gone.pk}, [mine, theirs])) < 2:
            return []
        sides = _words(mine), _words(theirs)
        return [Question("origin", "How you met", *sides, _first(mine, theirs))]

    def adds(self, keep: Contact, gone: Contact) -> list[str]:
        owner = gone.owner
        related = Q(from_contact=gone) | Q(to_contact=gone)
        mine, theirs = _origin(keep), _origin(gone)
        # Where both are possible the owner is asked.
        told = mine and theirs and _differ(mine, theirs) and not self.asks(keep, gone)
        line = ["the second way you met, as a line of the timeline"] if told else []
        return line + counted_words(
            (gone.participations, "thing that happened", "things that happened"),
            (gone.brought, "person they brought you", "people they brought you"),
            (
                owner.introductions.involving(gone),
                "introduction",
                "introductions",
            ),
            (owner.relationships.filter(related), "relationship", "relationships"),
            (gone.outcome_shares, "outcome", "outcomes"),
        )

    def merge(self, merging: Merging) -> None:
        _origins(merging)
        merge_introductions(merging)
        merge_relationships(merging)

    def settle(self, owner: User, contact_ids: Collection[UUID]) -> list[str]:
        """What began elsewhere since may have closed a circle: it is cut open, before
        anything walks along it."""
        origins = [
            origin
            for origin in owner.origins.filter(contact__in=contact_ids)
            if origin.introducer_id and _is_below_itself(origin)
        ]
        sentences = []
        for origin in origins:
            sentences.append(
                f"{origin.contact} no longer came through {origin.introducer}, who"
                f" came to you through {origin.contact} since."
            )
            owner.origins.filter(pk=origin.pk).update(
                introducer=None,
                introducer_depth=None,
                introducer_name=str(origin.introducer),
            )
        for pk in contact_ids:
            _deepen(owner, pk)
        return sentences


def _origin(contact: Contact) -> Origin | None:
    found: Origin | None = getattr(contact, "origin", None)
    return found


def _possible(ids: set[UUID], origins: Iterable[Origin]) -> list[Origin]:
    """Those whose introducer did not come through one of these contacts: the others
    would close a circle when the contacts are one."""
    return [
        origin
        for origin in origins
        if not origin.introducer_id
        or ids.isdisjoint(
            link.contact_id
            for link in chains.chain(origin.owner_id, origin.introducer_id)
        )
    ]


def _differ(mine: Origin, theirs: Origin) -> bool:
    return not (_says_all(mine, theirs) or _says_all(theirs, mine))


def _says_all(one: Origin, other: Origin) -> bool:
    return all(
        getattr(other, name) in (None, "", getattr(one, name)) for name in TELLING
    )


def _first(mine: Origin, theirs: Origin) -> Side:
    """The earlier by date; else the one online, from which one goes on to meet."""
    one, other = (
        str(origin.on) if origin.on and origin.on.year else ""
        for origin in (mine, theirs)
    )
    if one and other and not (one.startswith(other) or other.startswith(one)):
        return "keep" if one < other else "gone"
    return "gone" if mine.in_person and not theirs.in_person else "keep"


def _words(origin: Origin) -> str:
    """As in "Met on Mastodon, 15 Oct 2026"."""
    when = origin.on.words if origin.on else ""
    return ", ".join(filter(None, [_title(origin), when]))


def _title(origin: Origin) -> str:
    if origin.how == Origin.How.INTRODUCTION:
        name = _introducer(origin)
        return f"Introduced by {name}" if name else "Introduced"
    if origin.event_name:
        return f"Met at {origin.event_name}"
    return capfirst(origin.words)


def _introducer(origin: Origin) -> str:
    return str(origin.introducer) if origin.introducer else origin.introducer_name


def _origins(merging: Merging) -> None:
    """One of the two stays; what the other tells stands in the timeline."""
    keep, gone, journal = merging.keep, merging.gone, merging.journal
    both = merging.rows(Origin, contact__in=[keep.pk, gone.pk])
    found = {origin.contact_id: origin for origin in both}
    mine, theirs = found.get(keep.pk), found.get(gone.pk)
    stays = _that_stays(merging, mine, theirs)
    for origin in found.values():
        if origin is not stays:
            journal.delete(Origin, [origin])
            if not stays or not _says_all(stays, origin):
                _retell(merging, origin)
    if stays and stays.contact_id == gone.pk:
        journal.move(Origin, "contact_id", gone.pk, keep.pk, [stays.pk])
    brought = list(merging.rows(Origin, introducer=gone.pk))
    merging.touched |= {origin.contact_id for origin in brought}
    if keep.is_me:
        # Whom I bring myself, nobody brings.
        alone = {
            "introducer_id": None,
            "introducer_depth": None,
            "introducer_name": "",
            "contact_depth": 0,
        }
        journal.change_all(Origin, dict.fromkeys(brought, alone))
        for origin in brought:
            _deepen(merging.owner, origin.contact_id)
    else:
        pks = [origin.pk for origin in brought]
        journal.move(Origin, "introducer_id", gone.pk, keep.pk, pks)
    _deepen(merging.owner, keep.pk)


def _that_stays(
    merging: Merging, mine: Origin | None, theirs: Origin | None
) -> Origin | None:
    ids = {merging.keep.pk, merging.gone.pk}
    possible = _possible(ids, filter(None, (mine, theirs)))
    if merging.keep.is_me or not possible:
        return None
    if len(possible) == 1 or mine is None or theirs is None:
        return possible[0]
    if _says_all(theirs, mine) and not _says_all(mine, theirs):
        return theirs
    if _says_all(mine, theirs):
        return mine
    question = Question("origin", "", "", "", _first(mine, theirs))
    return theirs if question.answer(merging.choices) == "gone" else mine


def _retell(merging: Merging, origin: Origin) -> None:
    """How one also met, as something that happened."""
    lines = []
    introducer = _introducer(origin)
    if introducer and origin.how != Origin.How.INTRODUCTION:
        lines.append(f"Introduced by {introducer}.")
    if origin.place:
        lines.append(f"At {origin.place}.")
    has_year = origin.on and origin.on.year
    if origin.on and not has_year:
        lines.append(f"On {origin.on.words}.")
    text = "\n\n".join(filter(None, [" ".join(lines), origin.story]))
    title = _title(origin)
    if merging.keep.is_me:
        told = " ".join(filter(None, [f"{_words(origin)}.", text, origin.url]))
        merging.words.append(f"how you met: {told}")
        return
    interaction = Interaction(
        owner=merging.owner,
        kind=_kind(origin),
        in_person=origin.in_person,
        platform=origin.platform,
        on=origin.on if has_year else None,
        title=title[:LONGEST_TITLE],
        text=text if len(title) <= LONGEST_TITLE else f"{title}\n\n{text}",
        event_id=origin.event_id,
        event_name=origin.event_name,
        url=origin.url,
    )
    merging.journal.add(interaction)
    # Goes with the interaction when that is taken back.
    Participation(
        owner=merging.owner, interaction=interaction, contact=merging.keep
    ).save()


def _kind(origin: Origin) -> str:
    if origin.how == Origin.How.WORK:
        return Kind.WORK
    if not origin.in_person:
        # As it was: noticed, and not yet in touch.
        return Kind.MENTION
    return Kind.EVENT if origin.event_name else Kind.OTHER


def _deepen(owner: User, contact_id: UUID) -> None:
    """Give this contact and all below their depth (connections/chains.py)."""
    origin = owner.origins.filter(contact=contact_id).first()
    if origin is None:
        chains.surface(Origin(owner=owner, contact_id=contact_id))
        return
    chains.deepen(origin)
    owner.origins.filter(pk=origin.pk).update(
        contact_depth=origin.contact_depth, introducer_depth=origin.introducer_depth
    )


def _is_below_itself(origin: Origin) -> bool:
    """Does the chain from its introducer come by its contact? Ends in a circle too."""
    seen: set[Any] = set()
    pk = origin.introducer_id
    while pk and pk not in seen and pk != origin.contact_id:
        seen.add(pk)
        above = origin.owner.origins.filter(contact=pk)
        pk = above.values_list("introducer_id", flat=True).first()
    return bool(pk) and pk == origin.contact_id
