"""Small clips whose frames carry their own number, so that a test can tell which one it sees."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av import VideoFrame
from render_material import numbered


@pytest.fixture
def clip(tmp_path: Path) -> Callable[..., Path]:
    """Makes a video file of numbered frames (or of the frames given)."""

    def make(
        name: str = "clip.mp4",
        frames: int | Sequence[np.ndarray] = 30,
        *,
        rate: Fraction | int = 30,
        size: tuple[int, int] = (320, 180),
        codec: str = "libx264",
        pixels: str = "yuv420p",
        from_format: str = "rgb24",
        times: Sequence[int] | None = None,
        options: dict[str, str] | None = None,
        **settings: Any,
    ) -> Path:
        path = tmp_path / name
        if isinstance(frames, int):
            frames = [numbered(number, *size) for number in range(frames)]
        with av.open(str(path), "w") as container:
            stream: Any = container.add_stream(codec, rate=rate)
            stream.width, stream.height, stream.pix_fmt = *size, pixels
            context = stream.codec_context
            context.options = options or ({"preset": "ultrafast"} if codec == "libx264" else {})
            if times is not None:
                context.time_base = Fraction(1, 1000)
            for key, value in settings.items():
                setattr(context, key, value)
            for index, image in enumerate(frames):
                frame = VideoFrame.from_ndarray(image, from_format)
                if times is not None:
                    frame.pts, frame.time_base = times[index], Fraction(1, 1000)
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        return path

    return make


@pytest.fixture
def turned() -> Callable[[Path, int], Path]:
    """Writes a clockwise turn of 90, 180 or 270 degrees into the track header of an MP4."""

    def turn(path: Path, degrees: int) -> Path:
        matrix = {90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}[degrees]
        a, b, c, d = (value * 65536 for value in matrix)
        data = bytearray(path.read_bytes())
        at = data.index(b"tkhd") + 4 + 40  # ISO/IEC 14496-12, 8.3.2, version 0
        values = (a, b, 0, c, d, 0, 0, 0, 1 << 30)
        data[at : at + 36] = b"".join(value.to_bytes(4, "big", signed=True) for value in values)
        path.write_bytes(data)
        return path

    return turn
