from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0002_before_at_and_after")]

    operations = [
        migrations.AddField(
            model_name="event",
            name="as_imported",
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
    ]
