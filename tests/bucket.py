"""A storage without a file system, as an object store is: names, bytes, no paths."""

import hashlib
import io
import os
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import Storage
from django.utils.deconstruct import deconstructible


@deconstructible
class Bucket(Storage):
    """Keeps each object under a name that says nothing, in a folder.

    What an object store does not do raises: there is no path(), no url(), and what was
    opened is a copy to read, from wherever in it one likes.
    """

    def __init__(self, folder: str) -> None:
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)

    def _object(self, name: str) -> Path:
        return self.folder / hashlib.sha256(name.encode()).hexdigest()

    def _open(self, name: str, mode: str = "rb") -> File:
        assert mode == "rb", "What is in a bucket is read, or replaced."
        return File(io.BytesIO(self._object(name).read_bytes()), name)

    def _save(self, name: str, content: Any) -> str:
        written = self.folder / f".{os.getpid()}"
        written.write_bytes(b"".join(content.chunks()))
        written.rename(self._object(name))
        return name

    def exists(self, name: str) -> bool:
        return self._object(name).exists()

    def delete(self, name: str) -> None:
        self._object(name).unlink(missing_ok=True)

    def names(self) -> set[str]:
        """Of the objects there are; for tests."""
        return {file.name for file in self.folder.iterdir()}
