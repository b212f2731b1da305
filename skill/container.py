"""Whether a file is whole, by the structure of its container."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

from skill import formats

_SEGMENT = 0x18538067  # Matroska
_BOXES = 100_000  # more top-level boxes or elements than any real file has


def whole(path: Path, format: str) -> bool:
    """Whether a file is one of ``format`` (of formats.FORMATS) and not cut short.

    Of formats whose structure shows no end, only the first bytes are looked at. Raises OSError.
    """
    with path.open("rb") as file:
        head = file.read(4096)
        size = os.fstat(file.fileno()).st_size
        found = formats.by_bytes(head, format)
        if format in ("mp4", "mov", "m4a"):
            return found in ("mp4", "mov", "m4a") and _boxes_fit(file, size)
        if format in ("webm", "mkv"):
            return found in ("webm", "mkv") and _elements_fit(file, size)
        if found != format:
            return False
        if format == "gif":
            file.seek(max(0, size - 16))
            return file.read().rstrip(b"\0").endswith(b"\x3b")  # GIF89a, 27: the trailer
        if format == "png":
            file.seek(max(0, size - 12))
            return b"IEND" in file.read()
        if format in ("wav", "avi", "webp") and head[:4] == b"RIFF":
            return int.from_bytes(head[4:8], "little") <= size - 8 + 1
    return True


def _boxes_fit(file: BinaryIO, size: int) -> bool:
    """ISO/IEC 14496-12, 4.2: a row of boxes up to the file's end, with a movie among them."""
    at, kinds = 0, set()
    for _ in range(_BOXES):
        if at == size:
            return b"moov" in kinds or b"moof" in kinds
        file.seek(at)
        header = file.read(16)
        length, kind = int.from_bytes(header[:4], "big"), header[4:8]
        if length == 1:
            length = int.from_bytes(header[8:16], "big")
        elif length == 0:  # to the end of the file
            length = size - at
        if len(header) < 8 or length < 8 or at + length > size:
            return False
        kinds.add(kind)
        at += length
    return False


def _elements_fit(file: BinaryIO, size: int) -> bool:
    """RFC 8794: top-level elements up to the file's end; one of unknown size may be the last."""
    file.seek(0)
    found = False
    for _ in range(_BOXES):
        at = file.tell()
        if at == size:
            return found
        numbers = _number(file, keep_marker=True), _number(file, keep_marker=False)
        if numbers[0] is None or numbers[1] is None:
            return False
        found = found or numbers[0] == _SEGMENT
        if numbers[1] < 0:
            return found and file.tell() < size
        end = file.tell() + numbers[1]
        if end > size:
            return False
        file.seek(end)
    return False


def _number(file: BinaryIO, *, keep_marker: bool) -> int | None:
    """A variable-size integer: an element's id, or its size; -1 for an unknown size."""
    first = file.read(1)
    if not first or first[0] == 0:
        return None
    length = 9 - first[0].bit_length()
    rest = file.read(length - 1)
    if len(rest) < length - 1:
        return None
    value = int.from_bytes(first + rest, "big")
    if keep_marker:
        return value
    bits = 7 * length
    value &= (1 << bits) - 1
    return -1 if value == (1 << bits) - 1 else value
