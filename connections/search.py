"""What search knows of how you met and of what happened since."""

from connections.models import Interaction, Outcome
from connections.models.platforms import Platform
from contacts import search_rows
from contacts.search_rows import case_of
from events.models import Attendance
from networkcrm.partial_dates import PartialDate


def _interaction_label(detail: str) -> str:
    """ "coffee|2026-11-02" → "coffee, 2 Nov 2026:"."""
    kind, _, on = detail.partition("|")
    label = Interaction.Kind(kind).label.lower()
    return f"{label}, {PartialDate.from_iso(on).words}:" if on else f"{label}:"


def _platform_of(table: str) -> str:
    """By which it may be remembered; that a mail was an e-mail says nothing."""
    return case_of(f"{table}.platform", Platform, Platform.EMAIL, Platform.OTHER)


_AT_EVENT = {
    Attendance.State.WANTED: "to meet at",
    Attendance.State.EXPECTED: "expected at",
    Attendance.State.MET: "seen at",
    Attendance.State.MISSED: "missed at",
}


def _outcome_label(detail: str) -> str:
    """ "client|2026-11" → "what came of it, client, Nov 2026:"."""
    kind, _, on = detail.partition("|")
    label = f"what came of it, {Outcome.Kind(kind).label.lower()}"
    return f"{label}, {PartialDate.from_iso(on).words}:" if on else f"{label}:"


