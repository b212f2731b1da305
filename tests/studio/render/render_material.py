"""What the tests of the renderer build their drafts and pictures from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from av import VideoFrame

from skill.draft import AUDIO, TEXT, VIDEO, Draft, Segment, Track
from skill.studio.render import planes
from skill.studio.render.plan import Picture, View, make_plan

BITS = 8


def numbered(number: int, width: int, height: int) -> np.ndarray:
    """RGB with the bits of a number as eight bright or dark columns in the upper half."""
    image = np.full((height, width, 3), 110, np.uint8)
    for bit in range(BITS):
        level = 210 if number >> bit & 1 else 50
        image[: height // 2, bit * width // BITS : (bit + 1) * width // BITS] = level
    return image


def number_of(picture: VideoFrame | np.ndarray) -> int:
    """The number that a frame or a luma plane carries."""
    luma = planes.views(picture)[0] if isinstance(picture, VideoFrame) else picture
    height, width = luma.shape
    found = 0
    for bit in range(BITS):
        left, right = bit * width // BITS, (bit + 1) * width // BITS
        part = luma[height // 8 : height * 3 // 8, left + 4 : right - 4]
        found |= int(part.mean() > 125) << bit
    return found


def video(segment_id: str = "a", start: int = 0, duration: int = 1000, **meta: Any) -> Segment:
    """A VIDEO segment; its source is footage with its id as the hash, unless it says otherwise."""
    meta.setdefault("source", {"kind": "video", "hash": segment_id})
    return Segment(segment_id, start, duration, meta)


def title(start: int, duration: int, text: str = "Dawn", **meta: Any) -> Segment:
    return Segment(f"t{start}", start, duration, {"text": text, **meta})


def timeline(
    *shots: Segment,
    titles: Sequence[Segment] = (),
    sounds: Sequence[Segment] = (),
    width: int = 320,
    height: int = 180,
) -> Draft:
    tracks = [Track("v", VIDEO, tuple(shots))]
    if sounds:
        tracks.append(Track("music", AUDIO, tuple(sounds)))
    if titles:
        tracks.append(Track("titles", TEXT, tuple(titles)))
    return Draft(width, height, 30, tuple(tracks))


def moment(seconds: float = 0.0, view: View | None = None, **meta: Any) -> Picture:
    """A picture at a time in s of a shot with this metadata, on its own."""
    meta.setdefault("source", {"kind": "video", "hash": "a"})
    shot = next(make_plan(timeline(Segment("a", 0, 1000, meta)), 320, 180).shots)
    return Picture(shot, round(seconds * 1_000_000), view or View(), 1.0, 0)
