from django.urls import path

from followups.views import feeds

urlpatterns = [
    path(
        "feeds/<str:token>/follow-ups.ics",
        feeds.feed_followups,
        name="feed_followups",
    ),
]
