from django.urls import path

from connections.views import (
    consents,
    in_common,
    insights,
    interactions,
    introduction_steps,
    introductions,
    network,
    origins,
    outcomes,
    people,
    relationships,
    wanted,
)

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
        "contacts/<uuid:contact_id>/in-common/",
        in_common.contact_in_common,
        name="contact_in_common",
    ),
    path("contacts/<uuid:contact_id>/want/", wanted.contact_want, name="contact_want"),
    path("outcomes/", outcomes.outcome_list, name="outcome_list"),
    path("outcomes/add/", outcomes.outcome_create, name="outcome_create"),
    path("outcomes/<uuid:outcome_id>/", outcomes.outcome_edit, name="outcome_edit"),
    path(
        "outcomes/<uuid:outcome_id>/delete/",
        outcomes.outcome_delete,
        name="outcome_delete",
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
    path("introductions/", introductions.introduction_list, name="introduction_list"),
    path(
        "introductions/add/",
        introductions.introduction_create,
        name="introduction_create",
    ),
    path(
        "introductions/<uuid:introduction_id>/",
        introductions.introduction_detail,
        name="introduction_detail",
    ),
    path(
        "introductions/<uuid:introduction_id>/edit/",
        introductions.introduction_edit,
        name="introduction_edit",
    ),
    path(
        "introductions/<uuid:introduction_id>/origins/",
        introductions.introduction_origins,
        name="introduction_origins",
    ),
    path(
        "introductions/<uuid:introduction_id>/ask/",
        consents.introduction_ask,
        name="introduction_ask",
    ),
    path(
        "introductions/<uuid:introduction_id>/answer/",
        consents.introduction_answer,
        name="introduction_answer",
    ),
    path(
        "introductions/<uuid:introduction_id>/withdraw/",
        consents.introduction_withdraw,
        name="introduction_withdraw",
    ),
    path(
        "introductions/<uuid:introduction_id>/make/",
        introduction_steps.introduction_make,
        name="introduction_make",
    ),
    path(
        "introductions/<uuid:introduction_id>/mail/",
        introduction_steps.introduction_mail,
        name="introduction_mail",
    ),
    path(
        "introductions/<uuid:introduction_id>/meet/",
        introduction_steps.introduction_meet,
        name="introduction_meet",
    ),
    path(
        "introductions/<uuid:introduction_id>/close/",
        introduction_steps.introduction_close,
        name="introduction_close",
    ),
    path(
        "introductions/<uuid:introduction_id>/expire/",
        introduction_steps.introduction_expire,
        name="introduction_expire",
    ),
    path(
        "introductions/<uuid:introduction_id>/later/",
        introduction_steps.introduction_later,
        name="introduction_later",
    ),
    path(
        "introductions/<uuid:introduction_id>/back/",
        introduction_steps.introduction_back,
        name="introduction_back",
    ),
    path(
        "introductions/<uuid:introduction_id>/delete/",
        introductions.introduction_delete,
        name="introduction_delete",
    ),
    path("i/<str:token>/", consents.consent_answer, name="consent_answer"),
    path("insights/", insights.insights, name="insights"),
    path("network/", network.network, name="network"),
    path("network/graph.json", network.network_data, name="network_data"),
    path("network/positions/", network.network_positions, name="network_positions"),
    path("network/card/", network.network_card, name="network_card"),
    path("network/tree/", network.network_tree, name="network_tree"),
    path("network/tree.json", network.network_branch, name="network_branch"),
    path("network/path/", network.network_path, name="network_path"),
]
