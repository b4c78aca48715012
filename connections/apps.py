from django.apps import AppConfig


class ConnectionsConfig(AppConfig):
    name = "connections"

    def ready(self) -> None:
        from connections import importing, search, stages
        from contacts.importing import extensions
        from networkcrm import derived

        derived.register(stages.refresh)
        search.register()
        extensions.register(importing.Origins())
