"""Tiny videos and runs for the tests of the evals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from assistant import Turn
from grading import Run

from skill.draft import TEXT, VIDEO, Draft, Segment, Track
from skill.studio.render import text

FPS, RATE = 10, 48_000
WIDTH, HEIGHT = 320, 180


def tone(pitch: float, seconds: float, level: float = 0.1) -> np.ndarray:
    return level * np.sin(2 * np.pi * pitch * np.arange(round(seconds * RATE)) / RATE)


def film(
    path: Path,
    seconds: float = 2,
    size: tuple[int, int] = (WIDTH, HEIGHT),
    color: tuple[int, int, int] | None = None,
    sound: np.ndarray | None = None,
    title: Mapping[str, Any] | None = None,
    over: tuple[float, float] = (0, 0),
    picture: np.ndarray | None = None,
    begin: float = 0,
) -> Path:
    """A video of a picture, of one colour, or of a field that a bar crosses, from a moment on.

    A title lies over a time of it.
    """
    still = np.full((*size[::-1], 3), color) if color is not None else picture
    width, height = size
    with av.open(str(path), "w") as container:
        codecs = ("libvpx-vp9", "libopus") if path.suffix == ".webm" else ("libx264", "aac")
        fast = {"preset": "ultrafast"} if codecs[0] == "libx264" else {"cpu-used": "8"}
        shown = container.add_stream(codecs[0], rate=FPS, options=fast)
        shown.width, shown.height, shown.pix_fmt = width, height, "yuv420p"
        heard = None if sound is None else container.add_stream(codecs[1], rate=RATE)
        for index in range(round(seconds * FPS)):
            pixels = field(begin + index / FPS, size) if still is None else still.astype(float)
            if title is not None and over[0] <= index / FPS < over[1]:
                burn(pixels, title)
            frame = av.VideoFrame.from_ndarray(pixels.astype(np.uint8), format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, FPS)
            container.mux(shown.encode(frame))
        container.mux(shown.encode(None))
        if heard is not None and sound is not None:
            _encode(container, heard, sound)
    return path


def field(at: float, size: tuple[int, int] = (WIDTH, HEIGHT)) -> np.ndarray:
    """A picture that tells its time: a bar that stands further to the right every moment."""
    width, height = size
    pixels = np.full((height, width, 3), (60.0, 40.0, 90.0))
    left = round(at / 4 * width)
    pixels[:, left : left + width // 8] = (220, 200, 60)
    return pixels


def burn(pixels: np.ndarray, title: Mapping[str, Any]) -> None:
    drawn = text.draw(title, pixels.shape[1], pixels.shape[0])
    alpha = drawn.rgba[..., 3:] / 255
    height, width = alpha.shape[:2]
    box = pixels[drawn.y : drawn.y + height, drawn.x : drawn.x + width]
    box[:] = box * (1 - alpha) + drawn.rgba[..., :3] * alpha


def _encode(container: Any, stream: Any, sound: np.ndarray) -> None:
    resampler = av.AudioResampler(format=stream.format, layout="stereo", rate=RATE)
    for begin in range(0, len(sound), 960):
        block = np.repeat(sound[begin : begin + 960], 2).astype(np.float32)[None]
        frame = av.AudioFrame.from_ndarray(block, format="flt", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE, begin, Fraction(1, RATE)
        for converted in resampler.resample(frame):
            container.mux(stream.encode(converted))
    container.mux(stream.encode(None))


def turn(
    said: str = "hello",
    text: str = "Done: it is ready.",
    status: int = 0,
    steps: Sequence[str] = ("sse",),
    films: Sequence[Path] = (),
    links: Sequence[str] = (),
    problem: str = "",
) -> Turn:
    session = {"id": "a-session-id", "task": "a-task-id"}
    told = [{"action": step, "ok": True} for step in steps]
    reply = {"text": text, "steps": told, "session": session}
    return Turn(said, (), status, reply, tuple(films), tuple(links), problem=problem)


def run(*films: Path, **more: Any) -> Run:
    """A run of one turn that delivered these videos."""
    return Run(turns=more.pop("turns", [turn(films=films)]), **more)


def timeline(clips: int = 1, titles: Sequence[Mapping[str, Any]] = ()) -> Draft:
    video = tuple(Segment(f"v{n}", n * 1000, 1000) for n in range(clips))
    texts = tuple(Segment(f"t{n}", 0, 1000, dict(meta)) for n, meta in enumerate(titles))
    return Draft(tracks=(Track("v", VIDEO, video), Track("t", TEXT, texts)))
