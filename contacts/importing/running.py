"""An import from its file to its report, a chunk at a time.

Every chunk is one transaction with the rows it reports and the count of what is
done: a worker that is killed loses the chunk it was in and nothing else, and
whoever goes on begins after the last whole chunk.
"""

import logging
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import IO

from django.core.files.base import ContentFile
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone

from contacts import photos
from contacts.importing import extensions
from contacts.importing.comparing import Planned, State
from contacts.importing.locking import again_when_unlucky, hold_owner
from contacts.importing.planning import Seen, plan
from contacts.importing.readers import READERS
from contacts.importing.records import Myself, Record, Unread
from contacts.importing.writing import write, write_preview
from contacts.models import (
    Contact,
    ContactMethod,
    ContactTag,
    Import,
    ImportantDate,
    ImportRow,
    Organization,
    SearchRow,
    SearchWord,
    Tag,
)
from networkcrm import derived, files
from networkcrm.copying import analyze_grown
from networkcrm.models import User

logger = logging.getLogger(__name__)

CHUNK = 500
# A chunk with photos ends earlier, to keep memory flat.
CHUNK_BYTES = 16 << 20
# Nothing that one record is to blame for; all else leaves out that record alone.
PASSED_ON = (OperationalError, InterfaceError, OSError, MemoryError)
COUNTS = {
    State.NEW: "created",
    State.CHANGED: "updated",
    State.SAME: "skipped",
    State.SKIPPED: "skipped",
    State.UNREADABLE: "failed",
}
TABLES = (
    Contact,
    ContactMethod,
    ContactTag,
    ImportantDate,
    ImportRow,
    Organization,
    SearchRow,
    SearchWord,
    Tag,
)
# After so many rows, look whether the tables have grown.
LOOK_AFTER = 400
Numbered = list[tuple[int, Record | Unread]]


class NoLongerMine(Exception):
    """Someone else goes on with this import, or it was stopped."""


def chunks(items: Iterator[Record | Unread], after: int) -> Iterator[Numbered]:
    """The items after the first `after`, with their numbers from 1, in chunks."""
    chunk: Numbered = []
    size = 0
    for number, item in enumerate(islice(items, after, None), after + 1):
        chunk.append((number, item))
        size += _weight(item) if isinstance(item, Record) else 0
        if len(chunk) >= CHUNK or size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _weight(record: Record) -> int:
    """About how many bytes it takes to hold and to write."""
    texts = sum(200 + len(happening.text) for happening in record.happenings)
    return len(record.photo) + texts + 200 * len(record.relations)


def _rows(item: Record | Unread) -> int:
    """At most so many rows of one table come of it."""
    if isinstance(item, Unread):
        return 1
    return 1 + len(item.happenings) + len(item.relations)


def myself(owner: User) -> Myself:
    """Who in a file is the owner. Two queries."""
    me = owner.contacts.values_list("pk", "sort_key").get(is_me=True)
    mails = owner.contactmethods.filter(contact=me[0], kind="email")
    emails = {owner.email.casefold(), *mails.values_list("normalized", flat=True)}
    return Myself(owner.tz, frozenset([me[1]]), frozenset(emails))


def items_of(owner: User, batch: Import, file: IO[bytes]) -> Iterator[Record | Unread]:
    """What its reader finds in the file, with what is said of everybody in it."""
    told = [batch.columns] if batch.columns else []
    for item in READERS[batch.source].read(file, myself(owner), *told):
        if batch.tags and isinstance(item, Record) and not item.is_me:
            item.tags += [tag for tag in batch.tags if tag not in item.tags]
        yield item


def _only_checked(data: bytes) -> ContentFile:
    """For previews, which do not hold on to the picture. Raises ValidationError."""
    return ContentFile(b"", photos.cleaned(data).name)


def counted(planned: list[Planned]) -> dict[str, int]:
    counts = dict.fromkeys(["created", "updated", "skipped", "failed"], 0)
    for row in planned:
        counts[COUNTS[row.state]] += 1
    return counts | {"read": len(planned)}


def look_through(
    owner: User, batch: Import, file: IO[bytes]
) -> Iterator[list[Planned]]:
    """What the import of this file would do, in chunks. Nothing is written."""
    seen = Seen()
    for chunk in chunks(items_of(owner, batch, file), 0):
        try:
            yield plan(owner, batch, chunk, _only_checked, seen)
        except PASSED_ON:
            raise
        except Exception:
            planned = [_look_at_one(owner, batch, pair, seen) for pair in chunk]
            yield [row for rows in planned for row in rows]


def _look_at_one(
    owner: User, batch: Import, pair: tuple[int, Record | Unread], seen: Seen
) -> list[Planned]:
    try:
        return plan(owner, batch, [pair], _only_checked, seen)
    except PASSED_ON:
        raise
    except Exception as error:
        logger.exception("Import %s, line %s", batch.pk, pair[1].line)
        return plan(owner, batch, [_refused(pair, error)], _only_checked)


def _refused(pair: tuple[int, Record | Unread], error: Exception) -> tuple[int, Unread]:
    """What stands in the report for a record that nobody knew to refuse before."""
    number, item = pair
    why = str(error).partition("\n")[0]
    name = item.full_name if isinstance(item, Record) else item.name
    return number, Unread(item.line, f"This could not be written ({why}).", name)


