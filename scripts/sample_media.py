"""Small real media files for the examples and the tests: footage, photos, songs.

Nothing binary stands in the repository; what an example sends is made when it runs.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image

FPS = 30
RATE = 48000


def video(path: Path, seconds: float = 4, width: int = 640, height: int = 360) -> Path:
    """Footage: a ball that crosses a changing field, with a soft 330 Hz tone.

    In H.264 and AAC, or what the name's ending asks for.
    """
    codecs = {".webm": ("libvpx-vp9", "libopus"), ".avi": ("mpeg4", "libmp3lame")}
    pictured, heard = codecs.get(path.suffix, ("libx264", "aac"))
    with av.open(str(path), "w") as container:
        picture = container.add_stream(pictured, rate=FPS)
        picture.width, picture.height, picture.pix_fmt = width, height, "yuv420p"
        sound = container.add_stream(heard, rate=RATE)
        rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
        count = round(seconds * FPS)
        for index in range(count):
            at = index / count
            ball = np.hypot(columns - at * width, rows - height / 2) < height / 6
            pixels = np.stack(
                [columns / width * 200, rows / height * 200, np.full_like(rows, 80 + 120 * at)],
                axis=-1,
            )
            pixels[ball] = (240, 220, 60)
            frame = av.VideoFrame.from_ndarray(pixels.astype(np.uint8), format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, FPS)
            container.mux(picture.encode(frame))
        container.mux(picture.encode(None))
        _encode_sound(container, sound, seconds, 330)
    return path


def song(path: Path, seconds: float = 6) -> Path:
    """A song of one soft chord, in the codec that the name's ending asks for."""
    codec = {".mp3": "libmp3lame", ".wav": "pcm_s16le"}.get(path.suffix, "aac")
    with av.open(str(path), "w") as container:
        _encode_sound(container, container.add_stream(codec, rate=RATE), seconds, 220)
    return path


def photo(path: Path, width: int = 1600, height: int = 1200, hue: int = 20) -> Path:
    """A photo: a sky over a plain, in the hue given (0 to 255)."""
    down = np.linspace(0, 1, height)[:, None] * np.ones(width)
    field = down > 0.6
    hsv = np.stack(
        [
            np.where(field, (hue + 90) % 256, hue),
            np.where(field, 160, 120),
            255 - 130 * down,
        ],
        axis=-1,
    )
    Image.fromarray(hsv.astype(np.uint8), "HSV").convert("RGB").save(path)
    return path


def _encode_sound(
    container: av.container.OutputContainer, stream: av.AudioStream, seconds: float, pitch: float
) -> None:
    times = np.arange(round(seconds * RATE)) / RATE
    chord = [np.sin(2 * np.pi * pitch * ratio * times) for ratio in (1, 1.25, 1.5)]
    wave = np.sum(chord, axis=0) / 15
    resampler = av.AudioResampler(format=stream.format, layout="stereo", rate=RATE)
    size = stream.frame_size or 1024
    for begin in range(0, len(wave), size):
        block = np.repeat(wave[begin : begin + size], 2).astype(np.float32)[None]
        frame = av.AudioFrame.from_ndarray(block, format="flt", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE, begin, Fraction(1, RATE)
        for converted in resampler.resample(frame):
            container.mux(stream.encode(converted))
    container.mux(stream.encode(None))
