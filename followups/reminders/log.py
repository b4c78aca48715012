"""Who may send what: a row in the database, written before it is sent, decides."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from followups.models import Reminder
from followups.reminders.schedule import Notice
from networkcrm.models import User

State = Reminder.State
FIRST_PAUSE = timedelta(minutes=5)


def claim(owner: User, notice: Notice, now: datetime) -> Reminder | None:
    """The row of what is ours to send, committed; None when it is somebody else's.

    Of two workers one writes the row, or takes over the one that waits. After that
    nobody sends it again: who is cut off leaves it at that.
    """
    row = Reminder(
        owner=owner, channel=notice.channel, kind=notice.kind, about=notice.about
    )
    try:
        with transaction.atomic(durable=True):
            row.save(force_insert=True)
    except IntegrityError:
        return _take_over(owner, notice, now)
    return row


def _take_over(owner: User, notice: Notice, now: datetime) -> Reminder | None:
    rows = owner.reminders.waiting().filter(next_try_at__lte=now)
    mine = rows.filter(
        channel=notice.channel, kind=notice.kind, about=notice.about
    ).select_for_update()
    with transaction.atomic(durable=True):
        row: Reminder | None = mine.first()
        if row is None:
            return None
        row.state, row.next_try_at = State.SENDING, None
        row.tries += 1
        row.save(update_fields=["state", "next_try_at", "tries", "updated_at"])
    return row


def put_off(
    row: Reminder,
    problem: str,
    notice: Notice,
    now: datetime,
    at_least: timedelta = timedelta(0),
) -> None:
    """Try again in 5 minutes, then 15, 45, ...; give up when its time is over."""
    again = now + max(FIRST_PAUSE * 3 ** (row.tries - 1), at_least)
    if again < notice.until:
        row.wait(problem, again)
    else:
        give_up(row, problem)


def give_up(row: Reminder, problem: str) -> None:
    if row.sent_at:
        # Another browser took it.
        row.succeed(row.sent_at)
        return
    times = "once" if row.tries == 1 else f"{row.tries} times"
    row.fail(f"{problem} It was tried {times} and is not tried any more.")
