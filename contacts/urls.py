from django.urls import path

from contacts.views import (
    changes,
    contacts,
    facts,
    import_columns,
    imports,
    merging,
    search,
    trash,
)

urlpatterns = [
    path("search/", search.search, name="search"),
    path("contacts/", contacts.contact_list, name="contact_list"),
    path("contacts/add/", contacts.contact_create, name="contact_create"),
    path("contacts/bulk/", changes.contact_bulk, name="contact_bulk"),
    path("contacts/trash/", trash.trash_list, name="trash_list"),
    path("contacts/duplicates/", merging.duplicate_list, name="duplicate_list"),
    path(
        "contacts/duplicates/not-the-same/",
        merging.distinct_create,
        name="distinct_create",
    ),
    path("contacts/<uuid:contact_id>/", contacts.contact_detail, name="contact_detail"),
    path(
        "contacts/<uuid:contact_id>/edit/", contacts.contact_edit, name="contact_edit"
    ),
    path(
        "contacts/<uuid:contact_id>/merge/",
        merging.contact_merge,
        name="contact_merge",
    ),
    path(
        "contacts/<uuid:contact_id>/photo/",
        contacts.contact_photo,
        name="contact_photo",
    ),
    path(
        "contacts/<uuid:contact_id>/archive/",
        changes.contact_archive,
        name="contact_archive",
    ),
    path(
        "contacts/<uuid:contact_id>/unarchive/",
        changes.contact_unarchive,
        name="contact_unarchive",
    ),
    path(
        "contacts/<uuid:contact_id>/trash/", changes.contact_trash, name="contact_trash"
    ),
    path(
        "contacts/<uuid:contact_id>/restore/",
        changes.contact_restore,
        name="contact_restore",
    ),
    path(
        "contacts/<uuid:contact_id>/purge/", trash.contact_purge, name="contact_purge"
    ),
    path("contacts/<uuid:contact_id>/facts/", facts.fact_create, name="fact_create"),
    path("facts/<uuid:fact_id>/", facts.fact_edit, name="fact_edit"),
    path("facts/<uuid:fact_id>/met/", facts.fact_met, name="fact_met"),
    path("facts/<uuid:fact_id>/delete/", facts.fact_delete, name="fact_delete"),
    path(
        "organizations/options/",
        contacts.organization_options,
        name="organization_options",
    ),
    path("import/", imports.import_list, name="import_list"),
    path("import/<uuid:import_id>/", imports.import_detail, name="import_detail"),
    path(
        "import/<uuid:import_id>/columns/",
        import_columns.import_columns,
        name="import_columns",
    ),
    path(
        "import/<uuid:import_id>/columns/again/",
        import_columns.import_columns_again,
        name="import_columns_again",
    ),
    path("import/<uuid:import_id>/start/", imports.import_start, name="import_start"),
    path("import/<uuid:import_id>/undo/", imports.import_undo, name="import_undo"),
    path(
        "import/<uuid:import_id>/discard/",
        imports.import_discard,
        name="import_discard",
    ),
]
