"""A folder of the user's that a file is put into: under a name that is safe there and free."""

from __future__ import annotations

import contextlib
import errno
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from skill.errors import FileError
from skill.formats import FORMATS
from skill.home import reason, sync_folder
from skill.plain import plain

# What a file system without links says.
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK, errno.ENOSYS, errno.EINVAL)


def check_folder(folder: Path) -> None:
    """Refuse a folder that cannot be written before any work is done for it. Raises FileError."""
    if not folder.is_dir():
        number = errno.ENOTDIR if folder.exists() else errno.ENOENT
    elif not os.access(folder, os.W_OK | os.X_OK):
        number = errno.EACCES
    else:
        return
    raise cannot_save(folder, OSError(number, ""))


def place(
    part: Path, folder: Path, name: str, naming: Callable[[Path, int], None] | None = None
) -> Path:
    """Give a finished temporary file its name, or the next free one. Raises OSError."""
    size = part.stat().st_size
    for candidate in _names(name):
        path = folder / candidate
        if os.path.lexists(path):
            continue
        if naming is not None:
            naming(path, size)
        try:
            os.link(part, path)  # fails where somebody was faster
        except FileExistsError:
            continue
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            # A file system without links: the name is taken first, then filled.
            try:
                os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                continue
            part.replace(path)
        else:
            part.unlink()
        sync_folder(folder)
        return path
    raise FileExistsError(errno.EEXIST, "no free name is left")


def safe_name(name: str, default: str = "video.mp4") -> str:
    """A file name that stays in its folder, on every platform; the extension is kept."""
    name = re.sub(r'[\x00-\x1f<>:"/\\|?*]', "-", plain(name).replace("\n", " "))
    name = name.replace("..", "-").strip(" .-")
    stem, dot, suffix = name.rpartition(".")
    if not dot or suffix.lower() not in FORMATS:
        stem, suffix = name, default.rpartition(".")[2]
    stem = stem.encode()[:120].decode("utf-8", "ignore").strip(" .-")
    if re.fullmatch(
        r"(?i)con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d¹²³]", stem.partition(".")[0].strip()
    ):
        stem = f"file-{stem}"  # names that Windows keeps for itself
    return f"{stem or default.rpartition('.')[0]}.{suffix.lower()}"


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[None]:
    """What the disk says, in plain words."""
    try:
        yield
    except OSError as error:
        raise cannot_save(folder, error) from None


def cannot_save(folder: Path, error: OSError) -> FileError:
    """The error for a file that cannot be written into a folder."""
    codes = {
        errno.ENOSPC: "disk-full",
        errno.EDQUOT: "disk-full",
        errno.EACCES: "permission",
        errno.EPERM: "permission",
        errno.EROFS: "permission",
        errno.ENOENT: "folder-gone",
    }
    code = codes.get(error.errno or 0, "file")
    words = f"The file cannot be saved in {folder}: {reason(error)}."
    return FileError(words, code, retry=True).told(
        "FileError.unsaved", path=folder, why=reason(error)
    )


def _names(name: str) -> Iterator[str]:
    """A file name, then the same with -2, -3, ... before its extension."""
    yield name
    path = Path(name)
    for number in range(2, 100_000):
        yield f"{path.stem}-{number}{path.suffix}"
