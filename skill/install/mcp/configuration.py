"""A configuration file of somebody else's: read as it is, written whole or not at all."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from skill.errors import FileError
from skill.home import reason, sync_folder


def target(path: Path) -> Path:
    """Where a path leads: a link is followed, so that it stays one."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        raise FileError(f"{path} is a link that leads nowhere.") from None


def read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise FileError(f"{path} cannot be read: {reason(error)}.") from None


def text(data: bytes | None) -> tuple[str, bytes]:
    """A file's text and the byte order mark before it. Raises ValueError."""
    mark = b"\xef\xbb\xbf"
    data = data or b""
    found, data = (mark, data[3:]) if data.startswith(mark) else (b"", data)
    try:
        return data.decode(), found
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8") from None


class Changed(Exception):
    """Somebody else wrote the file meanwhile."""


def write(path: Path, data: bytes, like: Path) -> None:
    """A file whole or not at all, with the mode of another where that is there."""
    with _fresh(path, data, like) as fresh:
        fresh.replace(path)
    sync_folder(path.parent)


def exchange(path: Path, before: bytes | None, after: bytes | None) -> None:
    """The file ``before`` becomes ``after``; None is no file. Raises Changed where it is another.

    Between the last look and the change lies nothing that waits for a disk: assistants write
    their files while they run.
    """
    if after is None:
        _unchanged(path, before)
        path.unlink()
        return
    with _fresh(path, after, like=path) as fresh:
        _unchanged(path, before)
        fresh.replace(path)
    sync_folder(path.parent)


def _unchanged(path: Path, before: bytes | None) -> None:
    if read(path) != before:
        raise Changed


@contextmanager
def _fresh(path: Path, data: bytes, like: Path) -> Iterator[Path]:
    """A new file beside ``path``, synced; gone again where it was not put anywhere."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    descriptor = os.open(
        fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600
    )
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileNotFoundError):
            fresh.chmod(stat.S_IMODE(like.stat().st_mode))
        yield fresh
    except BaseException:
        with suppress(OSError):
            fresh.unlink()
        raise
