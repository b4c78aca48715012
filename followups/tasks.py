"""What the worker does for follow-ups."""

import logging
from datetime import timedelta

from django.db.models import Q
from django.tasks import task
from django.utils import timezone

from followups.reminders import log, schedule, sending
from networkcrm.models import User
from networkcrm.tasks import attempts, scheduled

logger = logging.getLogger(__name__)

LOG_KEPT = timedelta(days=90)


@scheduled("*/5 * * * *")
@attempts(1)
@task
def remind_everybody() -> None:
    """Find those whose hour has come. What is missed now is due in five minutes."""
    wanting = Q(mails_digest=True) | Q(pushes_promises=True) | Q(pushes_events=True)
    now = timezone.now()
    for owner in User.objects.filter(wanting, is_active=True).iterator():
        try:
            if schedule.due(owner, now):
                remind.enqueue(str(owner.pk))
        except Exception:
            logger.exception("What is due for one owner could not be looked for.")


@attempts(1)
@task
def remind(owner_id: str) -> None:
    """Send one owner what is due. A job each, so that nobody waits for another."""
    owner = User.objects.filter(pk=owner_id, is_active=True).first()
    if owner:
        sending.send_due(owner)


@scheduled("30 3 * * *")
@task
def clear_reminders() -> None:
    """What was still to be tried yesterday is given up; the log of a season goes."""
    now = timezone.now()
    for owner in User.objects.all():
        rows = owner.reminders.all()
        for row in rows.waiting().filter(next_try_at__lt=now - schedule.DAY):
            log.give_up(row, row.problem)
        rows.filter(created_at__lt=now - LOG_KEPT).delete()
