from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import pre_delete


class NetworkcrmConfig(AppConfig):
    name = "networkcrm"

    def ready(self) -> None:
        from django.conf import settings

        from networkcrm import cache_table, files, revisions

        connection_created.connect(revisions.watch)
        for forget in (files.forget_those_of, cache_table.forget_that_of):
            pre_delete.connect(forget, sender=settings.AUTH_USER_MODEL)
