from django.db import migrations

from connections.models.relationships import RelationshipKind as Kinds
from networkcrm.text import fold


def give(apps, schema_editor):
    """Accounts made from now on get them with their other first rows."""
    kind_model = apps.get_model("connections", "RelationshipKind")
    for user in apps.get_model("networkcrm", "User").objects.all():
        kind_model.objects.bulk_create(
            kind_model(
                owner=user,
                name=name,
                inverse_name=inverse,
                key=fold(name),
                inverse_key=fold(inverse),
            )
            for name, inverse in Kinds.FIRST
        )


class Migration(migrations.Migration):
    dependencies = [("connections", "0003_introductions_relationships_outcomes")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop, elidable=True)]
