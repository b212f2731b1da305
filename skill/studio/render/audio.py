"""The sound of a media file: decoded, resampled to stereo, and put where its time stamps say."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

from skill.studio import media

Sound = NDArray[np.float32]

_log = logging.getLogger(__name__)

# Containers whose time stamps are exact to the sample after a seek; anything else (Matroska
# rounds to 1 ms, MP3 guesses) is decoded from its beginning, at some hundred times its speed.
_INDEXED = {"mov", "wav"}
_PREROLL = 0.5  # s decoded before the wanted place, for codecs that build on earlier frames
_SEEK = 5.0  # s from which on a seek is worth it
_SLIP = 0.03  # s that time stamps may be off (they are often rounded) before they are believed


def blocks(path: Path, begin: float, seconds: float, rate: int) -> Iterator[tuple[int, Sound]]:
    """Yield (offset in samples from ``begin``, stereo float32 (n, 2)) of a stretch of a file.

    ``begin`` and ``seconds`` are in s; 0 is the file's first picture, or its
    first sound where it has no picture. Blocks come in order, do not overlap
    and stay inside the stretch; where the file has no sound, none come. A file
    that breaks off in the middle gives what stands before the break.
    """
    try:
        with media.container(path) as container:
            if container.streams.audio:
                yield from _stretch(container, begin, round(seconds * rate), rate)
    except (av.error.FFmpegError, OSError, ValueError) as error:
        _log.warning("the sound of %s cannot be read further: %s", path.name, error)


def read(path: Path, begin: float, seconds: float, rate: int) -> Sound:
    """The same stretch as one array (n, 2), no longer than the file's sound; gaps are silent."""
    whole = np.zeros((round(seconds * rate), 2), np.float32)
    end = 0
    for at, block in blocks(path, begin, seconds, rate):
        end = at + len(block)
        whole[at:end] = block
    return whole[:end]


def _stretch(container: Any, begin: float, length: int, rate: int) -> Iterator[tuple[int, Sound]]:
    stream = container.streams.audio[0]
    stream.thread_type = "AUTO"
    zero = _zero(container)
    if begin > _SEEK and _INDEXED & set(container.format.name.split(",")):
        zero = zero or 0.0
        container.seek(max(0, int((begin - _PREROLL + zero) * av.time_base)))
    cursor: int | None = None
    for frame in _resampled(_frames(container, stream), rate):
        time = frame.time
        if zero is None:
            zero = time or 0.0
        at = cursor if cursor is not None else -round(begin * rate)
        if time is not None:
            stamp = round((time - zero - begin) * rate)
            if cursor is None or abs(stamp - at) > _SLIP * rate:
                # Time never runs back: what would lie over earlier sound is cut off below.
                at = stamp
        block = np.broadcast_to(frame.to_ndarray().T, (frame.samples, 2))
        if at >= length:
            return
        skip = max(0, -at, 0 if cursor is None else cursor - at)
        cursor = max(at + len(block), at if cursor is None else cursor)
        block = block[skip : length - at]
        if len(block):
            yield at + skip, np.ascontiguousarray(block, np.float32)


def _zero(container: Any) -> float | None:
    """Time in s that counts as 0: the first picture's; None: that of the first sound."""
    for video in container.streams.video:
        cover = video.disposition & av.stream.Disposition.attached_pic
        if not cover:
            return float((video.start_time or 0) * video.time_base)
    stream = container.streams.audio[0]
    return None if stream.start_time is None else float(stream.start_time * stream.time_base)


def _frames(container: Any, stream: Any) -> Iterator[AudioFrame]:
    """Decoded frames; a damaged packet is passed over."""
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except StopIteration:
            return
        try:
            yield from packet.decode()
        except av.error.InvalidDataError:
            continue


def _resampled(frames: Iterator[AudioFrame], rate: int) -> Iterator[AudioFrame]:
    resampler: AudioResampler | None = None
    form: tuple[str, str, int] | None = None
    for frame in frames:
        kind = (frame.format.name, frame.layout.name, frame.sample_rate)
        if resampler is None or kind != form:
            if resampler:  # a stream may change in the middle, as broadcasts do
                yield from resampler.resample(None)
            # Mono goes to both sides as it is: FFmpeg's own way takes 3 dB off.
            layout = "mono" if frame.layout.nb_channels == 1 else "stereo"
            resampler, form = AudioResampler("fltp", layout, rate), kind
        yield from resampler.resample(frame)
    if resampler:
        yield from resampler.resample(None)
