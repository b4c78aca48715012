"""What of an event's pages knows of origins, interactions and promises."""

from django.urls import path

from connections.views import attendances, debriefs, insights_events

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
    path("insights/events/", insights_events.insights_events, name="insights_events"),
    path(
        "insights/events/list/",
        insights_events.insights_event_list,
        name="insights_event_list",
    ),
]
