from django.db import migrations


def make_anew(apps, schema_editor):
    """Search reads more than it did: what is there is read again, by the worker.

    Whoever adds to what a search row is made of adds a migration like this.
    """
    owners = apps.get_model("networkcrm", "User").objects.values_list("pk", flat=True)
    for pk in owners:
        # Not before there is somebody: a new installation has nothing to read.
        from contacts.tasks import make_search_anew

        make_search_anew.enqueue(str(pk))


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0014_some_words_wait_to_be_found"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]

    operations = [
        migrations.RunPython(make_anew, migrations.RunPython.noop, elidable=True)
    ]
