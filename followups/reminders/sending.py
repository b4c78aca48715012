"""Send one owner what is due, each thing at most once."""

import logging
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from events.models import Event
from followups.models import Reminder
from followups.reminders import digest, log, mailing, push, schedule
from followups.reminders.schedule import Channel, Kind, Notice
from networkcrm.models import User

logger = logging.getLogger(__name__)

BROKEN = "Something broke on our side. Whoever runs this server finds it in the log."
NO_BROWSER = "No browser takes notices any more: turn them on again in one."
# From then on an event is one of the evening.
EVENING = 16


def send_due(owner: User) -> int:
    """How many things were tried."""
    now = timezone.now()
    notices = schedule.due(owner, now)
    return sum(send(owner, notice) for notice in notices)


def send(owner: User, notice: Notice) -> bool:
    """False when somebody else sends it. What breaks here stops nothing else."""
    now = timezone.now()
    row = log.claim(owner, notice, now)
    if row is None:
        return False
    try:
        if notice.channel == Channel.MAIL:
            _mail(owner, notice, row)
        else:
            _push(owner, notice, row)
    except Exception:
        logger.exception("A reminder could not be sent.")
        row.fail(BROKEN)
    return True


def _mail(owner: User, notice: Notice, row: Reminder) -> None:
    message = digest.mail_of_day(owner, date.fromisoformat(notice.about))
    if message is None:
        row.say_nothing()
        return
    try:
        mailing.send(message)
    except mailing.Refused as refused:
        log.put_off(row, str(refused), notice, timezone.now())
    except mailing.Unclear as unclear:
        row.fail(f"{unclear} It is not sent a second time.")
    else:
        row.succeed(timezone.now())


def _push(owner: User, notice: Notice, row: Reminder) -> None:
    with timezone.override(owner.tz):
        words = words_of(owner, notice)
    if words is None:
        row.say_nothing()
        return
    # Those that took it the first time have it.
    browsers = owner.pushsubscriptions.exclude(pk__in=row.taken_by)
    now = timezone.now()
    outcome = push.push(browsers, words, now, notice.until - now)
    if outcome.taken:
        row.sent_at = now
        row.taken_by += [one.pk for one in outcome.taken]
        row.save(update_fields=["sent_at", "taken_by", "updated_at"])
    problem = " ".join(outcome.problems)
    if outcome.is_busy:
        log.put_off(row, problem, notice, now, outcome.pause)
    elif row.sent_at:
        row.succeed(row.sent_at)
    else:
        row.fail(problem or NO_BROWSER)


def words_of(owner: User, notice: Notice) -> push.Words | None:
    """None when it is not true any more."""
    if notice.kind == Kind.PROMISES:
        return _of_promises(owner)
    rows = owner.events.filter(cancelled_at=None, starts_at__isnull=False)
    event = rows.filter(pk=notice.event_id).first() if notice.event_id else None
    return _of_event(owner, event) if event else None


def _of_promises(owner: User) -> push.Words | None:
    due = digest.promises_due(owner, timezone.localdate())
    first = due.first()
    if first is None:
        return None
    number = due.count()
    title = "A promise is due" if number == 1 else f"{number} promises are due"
    rest = "" if number == 1 else f", and {number - 1} more"
    return push.Words(
        title, f"{first.title}{rest}", reverse("followup_list"), "promises"
    )


def _of_event(owner: User, event: Event) -> push.Words:
    start = timezone.localtime(event.starts_at)
    when = "Tonight" if start.hour >= EVENING and not event.is_all_day else "Today"
    said = [] if event.is_all_day else [f"It begins at {date_format(start, 'H:i')}."]
    wanted = owner.attendances.filter(event=event, state="wanted")
    people = wanted.select_related("contact").order_by("contact__sort_key")[:3]
    if names := [one.contact.first_name for one in people]:
        said.append(f"You want to meet {_and(names)}.")
    body = " ".join(said) or "All day."
    path = reverse("event_brief", kwargs={"event_id": event.pk})
    return push.Words(f"{when}: {event.name}", body, path, f"event-{event.pk}")


def _and(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
