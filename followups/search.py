"""What search knows of favours and promises."""

from contacts import search_rows
from followups.models import Favour, FollowUp
from networkcrm.partial_dates import PartialDate


def _label(detail: str) -> str:
    """ "given|2026-11-02" → "you helped, 2 Nov 2026:"."""
    direction, _, on = detail.partition("|")
    given = direction == Favour.Direction.GIVEN
    label = "you helped" if given else "helped you"
    return f"{label}, {PartialDate.from_iso(on).words}:" if on else f"{label}:"


FAVOURS = search_rows.Source(
    sql="""
        (SELECT contact_id, 'favour', 'C', concat_ws('|', direction, "on"), text, ''
        FROM followups_favour
        WHERE owner_id = %(owner)s AND contact_id = ANY(%(ids)s)
        ORDER BY "on" DESC NULLS LAST, id DESC)
    """,
    labels={"favour": _label},
)
FOLLOWUPS = search_rows.Source(
    sql="""
        (SELECT contact_id, 'followup', 'D', promised_by,
            concat_ws(' · ', title, nullif(note, '')), ''
        FROM followups_followup
        WHERE owner_id = %(owner)s AND contact_id = ANY(%(ids)s)
        ORDER BY due_on DESC NULLS LAST, id DESC)
    """,
    labels={"followup": lambda by: f"{FollowUp.By(by).label.lower()}:"},
)
