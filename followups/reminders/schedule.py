"""When something goes out: by the clock of its owner, today's only, not at night.

The row of a Reminder decides that it goes out once; what is here only asks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q

from events.models import Event
from followups.models import Reminder
from networkcrm.models import User

# A machine that slept makes up for the morning until then, and not at night.
EVENING = 21
# Later hours have so long.
AT_LEAST = timedelta(hours=3)
BEFORE_EVENT = timedelta(hours=4)
DAY = timedelta(days=1)

Channel, Kind = Reminder.Channel, Reminder.Kind


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to be sent now, and until when that makes sense."""

    channel: Reminder.Channel
    kind: Reminder.Kind
    about: str
    until: datetime
    event_id: UUID | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        return self.channel, self.kind, self.about


def hour_of(day: date, hour: int, owner: User) -> datetime:
    """When this hour begins for the owner, in UTC.

    Of an hour that comes twice it is the first one; one that the clocks skip is the
    moment at which they do (PEP 495: fold=0 is counted from before the gap).
    """
    return datetime.combine(day, time(hour), owner.tz).astimezone(UTC)


def begins(day: date, owner: User) -> datetime:
    """The moment of the morning's mail."""
    return hour_of(day, owner.digest_hour, owner)


def ends(start: datetime, owner: User) -> datetime:
    """Until when what was due at `start` is still sent: never past its day."""
    day = start.astimezone(owner.tz).date()
    late = max(start + AT_LEAST, hour_of(day, EVENING, owner))
    return min(late, hour_of(day + DAY, 0, owner))


def is_quiet(at: datetime, owner: User) -> bool:
    hour = at.astimezone(owner.tz).hour
    first, last = owner.quiet_from, owner.quiet_until
    if first <= last:
        return first <= hour < last
    return hour >= first or hour < last


def after_quiet(at: datetime, owner: User) -> datetime:
    """This moment, or the end of the quiet hours it falls into."""
    if not is_quiet(at, owner):
        return at
    day = at.astimezone(owner.tz).date()
    today = hour_of(day, owner.quiet_until, owner)
    return today if today > at else hour_of(day + DAY, owner.quiet_until, owner)


def due(owner: User, now: datetime) -> list[Notice]:
    """What is to be sent now and has not been, or was refused and waits for now."""
    found = list(_of_now(owner, now))
    if not found:
        return []
    rows = owner.reminders.filter(about__in={notice.about for notice in found})
    known = {(row.channel, row.kind, row.about): row for row in rows}
    return [one for one in found if _is_open(known.get(one.key), now)]


def _is_open(row: Reminder | None, now: datetime) -> bool:
    if row is None:
        return True
    return row.next_try_at is not None and row.next_try_at <= now


def _of_now(owner: User, now: datetime) -> Iterator[Notice]:
    today = now.astimezone(owner.tz).date()
    if owner.mails_digest:
        start = begins(today, owner)
        until = ends(start, owner)
        if start <= now < until:
            yield Notice(Channel.MAIL, Kind.DIGEST, today.isoformat(), until)
    wants_notices = owner.pushes_promises or owner.pushes_events
    if not wants_notices or is_quiet(now, owner):
        return
    if not owner.pushsubscriptions.exists():
        return
    morning = _morning_until(owner, today, now)
    if morning and owner.pushes_promises:
        yield Notice(Channel.PUSH, Kind.PROMISES, today.isoformat(), morning)
    if owner.pushes_events:
        for event, end in _events(owner, today, now, morning):
            about = f"{event.pk} {event.day}"
            yield Notice(Channel.PUSH, Kind.EVENT, about, end, event.pk)


def _morning_until(owner: User, today: date, now: datetime) -> datetime | None:
    """Until when the notice of the morning may go out, None when it may not now.

    One that quiet hours hold back over midnight is that of the day they end on.
    """
    for day in (today - DAY, today):
        start = after_quiet(begins(day, owner), owner)
        if start.astimezone(owner.tz).date() == today:
            until = ends(start, owner)
            if start <= now < until:
                return until
    return None


def _events(
    owner: User, today: date, now: datetime, morning_until: datetime | None
) -> Iterator[tuple[Event, datetime]]:
    """Events of the next hours; those that last all day belong to the morning."""
    soon = Q(is_all_day=False, starts_at__gt=now, starts_at__lte=now + BEFORE_EVENT)
    all_day = Q(
        is_all_day=True, starts_at__gt=now - 2 * DAY, starts_at__lte=now + 2 * DAY
    )
    rows = owner.events.filter(soon | all_day, cancelled_at=None)
    for event in rows.order_by("starts_at", "pk"):
        event.owner = owner
        if not event.is_all_day and event.starts_at:
            yield event, event.starts_at
        elif morning_until and event.day == today:
            yield event, morning_until


def skip_what_is_past(owner: User, now: datetime) -> None:
    """Whoever changes an hour in the evening gets nothing for the morning that was.

    A notice that quiet hours hold back is still to come.
    """
    today = now.astimezone(owner.tz).date()
    past = [(Channel.MAIL, Kind.DIGEST)] if begins(today, owner) <= now else []
    if _morning_until(owner, today, now):
        past.append((Channel.PUSH, Kind.PROMISES))
    rows = [
        Reminder(
            owner=owner,
            channel=channel,
            kind=kind,
            about=today.isoformat(),
            state=Reminder.State.NOTHING,
        )
        for channel, kind in past
    ]
    Reminder.objects.bulk_create(rows, ignore_conflicts=True)
