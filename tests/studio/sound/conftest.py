"""Files with sound for the tests of what is heard."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hearing import Sound


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a sound into a file of any container and codec; a black picture where asked for."""

    def made(
        name: str, sound: Sound, rate: int, codec: str, layout: str = "stereo", video: bool = False
    ) -> Path:
        path = tmp_path / name
        with av.open(str(path), "w") as container:
            picture: Any = container.add_stream("libx264", rate=30) if video else None
            if picture is not None:
                picture.width = picture.height = 32
                picture.pix_fmt = "yuv420p"
            stream: Any = container.add_stream(codec, rate=rate, layout=layout)
            if picture is not None:
                for number in range(round(len(sound) / rate * 30)):
                    frame = av.VideoFrame(32, 32, "yuv420p")
                    frame.pts = number
                    container.mux(picture.encode(frame))
                container.mux(picture.encode(None))
            whole = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound.T), "fltp", layout)
            whole.sample_rate, whole.pts, whole.time_base = rate, 0, Fraction(1, rate)
            fifo = av.AudioFifo()
            resampler = av.AudioResampler(stream.format.name, layout, rate)
            for part in [*resampler.resample(whole), *resampler.resample(None)]:
                fifo.write(part)
            while (part := fifo.read(stream.frame_size or 1024, partial=True)) is not None:
                container.mux(stream.encode(part))
            container.mux(stream.encode(None))
        return path

    return made
