from django.contrib import admin

from events.models import (
    Attendance,
    Capture,
    Card,
    CardLink,
    CardNote,
    CardOffer,
    Event,
    Feed,
    Goal,
    Guest,
)
from networkcrm.admin import OwnedAdmin, OwnedInline


class AttendanceInline(OwnedInline):
    model = Attendance
    fields = readonly_fields = ("contact", "state", "met_at")


class GoalInline(OwnedInline):
    model = Goal
    fields = readonly_fields = ("text", "target", "tag", "ticked")


@admin.register(Event)
class EventAdmin(OwnedAdmin):
    list_display = ("name", "kind", "starts_at", "city", "is_online", "worth")
    list_filter = ("kind", "is_online", "worth")
    search_fields = ("name", "search_key", "uid")
    inlines = (GoalInline, AttendanceInline)


@admin.register(Attendance)
class AttendanceAdmin(OwnedAdmin):
    list_display = ("contact", "event", "state", "met_at")
    list_filter = ("state",)
    search_fields = ("contact__full_name", "event__name", "note")


@admin.register(Guest)
class GuestAdmin(OwnedAdmin):
    list_display = ("name", "organization", "event", "contact")
    search_fields = ("name", "organization", "email", "event__name")


@admin.register(Goal)
class GoalAdmin(OwnedAdmin):
    list_display = ("text", "event", "target", "tag", "ticked")
    search_fields = ("text", "event__name")


@admin.register(Capture)
class CaptureAdmin(OwnedAdmin):
    list_display = ("contact_name", "captured_at", "event", "contact", "undone_at")
    search_fields = ("contact_name", "text")


@admin.register(Card)
class CardAdmin(OwnedAdmin):
    list_display = ("greeting", "updated_at")


@admin.register(CardOffer)
class CardOfferAdmin(OwnedAdmin):
    list_display = ("audience", "text")
    search_fields = ("audience", "text")


@admin.register(CardLink)
class CardLinkAdmin(OwnedAdmin):
    list_display = ("label", "event", "created_at", "revoked_at")
    search_fields = ("label",)


@admin.register(CardNote)
class CardNoteAdmin(OwnedAdmin):
    list_display = ("name", "reach", "event", "state", "contact")
    list_filter = ("state",)
    search_fields = ("name", "reach", "words")


@admin.register(Feed)
class FeedAdmin(OwnedAdmin):
    list_display = ("kind", "last_read_at")
    list_filter = ("kind",)
