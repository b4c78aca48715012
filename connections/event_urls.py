"""What of an event's pages knows of origins, interactions and promises."""

from django.urls import path

from connections.views import attendances

urlpatterns = [
    path(
        "events/<uuid:event_id>/people/",
        attendances.attendance_create,
        name="attendance_create",
    ),
]
