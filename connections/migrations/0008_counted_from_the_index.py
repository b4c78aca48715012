from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("connections", "0007_times_in_touch"),
        ("contacts", "0011_lists_from_the_index"),
        ("events", "0003_event_as_imported"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="interaction",
            name="interaction_latest",
        ),
        migrations.RemoveIndex(
            model_name="origin",
            name="origin_of_event",
        ),
        migrations.AddIndex(
            model_name="interaction",
            index=models.Index(
                models.F("owner"),
                models.OrderBy(models.F("on"), descending=True, nulls_last=True),
                models.OrderBy(models.F("id"), descending=True),
                include=("kind",),
                name="interaction_last",
            ),
        ),
        migrations.AddIndex(
            model_name="introduction",
            index=models.Index(
                models.F("owner"),
                models.F("role"),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("made_at__isnull", False)),
                include=("on", "made_at", "introducer", "a", "b"),
                name="introduction_made",
            ),
        ),
        migrations.AddIndex(
            model_name="origin",
            index=models.Index(
                models.F("owner"),
                models.F("event"),
                include=("contact",),
                name="origin_at_event",
            ),
        ),
        migrations.AddIndex(
            model_name="origin",
            index=models.Index(
                models.F("owner"),
                models.F("on"),
                include=("contact",),
                name="origin_by_date",
            ),
        ),
    ]
