from django.urls import path

from followups.views import (
    followups,
    insights,
    steps,
    suggestions,
    today,
    year,
)

urlpatterns = [
    path("", today.today, name="today"),
    path("today/more/", suggestions.suggestion_more, name="suggestion_more"),
    path(
        "today/<uuid:suggestion_id>/done/",
        suggestions.suggestion_done,
        name="suggestion_done",
    ),
    path(
        "today/<uuid:suggestion_id>/later/",
        suggestions.suggestion_later,
        name="suggestion_later",
    ),
    path(
        "today/<uuid:suggestion_id>/never/",
        suggestions.suggestion_never,
        name="suggestion_never",
    ),
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
