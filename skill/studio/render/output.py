"""What a video is exported as: container, size, codecs and how much care is taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from skill.draft import Draft
from skill.studio.render.errors import RenderError
from skill.studio.render.plan import canonical

LONGEST, SHORTEST = 1920, 1080
"""No video is larger than these: px of the longer and the shorter side."""

LEAST = 16
"""Smallest side in px that the encoders take."""

# Constant rate factors and presets; "preview" is drawn at a third of the size as well.
_X264 = {
    "high": {"preset": "veryfast", "crf": "20"},
    "medium": {"preset": "veryfast", "crf": "24"},
    "low": {"preset": "veryfast", "crf": "29"},
    "preview": {"preset": "ultrafast", "crf": "28"},
}
# Bits a second of 1920x1080 at most, for what cannot be compressed, such as grain: 5 s of the
# best stay under 15 MB, and under the 25 Mbit/s of level 4.0 (Rec. ITU-T H.264, table A-1).
_PEAK = {"high": 20_000_000, "medium": 12_000_000, "low": 6_000_000, "preview": 6_000_000}
_FULL_HD = 1920 * 1080
_VP9 = {"high": "31", "medium": "36", "low": "42", "preview": "46"}
_AUDIO_BITS = {"high": 192_000, "medium": 160_000, "low": 128_000, "preview": 96_000}
_PREVIEW_SCALE = 1 / 3
FORMATS = ("mp4", "mov", "webm", "gif", "mp3")

# A GIF is large for what it shows: no more than this many px, of the longer side.
_GIF_LONGEST = {"high": 640, "medium": 480, "low": 320, "preview": 320}


@dataclass(frozen=True)
class Codec:
    """An encoder of FFmpeg and its private options."""

    name: str
    options: Mapping[str, str]


@dataclass(frozen=True)
class Output:
    """A file to make: one of FORMATS; ``width`` and ``height`` in px, even.

    A GIF is first made as a video of its size, and then turned into one.
    """

    form: str
    width: int
    height: int
    video: Codec
    audio: Codec
    audio_bits: int

    @property
    def pictured(self) -> bool:
        """Whether it has a picture."""
        return self.form != "mp3"

    @property
    def sounding(self) -> bool:
        """Whether it has sound."""
        return self.form != "gif"

    @property
    def container(self) -> str:
        """The first container that is written, as FFmpeg names it."""
        return "mp4" if self.form == "gif" else self.form

    @property
    def settings(self) -> str:
        """Everything of the encoder that a piece of video depends on, as one line."""
        return canonical([self.video.name, dict(self.video.options)])


def read_output(wanted: Mapping[str, Any], draft: Draft) -> Output:
    """Understand ``{"format", "quality", "resolution" | "width", "height"}``.

    Missing or odd values count as the default (mp4, high, the draft's size);
    a format that cannot be made raises RenderError.
    """
    form = str(wanted.get("format") or "mp4").lower().lstrip(".")
    if form not in FORMATS:
        raise RenderError(
            f"Exporting as '{form}' is not possible here. Choose one of: {', '.join(FORMATS)}."
        )
    quality = str(wanted.get("quality") or "high").lower()
    quality = quality if quality in _X264 else "high"
    width, height = _size(wanted, draft, form, quality)
    return Output(
        form,
        width,
        height,
        _vp9(quality) if form == "webm" else _x264(form, quality, width * height),
        Codec({"webm": "libopus", "mp3": "libmp3lame"}.get(form, "aac"), {}),
        _AUDIO_BITS[quality],
    )


def _x264(form: str, quality: str, pixels: int) -> Codec:
    if form == "gif":  # only a step on the way: hardly any loss, and quick
        return Codec("libx264", {"preset": "veryfast", "crf": "12"})
    peak = max(1_000_000, _PEAK[quality] * pixels // _FULL_HD)
    # Captions of a source file are no part of its picture.
    peaks = {"maxrate": str(peak), "bufsize": str(peak // 2), "a53cc": "0"}
    return Codec("libx264", {**_X264[quality], **peaks})


def _vp9(quality: str) -> Codec:
    return Codec(
        "libvpx-vp9",
        {
            "crf": _VP9[quality],
            "b": "0",
            "deadline": "realtime",
            "cpu-used": "6",
            "row-mt": "1",
            # No frame that is never shown, so that pieces can be put in a row.
            "auto-alt-ref": "0",
            "lag-in-frames": "0",
        },
    )


def _size(wanted: Mapping[str, Any], draft: Draft, form: str, quality: str) -> tuple[int, int]:
    """The canvas, made to fit what is asked for and what may be, with its ratio kept."""
    long, short = max(draft.width, draft.height), min(draft.width, draft.height)
    scale = min(1.0, LONGEST / long, SHORTEST / short)
    lines = _pixels(str(wanted.get("resolution") or "").lower().rstrip("p"))
    if lines:
        scale = min(scale, lines / short)
    for key, side in (("width", draft.width), ("height", draft.height)):
        asked = _pixels(wanted.get(key))
        if asked:
            scale = min(scale, asked / side)
    if form == "gif":
        scale = min(scale, _GIF_LONGEST[quality] / long)
    elif quality == "preview":
        scale *= _PREVIEW_SCALE
    return fit(draft.width * scale), fit(draft.height * scale)


def fit(side: float) -> int:
    """The nearest even number of px that an encoder takes."""
    return max(LEAST, round(side / 2) * 2)


def _pixels(value: object) -> int:
    try:
        number = int(str(value))
    except ValueError:
        return 0
    return number if 0 < number <= 100_000 else 0
