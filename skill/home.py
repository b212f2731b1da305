"""The folder that holds our state (AI_VIDEO_HOME): small JSON files, and locks.

Many processes share it, since an assistant may run turns side by side. A file is written
whole or not at all (a new file, synced, then renamed), mode 600 from its first byte, in a
folder of mode 700. Locks are the operating system's, so a process that dies holds none.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import secrets
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

from skill.errors import StateError

# A process may hold the token's lock while it waits to ask again, twice AI_VIDEO_RETRY_AFTER.
LOCK_TIMEOUT = 180.0

_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class Notice(NamedTuple):
    """A line for the user about what came up: a sentence of skill.phrases about a file."""

    key: str
    name: str


class Home:
    """The state folder. Nothing is made on disk before it is needed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notices: list[Notice] = []

    def prepare(self) -> Path:
        """Make the folder, for nobody but its owner. Raises StateError."""
        with self._plainly():
            try:
                self.path.mkdir(0o700, parents=True)
            except FileExistsError:
                self._close_to_others()
        return self.path

    @contextlib.contextmanager
    def lock(self, name: str, timeout: float = LOCK_TIMEOUT) -> Iterator[None]:
        """Hold a lock of that name between processes and threads; not to be taken twice.

        It is released by the end of the block, and by death. Raises StateError after
        ``timeout`` seconds.
        """
        folder = self.prepare() / "locks"
        with self._plainly():
            folder.mkdir(0o700, exist_ok=True)
            handle = os.fdopen(
                os.open(folder / f"{name}.lock", os.O_RDWR | os.O_CREAT | _NO_FOLLOW, 0o600), "r+b"
            )
        with handle:
            end = time.monotonic() + timeout
            pause = 0.005
            while not _try_lock(handle):
                if time.monotonic() > end:
                    raise StateError(
                        f"Another turn has been busy for {timeout:.0f} s. "
                        "Try again when it is done.",
                        "busy",
                        retry=True,
                    ).told("StateError.busy", seconds=round(timeout))
                time.sleep(pause)
                pause = min(pause * 1.5, 0.1)
            try:
                yield
            finally:
                _unlock(handle)

    def read(self, name: str) -> dict[str, Any]:
        """A JSON object by its file name; empty where there is none. Raises StateError."""
        found = self.peek(name)
        if found is None:
            with self.lock(name):
                found = self._mend(name)
        return found

    @contextlib.contextmanager
    def update(self, name: str) -> Iterator[dict[str, Any]]:
        """Change a JSON object under its lock; written when the block ends without an error."""
        with self.lock(name):
            data = self._mend(name)
            before = json.dumps(data)
            yield data
            if json.dumps(data) != before:
                self._write(name, data)

    def peek(self, name: str) -> dict[str, Any] | None:
        """A JSON object, and nothing is mended: empty where there is no file, None if damaged."""
        with self._plainly():
            try:
                data = json.loads((self.path / name).read_bytes())
            except (FileNotFoundError, NotADirectoryError):
                return {}
            except (ValueError, RecursionError):
                return None
        return data if isinstance(data, dict) else None

    def _mend(self, name: str) -> dict[str, Any]:
        data = self.peek(name)
        if data is None:
            with self._plainly():
                (self.path / name).replace(self.path / f"{name}.corrupt")
            self.notices.append(Notice("notice.damaged", name))
            data = {}
        return data

    def _write(self, name: str, data: dict[str, Any]) -> None:
        with self._plainly():
            write_private(self.path / name, json.dumps(data, ensure_ascii=False, indent=1).encode())

    def _close_to_others(self) -> None:
        """Take a folder of ours from others; /tmp and the user's own home stay as they are."""
        found = self.path.stat()
        if not stat.S_ISDIR(found.st_mode):
            raise NotADirectoryError(errno.ENOTDIR, "not a folder")
        shared = found.st_mode & stat.S_ISVTX or self.path == Path.home()
        if found.st_mode & 0o077 and not shared and sys.platform != "win32":
            with contextlib.suppress(PermissionError):
                self.path.chmod(0o700)

    @contextlib.contextmanager
    def _plainly(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StateError(
                f"The folder {self.path} cannot be used: {reason(error)}. "
                "Mend that, or set AI_VIDEO_HOME to a folder of yours."
            ).told("StateError.folder", path=self.path, why=reason(error)) from None


REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your share of the disk is full",
    errno.EFBIG: "the disk takes no file of this size",
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.EROFS: "the disk is read-only",
    errno.ENOENT: "there is no such folder",
    errno.ENOTDIR: "it is not a folder",
    errno.ELOOP: "it is a link",
    errno.ENAMETOOLONG: "the name is too long",
    errno.EMFILE: "too many files are open",
}


def expanded(path: Path | str) -> Path:
    """A path as the user wrote it, with ~ for a home; the ~ of somebody unknown stays."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


def write_private(path: Path, data: bytes) -> None:
    """Replace a file by a new one of mode 600, whole or not at all, synced. Raises OSError."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(
        temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW, stat.S_IRUSR | stat.S_IWUSR
    )
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in a folder last, where the platform has a way to."""
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def reason(error: OSError) -> str:
    """Why a file operation failed, in plain words (in other languages: error.why.*)."""
    return REASONS.get(error.errno or 0) or (error.strerror or type(error).__name__).lower()


def _replace(temporary: Path, path: Path) -> None:
    for attempt in range(20):
        try:
            temporary.replace(path)
        except PermissionError:
            # Windows: somebody reads the old file at this moment.
            if sys.platform != "win32" or attempt == 19:
                raise
            time.sleep(0.02)
        else:
            return


if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: IO[bytes]) -> bool:
        handle.seek(0)
        try:
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(handle: IO[bytes]) -> None:
        handle.seek(0)
        msvcrt.locking(handle.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(handle: IO[bytes]) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            return False
        return True

    def _unlock(handle: IO[bytes]) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
