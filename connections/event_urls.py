"""What of an event's pages knows of origins, interactions and promises."""

from django.urls import path

from connections.views import attendances, debriefs, event_insights

urlpatterns = [
    path(
        "events/<uuid:event_id>/people/",
        attendances.attendance_create,
        name="attendance_create",
    ),
    path(
        "events/<uuid:event_id>/debrief/", debriefs.event_debrief, name="event_debrief"
    ),
    path("events/<uuid:event_id>/wave/", debriefs.event_wave, name="event_wave"),
    path(
        "attendances/<uuid:attendance_id>/debrief/",
        debriefs.attendance_debrief,
        name="attendance_debrief",
    ),
    path(
        "attendances/<uuid:attendance_id>/drop/",
        debriefs.attendance_drop,
        name="attendance_drop",
    ),
    path("insights/events/", event_insights.event_insights, name="event_insights"),
    path(
        "insights/events/list/",
        event_insights.event_insight_list,
        name="event_insight_list",
    ),
]
