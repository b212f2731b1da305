"""The encoders: a piece of video as one closed GOP, and the whole sound as one track.

Every piece is encoded with the same settings, so that all have the same
out-of-band header and stand in one track. Sound is never cut: the padding of
AAC would shift each join by 21 ms.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import av
import numpy as np
from av import VideoFrame
from av.video.frame import PictureType
from numpy.typing import NDArray

from skill.studio.render.output import Output
from skill.studio.render.packets import Encoded, Packets, encoded
from skill.studio.render.plan import SEGMENT_FRAMES

RATE = 48_000
"""Samples a second of every video's sound."""

_BT709 = 1
_LIMITED = 1


class VideoEncoder:
    """Encodes one piece, in ``threads`` (0: as many as the encoder likes); time stamps from 0."""

    def __init__(self, output: Output, fps: int, threads: int = 0) -> None:
        self._context: Any = av.CodecContext.create(output.video.name, "w")
        set_up_video(self._context, output, fps)
        # No part of the settings: what comes out is as good, and has the same header.
        self._context.thread_count = threads
        self._time_base = Fraction(1, fps)
        self._count = 0
        self._packets: list[Encoded] = []

    def add(self, frame: VideoFrame) -> None:
        """Encode the next frame. Its time stamp is set, its picture is not touched."""
        frame.pts, frame.time_base, frame.duration = self._count, self._time_base, 1
        # What it was in the source must not decide what it becomes here.
        frame.pict_type = PictureType.NONE
        self._count += 1
        self._take(self._context.encode(frame))

    def finish(self) -> Packets:
        """The packets of all frames."""
        self._take(self._context.encode(None))
        # A piece of a frame or two is given a shorter delay by x264 than its neighbours are,
        # which would tear the row of decoding times; so all have that of a long one.
        delay = self._context.reorder_depth
        packets = tuple(
            replace(packet, dts=number - delay) for number, packet in enumerate(self._packets)
        )
        if any(packet.dts > packet.pts for packet in packets):
            raise RuntimeError("the encoder reorders frames by more than it says")
        return Packets(bytes(self._context.extradata or b""), packets)

    def _take(self, made: list[av.Packet[Any]]) -> None:
        self._packets += [encoded(packet, 1) for packet in made]


def set_up_video(context: Any, output: Output, fps: int) -> None:
    """Settings of the video encoder, the same for every piece and for the file's header."""
    context.width, context.height = output.width, output.height
    context.pix_fmt = "yuv420p"
    context.time_base, context.framerate = Fraction(1, fps), Fraction(fps)
    context.sample_aspect_ratio = Fraction(1)
    context.gop_size = SEGMENT_FRAMES
    context.color_range = _LIMITED
    context.color_primaries = context.color_trc = context.colorspace = _BT709
    context.flags |= av.codec.context.Flags.global_header
    context.options = dict(output.video.options)


def encode_sound(sound: NDArray[np.float32], output: Output) -> Packets:
    """A stereo sound (n, 2) at 48 kHz as one track; time stamps count samples."""
    context: Any = av.CodecContext.create(output.audio.name, "w")
    set_up_audio(context, output)
    context.open()
    planar = np.ascontiguousarray(sound.T, np.float32)
    made: list[Encoded] = []
    size = context.frame_size or 1024
    for at in range(0, planar.shape[1], size):
        block = np.ascontiguousarray(planar[:, at : at + size])
        frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE, at, Fraction(1, RATE)
        made += [encoded(packet, size) for packet in context.encode(frame)]
    made += [encoded(packet, size) for packet in context.encode(None)]
    return Packets(bytes(context.extradata or b""), tuple(made))


def set_up_audio(context: Any, output: Output) -> None:
    """Settings of the audio encoder, the same for the track and for the file's header."""
    context.sample_rate = RATE
    context.layout = "stereo"
    context.format = "flt" if output.audio.name == "libopus" else "fltp"
    context.bit_rate = output.audio_bits
    context.time_base = Fraction(1, RATE)
    context.flags |= av.codec.context.Flags.global_header
    context.options = dict(output.audio.options)
