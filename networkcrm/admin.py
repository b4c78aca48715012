"""The operator's view: every row of every owner, to find, correct and delete."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import ForeignKeyRawIdWidget
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest

from networkcrm import derived
from networkcrm.models import User
from networkcrm.owned import _OwnedLink

admin.site.site_header = admin.site.site_title = "networkcrm"
admin.site.index_title = "Everything, of everybody"
# Nobody is given rights by group: there are owners, and the operator.
admin.site.unregister(Group)


class _OwnersRow(ForeignKeyRawIdWidget):
    """An id, with a list to pick from that shows the rows of one owner."""

    def __init__(self, *args: Any, owner_id: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner_id = owner_id

    def url_parameters(self) -> dict[str, Any]:
        return super().url_parameters() | {"owner__id__exact": str(self.owner_id)}


class _Owned(admin.options.BaseModelAdmin):
    """What lists, pages and the tables within them share.

    Rows come to be on the owner's pages and by imports, not here: a row has the owner
    it has, and what nobody types (ids, what is derived) is shown and not edited.
    """

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(
        self, request: HttpRequest, obj: Any = None
    ) -> tuple[str, ...]:
        return tuple(
            field.name
            for field in self.model._meta.concrete_fields
            if not field.editable and not isinstance(field, models.JSONField)
        )

    def get_form_owner(self, request: HttpRequest) -> Any:
        match = request.resolver_match
        pk = match.kwargs.get("object_id") if match else None
        parent = getattr(self, "parent_model", self.model)
        return parent._base_manager.values_list("owner_id", flat=True).get(pk=pk)

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        if isinstance(db_field, _OwnedLink):
            if not hasattr(request, "row_owner_id"):
                request.row_owner_id = self.get_form_owner(request)  # type: ignore[attr-defined]
            owner_id = request.row_owner_id  # type: ignore[attr-defined]
            related = db_field.related_model._base_manager  # type: ignore[attr-defined]
            kwargs["queryset"] = related.filter(owner_id=owner_id)
            kwargs["widget"] = _OwnersRow(
                db_field.remote_field,  # type: ignore[attr-defined]
                self.admin_site,
                owner_id=owner_id,
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class OwnedAdmin(_Owned, admin.ModelAdmin):
    """`list_display` gets the owner, `search_fields` the owner's address."""

    list_per_page = 50
    show_full_result_count = False
    ordering = ("-pk",)
    empty_value_display = "–"

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        name, *rest = self.list_display
        return [name, "owner", *rest]

    def get_list_select_related(self, request: HttpRequest) -> list[str]:
        names = {field.name for field in self.model._meta.concrete_fields}
        links = [
            name
            for name in self.get_list_display(request)
            if name in names and self.model._meta.get_field(name).is_relation
        ]
        return links

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        return [*self.search_fields, "owner__email"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        fields = [name for name in super().get_fields(request, obj) if name != "owner"]
        return ["owner", *fields]

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        # One by one: each row lets go of what points at it, and knows whom it touches.
        with derived.batch():
            for row in queryset:
                self.delete_model(request, row)


class ReadOnlyAdmin(OwnedAdmin):
    """What code keeps current; to change it by hand would make it wrong."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(
        self, request: HttpRequest, obj: Any = None
    ) -> tuple[str, ...]:
        return tuple(field.name for field in self.model._meta.concrete_fields)


class OwnedInline(_Owned, admin.TabularInline):
    """The rows of one contact, event or interaction, on its page."""

    extra = 0
    show_change_link = True
    classes = ("collapse",)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Any = None
    ) -> tuple[str, ...]:
        return tuple(self.readonly_fields)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        links = [
            field.name
            for field in self.model._meta.concrete_fields
            if isinstance(field, models.ForeignKey)
        ]
        return super().get_queryset(request).select_related(*links)


class _UserCreationForm(AdminUserCreationForm):
    class Meta(AdminUserCreationForm.Meta):
        model = User
        fields = ("email",)
        field_classes = {"email": forms.EmailField}


class _UserChangeForm(UserChangeForm):
    class Meta(UserChangeForm.Meta):
        model = User
        field_classes = {"email": forms.EmailField}


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """With an account goes all that is theirs: Postgres sees to that."""

    form = _UserChangeForm
    add_form = _UserCreationForm
    ordering = ("email",)
    list_display = ("email", "time_zone", "is_staff", "is_active", "last_login")
    list_filter = ("is_staff", "is_active")
    search_fields = ("email", "first_name", "last_name")
    filter_horizontal = ()
    readonly_fields = ("id", "last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "password", "first_name", "last_name")}),
        ("Where they are", {"fields": ("time_zone", "phone_region")}),
        ("What they may do", {"fields": ("is_active", "is_staff", "is_superuser")}),
        ("When", {"fields": ("id", "last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("email", "usable_password", "password1", "password2"),
            },
        ),
    )

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
        # Django would load and list every row; some of them nobody may delete alone.
        users = list(objs)
        told = [f"{user}, with all contacts, events and notes" for user in users]
        return told, {"accounts": len(users)}, set(), []
