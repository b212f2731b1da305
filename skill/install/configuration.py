"""A configuration file of somebody else's: read as it is, written whole or not at all."""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
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


def write(path: Path, data: bytes, like: Path) -> None:
    """A file whole or not at all, with the mode of another where that is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    descriptor = os.open(
        temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600
    )
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileNotFoundError):
            temporary.chmod(stat.S_IMODE(like.stat().st_mode))
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(path.parent)
