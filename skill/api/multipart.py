"""A file as the body of an upload, read from disk while it is sent.

RFC 7578, one part. requests' own ``files=`` would hold all of it in memory.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from typing import BinaryIO

from skill.errors import FileError
from skill.formats import MediaFile
from skill.home import reason

Progress = Callable[[int, int], None]
_BLOCK = 256 * 1024


class Multipart:
    """A body with a length and ``read``: what requests sends without holding it in memory."""

    def __init__(self, media: MediaFile, field: str, progress: Progress | None = None) -> None:
        boundary = f"----{secrets.token_hex(16)}"
        # The HTML standard's escapes for a file name: enough, and what browsers send.
        name = media.name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        head = (
            f"--{boundary}\r\n"
            f'Content-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
            f"Content-Type: {media.type}\r\n\r\n"
        )
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self._media = media
        self._pending = head.encode("utf-8", "replace")
        self._tail = f"\r\n--{boundary}--\r\n".encode()
        self._left = media.size
        self._length = len(self._pending) + media.size + len(self._tail)
        self._progress = progress
        self._file: BinaryIO | None = None

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[bytes]:
        while block := self.read(_BLOCK):
            yield block

    def read(self, size: int = -1) -> bytes:
        """The next bytes of the body, at most ``size``. Raises FileError."""
        size = self._length if size < 0 else size
        while not self._pending and self._left:
            self._pending = self._next()
        if not self._pending:
            self._pending, self._tail = self._tail, b""
        block, self._pending = self._pending[:size], self._pending[size:]
        return block

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _next(self) -> bytes:
        try:
            if self._file is None:
                self._file = self._media.path.open("rb")
            block = self._file.read(min(_BLOCK, self._left))
        except OSError as error:
            raise FileError(f"{self._media.name} cannot be read: {reason(error)}.").told(
                "FileError.unreadable", name=self._media.name, why=reason(error)
            ) from None
        if not block:
            name = self._media.name
            raise FileError(f"{name} became shorter while it was sent. Send it again.").told(
                "FileError.shorter", name=name
            )
        self._left -= len(block)
        if self._progress is not None:
            self._progress(self._media.size - self._left, self._media.size)
        return block
