"""What others left on my card."""

from django.urls import path

from connections.views import card_notes

urlpatterns = [
    path("me/notes/", card_notes.card_note_list, name="card_note_list"),
    path(
        "card-notes/<uuid:note_id>/keep/",
        card_notes.card_note_keep,
        name="card_note_keep",
    ),
    path(
        "card-notes/<uuid:note_id>/dismiss/",
        card_notes.card_note_dismiss,
        name="card_note_dismiss",
    ),
    path(
        "card-notes/<uuid:note_id>/delete/",
        card_notes.card_note_delete,
        name="card_note_delete",
    ),
]
