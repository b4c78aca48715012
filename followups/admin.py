from django.contrib import admin

from followups.models import (
    CircleMove,
    Favour,
    FollowUp,
    PushSubscription,
    Reminder,
    Suggestion,
    Unfit,
)
from networkcrm.admin import OwnedAdmin


@admin.register(FollowUp)
class FollowUpAdmin(OwnedAdmin):
    list_display = ("title", "contact", "due_on", "promised_by", "done_at")
    list_filter = ("promised_by",)
    search_fields = ("title", "contact_name", "note")


@admin.register(Favour)
class FavourAdmin(OwnedAdmin):
    list_display = ("text", "contact", "direction", "kind", "on")
    list_filter = ("direction", "kind")
    search_fields = ("text", "contact__full_name")


@admin.register(Suggestion)
class SuggestionAdmin(OwnedAdmin):
    list_display = ("why", "on", "kind", "contact", "answer")
    list_filter = ("kind", "answer")
    search_fields = ("why", "contact__full_name")


@admin.register(CircleMove)
class CircleMoveAdmin(OwnedAdmin):
    list_display = ("why", "contact", "before", "after", "answer", "created_at")
    list_filter = ("answer",)
    search_fields = ("why", "contact__full_name")


@admin.register(PushSubscription)
class PushSubscriptionAdmin(OwnedAdmin):
    list_display = ("device", "last_sent_at")
    # With them anybody could write to that browser.
    exclude = ("endpoint", "p256dh", "auth")
    search_fields = ("device",)


@admin.register(Reminder)
class ReminderAdmin(OwnedAdmin):
    list_display = ("kind", "about", "channel", "sent_at", "problem")
    list_filter = ("channel", "kind")
    search_fields = ("about", "problem")


@admin.register(Unfit)
class UnfitAdmin(OwnedAdmin):
    list_display = ("need", "contact", "created_at")
    search_fields = ("need__text", "contact__full_name")
