"""Encoded pieces kept between renders, each in a file named by the hash of what it depends on."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import time
from functools import lru_cache
from pathlib import Path

import av
import cv2
import numpy as np

from skill.studio.render import packets
from skill.studio.render.packets import Packets

ROOM = 2 * 1024**3
"""Bytes that the cache may take; what was not used for longest goes first."""

_ENDING = ".pieces"
_PART = ".part"
_ABANDONED = 3600  # s after which nobody writes to a part any more


class Cache:
    """A folder of packets. Torn or foreign files count as missing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def get(self, key: str) -> Packets | None:
        path = self._path(key)
        try:
            found = packets.from_bytes(path.read_bytes())
            os.utime(path)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return found

    def has(self, key: str) -> bool:
        return self._path(key).is_file()

    def put(self, key: str, made: Packets) -> None:
        """Keep packets; whole or not at all, whatever happens meanwhile. May raise OSError."""
        handle, name = tempfile.mkstemp(dir=self._folder, suffix=_PART)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(made.to_bytes())
            Path(name).replace(self._path(key))
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def prune(self, room: int = ROOM) -> None:
        """Delete the pieces that were not used for longest, until the rest fits into ``room``."""
        for path in self._folder.glob(f"*{_PART}"):
            with contextlib.suppress(OSError):
                if time.time() - path.stat().st_mtime > _ABANDONED:
                    path.unlink()
        found = []
        for path in self._folder.iterdir():  # the music that is kept here too
            if path.suffix == _PART:
                continue
            with contextlib.suppress(OSError):
                state = path.stat()
                found.append((state.st_mtime, state.st_size, path))
        taken = sum(size for _, size, _ in found)
        for _, size, path in sorted(found):
            if taken <= room:
                return
            with contextlib.suppress(OSError):
                path.unlink()
                taken -= size

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}{_ENDING}"


@lru_cache(maxsize=1)
def makers() -> str:
    """A hash of the code and the libraries that draw and encode: another make, another cache."""
    digest = hashlib.sha256()
    digest.update(f"{av.__version__} {av.library_versions} {cv2.__version__} ".encode())
    digest.update(np.__version__.encode())
    studio = Path(__file__).parent.parent
    for room in ("render", "generate"):
        for path in sorted((studio / room).rglob("*")):
            if "__pycache__" in path.parts or not path.is_file():
                continue
            digest.update(str(path.relative_to(studio)).encode())
            # Code and words are small and count by content; fonts by size.
            small = path.suffix in (".py", ".json")
            digest.update(path.read_bytes() if small else str(path.stat().st_size).encode())
    return digest.hexdigest()[:16]
