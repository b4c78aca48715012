from django.contrib import admin

from followups.models import FollowUp
from networkcrm.admin import OwnedAdmin


@admin.register(FollowUp)
class FollowUpAdmin(OwnedAdmin):
    list_display = ("title", "contact", "due_on", "promised_by", "done_at")
    list_filter = ("promised_by",)
    search_fields = ("title", "contact_name", "note")
