from django.urls import include, path

from events.views import attendances, briefs, calendars, events, feeds, goals, guests

urlpatterns = [
    path("events/", events.event_list, name="event_list"),
    path("events/add/", events.event_create, name="event_create"),
    path("events/import/", calendars.event_import, name="event_import"),
    path("events/options/", events.event_options, name="event_options"),
    path("events/<uuid:event_id>/", events.event_detail, name="event_detail"),
    path("events/<uuid:event_id>/edit/", events.event_edit, name="event_edit"),
    path("events/<uuid:event_id>/delete/", events.event_delete, name="event_delete"),
    path("events/<uuid:event_id>/brief/", briefs.event_brief, name="event_brief"),
    path("events/<uuid:event_id>/guests/", guests.guest_list, name="guest_list"),
    path(
        "events/<uuid:event_id>/guests/expect/",
        guests.guest_expect,
        name="guest_expect",
    ),
    path(
        "events/<uuid:event_id>/guests/clear/", guests.guest_clear, name="guest_clear"
    ),
    path("guests/<uuid:guest_id>/want/", guests.guest_want, name="guest_want"),
    path("guests/<uuid:guest_id>/delete/", guests.guest_delete, name="guest_delete"),
    path("events/<uuid:event_id>/goals/", goals.goal_create, name="goal_create"),
    path("goals/<uuid:goal_id>/", goals.goal_edit, name="goal_edit"),
    path("goals/<uuid:goal_id>/tick/", goals.goal_tick, name="goal_tick"),
    path("goals/<uuid:goal_id>/delete/", goals.goal_delete, name="goal_delete"),
    path(
        "attendances/<uuid:attendance_id>/",
        attendances.attendance_edit,
        name="attendance_edit",
    ),
    path(
        "attendances/<uuid:attendance_id>/mark/",
        attendances.attendance_mark,
        name="attendance_mark",
    ),
    path(
        "attendances/<uuid:attendance_id>/delete/",
        attendances.attendance_delete,
        name="attendance_delete",
    ),
    path("feeds/", feeds.feed_list, name="feed_list"),
    path("feeds/add/", feeds.feed_create, name="feed_create"),
    path("feeds/<uuid:feed_id>/delete/", feeds.feed_delete, name="feed_delete"),
    path("feeds/<str:token>/events.ics", feeds.feed_events, name="feed_events"),
    path(
        "feeds/<str:token>/birthdays.ics", feeds.feed_birthdays, name="feed_birthdays"
    ),
    path("", include("events.card_urls")),
]
