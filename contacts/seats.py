"""Who sits in which circle. A seat is given once, however many ask for it at once.

Every change holds the rows of the circles until its transaction ends, in one order
for everybody, and counts only then who sits there.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from contacts.models import Circle
from networkcrm import derived, undo
from networkcrm.models import User

# (contact, circle before, circle after), None being no circle.
Move = tuple[UUID, UUID | None, UUID | None]


class Full(Exception):
    """Nobody was moved: the circle has not so many seats."""

    def __init__(self, circle: Circle, free: int, wanted: list[UUID]) -> None:
        self.circle, self.free, self.wanted = circle, max(free, 0), wanted
        super().__init__(
            f"{circle} has {self.free} of {circle.seats} seats free, and you chose"
            f" {len(wanted)} people. Nobody was moved."
        )


def taken_words(circle: Circle) -> str:
    """ "All 20 seats of Inner circle are taken"."""
    if circle.seats == 1:
        return f"The one seat of {circle} is taken"
    return f"All {circle.seats} seats of {circle} are taken"


def ask_who_leaves(circle: Circle, wanted: Iterable[UUID]) -> str:
    """The page that asks who makes room for these."""
    url = reverse("circle_room", kwargs={"circle_id": circle.pk})
    return f"{url}?{urlencode([('contact', str(pk)) for pk in wanted])}"


def hold(owner: User, circle_ids: Iterable[UUID | None]) -> dict[UUID, Circle]:
    """These circles of the owner, held until the end of the transaction."""
    rows = owner.circles.filter(pk__in={pk for pk in circle_ids if pk}).order_by("pk")
    return {circle.pk: circle for circle in rows.select_for_update(no_key=True)}


@transaction.atomic
def move(owner: User, wanted: Mapping[UUID, UUID | None]) -> list[Move]:
    """Give each of these contacts a seat in another circle, or in none.

    Returns who was moved, for `take_back`. Nobody in the trash is moved, nor am I;
    a circle that is gone by now counts as none. Raises Full.
    """
    circles = hold(owner, wanted.values())
    moves = [
        (pk, before, after)
        for pk, before in _seated(owner, wanted)
        if (after := wanted[pk] if wanted[pk] in circles else None) != before
    ]
    leaving = Counter(before for _pk, before, _after in moves)
    for pk, circle in circles.items():
        free = circle.free_seats + leaving[pk]
        coming = [contact for contact, _before, after in moves if after == pk]
        if len(coming) > free:
            raise Full(circle, free, coming)
    _write(owner, moves)
    return moves


def _seated(owner: User, ids: Collection[UUID]) -> list[tuple[UUID, UUID | None]]:
    """Where these people sit, held like their circles."""
    people = owner.contacts.kept().others().filter(pk__in=list(ids)).order_by("pk")
    rows = people.select_for_update(no_key=True).values_list("pk", "circle_id")
    return list(rows)


def _write(owner: User, moves: Iterable[Move]) -> None:
    groups: dict[UUID | None, list[UUID]] = defaultdict(list)
    for pk, _before, after in moves:
        groups[after].append(pk)
    with derived.batch():
        for after, ids in groups.items():
            for start in range(0, len(ids), 5000):
                some = ids[start : start + 5000]
                # A form that was opened before knows by this that it shows the past.
                owner.contacts.filter(pk__in=some).update(
                    circle=after, updated_at=timezone.now()
                )
            derived.touch(owner.pk, ids)


@transaction.atomic
def take_back(owner: User, moves: Iterable[Any]) -> tuple[list[UUID], list[UUID]]:
    """Put everybody back who is still where these moves put them.

    Returns who is back, and who found their seat taken and stays. A circle that is
    gone by now counts as none.
    """
    moves = [(pk, before, after) for pk, before, after in moves]
    circles = hold(owner, [before for _pk, before, _after in moves])
    now = dict(_seated(owner, [pk for pk, _before, _after in moves]))
    still = [
        (pk, after, before if before in circles else None)
        for pk, before, after in moves
        if pk in now and now[pk] == after
    ]
    back = _who_find_a_seat(circles, still)
    late = [pk for pk, *_rest in still if pk not in {pk for pk, *_rest in back}]
    _write(owner, back)
    return [pk for pk, *_rest in back], late


def _who_find_a_seat(circles: Mapping[UUID, Circle], moves: list[Move]) -> list[Move]:
    """Without those who come too late; whoever must stay leaves no seat to others."""
    there = {pk: circle.free_seats for pk, circle in circles.items()}
    while True:
        free: Counter[UUID | None] = Counter()
        free.update(there)
        free.update(before for _pk, before, _after in moves)
        late = set()
        for pk, _before, after in moves:
            free[after] -= 1
            if after is not None and free[after] < 0:
                late.add(pk)
        if not late:
            return moves
        moves = [one for one in moves if one[0] not in late]


def remember(owner: User, moves: list[Move]) -> str:
    """Where to post to for taking these moves back."""
    return undo.remember(owner, "seats", moves)


@undo.action("seats")
def _undo_moves(owner: User, moves: list[Move]) -> str:
    return told(owner, *take_back(owner, moves))


def told(owner: User, back: list[UUID], late: list[UUID]) -> str:
    """In a sentence or two, who is back and who is not."""
    words = [f"{_people(owner, back)} back where they were."] if back else []
    if late:
        words.append(
            f"{_people(owner, late)} not: the seat was given away since."
            if back
            else f"{_people(owner, late)} not back: the seat was given away since."
        )
    return " ".join(words) or "Nobody was moved back: they sit elsewhere by now."


def _people(owner: User, ids: list[UUID]) -> str:
    if len(ids) > 1:
        return f"{len(ids)} people are"
    return f"{owner.contacts.get(pk=ids[0]).full_name} is"
