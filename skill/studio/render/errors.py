"""What can go wrong in a render. RenderError's text is what the user reads.

RenderError          the video cannot be made as asked, and why
Cancelled            the caller asked to stop; nothing is left behind
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager


class RenderError(Exception):
    """A video could not be made. The text says what happened and what to do next."""


class Cancelled(Exception):
    """The render was stopped because ``cancelled()`` said so."""


@contextmanager
def disk_errors(doing: str) -> Iterator[None]:
    """Turn what the disk refuses while ``doing`` ("saving the video") into RenderError."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise RenderError(
                f"The disk is full, so {doing} stopped. Free some space and export again."
            ) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise RenderError(
                f"There is no permission to write there, so {doing} stopped. "
                "Choose another folder and export again."
            ) from error
        if error.errno in (errno.ENOENT, errno.ENOTDIR):
            raise RenderError(
                f"The folder is gone, so {doing} stopped. Export again into one that exists."
            ) from error
        raise
