import django.contrib.postgres.indexes
from django.db import migrations


def _setting(name: str) -> migrations.RunSQL:
    """Set on the index that is there: nothing need be built anew."""
    return migrations.RunSQL(
        f"ALTER INDEX {name} SET (gin_pending_list_limit = 512)",
        f"ALTER INDEX {name} RESET (gin_pending_list_limit)",
    )


class Migration(migrations.Migration):
    dependencies = [("contacts", "0013_left_out_and_counted")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                _setting("searchrow_words"),
                _setting("searchword_trigrams"),
            ],
            state_operations=[
                migrations.RemoveIndex(model_name="searchrow", name="searchrow_words"),
                migrations.AddIndex(
                    model_name="searchrow",
                    index=django.contrib.postgres.indexes.GinIndex(
                        fields=["owner", "words"],
                        gin_pending_list_limit=512,
                        name="searchrow_words",
                    ),
                ),
                migrations.RemoveIndex(
                    model_name="searchword", name="searchword_trigrams"
                ),
                migrations.AddIndex(
                    model_name="searchword",
                    index=django.contrib.postgres.indexes.GinIndex(
                        fields=["owner", "word"],
                        gin_pending_list_limit=512,
                        name="searchword_trigrams",
                        opclasses=["uuid_ops", "gin_trgm_ops"],
                    ),
                ),
            ],
        )
    ]
