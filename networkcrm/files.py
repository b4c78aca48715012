"""Files in the storage, which may be an object store: slow, and at times away."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage, storages
from django.db import transaction
from django.db.models import FileField

from networkcrm.home import SetupError
from networkcrm.owned import Owned


def check() -> None:
    """Raise SetupError when there is no such storage as MEDIA_STORAGE says."""
    try:
        storages["default"]
    except Exception as error:  # it is somebody else's, and so is what it raises
        reason = str(error).partition("\n")[0].rstrip(".")
        raise SetupError(f"MEDIA_STORAGE cannot be used: {reason}.") from error


def forget(names: Iterable[str | None]) -> None:
    """Delete them, if any, as soon as the transaction around us commits.

    What is done is done by then: a file that cannot be deleted stays, which is told
    in the log and to nobody else.
    """
    for name in filter(None, names):
        transaction.on_commit(partial(default_storage.delete, name), robust=True)


def forget_those_of(instance: Any, **kwargs: Any) -> None:
    """Receiver of `pre_delete`: with an account go its rows, by Postgres, and its
    files, by this."""
    for model in apps.get_models():
        if not issubclass(model, Owned):
            continue
        mine = model._base_manager.filter(owner_id=instance.pk)
        for field in model._meta.concrete_fields:
            if isinstance(field, FileField):
                named = mine.exclude(**{field.name: ""})
                forget(named.values_list(field.name, flat=True))
