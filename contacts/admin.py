from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from contacts.models import (
    Circle,
    Contact,
    ContactMethod,
    ContactTag,
    Distinct,
    Fact,
    Import,
    ImportantDate,
    ImportRow,
    MergedContact,
    MergedUid,
    Organization,
    SearchRow,
    SearchWord,
    Tag,
)
from contacts.purging import purge
from networkcrm.admin import OwnedAdmin, OwnedInline, ReadOnlyAdmin


class ContactMethodInline(OwnedInline):
    model = ContactMethod
    fields = ("kind", "service", "value", "label", "preferred")


class ContactTagInline(OwnedInline):
    model = ContactTag
    fields = readonly_fields = ("tag",)


class FactInline(OwnedInline):
    model = Fact
    fields = ("kind", "text", "heard_on", "state")
    readonly_fields = ("state",)


class ImportantDateInline(OwnedInline):
    model = ImportantDate
    fields = ("kind", "label", "on", "yearly")


@admin.register(Contact)
class ContactAdmin(OwnedAdmin):
    list_display = (
        "full_name",
        "organization",
        "city",
        "circle",
        "stage",
        "last_contact_on",
        "archived_at",
        "trashed_at",
    )
    list_filter = (
        "stage",
        "is_me",
        ("archived_at", admin.EmptyFieldListFilter),
        ("trashed_at", admin.EmptyFieldListFilter),
    )
    search_fields = ("full_name", "sort_key", "nickname", "headline", "city", "uid")
    inlines = (ContactMethodInline, ContactTagInline, FactInline, ImportantDateInline)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Whoever is me goes with the account.
        mine = obj is not None and obj.is_me
        return not mine and super().has_delete_permission(request, obj)

    def delete_model(self, request: HttpRequest, obj: Contact) -> None:
        purge(obj.owner, [obj.pk])


@admin.register(Organization)
class OrganizationAdmin(OwnedAdmin):
    list_display = ("name",)
    search_fields = ("name", "key")


@admin.register(Tag)
class TagAdmin(OwnedAdmin):
    list_display = ("name",)
    search_fields = ("name", "key")


@admin.register(Circle)
class CircleAdmin(OwnedAdmin):
    list_display = ("name", "seats", "cadence_days")
    search_fields = ("name", "key")


@admin.register(ContactMethod)
class ContactMethodAdmin(OwnedAdmin):
    list_display = ("value", "kind", "service", "label", "contact")
    list_filter = ("kind", "service")
    search_fields = ("value", "normalized", "contact__full_name")


@admin.register(ContactTag)
class ContactTagAdmin(OwnedAdmin):
    list_display = ("tag", "contact")
    search_fields = ("tag__name", "contact__full_name")


@admin.register(Fact)
class FactAdmin(OwnedAdmin):
    list_display = ("text", "kind", "state", "heard_on", "contact")
    list_filter = ("kind", "state")
    search_fields = ("text", "contact__full_name")


@admin.register(ImportantDate)
class ImportantDateAdmin(OwnedAdmin):
    list_display = ("on", "kind", "label", "yearly", "contact")
    list_filter = ("kind", "yearly")
    search_fields = ("label", "contact__full_name")


@admin.register(Distinct)
class DistinctAdmin(OwnedAdmin):
    list_display = ("one", "other")
    search_fields = ("one__full_name", "other__full_name")


@admin.register(MergedContact)
class MergedContactAdmin(OwnedAdmin):
    list_display = ("id", "contact", "created_at")
    search_fields = ("contact__full_name",)


@admin.register(MergedUid)
class MergedUidAdmin(OwnedAdmin):
    list_display = ("uid", "contact")
    search_fields = ("uid", "contact__full_name")


@admin.register(Import)
class ImportAdmin(OwnedAdmin):
    list_display = (
        "file_name",
        "source",
        "state",
        "read",
        "created",
        "updated",
        "skipped",
        "failed",
        "created_at",
    )
    list_filter = ("state", "source")
    search_fields = ("file_name", "error")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(
        self, request: HttpRequest, obj: Any = None
    ) -> tuple[str, ...]:
        return tuple(field.name for field in self.model._meta.concrete_fields)

    def delete_model(self, request: HttpRequest, obj: Import) -> None:
        obj.discard()


@admin.register(ImportRow)
class ImportRowAdmin(ReadOnlyAdmin):
    list_display = ("name", "batch", "number", "line", "state", "reason", "contact")
    list_filter = ("state",)
    search_fields = ("name", "reason", "batch__file_name")


@admin.register(SearchRow)
class SearchRowAdmin(ReadOnlyAdmin):
    list_display = ("contact", "updated_at")
    search_fields = ("contact__full_name",)


@admin.register(SearchWord)
class SearchWordAdmin(ReadOnlyAdmin):
    list_display = ("word",)
    search_fields = ("word",)
