"""Pieces of video in a row and one track of sound, in a file that starts playing at once."""

from __future__ import annotations

import errno
import heapq
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from skill.studio.render.encode import RATE, set_up_audio, set_up_video
from skill.studio.render.errors import RenderError
from skill.studio.render.output import Output
from skill.studio.render.packets import Packets

_BOXED = ("mp4", "mov")


def mux(
    out: Path,
    output: Output,
    fps: int,
    pieces: Iterable[tuple[int, Packets]],
    sound: Packets | None,
    check: Callable[[], None],
) -> None:
    """Write ``pieces``, each with its first frame's number, and the sound, to ``out``.

    ``check`` is called for every packet and may raise to stop.
    """
    options = {"movflags": "+faststart"} if output.container in _BOXED else {}
    with av.open(str(out), "w", format=output.container, options=options) as container:
        tracks = []
        if output.pictured:
            video: Any = container.add_stream(output.video.name, rate=fps)
            set_up_video(video.codec_context, output, fps)
            tracks.append(_video(video, pieces, Fraction(1, fps)))
        if sound is not None:
            audio: Any = container.add_stream(output.audio.name, rate=RATE)
            set_up_audio(audio.codec_context, output)
            tracks.append(sound.shifted(audio, Fraction(1, RATE)))
        container.start_encoding()
        for packet in heapq.merge(*tracks, key=_time):
            check()
            container.mux_one(packet)
    if output.container in _BOXED and not whole(out):
        # FFmpeg keeps quiet about what it could not write in its very last step.
        raise OSError(errno.ENOSPC, "the file was not written to its end")


def whole(path: Path) -> bool:
    """Whether the boxes of an MP4 or MOV file end exactly where it does (ISO/IEC 14496-12, 4.2)."""
    size, at = path.stat().st_size, 0
    with path.open("rb") as file:
        while at < size:
            file.seek(at)
            head = file.read(16)
            length = int.from_bytes(head[:4], "big")
            if length == 1:
                length = int.from_bytes(head[8:16], "big")
            if length < 8:
                return False
            at += length
    return at == size > 0


def _video(
    stream: Any, pieces: Iterable[tuple[int, Packets]], time_base: Fraction
) -> Iterator[av.Packet[Any]]:
    for first, packets in pieces:
        if packets.extradata != bytes(stream.codec_context.extradata or b""):
            raise RenderError(
                "A piece of the video was made with other settings. Export once more."
            )
        yield from packets.shifted(stream, time_base, first)


def _time(packet: av.Packet[Any]) -> float:
    return float((packet.dts or 0) * packet.time_base)
