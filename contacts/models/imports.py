from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from contacts.models.contacts import Contact
from networkcrm import files
from networkcrm.owned import Owned, OwnedForeignKey, owner_and_id

COUNTS = ("read", "created", "updated", "skipped", "failed")


class Import(Owned):
    """One file brought in: a batch that can be looked at before and undone after."""

    class State(models.TextChoices):
        MAPPING = "mapping", "waiting for its columns"
        READING = "reading", "being read"
        PREVIEW = "preview", "ready to look at"
        RUNNING = "running", "being written"
        DONE = "done", "done"
        FAILED = "failed", "failed"
        UNDOING = "undoing", "being undone"
        UNDONE = "undone", "undone"

    WORKING = (State.READING, State.RUNNING, State.UNDOING)
    # So long without a chunk, and nobody works on it any more.
    STUCK_AFTER = timedelta(minutes=3)

    source = models.CharField(max_length=20)
    file_name = models.CharField(max_length=255)
    file = models.FileField(upload_to="imports/%Y", blank=True)
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.READING
    )
    error = models.CharField(max_length=500, blank=True)
    # How a table of the owner's own is read: see contacts/importing/columns.py.
    columns = models.JSONField(default=dict, blank=True, editable=False)
    # For everybody in the file.
    tags = models.JSONField(default=list, blank=True)
    met_through = OwnedForeignKey(
        Contact,
        null=True,
        blank=True,
        related_name="imports_met_through",
        on_database_delete="NO ACTION",
    )
    event = OwnedForeignKey(
        "events.Event",
        null=True,
        blank=True,
        related_name="imports",
        on_database_delete="NO ACTION",
    )
    read = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    # Of what was done, undo left this many because the owner had added to them.
    kept = models.PositiveIntegerField(default=0)
    done_rows = models.PositiveIntegerField(default=0)
    # Bytes of the file, and how many of them the running job has read.
    size = models.PositiveBigIntegerField(default=0)
    position = models.PositiveBigIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [owner_and_id("import")]
        indexes = [
            models.Index(F("owner"), F("created_at").desc(), name="import_latest")
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("import_detail", kwargs={"import_id": self.pk})

    @property
    def is_working(self) -> bool:
        return self.state in self.WORKING

    @property
    def is_stuck(self) -> bool:
        return self.is_working and self.updated_at < timezone.now() - self.STUCK_AFTER

    @property
    def can_be_undone(self) -> bool:
        finished = self.state in (self.State.DONE, self.State.FAILED)
        return bool(self.created or self.updated) and (finished or self.is_stuck)

    @property
    def can_be_discarded(self) -> bool:
        before = (self.State.MAPPING, self.State.READING, self.State.PREVIEW)
        return self.state in before or (
            self.state == self.State.FAILED and not (self.created or self.updated)
        )

    @property
    def percent(self) -> int:
        return min(100, 100 * self.position // self.size) if self.size else 0

    def go_on(self) -> bool:
        """Put the next step, or the one that is stuck, to the worker. Once, however
        often it is asked for: False when there is nothing to do."""
        if self.is_stuck and (self.file or self.state == State.UNDOING):
            return self._step([State(self.state)], State(self.state))
        # What the preview counted, the run counts anew.
        zero = dict.fromkeys(COUNTS, 0)
        return self._step([State.PREVIEW], State.RUNNING, **zero)

    def settle_columns(self, columns: dict[str, Any]) -> bool:
        """Read it like that from now on; False when it is being read already."""
        return self._step([State.MAPPING], State.READING, columns=columns)

    def ask_for_columns(self) -> bool:
        """Back from the preview; False when there is no way back any more."""
        mine = Import.objects.filter(owner_id=self.owner_id, pk=self.pk)
        waiting = mine.filter(state=State.PREVIEW).exclude(columns={})
        zero = dict.fromkeys(COUNTS, 0)
        now = timezone.now()
        return bool(waiting.update(state=State.MAPPING, updated_at=now, **zero))

    def take_back(self) -> bool:
        """Let the worker undo it all; False when there is nothing to undo."""
        return self.can_be_undone and self._step([State(self.state)], State.UNDOING)

    def _step(self, before: Collection[State], after: State, **fields: Any) -> bool:
        from contacts import tasks

        mine = Import.objects.filter(owner_id=self.owner_id, pk=self.pk)
        with transaction.atomic():
            now = timezone.now()
            unchanged = mine.filter(state__in=before, updated_at=self.updated_at)
            if not unchanged.update(state=after, position=0, updated_at=now, **fields):
                return False
            tasks.import_step.enqueue(str(self.owner_id), str(self.pk))
            return True

    def discard(self) -> None:
        """Forget it before anything was written, file and all."""
        name = self.file.name
        self.delete()
        files.forget([name])


State = Import.State


class ImportRow(Owned):
    """One record of the file: what was found, what was done, and how to undo it."""

    class State(models.TextChoices):
        NEW = "new", "new"
        CHANGED = "changed", "changed"
        SAME = "same", "same"
        SKIPPED = "skipped", "left out"
        UNREADABLE = "unreadable", "unreadable"

    batch = OwnedForeignKey(Import, related_name="rows")
    number = models.PositiveIntegerField()
    line = models.PositiveIntegerField()
    name = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State.choices)
    reason = models.CharField(max_length=500, blank=True)
    contact = OwnedForeignKey(
        Contact,
        null=True,
        related_name="import_rows",
        on_database_delete="NO ACTION",
    )
    # What is new, as the page says it: "birthday", "phone +49 …".
    changes = models.JSONField(default=list)
    undo = models.JSONField(default=dict)
    is_done = models.BooleanField(default=False)

    class Meta:
        constraints = [
            owner_and_id("importrow"),
            models.UniqueConstraint(
                fields=["owner", "batch", "number"], name="importrow_number_once"
            ),
        ]
        indexes = [
            models.Index(
                F("owner"),
                F("batch"),
                F("state"),
                F("number"),
                name="importrow_by_state",
            ),
            models.Index(F("owner"), F("contact"), name="importrow_of_contact"),
        ]
