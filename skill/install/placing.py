"""A skill folder put in place, replaced or taken away: the whole of it, or nothing.

The new version is written beside the old one, synced, and changes places with it in one step
where the system has such a step (Linux, macOS), in two elsewhere. What an interruption leaves
are hidden folders beside it (``.NAME.new-…``, ``.NAME.old-…``); the next run clears them away,
and puts the old version back where it had not been replaced yet.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import secrets
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from skill.home import sync_folder
from skill.install.contents import runs
from skill.install.installed import RECORD

_AT_FDCWD = -100 if sys.platform.startswith("linux") else -2
_SWAP = 2  # RENAME_EXCHANGE of renameat2(2), RENAME_SWAP of renameatx_np(2)


def make_parents(folder: Path) -> int:
    """Make the folders above a skill folder. Returns how many were not there."""
    missing = 0
    while not folder.parents[missing].exists():
        missing += 1
    folder.parent.mkdir(parents=True, exist_ok=True)
    return missing


def put(folder: Path, sources: Mapping[PurePosixPath, Path], record: str) -> None:
    """Write the files and the record as ``folder``, in the place of what is there.

    Its parent is there already. Raises OSError; then what was there still is.
    """
    with _alone(folder):
        fresh = _beside(folder, "new")
        try:
            _write(fresh, sources, record)
            _take_place(fresh, folder)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
        sync_folder(folder.parent)


def take_away(folder: Path) -> None:
    """Remove a skill folder.

    Raises OSError; then the folder is as it was, or lies hidden beside its place.
    """
    with _alone(folder):
        old = _beside(folder, "old")
        folder.rename(old)
        (old / RECORD).unlink(missing_ok=True)  # without it, it is not put back
        shutil.rmtree(old)


def drop_parents(folder: Path, made: int) -> None:
    """Remove as many folders above a skill folder as were made for it, while they are empty."""
    with contextlib.suppress(OSError):  # others keep something in it
        for parent in folder.parents[: max(made, 0)]:
            parent.rmdir()


def refresh(folder: Path, record: str) -> None:
    """Give an up-to-date folder what it lacks: the record, and the bits that let programs run.

    Archives and other installers lose them. A folder that cannot be written stays as it is.
    """
    with contextlib.suppress(OSError):
        for path in sorted((folder / "scripts").iterdir()):
            if path.is_file() and runs(path.read_bytes()[:2]) and not os.access(path, os.X_OK):
                path.chmod(0o755)
        if not (folder / RECORD).exists():
            _file(folder / RECORD, record.encode())


def clear(folder: Path) -> None:
    """Put right what an interrupted run left beside ``folder``. Raises OSError."""
    if not folder.parent.is_dir():
        return
    with _alone(folder):
        if not os.path.lexists(folder):
            for old in _left(folder, "old"):
                if (old / RECORD).is_file():  # whole: removing begins with the record
                    old.rename(folder)
                    break
        for left in _left(folder, "(?:new|old)"):
            _remove(left)


def _beside(folder: Path, kind: str) -> Path:
    return folder.with_name(f".{folder.name}.{kind}-{secrets.token_hex(4)}")


def _left(folder: Path, kind: str) -> list[Path]:
    """The folders that ``_beside`` named; a link, or any other name, is somebody else's."""
    name = re.compile(rf"\.{re.escape(folder.name)}\.{kind}-[0-9a-f]{{8}}")
    found = [path for path in folder.parent.iterdir() if name.fullmatch(path.name)]
    return [path for path in found if path.is_dir() and not path.is_symlink()]


def _write(folder: Path, sources: Mapping[PurePosixPath, Path], record: str) -> None:
    folder.mkdir()
    # An assistant takes a folder with a SKILL.md for a skill: it comes last.
    for relative in sorted(sources, key=lambda path: path.name == "SKILL.md"):
        path = folder / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        data = sources[relative].read_bytes()
        _file(path, data, 0o755 if runs(data) else 0o644)
    _file(folder / RECORD, record.encode())


def _file(path: Path, data: bytes, mode: int = 0o644) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(mode)


def _take_place(fresh: Path, folder: Path) -> None:
    if not os.path.lexists(folder):
        fresh.rename(folder)
    elif _exchange(fresh, folder):
        _remove(fresh)
    else:
        old = _beside(folder, "old")
        folder.rename(old)
        try:
            fresh.rename(folder)
        except BaseException:
            old.rename(folder)
            raise
        _remove(old)


def _remove(folder: Path) -> None:
    """Remove an old version, its record first: without it, it is not put back."""
    with contextlib.suppress(OSError):
        (folder / RECORD).unlink()
    shutil.rmtree(folder, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; False where the system cannot."""
    name = {"linux": "renameat2", "darwin": "renameatx_np"}.get(sys.platform)
    if name is None:
        return False
    try:
        rename = getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError):  # an old system library
        return False
    done: int = rename(
        _AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), ctypes.c_uint(_SWAP)
    )
    return done == 0


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Held by one process at a time, by a lock on the folder above, which leaves no file."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    descriptor = os.open(folder.parent, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # a file system without locks
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
