"""Media files for the studio's tests, written when they run: no binary lies in the repository."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


class Made:
    """Writes real files; each method returns the path that it was given."""

    def video(
        self,
        path: Path,
        seconds: float = 0.4,
        size: tuple[int, int] = (64, 48),
        codec: str = "libx264",
        sound: str | None = None,
        rotate: int = 0,
        **options: Any,
    ) -> Path:
        """``sound``: an audio codec, None for silence. ``rotate``: degrees, written as a matrix."""
        import av
        import numpy as np

        with av.open(str(path), "w", **options) as file:
            picture = file.add_stream(codec, rate=25)
            picture.width, picture.height = size
            picture.pix_fmt = "yuv420p"
            heard = file.add_stream(sound, rate=48000) if sound else None
            for number in range(round(seconds * 25)):
                image = np.full((size[1], size[0], 3), number * 9 % 256, np.uint8)
                frame = av.VideoFrame.from_ndarray(image, format="rgb24")
                frame.pts = number
                file.mux(picture.encode(frame))
            file.mux(picture.encode())
            if heard is not None:
                self._tone(file, heard, seconds)
        if rotate:
            data = path.read_bytes()
            upright = b"".join(n.to_bytes(4, "big") for n in (1 << 16, 0, 0, 0, 1 << 16, 0))
            turned = {90: (0, 1 << 16, 0, (1 << 32) - (1 << 16), 0, 0)}[rotate]
            at = data.index(upright, data.index(b"tkhd"))
            matrix = b"".join(n.to_bytes(4, "big") for n in turned)
            path.write_bytes(data[:at] + matrix + data[at + len(matrix) :])
        return path

    def sound(self, path: Path, seconds: float = 0.5, codec: str = "aac", **options: Any) -> Path:
        import av

        with av.open(str(path), "w", **options) as file:
            self._tone(file, file.add_stream(codec, rate=48000), seconds)
        return path

    def image(self, path: Path, size: tuple[int, int] = (64, 48), **options: Any) -> Path:
        from PIL import Image

        Image.new("RGB", size, (200, 80, 40)).save(path, **options)
        return path

    def animation(self, path: Path, frames: int = 4, ms: int = 100) -> Path:
        from PIL import Image

        images = [Image.new("RGB", (64, 48), (n * 50, 20, 90)) for n in range(frames)]
        images[0].save(path, save_all=True, append_images=images[1:], duration=ms)
        return path

    def _tone(self, file: Any, stream: Any, seconds: float) -> None:
        import av
        import numpy as np

        time = np.arange(round(seconds * 48000)) / 48000
        wave = (np.sin(time * 440 * 2 * np.pi) * 0.3).astype(np.float32)
        frame = av.AudioFrame.from_ndarray(np.stack([wave, wave]), format="fltp", layout="stereo")
        frame.sample_rate = 48000
        frame.pts = 0
        # The resampler cuts the tone into frames of the encoder's size and sample format.
        resampler = av.AudioResampler(
            format=stream.codec_context.format,
            layout="stereo",
            rate=48000,
            frame_size=stream.codec_context.frame_size or 1024,
        )
        for part in (*resampler.resample(frame), *resampler.resample(None)):
            file.mux(stream.encode(part))
        file.mux(stream.encode())


@pytest.fixture
def made() -> Made:
    return Made()
