from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import migrations

CHUNK = 5000

# As connections/stages.py counted when this was written: what it counts later with
# columns that are not here yet must not be asked for.
_REFRESH = """
    WITH happened AS (
        SELECT o.contact_id,
            CASE WHEN o.in_person THEN 4 ELSE 1 END AS stage,
            o.how = 'work' AS is_work,
            CASE WHEN o.in_person AND o."on" NOT LIKE '--%%' THEN o."on" END AS met_on,
            CASE WHEN o.in_person AND o."on" NOT LIKE '--%%' THEN o."on" END AS "on",
            CASE WHEN o."on" NOT LIKE '--%%' THEN o."on" END AS first_on
        FROM connections_origin o
        WHERE o.owner_id = %(owner)s AND o.contact_id = ANY(%(contacts)s)
            AND (o."on" IS NULL OR o."on" <= %(today)s)
        UNION ALL
        SELECT p.contact_id,
            CASE WHEN i.kind = 'mention' THEN 1
                WHEN i.in_person THEN 4
                WHEN i.kind IN ('call', 'video_call', 'coffee', 'meal', 'meeting') THEN 3
                WHEN i.kind IN ('message', 'email', 'letter') THEN 2
                ELSE 1 END,
            i.kind = 'work',
            CASE WHEN i.in_person AND i.kind <> 'mention' THEN i."on" END,
            CASE WHEN i.kind <> 'mention' THEN i."on" END,
            i."on"
        FROM connections_participation p
        JOIN connections_interaction i
            ON i.owner_id = %(owner)s AND i.id = p.interaction_id
        WHERE p.owner_id = %(owner)s AND p.contact_id = ANY(%(contacts)s)
            AND (i."on" IS NULL OR i."on" <= %(today)s)
    ), compared AS (
        SELECT *,
            NOT starts_with(met_on,
                lag(met_on) OVER (PARTITION BY contact_id ORDER BY met_on)) AS again
        FROM happened
    ), reached AS (
        SELECT contact_id,
            greatest(
                max(stage),
                CASE WHEN bool_or(again) THEN 5 END,
                CASE WHEN bool_or(is_work) THEN 6 END) AS stage,
            max("on") AS last_contact_on,
            ARRAY[
                min(first_on) FILTER (WHERE stage = 1),
                min(first_on) FILTER (WHERE stage = 2),
                min(first_on) FILTER (WHERE stage = 3),
                min(met_on),
                min(met_on) FILTER (WHERE again),
                min(first_on) FILTER (WHERE is_work)
            ]::varchar[] AS reached_on
        FROM compared GROUP BY contact_id
    )
    UPDATE contacts_contact c
    SET stage = coalesce(r.stage, 0),
        last_contact_on = r.last_contact_on,
        reached_on = coalesce(r.reached_on, '{}')
    FROM unnest(%(contacts)s) AS wanted (id)
    LEFT JOIN reached r ON r.contact_id = wanted.id
    WHERE c.owner_id = %(owner)s AND c.id = wanted.id
        AND (c.stage <> coalesce(r.stage, 0)
            OR c.last_contact_on IS DISTINCT FROM r.last_contact_on
            OR c.reached_on <> coalesce(r.reached_on, '{}'))
"""


def write_down(apps, schema_editor):
    contact_model = apps.get_model("contacts", "Contact")
    for user in apps.get_model("networkcrm", "User").objects.all():
        contacts = contact_model.objects.filter(owner=user, stage__gt=0)
        ids = list(contacts.order_by("pk").values_list("pk", flat=True))
        today = str(datetime.now(ZoneInfo(user.time_zone)).date())
        with schema_editor.connection.cursor() as cursor:
            for start in range(0, len(ids), CHUNK):
                some = ids[start : start + CHUNK]
                said = {"owner": user.pk, "contacts": some, "today": today}
                cursor.execute(_REFRESH, said)


class Migration(migrations.Migration):
    dependencies = [
        ("connections", "0004_first_relationship_kinds"),
        ("contacts", "0005_contact_reached_on"),
    ]

    operations = [
        migrations.RunPython(write_down, migrations.RunPython.noop, elidable=True)
    ]
