"""The files that can be sent: known by their first bytes as well as by their names."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path

from skill.errors import FileError, FileTooLarge, UnsupportedFile
from skill.home import expanded, reason
from skill.plain import one_line

FORMATS = (
    "mp4",
    "mov",
    "avi",
    "webm",
    "mkv",
    "jpg",
    "png",
    "gif",
    "webp",
    "mp3",
    "wav",
    "m4a",
    "aac",
)
LIMIT_MB = 200
LIMIT = LIMIT_MB * 1024 * 1024

_TYPES = {
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "avi": "video/x-msvideo",
    "webm": "video/webm",
    "mkv": "video/x-matroska",
    "jpg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
}
_ALSO = {"jpeg": "jpg", "jpe": "jpg", "jfif": "jpg", "m4v": "mp4", "qt": "mov", "wave": "wav"}
# ISO base media brands that are not ours: still pictures and Apple's protected audio.
_FOREIGN_BRANDS = (b"heic", b"heix", b"mif1", b"msf1", b"avif", b"avis", b"crx ", b"aax ", b"aaxc")
# A QuickTime file of before 2001 has no ftyp; one of these boxes stands first.
_OLD_QUICKTIME = (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
_HEAD = 4096


@dataclass(frozen=True)
class MediaFile:
    """A file that may be sent. ``name`` has the extension that its bytes deserve."""

    path: Path
    name: str
    format: str
    size: int

    @property
    def kind(self) -> str:
        """video, image or audio."""
        return self.type.split("/")[0]

    @property
    def type(self) -> str:
        return _TYPES[self.format]


def check(path: Path | str) -> MediaFile:
    """Look at a file before it is sent.

    Raises UnsupportedFile (4001), FileTooLarge (4002), or FileError where it cannot be read.
    """
    path = expanded(path)
    name = one_line(path.name, 120) or str(path)
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise FileError(f"{name} is a folder. Name the files in it.", "folder").told(
                "FileError.folder", name=name
            )
        if not stat.S_ISREG(found.st_mode):
            raise FileError(f"{name} is not a file that can be sent.").told(
                "FileError.odd", name=name
            )
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except FileNotFoundError:
        raise FileError(f"There is no file {name}. Is the path right?", "not-found").told(
            "FileError.missing", name=name
        ) from None
    except (OSError, ValueError) as error:
        words = reason(error) if isinstance(error, OSError) else "its path is not valid"
        raise FileError(f"{name} cannot be read: {words}.").told(
            "FileError.unreadable", name=name, why=words
        ) from None
    suffix = path.suffix[1:].lower()
    named = _ALSO.get(suffix, suffix)
    if not head:
        raise UnsupportedFile(f"{name} is empty.").told("UnsupportedFile.empty", name=name)
    format = by_bytes(head, named)
    if format is None:
        what = (
            f"{name} is named {suffix} but does not hold {suffix}"
            if named in FORMATS
            else f"{name} is of a kind that cannot be used"
        )
        refused = UnsupportedFile(f"{what}. Supported: {', '.join(FORMATS)}.")
        if named in FORMATS:
            refused.told("UnsupportedFile.named", name=name, suffix=suffix)
        raise refused
    if found.st_size > LIMIT:
        size = found.st_size / 1024 / 1024
        raise FileTooLarge(
            f"{name} is too large: {size:.0f} MB, and {LIMIT_MB} MB is the limit. "
            "Compress or trim it first."
        )
    if named != format:
        name = f"{Path(name).stem or 'file'}.{format}"
    return MediaFile(path, name, format, found.st_size)


def by_bytes(head: bytes, named: str = "") -> str | None:
    """The format that a file's first bytes show, one of FORMATS, or None.

    ``named``, the extension, decides only between formats that begin alike.
    """
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        if brand in _FOREIGN_BRANDS:
            return None
        if brand == b"qt  ":
            return "mov"
        if brand in (b"M4A ", b"M4B ") or named == "m4a":
            return "m4a"
        return "mov" if named == "mov" else "mp4"
    if head[4:8] in _OLD_QUICKTIME:
        return "mov" if named != "mp4" else "mp4"
    if head[:4] == b"RIFF" or head[:4] == b"RF64":
        return {b"AVI ": "avi", b"WAVE": "wav", b"WEBP": "webp"}.get(head[8:12])
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return "webm" if b"webm" in head[:128] else "mkv"
    for magic, format in (
        (b"\xff\xd8\xff", "jpg"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"GIF87a", "gif"),
        (b"GIF89a", "gif"),
        (b"ADIF", "aac"),
    ):
        if head.startswith(magic):
            return format
    if head[:3] == b"ID3":
        return "aac" if named == "aac" else "mp3"
    return _frames(head, named)


def _frames(head: bytes, named: str) -> str | None:
    """Bare audio frames. Elsewhere than at the start only a file named so is believed."""
    limit = len(head) - 2 if named in ("mp3", "aac") else 1
    for at in range(max(0, min(limit, len(head) - 2))):
        if head[at] != 0xFF or head[at + 1] & 0xE0 != 0xE0:
            continue
        layer, third = head[at + 1] & 0x06, head[at + 2]
        if layer == 0 and head[at + 1] & 0xF0 == 0xF0 and (third >> 2) & 0x0F < 13:
            return "aac"  # ADTS: layer 0, a valid sampling frequency
        # MPEG audio: version and layer not reserved; bitrate and frequency neither free nor bad.
        if head[at + 1] & 0x18 != 0x08 and layer != 0 and 0 < third >> 4 < 15 and third & 12 != 12:
            return "mp3"
    return None
