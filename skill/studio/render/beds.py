"""Composed music, kept on disk: an edit of anything else need not compose it again."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from skill.studio.generate.music import compose

Bed = NDArray[np.int16]

_ROOM = 300 * 2**20  # bytes of beds that are kept; the ones not used for longest go


def bed(mood: str, seconds: float, seed: int, rate: int, cache: Path | None) -> Bed:
    """Music as 16-bit samples (n, 2), 11.5 MB a minute at 48 kHz; from ``cache`` where it is there.

    A file that is broken, or a folder that cannot be written to, costs only time.
    """
    if cache is None:
        return _made(mood, seconds, seed, rate)
    count = round(seconds * rate)
    name = hashlib.sha256(f"{mood} {count} {seed} {rate} {_version()}".encode()).hexdigest()
    path = cache / f"music-{name[:32]}.npy"
    with contextlib.suppress(OSError, ValueError, EOFError):
        kept: Bed = np.load(path, mmap_mode="r")
        if kept.shape == (count, 2) and kept.dtype == np.int16:
            os.utime(path)
            return kept
    made = _made(mood, seconds, seed, rate)
    with contextlib.suppress(OSError):
        _keep(made, path)
    return made


def _made(mood: str, seconds: float, seed: int, rate: int) -> Bed:
    sound = compose(mood, seconds, seed, rate)
    sound *= 32767
    return np.rint(sound, out=sound).astype(np.int16)


def _keep(made: Bed, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent, prefix="music-", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            np.save(file, made)
        Path(part).replace(path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
    taken = 0
    for old in sorted(path.parent.glob("music-*.npy"), key=lambda p: -p.stat().st_mtime):
        taken += old.stat().st_size
        if taken > _ROOM and old != path:
            old.unlink(missing_ok=True)


@lru_cache(maxsize=1)
def _version() -> str:
    """What changes when music is composed differently: the code and the data that make it."""
    folder = Path(compose.__code__.co_filename).parent
    digest = hashlib.sha256()
    for file in sorted(
        [*folder.parent.glob("*.py"), *folder.rglob("*.py"), *folder.rglob("*.json")]
    ):
        digest.update(file.read_bytes())
    return digest.hexdigest()
