from django.contrib import admin

from events.models import Event
from networkcrm.admin import OwnedAdmin


@admin.register(Event)
class EventAdmin(OwnedAdmin):
    list_display = ("name", "kind", "starts_at", "city", "is_online", "worth")
    list_filter = ("kind", "is_online", "worth")
    search_fields = ("name", "search_key", "uid")
