"""A finished video, looked at and listened to: what the evals' assertions measure.

Times are in seconds, sizes in px. Frames are kept small (RGB, 96 px wide, and luma, 960 px wide or
less: half a megabyte a frame); sound is kept whole.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from skill.studio import loudness
from skill.studio.render import text

Array = NDArray[Any]

RATE = 48_000
THUMB = 96
LUMA = 960
BESIDE = 0.4
"""Fine contrast beside a title, of that in its letters, from which on it is taken for letters:
painted mountains come to 0.24, the letters of a longer title to 0.52 and more."""
USUAL = 0.085
"""Em of a title of which nothing else is known, of the shorter side; only how finely to look."""
SEEN = 0.6
"""Least likeness of every stretch of a title. In the evals' videos the right words come to 0.82
(over painted snow) and more; with one other letter ("Hout" for "Hour") to 0.43, without a title to
0.2 at most. Over edges as strong as its letters no title is found: the evals have none there."""


@dataclass(frozen=True)
class Film:
    """``streams`` are (type, codec); ``thumbs`` (n, h, w, 3) and ``lumas`` (n, h, w) are uint8.

    ``sound`` is float32 (samples, 2) at RATE, empty where there is no audio track; ``length`` is
    that of the picture.
    """

    path: Path
    container: str
    streams: tuple[tuple[str, str], ...]
    width: int
    height: int
    fps: float
    thumbs: Array
    lumas: Array
    sound: Array

    @property
    def length(self) -> float:
        return len(self.thumbs) / self.fps

    def index(self, at: float) -> int:
        """The frame that is shown at a time."""
        return min(len(self.thumbs) - 1, max(0, int(at * self.fps + 1e-6)))

    def heard(self, start: float, end: float) -> Array:
        return self.sound[round(start * RATE) : round(end * RATE)]


def watch(path: Path) -> Film:
    """Decode a video, every frame and all of its sound. Raises ValueError without a picture."""
    thumbs, lumas = [], []
    with av.open(str(path)) as container:
        if not container.streams.video:
            raise ValueError(f"{path.name} has no picture")
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        width, height = stream.width, stream.height
        luma = min(LUMA, width)
        for frame in container.decode(stream):
            shown = frame.to_ndarray(format="rgb24")
            thumbs.append(_scaled(shown, THUMB))
            lumas.append(_scaled(cv2.cvtColor(shown, cv2.COLOR_RGB2GRAY), luma))
        if not thumbs:
            raise ValueError(f"{path.name} has no frame that can be decoded")
        fps = float(stream.average_rate or 0) or 30.0
        streams = tuple((s.type, s.codec_context.name) for s in container.streams)
        name = container.format.name
    film = (width, height, fps, np.stack(thumbs), np.stack(lumas), listen(path))
    return Film(path, name, streams, *film)


def listen(path: Path) -> Array:
    """The sound of a file as float32 (samples, 2) at RATE; empty where it has none."""
    with av.open(str(path)) as container:
        if not container.streams.audio:
            return np.zeros((0, 2), np.float32)
        resampler = av.AudioResampler(format="fltp", layout="stereo", rate=RATE)
        parts = [
            piece.to_ndarray()
            for frame in (*container.decode(container.streams.audio[0]), None)
            for piece in resampler.resample(frame)
        ]
    whole = np.concatenate(parts, axis=1) if parts else np.zeros((2, 0), np.float32)
    return np.ascontiguousarray(whole.T)


def lufs(sound: Array) -> float:
    """Integrated loudness; -inf for silence."""
    return loudness.integrated(np.ascontiguousarray(sound), RATE)


def peak(sound: Array) -> float:
    """True peak in dBTP; -inf for silence."""
    return loudness.true_peak(np.ascontiguousarray(sound))


def tone(sound: Array, pitch: float) -> float:
    """How loud a tone is, dBFS of its amplitude; -inf where it does not stand out by 20 dB.

    Its peak is compared with the median of the octave around it.
    """
    if len(sound) < RATE // 4:
        return -math.inf
    wave = sound.mean(axis=1)
    spectrum = np.abs(np.fft.rfft(wave * np.hanning(len(wave)))) * 4 / len(wave)
    each = RATE / len(wave)
    near = float(spectrum[int(pitch * 0.985 / each) : int(pitch * 1.015 / each) + 2].max())
    around = float(np.median(spectrum[int(pitch * 0.7 / each) : int(pitch * 1.4 / each)]))
    return 20 * math.log10(near) if near > max(10 * around, 1e-7) else -math.inf


def motion(film: Film) -> float:
    """Mean change of the picture from one half second to the next, of 255."""
    picked = film.thumbs[:: max(1, round(film.fps / 2))].astype(np.int16)
    return float(np.abs(np.diff(picked, axis=0)).mean()) if len(picked) > 1 else 0.0


def unlike(shown: Array, source: Array) -> float:
    """Mean difference of two pictures of any size, of 255, over the middle that both show.

    Whichever way the source was fitted: filling the frame, or whole within it (bars are left out).
    """
    height, width = shown.shape[:2]
    across, down = source.shape[1] / width, source.shape[0] / height
    best = 255.0
    for scale in (min(across, down), max(across, down)):
        # What of the frame the source covers, and what of the source is in the frame.
        wide, high = min(width, source.shape[1] / scale), min(height, source.shape[0] / scale)
        seen = _middle(shown, wide, high)
        part = _middle(source, wide * scale, high * scale)
        pair = [cv2.resize(p, (32, 32), interpolation=cv2.INTER_AREA) for p in (seen, part)]
        best = min(best, float(np.abs(pair[0].astype(int) - pair[1]).mean()))
    return best


def moment(film: Film, at: float, source: Film) -> tuple[float, float]:
    """The moment of a source that a film shows at a time, and how unlike the two are."""
    shown = film.thumbs[film.index(at)]
    differences = [unlike(shown, picture) for picture in source.thumbs]
    found = int(np.argmin(differences))
    return found / source.fps, differences[found]


def picture(path: Path) -> Array:
    """A photo as RGB."""
    with av.open(str(path)) as container:
        return np.asarray(next(container.decode(video=0)).to_ndarray(format="rgb24"))


@dataclass(frozen=True)
class Title:
    """Words, and how they are set: the studio's metadata of a text, its colour left out."""

    text: str
    position: str = "center"
    size: float | None = None
    bars: float | None = None

    @property
    def meta(self) -> dict[str, Any]:
        return {"text": self.text, "position": self.position, "size": self.size, "bars": self.bars}


