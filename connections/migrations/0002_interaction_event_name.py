from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("connections", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="interaction",
            name="event_name",
            field=models.CharField(
                blank=True, default="", editable=False, max_length=300
            ),
            preserve_default=False,
        )
    ]
