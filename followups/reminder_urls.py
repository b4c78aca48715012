from django.urls import path

from followups.views import feeds, reminders

urlpatterns = [
    path("settings/reminders/", reminders.reminder_settings, name="reminder_settings"),
    path(
        "settings/reminders/test/",
        reminders.reminder_test,
        name="reminder_test",
    ),
    path(
        "settings/reminders/browsers/add/",
        reminders.subscription_add,
        name="subscription_add",
    ),
    path(
        "settings/reminders/browsers/<uuid:subscription_id>/delete/",
        reminders.subscription_delete,
        name="subscription_delete",
    ),
    path("mails/<str:token>/off/", reminders.digest_off, name="digest_off"),
    path(
        "feeds/<str:token>/follow-ups.ics",
        feeds.feed_followups,
        name="feed_followups",
    ),
]
