from django.db import migrations

from connections import stages

CHUNK = 5000


def write_down(apps, schema_editor):
    contact_model = apps.get_model("contacts", "Contact")
    for user in apps.get_model("networkcrm", "User").objects.all():
        contacts = contact_model.objects.filter(owner=user, stage__gt=0)
        ids = list(contacts.values_list("pk", flat=True))
        for start in range(0, len(ids), CHUNK):
            stages.refresh(user.pk, ids[start : start + CHUNK])


class Migration(migrations.Migration):
    dependencies = [
        ("connections", "0004_first_relationship_kinds"),
        ("contacts", "0005_contact_reached_on"),
    ]

    operations = [
        migrations.RunPython(write_down, migrations.RunPython.noop, elidable=True)
    ]
