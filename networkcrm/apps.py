from django.apps import AppConfig
from django.db.backends.signals import connection_created


class NetworkcrmConfig(AppConfig):
    name = "networkcrm"

    def ready(self) -> None:
        from networkcrm import revisions

        connection_created.connect(revisions.watch)
