from django.db import migrations, models
from django.db.models.functions import Coalesce


class Migration(migrations.Migration):
    dependencies = [("connections", "0005_first_dates_of_steps")]

    operations = [
        migrations.AddIndex(
            model_name="introduction",
            index=models.Index(
                models.F("owner"),
                Coalesce("occasion", "id"),
                name="introduction_of_occasion",
            ),
        )
    ]
