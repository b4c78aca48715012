import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Greatest, Least

import networkcrm.owned
from networkcrm.owned import link


def owned_columns():
    return [
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
    ]


def link_to_contact(related_name):
    return networkcrm.owned.OwnedForeignKey(
        related_name=related_name, to="contacts.contact"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0003_contact_wanted"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Distinct",
            fields=[
                *owned_columns(),
                ("one", link_to_contact("distincts_as_one")),
                ("other", link_to_contact("distincts_as_other")),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("owner"), models.F("one"), name="distinct_of_one"
                    ),
                    models.Index(
                        models.F("owner"), models.F("other"), name="distinct_of_other"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "id"), name="distinct_owner_id_key"
                    ),
                    models.UniqueConstraint(
                        models.F("owner"),
                        Least("one", "other"),
                        Greatest("one", "other"),
                        name="distinct_pair_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("one", models.F("other")), _negated=True),
                        name="distinct_are_two",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MergedUid",
            fields=[
                *owned_columns(),
                ("contact", link_to_contact("merged_uids")),
                ("uid", models.CharField(max_length=500)),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("owner"),
                        models.F("contact"),
                        name="mergeduid_of_contact",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "id"), name="mergeduid_owner_id_key"
                    ),
                    models.UniqueConstraint(
                        fields=("owner", "uid", "contact"), name="mergeduid_once"
                    ),
                ],
            },
        ),
        link("contacts_distinct", "one_id", "contacts_contact"),
        link("contacts_distinct", "other_id", "contacts_contact"),
        link("contacts_mergeduid", "contact_id", "contacts_contact"),
    ]
