"""The table of settings.CACHES, so that no installation needs createcachetable."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("networkcrm", "0001_user")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE networkcrm_cache (
                cache_key varchar(255) PRIMARY KEY,
                value text NOT NULL,
                expires timestamp with time zone NOT NULL
            );
            CREATE INDEX networkcrm_cache_expires ON networkcrm_cache (expires);
            """,
            "DROP TABLE networkcrm_cache",
        )
    ]