ORIGINS = search_rows.Source(
    sql=f"""
        SELECT o.contact_id, v.source, v.weight, '', v.text, ''
        FROM connections_origin o
        LEFT JOIN contacts_contact i
            ON i.owner_id = %(owner)s AND i.id = o.introducer_id
        LEFT JOIN events_event e ON e.owner_id = %(owner)s AND e.id = o.event_id
        CROSS JOIN LATERAL (VALUES
            ('introducer', 'C', coalesce(i.full_name, o.introducer_name)),
            ('met_at', 'C', coalesce(e.name, o.event_name)),
            ('met_in', 'C', o.place),
            ('met_on', 'C', {_platform_of("o")}),
            ('story', 'C', o.story)
        ) AS v (source, weight, text)
        WHERE o.owner_id = %(owner)s AND o.contact_id = ANY(%(ids)s) AND v.text <> ''
    """,
    labels={
        "introducer": lambda _: "introduced by",
        "met_at": lambda _: "met at",
        "met_in": lambda _: "where you met:",
        "met_on": lambda _: "met on",
        "story": lambda _: "how you met:",
    },
)
# Whom I want to see there counts as much as whom I saw.
ATTENDANCES = search_rows.Source(
    sql="""
        (SELECT a.contact_id, v.source, v.weight, v.detail, v.text, ''
        FROM events_attendance a
        JOIN events_event e ON e.owner_id = %(owner)s AND e.id = a.event_id
        CROSS JOIN LATERAL (VALUES
            ('attendance', 'C', a.state, e.name),
            ('to_talk_about', 'D', e.name, a.talking_points),
            ('noted_at', 'D', e.name, a.note)
        ) AS v (source, weight, detail, text)
        WHERE a.owner_id = %(owner)s AND a.contact_id = ANY(%(ids)s) AND v.text <> ''
        ORDER BY e.starts_at DESC NULLS LAST, e.id DESC)
    """,
    labels={
        "attendance": lambda state: _AT_EVENT[Attendance.State(state)],
        "to_talk_about": lambda event: f"to talk about at {event}:",
        "noted_at": lambda event: f"noted at {event}:",
    },
)
INTERACTIONS = search_rows.Source(
    sql=f"""
        (SELECT p.contact_id, v.source, v.weight, v.detail, v.text, ''
        FROM connections_participation p
        JOIN connections_interaction n
            ON n.owner_id = %(owner)s AND n.id = p.interaction_id
        LEFT JOIN events_event e ON e.owner_id = %(owner)s AND e.id = n.event_id
        CROSS JOIN LATERAL (VALUES
            ('seen_at', 'C', '', coalesce(e.name, n.event_name)),
            ('interaction', 'D', concat_ws('|', n.kind, n."on"),
                concat_ws(' · ', {_platform_of("n")},
                    nullif(n.title, ''), nullif(n.text, '')))
        ) AS v (source, weight, detail, text)
        WHERE p.owner_id = %(owner)s AND p.contact_id = ANY(%(ids)s) AND v.text <> ''
        ORDER BY n."on" DESC NULLS LAST, n.id DESC)
    """,
    labels={"seen_at": lambda _: "seen at", "interaction": _interaction_label},
)
RELATIONSHIPS = search_rows.Source(
    sql="""
        SELECT v.contact_id, 'relationship', 'C',
            CASE WHEN r.until < to_char(now(), 'YYYY-MM-DD')
                AND NOT starts_with(to_char(now(), 'YYYY-MM-DD'), r.until)
                THEN 'over' ELSE '' END,
            concat_ws(': ', concat(v.role, CASE
                WHEN v.role ~* ' (for|of|to|with|at|from|by)$' THEN ' ' ELSE ' of '
            END, CASE WHEN o.is_me THEN 'you' ELSE o.full_name END),
            nullif(r.note, '')), ''
        FROM connections_relationship r
        JOIN connections_relationshipkind k
            ON k.owner_id = %(owner)s AND k.id = r.kind_id
        CROSS JOIN LATERAL (VALUES
            (r.from_contact_id, r.to_contact_id, k.name),
            (r.to_contact_id, r.from_contact_id, k.inverse_name)
        ) AS v (contact_id, other_id, role)
        JOIN contacts_contact o ON o.owner_id = %(owner)s AND o.id = v.other_id
        WHERE r.owner_id = %(owner)s AND o.trashed_at IS NULL
            AND (r.from_contact_id = ANY(%(ids)s) OR r.to_contact_id = ANY(%(ids)s))
            AND v.contact_id = ANY(%(ids)s)
    """,
    labels={"relationship": lambda detail: "once" if detail else ""},
)
# Found on everybody in it: the others' names, and in which words and why.
INTRODUCTIONS = search_rows.Source(
    sql=f"""
        SELECT p.contact_id, v.source, v.weight, '', v.text, ''
        FROM connections_introduction n
        LEFT JOIN contacts_contact i
            ON i.owner_id = %(owner)s AND i.id = n.introducer_id
        LEFT JOIN contacts_contact a ON a.owner_id = %(owner)s AND a.id = n.a_id
        LEFT JOIN contacts_contact b ON b.owner_id = %(owner)s AND b.id = n.b_id
        LEFT JOIN events_event e ON e.owner_id = %(owner)s AND e.id = n.event_id
        CROSS JOIN LATERAL (VALUES (n.introducer_id), (n.a_id), (n.b_id))
            AS p (contact_id)
        CROSS JOIN LATERAL (VALUES
            ('introduced_with', 'C', concat_ws(', ',
                CASE WHEN i.is_me OR i.id = p.contact_id THEN NULL
                    ELSE nullif(coalesce(i.full_name, n.introducer_name), '') END,
                CASE WHEN a.is_me OR a.id = p.contact_id THEN NULL
                    ELSE nullif(coalesce(a.full_name, n.a_name), '') END,
                CASE WHEN b.is_me OR b.id = p.contact_id THEN NULL
                    ELSE nullif(coalesce(b.full_name, n.b_name), '') END)),
            ('introduced_at', 'C', coalesce(e.name, n.event_name)),
            ('introduction', 'D', concat_ws(' · ', {_platform_of("n")},
                nullif(n.place, ''), nullif(n.text, ''), nullif(n.why_a, ''),
                nullif(n.why_b, '')))
        ) AS v (source, weight, text)
        WHERE n.owner_id = %(owner)s AND p.contact_id = ANY(%(ids)s) AND v.text <> ''
            AND (n.introducer_id = ANY(%(ids)s)
                OR n.a_id = ANY(%(ids)s) OR n.b_id = ANY(%(ids)s))
    """,
    labels={
        "introduced_with": lambda _: "introduction with",
        "introduced_at": lambda _: "introduction at",
        "introduction": lambda _: "introduction:",
    },
)
OUTCOMES = search_rows.Source(
    sql="""
        (SELECT s.contact_id, v.source, 'C', concat_ws('|', x.kind, x."on"), v.text, ''
        FROM connections_outcomeshare s
        JOIN connections_outcome x ON x.owner_id = %(owner)s AND x.id = s.outcome_id
        LEFT JOIN events_event e ON e.owner_id = %(owner)s AND e.id = x.event_id
        CROSS JOIN LATERAL (VALUES
            ('outcome', concat_ws(' · ', x.title, nullif(x.text, ''))),
            ('outcome_of', coalesce(e.name, x.event_name))
        ) AS v (source, text)
        WHERE s.owner_id = %(owner)s AND s.contact_id = ANY(%(ids)s) AND v.text <> ''
        ORDER BY x."on" DESC NULLS LAST, x.id DESC)
    """,
    labels={"outcome": _outcome_label, "outcome_of": lambda _: "what came of"},
)


def register() -> None:
    search_rows.register(ORIGINS)
    search_rows.register(ATTENDANCES)
    search_rows.register(RELATIONSHIPS)
    search_rows.register(OUTCOMES)
    search_rows.register(INTERACTIONS)
    search_rows.register(INTRODUCTIONS)
