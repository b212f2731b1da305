"""What a file is, by its bytes: kind, length, size, sound.

The format is read from the first bytes and forced on the demuxer, so that no
file can choose a demuxer of its own (an HLS playlist would open other files).
Importing this costs nothing; PyAV and Pillow are imported by ``probe``.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FORMATS = (
    "mp4", "mov", "avi", "webm", "mkv", "jpg", "png", "gif", "webp", "mp3", "wav", "m4a", "aac",
)  # fmt: skip
MAX_BYTES = 200 * 1024 * 1024  # the protocol's limit for a file
MAX_SIDE = 8192  # px
MAX_STREAMS = 16
MAX_MS = 4 * 3600 * 1000
MAX_FRAMES = 20_000  # of an animation
MAX_DRAWN = 10_000_000_000  # px of all frames of an animation; reading them takes half a minute
STILL_MS = 100  # an animation shorter than this is a picture

UNSUPPORTED, TOO_LARGE = 4001, 4002

_IMAGES = ("jpg", "png", "gif", "webp")
_DEMUXER = {"mp4": "mov", "m4a": "mov", "mkv": "matroska", "webm": "matroska"}
_ESTIMATED = ("mp3", "aac")  # their length is a guess from the bit rate until packets are counted


class MediaError(Exception):
    """A file that cannot come in. ``code`` is the protocol's; the text is for the user."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Media:
    """A file: ``kind`` is video, image or audio; width and height in px as it is seen (rotated).

    ``duration_ms`` is 0 for an image; ``sound``: whether it can be heard;
    ``format``: one of FORMATS, by the bytes; ``name``: what the user calls it.
    """

    kind: str
    duration_ms: int
    width: int
    height: int
    sound: bool
    format: str
    name: str = ""


