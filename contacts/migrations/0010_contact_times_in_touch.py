from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0009_few_words_wait")]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="times_in_touch",
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        )
    ]
