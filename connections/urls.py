from django.urls import path

from connections.views import interactions, origins, people, relationships

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
    path(
        "contacts/<uuid:contact_id>/relationships/",
        relationships.relationship_list,
        name="relationship_list",
    ),
    path(
        "contacts/<uuid:contact_id>/relationships/add/",
        relationships.relationship_create,
        name="relationship_create",
    ),
    path(
        "relationships/<uuid:relationship_id>/",
        relationships.relationship_edit,
        name="relationship_edit",
    ),
    path(
        "relationships/<uuid:relationship_id>/delete/",
        relationships.relationship_delete,
        name="relationship_delete",
    ),
    path(
        "settings/relationship-kinds/",
        relationships.relationshipkind_list,
        name="relationshipkind_list",
    ),
    path(
        "settings/relationship-kinds/<uuid:kind_id>/",
        relationships.relationshipkind_edit,
        name="relationshipkind_edit",
    ),
    path(
        "settings/relationship-kinds/<uuid:kind_id>/delete/",
        relationships.relationshipkind_delete,
        name="relationshipkind_delete",
    ),
]
