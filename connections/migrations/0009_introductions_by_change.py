from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("connections", "0008_counted_from_the_index"),
        ("contacts", "0012_tables_and_their_columns"),
        ("events", "0003_event_as_imported"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="introduction",
            index=models.Index(
                models.F("owner"),
                models.OrderBy(models.F("updated_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                include=("role", "state", "made_at"),
                name="introduction_changed",
            ),
        ),
    ]
