from django.urls import path

from events.views import events

urlpatterns = [
    path("events/", events.event_list, name="event_list"),
    path("events/add/", events.event_create, name="event_create"),
    path("events/options/", events.event_options, name="event_options"),
    path("events/<uuid:event_id>/", events.event_detail, name="event_detail"),
    path("events/<uuid:event_id>/edit/", events.event_edit, name="event_edit"),
    path("events/<uuid:event_id>/delete/", events.event_delete, name="event_delete"),
]
