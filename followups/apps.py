from django.apps import AppConfig


class FollowupsConfig(AppConfig):
    name = "followups"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_out

        from connections import seeding
        from connections.capturing.saving import on_promise
        from connections.insights import sections
        from contacts import search_rows
        from contacts.forms import filters
        from contacts.panels import register
        from followups import (  # noqa: F401
            circles_moving,
            contact_filters,
            giving_panels,
            panels,
            undoing,
        )
        from followups.insights import circles, giving, weeks
        from followups.promises import keep_promise
        from followups.reminders.push import forget_browser
        from followups.search import FAVOURS, FOLLOWUPS
        from followups.seeding import favours, promises

        on_promise(keep_promise)
        user_logged_out.connect(forget_browser)
        filters.register(contact_filters.fields, contact_filters.narrow)
        register("actions", 6, panels.button)
        register("side", 2, panels.keeping_in_touch)
        register("side", 5, panels.of_contact)
        register("side", 6, giving_panels.matches)
        register("side", 8, giving_panels.favours_of_contact)
        search_rows.register(FAVOURS)
        search_rows.register(FOLLOWUPS)
        seeding.register(favours)
        seeding.register(promises)
        sections.register(10, weeks.section)
        sections.register(20, circles.section)
        sections.register(30, giving.section)