def read(owner: User, batch: Import) -> None:
    """Make the preview of an import that is being read, and leave it to be looked at.

    Begins anew when it was interrupted. Raises NoLongerMine when it was discarded.
    """
    with transaction.atomic():
        _hold(owner, batch, Import.State.READING)
        owner.importrows.filter(batch=batch).delete()
        _say(owner, batch, position=0, **dict.fromkeys([*COUNTS.values(), "read"], 0))
    with batch.file.open("rb") as file:
        for planned in look_through(owner, batch, file):
            with transaction.atomic():
                _hold(owner, batch, Import.State.READING)
                write_preview(owner, batch, planned)
                _say(owner, batch, position=file.tell(), **_added(planned))
    with transaction.atomic():
        _hold(owner, batch, Import.State.READING)
        _say(owner, batch, state=Import.State.PREVIEW)


def run(owner: User, batch: Import, file: IO[bytes] | None = None) -> None:
    """Write what the file holds, from where the last run was interrupted.

    `file` is the file when the batch has none in the storage. The file of the batch is
    deleted at the end. Raises NoLongerMine when another run overtook this one.
    """
    with transaction.atomic():
        _hold(owner, batch, Import.State.RUNNING)
        if not batch.done_rows:
            zero = dict.fromkeys([*COUNTS.values(), "read"], 0)
            batch.started_at = timezone.now()
            _say(owner, batch, position=0, started_at=batch.started_at, **zero)
    source = file or batch.file.open("rb")
    brought = 0
    try:
        for chunk in chunks(items_of(owner, batch, source), batch.done_rows):
            try:
                _write_chunk(owner, batch, chunk, source.tell())
            except (NoLongerMine, *PASSED_ON):
                raise
            except Exception:
                # One of them is to blame: only that one is left out.
                for pair in chunk:
                    _write_one(owner, batch, pair, source.tell())
            brought += sum(_rows(item) for _number, item in chunk)
            if brought >= LOOK_AFTER:
                analyze_grown(
                    *TABLES, *(t for e in extensions.registered for t in e.tables)
                )
                brought = 0
    finally:
        if file is None:
            source.close()
    again_when_unlucky(partial(_finish, owner, batch))
    forget_file(owner, batch)


def _finish(owner: User, batch: Import) -> None:
    with derived.batch():
        hold_owner(owner)
        _hold(owner, batch, Import.State.RUNNING)
        for extension in extensions.registered:
            extension.finish(batch)
        _say(owner, batch, state=Import.State.DONE, finished_at=timezone.now())


def _write_chunk(owner: User, batch: Import, chunk: Numbered, position: int) -> None:
    again_when_unlucky(partial(_write_it, owner, batch, chunk, position))


def _write_it(owner: User, batch: Import, chunk: Numbered, position: int) -> None:
    with derived.batch():
        hold_owner(owner)
        _hold(owner, batch, Import.State.RUNNING, chunk[0][0] - 1)
        planned = plan(owner, batch, chunk, photos.cleaned, lock=True)
        write(owner, batch, planned)
        done = F("done_rows") + len(planned)
        _say(owner, batch, position=position, done_rows=done, **_added(planned))


def _write_one(
    owner: User, batch: Import, pair: tuple[int, Record | Unread], position: int
) -> None:
    try:
        _write_chunk(owner, batch, [pair], position)
    except (NoLongerMine, *PASSED_ON):
        raise
    except Exception as error:
        logger.exception("Import %s, line %s", batch.pk, pair[1].line)
        _write_chunk(owner, batch, [_refused(pair, error)], position)


def fail(owner: User, batch: Import, error: str) -> None:
    """Leave a batch that cannot go on; what is written stays and can be undone."""
    with suppress(NoLongerMine), transaction.atomic():
        _hold(owner, batch, Import.State.READING, Import.State.RUNNING)
        _say(owner, batch, state=Import.State.FAILED, error=error[:500])
        # It never goes on: what can be undone needs no file.
        forget_file(owner, batch)


def forget_file(owner: User, batch: Import) -> None:
    """The uploaded file has done its work: addresses do not lie about."""
    if batch.file:
        files.forget([batch.file.name])
        batch.file = ""
        _say(owner, batch, file="")


def _added(planned: list[Planned]) -> dict[str, object]:
    return {name: F(name) + count for name, count in counted(planned).items() if count}


def _hold(owner: User, batch: Import, *expected: Import.State | int) -> None:
    """Keep others from this batch until the transaction ends.

    Raises NoLongerMine when its state is none of those expected, or the number of rows
    done is not the one given last.
    """
    states = [value for value in expected if not isinstance(value, int)]
    found = (
        owner.imports.select_for_update(no_key=True)
        .filter(pk=batch.pk)
        .values("state", "done_rows")
        .first()
    )
    if found is None or found["state"] not in states:
        raise NoLongerMine
    if any(isinstance(v, int) and v != found["done_rows"] for v in expected):
        raise NoLongerMine


def _say(owner: User, batch: Import, **fields: object) -> None:
    owner.imports.filter(pk=batch.pk).update(updated_at=timezone.now(), **fields)
