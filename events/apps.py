from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"

    def ready(self) -> None:
        from contacts import merging
        from events import search, undoing  # noqa: F401
        from events.merging import OfEvents

        search.register()
        merging.register(OfEvents())
