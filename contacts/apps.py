from functools import partial
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_save, pre_delete


class ContactsConfig(AppConfig):
    name = "contacts"

    def ready(self) -> None:
        from django.conf import settings

        from contacts import merge_parts, search_rows
        from networkcrm import derived

        derived.register(search_rows.lock)
        derived.register(search_rows.refresh)
        merge_parts.register()
        post_save.connect(
            _give_first_rows,
            sender=settings.AUTH_USER_MODEL,
            dispatch_uid="contacts.first_rows",
        )
        pre_delete.connect(
            _delete_files,
            sender=settings.AUTH_USER_MODEL,
            dispatch_uid="contacts.delete_files",
        )


def _give_first_rows(
    instance: Any, created: bool, raw: bool = False, **kwargs: Any
) -> None:
    """A new account has its own contact and the first circles."""
    if not created or raw:
        return
    from contacts.models import Circle, Contact

    name = instance.get_full_name() or instance.email.partition("@")[0]
    Contact(owner=instance, full_name=name, is_me=True).save()
    for circle, seats, days in Circle.FIRST:
        Circle(owner=instance, name=circle, seats=seats, cadence_days=days).save()


def _delete_files(instance: Any, **kwargs: Any) -> None:
    """With an account go its rows, by Postgres, and its files, by this."""
    from django.core.files.storage import default_storage
    from django.db import transaction

    photos = instance.contacts.exclude(photo="").values_list("photo", flat=True)
    uploads = instance.imports.exclude(file="").values_list("file", flat=True)
    for name in [*photos, *uploads]:
        transaction.on_commit(partial(default_storage.delete, name))
