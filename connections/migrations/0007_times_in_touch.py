from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import migrations

# As connections/stages.py counted when this was written.
_COUNT = """
    UPDATE contacts_contact c SET times_in_touch = counted.times
    FROM (
        SELECT p.contact_id, count(*) AS times
        FROM connections_participation p
        JOIN connections_interaction i
            ON i.owner_id = %(owner)s AND i.id = p.interaction_id
        WHERE p.owner_id = %(owner)s AND i.kind <> 'mention'
            AND (i."on" IS NULL OR i."on" <= %(today)s)
        GROUP BY p.contact_id
    ) counted
    WHERE c.owner_id = %(owner)s AND c.id = counted.contact_id
"""


def write_down(apps, schema_editor):
    for user in apps.get_model("networkcrm", "User").objects.all():
        today = str(datetime.now(ZoneInfo(user.time_zone)).date())
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(_COUNT, {"owner": user.pk, "today": today})


class Migration(migrations.Migration):
    dependencies = [
        ("connections", "0006_introduction_of_occasion"),
        ("contacts", "0010_contact_times_in_touch"),
    ]

    operations = [
        migrations.RunPython(write_down, migrations.RunPython.noop, elidable=True)
    ]
