"""Media by content hash: a file is whole, synced and under its name, or it is not there."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_HASH = re.compile(r"[0-9a-f]{64}")


class Files:
    """``folder``/aa/aabb…: the SHA-256 of the content, spread over 256 folders."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._incoming = folder / "incoming"
        # Whatever lies here was never acknowledged: its writer was killed.
        shutil.rmtree(self._incoming, ignore_errors=True)
        self._incoming.mkdir(parents=True)
        self.moving = threading.Lock()  # held while a file gets its name, or is deleted

    def receive(self) -> Incoming:
        """A new file to write into; ``keep`` it or ``discard`` it."""
        return Incoming(self, self._incoming / uuid.uuid4().hex)

    def path(self, content_hash: str) -> Path:
        """Where a content hash lies. Raises KeyError for what is none."""
        if not _HASH.fullmatch(content_hash):
            raise KeyError(content_hash)
        return self.folder / content_hash[:2] / content_hash

    def all(self) -> Iterator[Path]:
        """Every file that is kept."""
        for path in self.folder.glob("[0-9a-f][0-9a-f]/*"):
            if _HASH.fullmatch(path.name):
                yield path

    def delete(self, content_hash: str, before: float) -> None:
        """Delete a file that came before a time (epoch s): one that came again stays."""
        path = self.path(content_hash)
        with self.moving, contextlib.suppress(OSError):
            if path.stat().st_mtime < before:
                path.unlink()

    def has(self, content_hash: str) -> bool:
        return bool(_HASH.fullmatch(content_hash)) and self.path(content_hash).is_file()


class Incoming:
    """A file on its way in: hashed while it is written."""

    def __init__(self, files: Files, path: Path) -> None:
        self._files = files
        self.path = path
        self.size = 0
        self._digest = hashlib.sha256()
        self._file: BinaryIO = path.open("xb")

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self._digest.update(data)
        self.size += len(data)

    def finish(self) -> None:
        """All bytes are written: on disk, and readable under ``path``."""
        if not self._file.closed:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()

    def keep(self) -> str:
        """Move the file to its content hash, which is returned."""
        self.finish()
        content_hash = self._digest.hexdigest()
        target = self._files.path(content_hash)
        target.parent.mkdir(exist_ok=True)
        with self._files.moving:
            self.path.replace(target)
        sync_folder(target.parent)
        return content_hash

    def discard(self) -> None:
        self._file.close()
        self.path.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make a rename inside ``folder`` survive a power cut, where the system can."""
    with contextlib.suppress(OSError):  # Windows opens no folders
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
