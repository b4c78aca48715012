from django.apps import AppConfig


class ConnectionsConfig(AppConfig):
    name = "connections"

    def ready(self) -> None:
        from connections import importing, panels, search, stages, undoing  # noqa: F401
        from contacts.importing import extensions
        from contacts.panels import register
        from networkcrm import derived

        derived.register(stages.refresh)
        search.register()
        extensions.register(importing.Origins())
        register("actions", 10, panels.log_button)
        register("main", 10, panels.how_you_met)
        register("main", 20, panels.since_then)
        register("side", 20, panels.brought)
