from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("connections", "0009_introductions_by_change"),
        ("contacts", "0012_tables_and_their_columns"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="contact",
            name="contact_last_contacts",
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                models.F("owner"),
                models.OrderBy(
                    models.F("last_contact_on"), descending=True, nulls_last=True
                ),
                models.F("id"),
                include=("is_me", "archived_at", "trashed_at", "times_in_touch"),
                name="contact_by_last_contact",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                models.F("owner"),
                models.F("id"),
                condition=models.Q(
                    ("trashed_at__isnull", False),
                    ("archived_at__isnull", False),
                    _connector="OR",
                ),
                include=("trashed_at",),
                name="contact_put_away",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                models.F("owner"),
                models.F("quiet_until"),
                condition=models.Q(("quiet_until__isnull", False)),
                name="contact_left_in_peace",
            ),
        ),
        migrations.AddIndex(
            model_name="fact",
            index=models.Index(
                models.F("owner"),
                models.F("kind"),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("kind__in", ["need", "offer"]), ("state", "open")),
                include=("contact", "confirmed_on", "heard_on", "created_at"),
                name="fact_asked_or_offered",
            ),
        ),
    ]
