import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import networkcrm.owned
from networkcrm.owned import link


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0006_keep_in_touch"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MergedContact",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=networkcrm.owned.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="%(class)ss",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "contact",
                    networkcrm.owned.OwnedForeignKey(
                        related_name="merged_contacts", to="contacts.contact"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("owner"),
                        models.F("contact"),
                        name="mergedcontact_of_contact",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "id"), name="mergedcontact_owner_id_key"
                    ),
                ],
            },
        ),
        link("contacts_mergedcontact", "contact_id", "contacts_contact"),
    ]
