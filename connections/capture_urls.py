"""At the event: writing down whom I just met."""

from django.urls import path

from connections.views import captures

urlpatterns = [
    path("capture/", captures.capture, name="capture"),
    path("capture/token/", captures.capture_token, name="capture_token"),
    path(
        "captures/<uuid:capture_id>/undo/", captures.capture_undo, name="capture_undo"
    ),
    path(
        "captures/<uuid:capture_id>/picture/",
        captures.capture_picture,
        name="capture_picture",
    ),
    path(
        "captures/<uuid:capture_id>/card/", captures.capture_card, name="capture_card"
    ),
    path("events/<uuid:event_id>/live/", captures.event_live, name="event_live"),
]