def sniff(head: bytes) -> str | None:
    """The format that the first bytes (64 are enough) promise, None for any other."""
    box, brand = head[4:8], head[8:12]
    if box == b"ftyp":
        if brand in (b"avif", b"avis", b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"crx "):
            return None  # pictures in the same box format
        return {b"qt  ": "mov", b"M4A ": "m4a", b"M4B ": "m4a"}.get(brand, "mp4")
    if box in (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"):
        return "mov"  # QuickTime from before the brands
    if head[:4] in (b"RIFF", b"RF64"):
        return {b"AVI ": "avi", b"WAVE": "wav", b"WEBP": "webp"}.get(brand)
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return "webm" if b"webm" in head[:64] else "mkv"
    if head[:3] == b"\xff\xd8\xff":
        return "jpg"
    if head[:8] == b"\x89PNG\r\n\x1a\n":
        return "png"
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "gif"
    if head[:3] == b"ID3":
        return "mp3"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        # MPEG audio frame header: the layer bits tell ADTS (0) from layer III (1).
        return {0: "aac" if head[1] & 0xF0 == 0xF0 else None, 2: "mp3"}.get(head[1] & 0x06)
    return None


def probe(path: Path, name: str = "") -> Media:
    """Read what a file is, decoding enough of it to know that it can be read.

    Raises MediaError: UNSUPPORTED for a format that is not on the list or a
    damaged file, TOO_LARGE beyond MAX_BYTES, MAX_SIDE or MAX_MS.
    """
    name = name or path.name
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise too_big(name, f"{size / 2**20:.0f} MB; the limit is {MAX_BYTES >> 20} MB")
    if size == 0:
        raise MediaError(UNSUPPORTED, f"{name} is empty.")
    found = format_of(path)
    if found is None:
        raise MediaError(
            UNSUPPORTED, f"{name} is of a kind that cannot be used here. {supported()}"
        )
    try:
        if found in _IMAGES:
            media = _image(path, found, name)
            if media is not None:
                return media
        return _stream(path, found, name)
    except MediaError:
        raise
    except MemoryError as error:
        raise too_big(name, "reading it takes too much memory") from error
    except Exception as error:  # PyAV and Pillow raise dozens of kinds over a damaged file
        raise damaged(name) from error


def format_of(path: Path) -> str | None:
    """The format of a file by its first bytes, one of FORMATS; None for any other."""
    with path.open("rb") as file:
        head = file.read(64)
        found = sniff(head)
        if head[:3] == b"ID3" and _layer(file, head) == "aac":
            found = "aac"
    return found


def container(path: Path, metadata_errors: str = "ignore") -> Any:
    """A PyAV container of the format that the first bytes show, and of no other.

    Left to guess, FFmpeg looks behind an ID3 tag, where a list of other files or addresses
    may stand. Raises ValueError for a format that is none of FORMATS, and what PyAV raises.
    """
    import av

    found = format_of(path)
    if found is None:
        raise ValueError(f"{path.name} is of no format that is read here")
    return av.open(
        str(path),
        format=_DEMUXER.get(found, found),
        metadata_errors=metadata_errors,
        options={"protocol_whitelist": "file"},
    )


def supported() -> str:
    return f"Supported are {', '.join(FORMATS)}."


def damaged(name: str) -> MediaError:
    return MediaError(
        UNSUPPORTED, f"{name} cannot be read: it is damaged or incomplete. Try to save it again."
    )


def too_big(name: str, what: str) -> MediaError:
    return MediaError(TOO_LARGE, f"{name} is too large ({what}). Compress or trim it, then retry.")


def _layer(file: io.BufferedReader, head: bytes) -> str | None:
    # ID3v2: the tag's length stands in four bytes of seven bits.
    length = 0
    for byte in head[6:10]:
        length = length << 7 | byte & 0x7F
    file.seek(10 + length)
    return sniff(file.read(64))


def _image(path: Path, found: str, name: str) -> Media | None:
    """A picture, or an animation measured by Pillow; None where PyAV should measure it."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MAX_SIDE * MAX_SIDE
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            image = Image.open(path, formats=["JPEG" if found == "jpg" else found.upper()])
        except Image.DecompressionBombError as error:
            raise too_big(name, f"the limit is {MAX_SIDE} pixels a side") from error
        with image:
            _check_side(image.width, image.height, name)
            length = _animation(image, name) if found in ("gif", "webp") else 0
            if length >= STILL_MS:
                if length > MAX_MS:
                    raise too_big(name, "longer than 4 hours")
                return Media("video", length, image.width, image.height, False, found, name)
            image.seek(0)
            image.load()
            turned = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
    width, height = (image.height, image.width) if turned else image.size
    return Media("image", 0, width, height, False, found, name)


def _animation(image: Any, name: str) -> int:
    """Length in ms of an animated picture, 0 for a still."""
    frames = getattr(image, "n_frames", 1)
    if frames < 2:
        return 0
    if frames > MAX_FRAMES or frames * image.width * image.height > MAX_DRAWN:
        raise too_big(name, f"an animation of {frames} pictures of {image.width}x{image.height}")
    length = 0
    for number in range(frames):
        image.seek(number)
        if image.format == "WEBP":
            image.load()  # its durations are known once decoded
        # Browsers play frames of 0 and 10 ms at 100 ms.
        duration = image.info.get("duration", 0)
        length += duration if duration > 10 else 100
        if length > MAX_MS:
            break
    return round(length)


def _stream(path: Path, found: str, name: str) -> Media:
    with container(path, "replace") as file:
        if len(file.streams) > MAX_STREAMS:
            raise MediaError(
                UNSUPPORTED,
                f"{name} holds {len(file.streams)} streams; at most {MAX_STREAMS} are read.",
            )
        pictures = [stream for stream in file.streams.video if not _is_cover(stream)]
        picture = pictures[0] if pictures else None
        sound = file.streams.audio[0] if file.streams.audio else None
        if picture is None and sound is None:
            raise MediaError(UNSUPPORTED, f"{name} holds neither a picture nor sound.")
        width = height = 0
        if picture is not None:
            _check_side(picture.width, picture.height, name)
            frame = next(file.decode(picture))
            _check_side(frame.width, frame.height, name)
            width, height = frame.width, frame.height
            if frame.rotation % 180:
                width, height = height, width
            if found in ("mp4", "mov"):
                _check_tail(file, picture, name)
        elif next(file.decode(sound), None) is None:
            raise damaged(name)
        length = _length(file, picture or sound, found)
    if length > MAX_MS:
        raise too_big(name, "longer than 4 hours")
    if length <= 0:
        raise damaged(name)
    kind = "video" if picture is not None else "audio"
    return Media(kind, length, width, height, sound is not None, found, name)


def _check_tail(file: Any, stream: Any, name: str) -> None:
    """A download that broke off has its index and its first frames, but not the last ones."""
    if stream.duration:
        file.seek((stream.start_time or 0) + stream.duration, stream=stream)
        if next(file.decode(stream), None) is None:
            raise damaged(name)


def _is_cover(stream: Any) -> bool:
    import av.stream

    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _length(file: Any, stream: Any, found: str) -> int:
    """Length in ms: the picture's where it is known, since sound may run on after it."""
    if stream.type == "video" and stream.duration:
        return int(stream.duration * stream.time_base * 1000)
    known = 0 if file.duration is None else round(file.duration / 1000)
    # What is far too long already is not worth counting.
    if known and (found not in _ESTIMATED or known > 2 * MAX_MS):
        return known
    first, last = None, 0
    file.seek(0)
    # A torn tail ends the counting, not the file's use.
    with contextlib.suppress(Exception):
        for packet in file.demux(stream):
            if packet.pts is not None:
                first = packet.pts if first is None else min(first, packet.pts)
                last = max(last, packet.pts + (packet.duration or 0))
    return round((last - (first or 0)) * float(stream.time_base) * 1000)


def _check_side(width: int, height: int, name: str) -> None:
    if max(width, height) > MAX_SIDE:
        raise too_big(name, f"{width}x{height}; the limit is {MAX_SIDE} pixels a side")
