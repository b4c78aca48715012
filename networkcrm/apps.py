from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import pre_delete


class NetworkcrmConfig(AppConfig):
    name = "networkcrm"

    def ready(self) -> None:
        from django.conf import settings

        from networkcrm import files, revisions

        connection_created.connect(revisions.watch)
        pre_delete.connect(files.forget_those_of, sender=settings.AUTH_USER_MODEL)