@dataclass(frozen=True)
class Sight:
    """A title in a frame: ``likeness`` -1..1, and its middle as fractions of width and height."""

    likeness: float
    x: float
    y: float


def look_for(film: Film, title: Title, frame: int) -> Sight:
    """Look for a title anywhere in a frame.

    The likeness is that of its worst stretch (as wide as a letter or two), so that another letter
    is seen; letters beside it that do not belong to it count against it.
    """
    stencil, em = _stencil(title, film.width, film.height, film.lumas.shape[2])
    # A margin, because what a title casts around it may hang over the picture's edge.
    whole = cv2.copyMakeBorder(film.lumas[frame], em, em, em, em, cv2.BORDER_REPLICATE)
    luma = _edges(whole, em)
    if stencil.shape[0] > luma.shape[0] or stencil.shape[1] > luma.shape[1]:
        return Sight(-1.0, 0.5, 0.5)
    scores = cv2.matchTemplate(luma, stencil, cv2.TM_CCOEFF_NORMED)
    _, _, _, (x, y) = cv2.minMaxLoc(scores)
    height, width = stencil.shape
    found = luma[y : y + height, x : x + width]
    strokes = np.flatnonzero(np.abs(stencil).max(axis=0) > 0.2 * np.abs(stencil).max())
    first, last = int(strokes[0]), int(strokes[-1]) + 1
    stretch = max(6, round(0.5 * em))
    likeness = min(
        _alike(found[:, left : left + stretch], stencil[:, left : left + stretch])
        for left in range(first, max(first + 1, last - stretch // 2), stretch // 2)
    )
    if _more_beside(whole[y : y + height], x + first, x + last, em):
        likeness = min(likeness, 0.0)
    across, down = film.lumas.shape[2], film.lumas.shape[1]
    return Sight(likeness, (x - em + width / 2) / across, (y - em + height / 2) / down)


def ink(film: Film, title: Title, at: float) -> Array:
    """The colour (RGB, 0..255) of a title's letters where ``look_for`` finds it in a film."""
    frame = film.index(at)
    sight = look_for(film, title, frame)
    drawn = text.draw(title.meta, film.width, film.height)
    with av.open(str(film.path)) as container:
        shown = next(f for n, f in enumerate(container.decode(video=0)) if n == frame)
        pixels = shown.to_ndarray(format="rgb24")
    solid = (drawn.rgba[..., :3].min(axis=2) > 230) & (drawn.rgba[..., 3] > 250)
    left = round(sight.x * film.width - drawn.rgba.shape[1] / 2)
    top = round(sight.y * film.height - drawn.rgba.shape[0] / 2)
    left, top = max(0, left), max(0, top)
    box = pixels[top : top + solid.shape[0], left : left + solid.shape[1]]
    return np.asarray(np.median(box[solid[: box.shape[0], : box.shape[1]]], axis=0))


def _alike(found: Array, stencil: Array) -> float:
    spread = float(found.std() * stencil.std())
    if spread < 1e-6:
        return 0.0
    return float(((found - found.mean()) * (stencil - stencil.mean())).mean() / spread)


def _more_beside(line: Array, first: int, last: int, em: int) -> bool:
    """Whether what stands beside the columns of a title has strokes as fine and strong: letters."""
    fine = _edges(line, max(3, em // 8))
    strength = float(fine[:, first:last].std())
    sides = (fine[:, max(0, first - em) : first], fine[:, last : last + em])
    return any(side.size and float(side.std()) > BESIDE * strength for side in sides)


@lru_cache(maxsize=64)
def _stencil(title: Title, width: int, height: int, across: int) -> tuple[Array, int]:
    """A title on grey as ``_edges`` sees it at ``across`` px of width, and its em there in px."""
    drawn = text.draw(title.meta, width, height)
    pad = 8
    grey = np.full((drawn.rgba.shape[0] + 2 * pad, drawn.rgba.shape[1] + 2 * pad), 110.0)
    alpha = drawn.rgba[..., 3] / 255.0
    inside = grey[pad:-pad, pad:-pad]
    inside[:] = inside * (1 - alpha) + drawn.rgba[..., :3] @ (0.299, 0.587, 0.114) * alpha
    scale = across / width
    size = max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale))
    small = cv2.resize(grey.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    em = max(6, round((title.size or USUAL) * min(width, height) * scale))
    return _edges(small, em), em


def _edges(luma: Array, em: int) -> Array:
    """What changes within a letter's width: backgrounds go, strokes stay."""
    plain = luma.astype(np.float32)
    return np.asarray(plain - cv2.blur(plain, (em, em)))


def _scaled(shown: Array, width: int) -> Array:
    height = max(1, round(shown.shape[0] * width / shown.shape[1]))
    return np.asarray(cv2.resize(shown, (width, height), interpolation=cv2.INTER_AREA))


def _middle(shown: Array, width: float, height: float) -> Array:
    left = round((shown.shape[1] - width) / 2)
    top = round((shown.shape[0] - height) / 2)
    return shown[top : shown.shape[0] - top, left : shown.shape[1] - left]
