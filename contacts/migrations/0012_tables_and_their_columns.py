from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0011_lists_from_the_index")]

    operations = [
        migrations.AddField(
            model_name="import",
            name="columns",
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
        migrations.AddField(
            model_name="import",
            name="tags",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AlterField(
            model_name="import",
            name="state",
            field=models.CharField(
                choices=[
                    ("mapping", "waiting for its columns"),
                    ("reading", "being read"),
                    ("preview", "ready to look at"),
                    ("running", "being written"),
                    ("done", "done"),
                    ("failed", "failed"),
                    ("undoing", "being undone"),
                    ("undone", "undone"),
                ],
                default="reading",
                max_length=10,
            ),
        ),
    ]
