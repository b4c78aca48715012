from django.urls import path

from followups.views import followups, insights, steps, year

urlpatterns = [
    path("insights/helped/", insights.insights_helped, name="insights_helped"),
    path("insights/year/<int:year>/", year.insights_year, name="insights_year"),
    path("follow-ups/", followups.followup_list, name="followup_list"),
    path("follow-ups/add/", followups.followup_create, name="followup_create"),
    path(
        "follow-ups/<uuid:followup_id>/", followups.followup_edit, name="followup_edit"
    ),
    path(
        "follow-ups/<uuid:followup_id>/delete/",
        followups.followup_delete,
        name="followup_delete",
    ),
    path(
        "follow-ups/<uuid:followup_id>/complete/",
        steps.followup_complete,
        name="followup_complete",
    ),
    path(
        "follow-ups/<uuid:followup_id>/snooze/",
        steps.followup_snooze,
        name="followup_snooze",
    ),
    path(
        "follow-ups/<uuid:followup_id>/dismiss/",
        steps.followup_dismiss,
        name="followup_dismiss",
    ),
    path(
        "follow-ups/<uuid:followup_id>/reopen/",
        steps.followup_reopen,
        name="followup_reopen",
    ),
]
