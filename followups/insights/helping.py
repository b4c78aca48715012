"""Whom I helped and when: by a favour, an introduction, a suggestion I followed."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from contacts.models import Contact
from followups.models import Suggestion
from networkcrm.models import User
from networkcrm.periods import Period

# A day is told as exactly as it was written down: "2026-11" is within no week.
HELPED = """
    SELECT h.contact_id::text, h.day
    FROM (
        SELECT f.contact_id, f."on" AS day
        FROM followups_favour f
        WHERE f.owner_id = %(owner)s AND f.direction = 'given'
        UNION ALL
        SELECT p.id, coalesce(
            i."on", to_char(i.made_at AT TIME ZONE %(zone)s, 'YYYY-MM-DD'))
        FROM connections_introduction i CROSS JOIN LATERAL
            (VALUES (i.a_id), (i.b_id)) p (id)
        WHERE i.owner_id = %(owner)s AND i.role = 'by_me' AND i.made_at IS NOT NULL
        UNION ALL
        SELECT s.contact_id, s."on"::text
        FROM followups_suggestion s
        WHERE s.owner_id = %(owner)s AND s.answer = 'done'
    ) h
    -- Few are in the trash: they are looked up once, and not everybody one by one.
    WHERE h.contact_id NOT IN (
            SELECT c.id FROM contacts_contact c
            WHERE c.owner_id = %(owner)s AND c.trashed_at IS NOT NULL
            UNION ALL
            SELECT c.id FROM contacts_contact c
            WHERE c.owner_id = %(owner)s AND c.is_me)
        AND (%(first)s::text IS NULL
            OR h.day >= %(first)s::text AND h.day < %(before)s::text)
        AND (NOT %(is_exact)s OR octet_length(h.day) = 10)
    ORDER BY h.day DESC NULLS LAST, h.contact_id
"""


class Help(NamedTuple):
    contact_id: str
    # A partial date as it is stored.
    day: str | None


def helped(owner: User, period: Period) -> list[Help]:
    """Every help of that time, the latest first; one statement."""
    said: dict[str, Any] = {
        "owner": owner.pk,
        "zone": owner.time_zone,
        "first": period.first,
        "before": period.before,
        "is_exact": period.is_exact,
    }
    with connection.cursor() as cursor:
        cursor.execute(HELPED, said)
        return [Help(*row) for row in cursor.fetchall()]


def people(found: list[Help]) -> list[str]:
    """The ids of those who were helped, each once, the latest first."""
    return list(dict.fromkeys(one.contact_id for one in found))


@dataclass
class Helped:
    """Somebody, and with what I helped them."""

    contact: Contact
    favours: list[Any] = field(default_factory=list)
    introductions: list[Any] = field(default_factory=list)
    suggestions: list[Any] = field(default_factory=list)


def with_what(owner: User, period: Period, ids: list[str]) -> list[Helped]:
    """Of these people, in this order; four statements."""
    contacts = owner.contacts.filter(pk__in=ids).select_related("organization")
    by_id = {str(contact.pk): Helped(contact) for contact in contacts}
    keys = [UUID(pk) for pk in ids]
    favours = owner.favours.filter(period.holds("on"), contact__in=keys)
    for favour in favours.filter(direction="given").latest_first():
        by_id[str(favour.contact_id)].favours.append(favour)
    made = owner.introductions.by_me().made_in(period, owner.tz).involving(*keys)
    for introduction in made.with_people().latest_first():
        for contact_id in (introduction.a_id, introduction.b_id):
            if one := by_id.get(str(contact_id)):
                one.introductions.append(introduction)
    done = owner.suggestions.filter(period.holds_day("on"), contact__in=keys)
    for suggestion in done.filter(answer=Suggestion.Answer.DONE).in_order():
        by_id[str(suggestion.contact_id)].suggestions.append(suggestion)
    return [by_id[pk] for pk in ids if pk in by_id]
