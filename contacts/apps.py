from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_save


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
