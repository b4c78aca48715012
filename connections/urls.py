from django.urls import path

from connections.views import interactions, origins, people

urlpatterns = [
    path(
        "contacts/<uuid:contact_id>/how-we-met/",
        origins.origin_edit,
        name="origin_edit",
    ),
    path(
        "contacts/<uuid:contact_id>/how-we-met/delete/",
        origins.origin_delete,
        name="origin_delete",
    ),
    path(
        "contacts/<uuid:contact_id>/timeline/",
        people.contact_timeline,
        name="contact_timeline",
    ),
    path(
        "contacts/<uuid:contact_id>/brought/",
        people.contact_brought,
        name="contact_brought",
    ),
    path("contacts/options/", people.contact_options, name="contact_options"),
    path(
        "interactions/add/", interactions.interaction_create, name="interaction_create"
    ),
    path(
        "interactions/<uuid:interaction_id>/",
        interactions.interaction_edit,
        name="interaction_edit",
    ),
    path(
        "interactions/<uuid:interaction_id>/delete/",
        interactions.interaction_delete,
        name="interaction_delete",
    ),
]
