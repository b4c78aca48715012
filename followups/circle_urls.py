from django.urls import path

from followups.views import circle_review, circle_room, circle_steps, circles

urlpatterns = [
    path("circles/", circles.circle_list, name="circle_list"),
    path("circles/add/", circles.circle_create, name="circle_create"),
    path("circles/review/", circle_review.circle_review, name="circle_review"),
    path(
        "circles/review/<uuid:contact_id>/",
        circle_review.circle_answer,
        name="circle_answer",
    ),
    path("circles/<uuid:circle_id>/", circles.circle_detail, name="circle_detail"),
    path("circles/<uuid:circle_id>/edit/", circles.circle_edit, name="circle_edit"),
    path(
        "circles/<uuid:circle_id>/delete/",
        circles.circle_delete,
        name="circle_delete",
    ),
    path("circles/<uuid:circle_id>/room/", circle_room.circle_room, name="circle_room"),
    path(
        "contacts/<uuid:contact_id>/circle/",
        circle_steps.circle_of_contact,
        name="circle_of_contact",
    ),
    path(
        "contacts/<uuid:contact_id>/quiet/",
        circle_steps.contact_quiet,
        name="contact_quiet",
    ),
    path(
        "contacts/<uuid:contact_id>/ask-again/",
        circle_steps.contact_ask_again,
        name="contact_ask_again",
    ),
    path(
        "contacts/<uuid:contact_id>/log/",
        circle_steps.contact_log,
        name="contact_log",
    ),
]
