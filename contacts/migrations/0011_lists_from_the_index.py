from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        # What was close once is counted by then.
        ("connections", "0007_times_in_touch"),
        ("contacts", "0010_contact_times_in_touch"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="contact",
            name="contact_by_name",
        ),
        migrations.RemoveIndex(
            model_name="contact",
            name="contact_by_last_contact",
        ),
        migrations.RemoveIndex(
            model_name="contact",
            name="contact_by_added",
        ),
        migrations.RemoveIndex(
            model_name="contact",
            name="contact_by_stage",
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                models.F("owner"),
                models.F("sort_key"),
                models.F("id"),
                include=("is_me", "archived_at", "trashed_at"),
                name="contact_names",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                models.F("owner"),
                models.OrderBy(
                    models.F("last_contact_on"), descending=True, nulls_last=True
                ),
                models.F("id"),
                include=("is_me", "archived_at", "trashed_at"),
                name="contact_last_contacts",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                models.F("owner"),
                models.OrderBy(models.F("created_at"), descending=True),
                models.F("id"),
                include=("is_me", "archived_at", "trashed_at"),
                name="contact_additions",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                models.F("owner"),
                models.OrderBy(models.F("stage"), descending=True),
                models.F("sort_key"),
                models.F("id"),
                include=("is_me", "archived_at", "trashed_at"),
                name="contact_stages",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                models.F("owner"),
                models.OrderBy(models.F("stage"), descending=True),
                models.OrderBy(models.F("last_contact_on"), descending=True),
                models.F("id"),
                condition=models.Q(
                    models.Q(
                        ("stage__gte", 4), ("times_in_touch__gte", 5), _connector="OR"
                    ),
                    ("archived_at", None),
                    ("is_me", False),
                    ("trashed_at", None),
                ),
                include=("circle", "cadence_days", "quiet_until", "times_in_touch"),
                name="contact_close_once",
            ),
        ),
    ]
