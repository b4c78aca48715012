from django.apps import AppConfig


class ConnectionsConfig(AppConfig):
    name = "connections"

    def ready(self) -> None:
        from connections import stages
        from networkcrm import derived

        derived.register(stages.refresh)
