import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0004_two_or_one")]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="reached_on",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(blank=True, max_length=10, null=True),
                blank=True,
                default=list,
                editable=False,
                size=None,
            ),
        )
    ]
