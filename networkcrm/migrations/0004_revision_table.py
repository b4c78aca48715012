"""How often each owner's data has changed: see networkcrm/revisions.py.

No link to the account: nothing depends on a row, and a number that stays behind
says nothing about anybody.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("networkcrm", "0003_reminders")]
    # The first that write to what is there already, which is counted here.
    run_before = [
        ("contacts", "0010_contact_times_in_touch"),
        ("connections", "0007_times_in_touch"),
    ]

    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE networkcrm_revision (
                owner_id uuid PRIMARY KEY,
                number bigint NOT NULL
            ) WITH (fillfactor = 50);
            """,
            "DROP TABLE networkcrm_revision",
        )
    ]
