from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_save


class ConnectionsConfig(AppConfig):
    name = "connections"

    def ready(self) -> None:
        from django.conf import settings

        from connections import (  # noqa: F401
            chains,
            contact_filters,
            importing,
            panels,
            search,
            stages,
            undoing,
            undoing_introductions,
            undoing_outcomes,
            undoing_relationships,
        )
        from connections.merging import OfConnections
        from contacts import merging, purging
        from contacts.forms import filters
        from contacts.importing import extensions
        from contacts.panels import register
        from networkcrm import derived

        derived.register(stages.refresh)
        search.register()
        filters.register(contact_filters.fields, contact_filters.narrow)
        merging.register(OfConnections())
        purging.orphaned.append(chains.shorten)
        for part in (importing.Origins, importing.Happenings, importing.Relations):
            extensions.register(part())
        post_save.connect(
            _give_first_kinds,
            sender=settings.AUTH_USER_MODEL,
            dispatch_uid="connections.first_kinds",
        )
        register("actions", 5, panels.introduce_button)
        register("actions", 7, panels.reach_button)
        register("actions", 10, panels.log_button)
        register("actions", 20, panels.want_button)
        register("main", 5, panels.wanted_and_met)
        register("main", 10, panels.how_you_met)
        register("main", 20, panels.since_then)
        register("side", 15, panels.introductions)
        register("side", 10, panels.outcomes)
        register("side", 20, panels.brought)
        register("side", 30, panels.knows)


def _give_first_kinds(
    instance: Any, created: bool, raw: bool = False, **kwargs: Any
) -> None:
    """A new account knows what people can be to each other."""
    if not created or raw:
        return
    from connections.models import RelationshipKind

    kinds = [
        RelationshipKind(owner=instance, name=name, inverse_name=inverse)
        for name, inverse in RelationshipKind.FIRST
    ]
    for kind in kinds:
        kind.clean()
    RelationshipKind.objects.bulk_create(kinds)
