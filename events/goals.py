"""What an event is for, held against whom I met there."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from events.models import Event, Goal


@dataclass(frozen=True, slots=True)
class Progress:
    goal: Goal
    counted: int

    @property
    def done(self) -> int:
        return self.counted + self.goal.ticked

    @property
    def is_reached(self) -> bool:
        return self.done >= self.goal.target


def progress(event: Event, met: Collection[UUID]) -> list[Progress]:
    """The goals in the order they were set; those met who carry its tag count."""
    goals = list(event.goals.select_related("tag").order_by("pk"))
    counts = dict.fromkeys((goal.tag_id for goal in goals), 0)
    tags = [tag for tag in counts if tag]
    if tags:
        carried = event.owner.contacttags.filter(
            tag__in=tags, contact__in=met, contact__trashed_at=None
        )
        counts |= dict(carried.order_by().values_list("tag").annotate(Count("contact")))
    return [Progress(goal, counts[goal.tag_id]) for goal in goals]
