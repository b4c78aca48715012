"""Rows that belong to one owner, and links that never leave that owner.

Every statement on these tables names the owner as a constant, so that a table
can be spread over machines by owner and no index but an owner's own is read.
"""

import os
import time
import uuid
from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import migrations, models, transaction
from django.db.models.fields.related_descriptors import (
    ForwardManyToOneDescriptor,
    ForwardOneToOneDescriptor,
    ReverseManyToOneDescriptor,
    ReverseOneToOneDescriptor,
)
from django.db.models.lookups import Exact
from django.db.models.sql.where import WhereNode
from django.utils.functional import cached_property

from networkcrm import derived


def uuid7() -> uuid.UUID:
    """A UUID that sorts by time, microseconds in rand_a (RFC 9562, 5.7, 6.2)."""
    nanoseconds = time.time_ns()
    milliseconds, rest = divmod(nanoseconds, 1_000_000)
    value = milliseconds << 80 | 0x7 << 76 | (rest * 4096 // 1_000_000) << 64
    value |= 0b10 << 62 | int.from_bytes(os.urandom(8)) >> 2
    return uuid.UUID(int=value)


class OwnedQuerySet(models.QuerySet[Any]):
    def of(self, owner_id: uuid.UUID) -> Self:
        return self.filter(owner_id=owner_id)


class Owned(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DB_CASCADE,
        related_name="%(class)ss",
        db_index=False,
        editable=False,
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            derived.touch(self.owner_id, self.touches())

    def touches(self) -> Iterable[uuid.UUID | None]:
        """The contacts whose stage and search row depend on this row."""
        return []

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            touched = list(self.touches())
            self._let_go()
            mine = type(self)._base_manager.filter(owner_id=self.owner_id, pk=self.pk)
            done = mine.delete()
            derived.touch(self.owner_id, touched)
            return done

    def _let_go(self) -> None:
        """Clear the links to this row that Postgres would refuse to leave dangling."""
        for relation in self._meta.related_objects:
            field = relation.field
            if getattr(field, "on_database_delete", "") == "NO ACTION":
                rows = relation.related_model._base_manager
                theirs = rows.filter(owner_id=self.owner_id, **{field.name: self.pk})
                theirs.update(**{field.name: None})

    def refresh_from_db(
        self, using: Any = None, fields: Any = None, from_queryset: Any = None
    ) -> None:
        if from_queryset is None:
            from_queryset = type(self)._base_manager.filter(owner_id=self.owner_id)
        super().refresh_from_db(using, fields, from_queryset)

    def validate_unique(self, exclude: Any = None) -> None:
        # A new UUID is not there yet: asking for it would ask every owner's rows.
        super().validate_unique({*(exclude or ()), "id"})

    def _do_update(self, base_qs: Any, *args: Any, **kwargs: Any) -> Any:
        return super()._do_update(
            base_qs.filter(owner_id=self.owner_id), *args, **kwargs
        )


class _Forward(ForwardManyToOneDescriptor):
    def get_queryset(self, *, instance: Any) -> Any:
        return (
            super().get_queryset(instance=instance).filter(owner_id=instance.owner_id)
        )


class _ForwardOne(ForwardOneToOneDescriptor):
    def get_queryset(self, *, instance: Any) -> Any:
        return (
            super().get_queryset(instance=instance).filter(owner_id=instance.owner_id)
        )


class _ReverseOne(ReverseOneToOneDescriptor):
    def get_queryset(self, *, instance: Any) -> Any:
        return (
            super().get_queryset(instance=instance).filter(owner_id=instance.owner_id)
        )


class _Reverse(ReverseManyToOneDescriptor):
    @cached_property
    def related_manager_cls(self) -> Any:
        class Manager(super().related_manager_cls):  # type: ignore[misc]
            def __init__(self, instance: Any) -> None:
                super().__init__(instance)
                self.core_filters["owner_id"] = instance.owner_id

            def create(self, **kwargs: Any) -> Any:
                return super().create(owner_id=self.instance.owner_id, **kwargs)

            def get_prefetch_querysets(
                self, instances: Any, querysets: Any = None
            ) -> Any:
                queryset = querysets[0] if querysets else self.model._base_manager.all()
                queryset = queryset.filter(owner_id=instances[0].owner_id)
                return super().get_prefetch_querysets(instances, [queryset])

        return Manager


class _OwnedLink:
    """A link that Postgres keeps within one owner: see `link` below.

    The foreign key of the database is the composite one made in a migration;
    Django makes no column-only key of its own and leaves deleting to Postgres.
    """

    on_database_delete: str

    def _link_init(self, kwargs: dict[str, Any]) -> None:
        self.on_database_delete = kwargs.pop("on_database_delete", "CASCADE")
        kwargs.update(on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)

    def get_extra_restriction(self, alias: str, related_alias: str) -> WhereNode:
        # A join stays within the owner too, so that one constant holds for both.
        owner = self.model._meta.get_field("owner")  # type: ignore[attr-defined]
        same = Exact(owner.get_col(alias), owner.get_col(related_alias))
        return WhereNode([same])  # type: ignore[list-item]

    def validate(self, value: Any, model_instance: Any) -> None:
        """As Django does, among the owner's rows only."""
        models.Field.validate(self, value, model_instance)  # type: ignore[arg-type]
        if value is None:
            return
        to: Any = self.remote_field.model  # type: ignore[attr-defined]
        mine = to._base_manager.filter(owner_id=model_instance.owner_id, pk=value)
        if not mine.exists():
            raise ValidationError(
                self.error_messages["invalid"],  # type: ignore[attr-defined]
                code="invalid",
                params={
                    "model": to._meta.verbose_name,
                    "pk": value,
                    "field": to._meta.pk.name,
                    "value": value,
                },
            )

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()  # type: ignore[misc]
        for key in ("on_delete", "db_constraint", "db_index"):
            kwargs.pop(key, None)
        if self.on_database_delete != "CASCADE":
            kwargs["on_database_delete"] = self.on_database_delete
        return name, path, args, kwargs


class OwnedForeignKey(_OwnedLink, models.ForeignKey):
    """To a row of the same owner. "NO ACTION" is for what code clears first."""

    related_accessor_class = _Reverse
    forward_related_accessor_class = _Forward

    def __init__(self, to: Any, **kwargs: Any) -> None:
        self._link_init(kwargs)
        super().__init__(to, **kwargs)


class OwnedOneToOneField(_OwnedLink, models.OneToOneField):
    related_accessor_class = _ReverseOne
    forward_related_accessor_class = _ForwardOne

    def __init__(self, to: Any, **kwargs: Any) -> None:
        self._link_init(kwargs)
        super().__init__(to, **kwargs)
        # Unique per owner, by a UniqueConstraint of the model that starts with it.
        self._unique = False


def link(
    table: str, column: str, target: str, on_delete: str = "CASCADE"
) -> migrations.RunSQL:
    """The composite foreign key behind an OwnedForeignKey.

    `on_delete` is CASCADE or NO ACTION. Checked at the end of the transaction,
    so that rows that point at each other can be written in any order.
    """
    name = f"{table}_{column}_same_owner"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name}"
        f" FOREIGN KEY (owner_id, {column}) REFERENCES {target} (owner_id, id)"
        f" ON DELETE {on_delete} DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


def owner_and_id(model_name: str) -> models.UniqueConstraint:
    """The target of composite foreign keys, which every owned table has."""
    return models.UniqueConstraint(
        fields=["owner", "id"], name=f"{model_name}_owner_id_key"
    )
