from uuid import UUID

from django.db import transaction
from django.tasks import task

from connections import stages
from connections.capturing import cards
from networkcrm.models import User
from networkcrm.tasks import attempts, scheduled


@scheduled("7 * * * *")
@task
def refresh_what_came_to_pass() -> None:
    """Hourly, because a day begins in another hour in each time zone."""
    stages.refresh_what_came_to_pass()


@attempts(2)
@task
def read_card(owner_id: str, capture_id: str) -> None:
    """Keep what a photographed card says with its capture, to be offered there."""
    captures = User.objects.get(pk=owner_id).captures.filter(undone_at=None)
    capture = captures.filter(pk=UUID(capture_id)).first()
    text = cards.text_of(capture) if capture else ""
    if not text:
        return
    with transaction.atomic():
        # It may be taken back, or the person be deleted for ever, by now.
        rows = captures.select_for_update().exclude(picture="")
        if row := rows.filter(pk=UUID(capture_id)).first():
            row.fields["card_text"] = text
            row.save(update_fields=["fields", "updated_at"])
