"""Imports say how people were met: LinkedIn's date, one event, through someone."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from connections import chains
from connections.importing.others import Others
from connections.models import Origin, Platform
from contacts.importing.extensions import Extension, SavedForm
from contacts.importing.records import Record, Who
from contacts.models import Import
from networkcrm.models import User
from networkcrm.text import fold

LINK = ("introducer", "introducer_name", "introducer_depth", "contact_depth")
PLATFORMS = {str(label).casefold(): value for value, label in Platform.choices}


class Origins(Extension):
    """Writes origins where there is none."""

    tables = (Origin,)

    def wanting(self, batch: Import, found: Mapping[UUID, Record]) -> dict[UUID, str]:
        ids = [pk for pk, record in found.items() if _origin(batch, pk, record)]
        if not ids:
            return {}
        origins = batch.owner.origins.filter(contact__in=ids)
        known = set(origins.values_list("contact", flat=True))
        me = batch.owner.contacts.filter(is_me=True).values_list("pk", flat=True)
        known |= set(me)
        return {pk: "how you met" for pk in ids if pk not in known}

    def write(
        self, batch: Import, new: Mapping[UUID, Record], found: Mapping[UUID, Record]
    ) -> dict[UUID, Any]:
        wanting = self.wanting(batch, found)
        origins = [_origin(batch, pk, record) for pk, record in new.items()]
        made = [origin for origin in origins if origin]
        later = {pk: _origin(batch, pk, found[pk]) for pk in wanting}
        if batch.met_through_id:
            _put_below(batch, made)
            # They may have brought others, whose depth changes with theirs.
            for pk, origin in list(later.items()):
                if origin and not _refused(origin):
                    origin.save()
                else:
                    del later[pk]
        else:
            made += [origin for origin in later.values() if origin]
        batch.owner.origins.bulk_create(made)
        return {pk: str(origin.pk) for pk, origin in later.items() if origin}

    def finish(self, batch: Import) -> None:
        """Link those who brought others, as the file names them, where it is clear who
        is meant: they may have come with it."""
        owner = batch.owner
        rows = owner.importrows.filter(batch=batch, is_done=True)
        named = owner.origins.filter(
            introducer=None,
            created_at__gte=batch.started_at,
            contact__in=rows.exclude(contact=None).values("contact"),
        ).exclude(introducer_name="")
        origins = list(named.select_related("contact"))
        others = Others(owner, {Who(origin.introducer_name) for origin in origins})
        people = owner.contacts.in_bulk(others.everybody)
        for origin in origins:
            pk = others.find(Who(origin.introducer_name))
            origin.introducer = people.get(pk) if pk else None
            if origin.introducer and not _refused(origin):
                # Without its time: newer is only what the owner did.
                origin.save(update_fields=LINK)

    def undoing(self, batch: Import) -> None:
        """Those who came with it are not held by whom they brought with it."""
        if batch.finished_at is None:
            return
        came = batch.owner.importrows.filter(batch=batch, is_done=True, state="new")
        batch.owner.origins.filter(
            introducer__in=came.values("contact"),
            contact__in=came.values("contact"),
            created_at__gte=batch.started_at,
            updated_at__lte=batch.finished_at,
        ).update(introducer=None, introducer_depth=None)

    def undone(self, batch: Import, notes: Sequence[Any]) -> None:
        """Those who were kept are found again by whom they brought."""
        self.finish(batch)

    def form(self, data: Any, batch: Import) -> SavedForm:
        from connections.forms.imports import WholeImportForm

        return WholeImportForm(data, batch)

    def undo(self, batch: Import, written: Mapping[UUID, Any]) -> None:
        rows = batch.owner.importrows.filter(
            batch=batch, contact__in=written, undo__has_key="extensions"
        )
        since = {row.contact_id: row.updated_at for row in rows}
        for origin in batch.owner.origins.filter(pk__in=written.values()):
            if origin.updated_at <= since[origin.contact_id]:
                origin.delete()


def _origin(batch: Import, contact_id: UUID, record: Record) -> Origin | None:
    """How this person was met as far as the import knows, not saved."""
    through, event = batch.met_through, batch.event
    met = record.connected_on or record.noticed or record.place or record.introducer
    if not (through or event or met or record.story):
        return None
    if through and through.pk == contact_id:
        return None
    origin = Origin(
        owner=batch.owner,
        contact_id=contact_id,
        how=_how(record),
        in_person=True if record.in_person else None,
        introducer_name=record.introducer,
        platform=PLATFORMS.get(record.platform.casefold(), ""),
        place=record.place,
        on=record.connected_on,
        story=record.story,
    )
    if through:
        if record.introducer and fold(record.introducer) != fold(through.full_name):
            also = f"{record.introducer} introduced you."
            origin.story = "\n\n".join(filter(None, [also, record.story]))
        origin.how = Origin.How.INTRODUCTION
        origin.introducer = through
        origin.introducer_name = through.full_name
    elif event and not record.introducer:
        origin.how = Origin.How.EVENT
    if event:
        origin.event = event
        origin.event_name = event.name
        # Met there and then; when they connected online is another matter.
        origin.on = event.partial_date
        origin.platform = ""
        if record.connected_on and record.in_person:
            origin.on = record.connected_on
        elif record.connected_on:
            where = f" on {record.platform}" if record.platform else ""
            said = f"Connected{where} on {record.connected_on.words}."
            origin.story = "\n\n".join(filter(None, [said, record.story]))
    origin.in_person = origin.in_person_or_not()
    return origin


def _how(record: Record) -> Origin.How:
    if record.introducer:
        return Origin.How.INTRODUCTION
    if record.platform or record.noticed or (record.connected_on and not record.place):
        return Origin.How.OTHER if record.in_person else Origin.How.ONLINE
    return Origin.How.OTHER


def _put_below(batch: Import, origins: list[Origin]) -> None:
    """New contacts stand one step behind the person they came through (chains.py)."""
    owner = batch.owner
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    assert batch.met_through is not None
    through = owner.contacts.filter(pk=batch.met_through.pk)
    depth = through.values_list("chain_depth", flat=True).get()
    for origin in origins:
        origin.introducer_depth = depth
        origin.contact_depth = depth + 1
    ids = [origin.contact_id for origin in origins]
    owner.contacts.filter(pk__in=ids).update(chain_depth=depth + 1)


def _refused(origin: Origin) -> bool:
    try:
        chains.refuse_cycle(origin)
    except chains.Cycle:
        return True
    return False
