from django.contrib import admin

from connections.models import Interaction, Origin, Participation
from networkcrm.admin import OwnedAdmin, OwnedInline


class ParticipationInline(OwnedInline):
    model = Participation
    fields = readonly_fields = ("contact",)


@admin.register(Interaction)
class InteractionAdmin(OwnedAdmin):
    list_display = ("__str__", "kind", "in_person", "on", "platform", "event")
    list_filter = ("kind", "in_person", "platform")
    search_fields = ("title", "text", "contacts__full_name")
    inlines = (ParticipationInline,)


@admin.register(Origin)
class OriginAdmin(OwnedAdmin):
    list_display = ("contact", "how", "introducer", "event", "on", "in_person")
    list_filter = ("how", "in_person", "platform")
    search_fields = ("contact__full_name", "introducer_name", "event_name", "story")


@admin.register(Participation)
class ParticipationAdmin(OwnedAdmin):
    list_display = ("contact", "interaction")
    search_fields = ("contact__full_name", "interaction__title")
