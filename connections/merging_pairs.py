"""What becomes of introductions and relationships when two contacts are one."""

from typing import Any

from connections.models import Consent, Introduction, Origin, Outcome, Relationship
from contacts.merging import Merging, details_of, fold_in, words_of

PARTIES = ("introducer_id", "a_id", "b_id")
STATES = list(Introduction.State.values)


def merge_introductions(merging: Merging) -> None:
    keep, gone, journal = merging.keep, merging.gone, merging.journal
    theirs = [
        row
        for party in PARTIES
        for row in merging.rows(Introduction, **{party: gone.pk})
    ]
    merging.touched |= {getattr(row, party) for row in theirs for party in PARTIES}
    selves = [row for row in theirs if keep.pk in {getattr(row, p) for p in PARTIES}]
    for row in selves:
        asked = merging.rows(Consent, introduction=row.pk)
        merging.words += [_introduction_words(row), *map(_consent_words, asked)]
    journal.delete(Introduction, selves)
    mine = [
        row
        for party in PARTIES
        for row in merging.rows(Introduction, **{party: keep.pk})
    ]
    current = {_pair(row, merging): row for row in mine if row.state in row.CURRENT}
    changes: dict[Introduction, dict[str, Any]] = {}
    for row in theirs:
        if row in selves:
            continue
        same = current.get(_pair(row, merging)) if row.state in row.CURRENT else None
        if same is None:
            changes[row] = _led_to_keep(merging, row)
            current[_pair(row, merging)] = row
        elif STATES.index(row.state) > STATES.index(same.state):
            _into_one(merging, row, same)
            changes.pop(same, None)
            changes[row] = _led_to_keep(merging, row)
            current[_pair(row, merging)] = row
        else:
            _into_one(merging, same, row)
    journal.change_all(Introduction, changes)


def _pair(row: Introduction, merging: Merging) -> tuple[Any, ...]:
    """What the two rows of one introduction would have in common."""
    keep, gone = merging.keep.pk, merging.gone.pk
    ends = [getattr(row, party) for party in PARTIES]
    introducer, a, b = (keep if pk == gone else pk for pk in ends)
    # Who was deleted for ever is nobody in particular.
    whole = introducer and a and b
    return (introducer, frozenset((a, b))) if whole else (row.pk,)


def _led_to_keep(merging: Merging, row: Introduction) -> dict[str, Any]:
    to: dict[str, Any] = {
        party: merging.keep.pk
        for party in PARTIES
        if getattr(row, party) == merging.gone.pk
    }
    if merging.keep.is_me:
        by_me = "introducer_id" in to or row.role == Introduction.Role.BY_ME
        to["role"] = Introduction.Role.BY_ME if by_me else Introduction.Role.FOR_ME
    return to


def _into_one(merging: Merging, kept: Introduction, double: Introduction) -> None:
    """The same was written down twice: what the other says stands in the text."""
    journal = merging.journal
    told = [_introduction_words(double)]
    swapped = {"a": "b", "b": "a"} if _is_swapped(merging, kept, double) else {}
    asked = set(
        merging.rows(Consent, introduction=kept.pk).values_list("party", flat=True)
    )
    moved: dict[Consent, dict[str, Any]] = {}
    for consent in merging.rows(Consent, introduction=double.pk):
        party = swapped.get(consent.party, consent.party)
        if party in asked:
            told.append(_consent_words(consent))
        else:
            moved[consent] = {"introduction_id": kept.pk, "party": party}
    journal.change_all(Consent, moved)
    for model in (Origin, Outcome):
        rows = merging.rows(model, introduction=double.pk)
        pks = list(rows.values_list("pk", flat=True))
        journal.move(model, "introduction_id", double.pk, kept.pk, pks)
    text = "\n\n".join(filter(None, [kept.text, *told]))
    journal.delete(Introduction, [double])
    journal.change(kept, text=text)


def _is_swapped(merging: Merging, kept: Introduction, double: Introduction) -> bool:
    ids = {merging.keep.pk, merging.gone.pk}
    one, other = kept.a_id, double.a_id
    return one != other and not {one, other} <= ids


def _introduction_words(row: Introduction) -> str:
    is_mine = row.introducer and row.introducer.is_me
    by = "you" if is_mine else row.name_of("introducer")
    how_far = row.get_state_display().lower()
    return f"Introduction of {row} by {by}, {how_far}{details_of(row)}"


def _consent_words(row: Consent) -> str:
    """With what they answered, which nobody types here."""
    return f"{words_of(row)}{f': “{row.words}”' if row.words else ''}"


def merge_relationships(merging: Merging) -> None:
    keep, gone, journal = merging.keep.pk, merging.gone.pk, merging.journal
    theirs = [
        row
        for end in ("from_contact", "to_contact")
        for row in merging.rows(Relationship, **{end: gone}).select_related("kind")
    ]
    merging.touched |= {
        pk for row in theirs for pk in (row.from_contact_id, row.to_contact_id)
    }
    selves = [row for row in theirs if keep in (row.from_contact_id, row.to_contact_id)]
    merging.words += [words_of(row) for row in selves]
    journal.delete(Relationship, selves)
    there = {
        (row.from_contact_id, row.to_contact_id, row.kind_id): row
        for end in ("from_contact", "to_contact")
        for row in merging.rows(Relationship, **{end: keep})
    }
    changes: dict[Relationship, dict[str, Any]] = {}
    pairs = []
    for row in theirs:
        if row in selves:
            continue
        ends = [row.from_contact_id, row.to_contact_id]
        ends = [keep if pk == gone else pk for pk in ends]
        if row.kind.is_symmetrical:
            ends.sort()
        same = there.get((*ends, row.kind_id))
        if same is None:
            changes[row] = {"from_contact_id": ends[0], "to_contact_id": ends[1]}
            there[*ends, row.kind_id] = row
        else:
            pairs.append((same, row))
    journal.change_all(Relationship, changes)
    _fold_in_relationships(merging, pairs)


def _fold_in_relationships(
    merging: Merging, pairs: list[tuple[Relationship, Relationship]]
) -> None:
    """Years go together: an end taken alone could lie before the beginning."""
    same = {"from_contact_id", "to_contact_id", "kind_id"}
    for kept, double in pairs:
        years = (double.since, double.until)
        dated = {"since", "until"} if kept.since or kept.until else set()
        if dated and any(years) and years != (kept.since, kept.until):
            merging.words.append(words_of(double))
        fold_in(merging, Relationship, [(kept, double)], same | dated)
