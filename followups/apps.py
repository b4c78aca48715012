from django.apps import AppConfig


class FollowupsConfig(AppConfig):
    name = "followups"

    def ready(self) -> None:
        from connections.capturing.saving import on_promise
        from followups import undoing  # noqa: F401
        from followups.promises import keep_promise

        on_promise(keep_promise)
