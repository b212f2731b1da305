"""Footage: a video file with random access to time, converted for the canvas.

Time 0 is the file's first picture. What is asked for past the end is the last
frame; what cannot be decoded is the last good frame before it.

Nothing in this process may call ``av.logging.set_level``: PyAV then takes the
interpreter's lock for each message, and closing a damaged file waits forever
for a decoder's thread that has something to say.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
from av import VideoFrame

from skill.studio import media
from skill.studio.render import fitting, image, planes
from skill.studio.render.errors import RenderError
from skill.studio.render.plan import Picture, Shot

EARLY = 0.275
"""How much sooner than due a frame may come, in frames of the output.

Time stamps are rounded (Matroska to 1 ms), so "the last frame that is due"
would waver. No common rate (24, 25, 30, 50, 60, 100, 120) has frames near here.
"""

FAR = 1.5
"""Seconds ahead from which seeking beats decoding what lies between."""

# Values of AVColorSpace (ITU-T H.273 table 4) as the scale filter names them.
_MATRIX = {1: "bt709", 4: "fcc", 5: "bt601", 6: "bt601", 7: "smpte240m", 9: "bt2020", 10: "bt2020"}
_FULL = 2


class Footage:
    """A video on a canvas of ``width`` x ``height`` px. Raises RenderError if nothing decodes."""

    def __init__(self, path: Path, shot: Shot, width: int, height: int, fps: int) -> None:
        self._path, self._name, self._fit = path, shot.name, shot.fit
        self._size = width, height
        self._slack = EARLY / fps
        self._time = -math.inf
        self._next: tuple[float, VideoFrame] | None = None
        self._current: Any = None
        self._open()
        self._converter: _Converter | None = None
        self._made: tuple[VideoFrame, VideoFrame] | None = None

    def at(self, picture: Picture) -> VideoFrame:
        """The canvas at the picture's time."""
        decoded = self.frame(picture.time / 1_000_000)
        if self._made is None or self._made[0] is not decoded:
            self._made = decoded, self._convert(decoded)
        made = self._made[1]
        if picture.view.zoom == 1.0:
            return made
        return planes.frame_of(fitting.warp(planes.views(made), picture.view, *self._size))

    def frame(self, seconds: float) -> VideoFrame:
        """The decoded frame that is on screen at a time in s."""
        due = seconds + self._slack
        if due < self._time or due > self._position + FAR:
            self._seek(seconds)
        while self._next is not None and self._next[0] <= due:
            self._time, self._current = self._next
            self._next = next(self._frames, None)
        shown: VideoFrame = self._current
        return shown

    def close(self) -> None:
        self._container.close()

    def _open(self) -> None:
        try:
            self._container: Any = media.container(self._path)
        except (av.error.FFmpegError, OSError, ValueError) as error:
            raise self._unreadable() from error
        self._stream = _pictures(self._container)
        if self._stream is None:
            raise self._unreadable()
        self._stream.thread_type = "AUTO"
        self._zero = float((self._stream.start_time or 0) * self._stream.time_base)
        self._frames = self._decode()
        first = next(self._frames, None)
        if first is None:
            raise self._unreadable()
        # Whatever stands before the first frame looks like it.
        self._time = -math.inf
        self._current = first[1]
        self._next = next(self._frames, None)

    @property
    def _position(self) -> float:
        return self._next[0] if self._next else math.inf

    def _seek(self, seconds: float) -> None:
        """Come to a frame that is not after ``seconds``, or to the file's beginning."""
        back = 0.0
        while seconds - back > 0:
            target = seconds - back + self._zero
            try:
                self._container.seek(
                    int(target / self._stream.time_base), stream=self._stream, backward=True
                )
            except av.error.FFmpegError:
                break
            self._frames = self._decode()
            first = next(self._frames, None)
            if first is not None and first[0] <= seconds + self._slack:
                self._time, self._current = first
                self._next = next(self._frames, None)
                return
            # An index that lies, or a key frame that others before it need.
            back = back * 2 + 1.0
        self._container.close()
        self._open()

    def _decode(self) -> Iterator[tuple[float, VideoFrame]]:
        """Frames with their times in s; damaged packets are passed over."""
        stream = self._stream
        step = 1 / float(stream.average_rate or 30)
        time = -step
        packets = self._container.demux(stream)
        while True:
            try:
                packet = next(packets)
            except (StopIteration, av.error.FFmpegError):
                return
            try:
                frames = packet.decode()
            except (av.error.FFmpegError, ValueError):
                continue
            for frame in frames:
                stamp = frame.pts if frame.pts is not None else frame.dts
                if stamp is None or frame.time_base is None:
                    time += step
                else:
                    time = float(stamp * frame.time_base) - self._zero
                yield time, frame

    def _convert(self, frame: VideoFrame) -> VideoFrame:
        if self._converter is None or not self._converter.takes(frame):
            sample = self._stream.sample_aspect_ratio or 1
            self._converter = _Converter(frame, float(sample) or 1.0, self._fit, *self._size)
        return self._converter.convert(frame)

    def _unreadable(self) -> RenderError:
        return RenderError(
            f"The video '{self._name}' could not be read; it may be damaged. Send it again."
        )


class _Converter:
    """Decoded frames of one form -> canvases: cropped, scaled, turned, in BT.709."""

    def __init__(self, frame: VideoFrame, sample: float, fit: str, width: int, height: int) -> None:
        self._form = _form(frame)
        self._size = width, height
        self._alpha = any(part.is_alpha for part in frame.format.components) or (
            frame.format.has_palette
        )
        turn = round(frame.rotation / 90) % 4
        aspect = frame.width * sample / frame.height
        place = fitting.window(fit, 1 / aspect if turn % 2 else aspect, width, height)
        self._place = place
        target = (place.height, place.width) if turn % 2 else (place.width, place.height)
        steps = _steps(frame, sample, target, turn, self._alpha)
        self._graph = None if steps is None else _graph(frame, steps)

    def takes(self, frame: VideoFrame) -> bool:
        return _form(frame) == self._form

    def convert(self, frame: VideoFrame) -> VideoFrame:
        if self._graph is not None:
            frame = _through(self._graph, frame)
        if self._alpha:
            rgba = np.ascontiguousarray(frame.to_ndarray(), np.uint8)
            frame = planes.frame_of(planes.from_rgb(image.over_black(rgba)))
        if (self._place.width, self._place.height) == self._size:
            return frame
        return fitting.stand(planes.views(frame), self._place, *self._size)


def _form(frame: VideoFrame) -> tuple[object, ...]:
    return (
        frame.width,
        frame.height,
        frame.format.name,
        frame.colorspace,
        frame.color_range,
        frame.rotation,
        frame.interlaced_frame,
    )


def _steps(
    frame: VideoFrame, sample: float, target: tuple[int, int], turn: int, alpha: bool
) -> list[tuple[str, str]] | None:
    """Filters from the decoded frame to ``target`` px before turning; None: it fits as it is."""
    wide, high = frame.width, frame.height
    matrix = _MATRIX.get(int(frame.colorspace))
    if matrix is None:  # not tagged: as television has it, by size
        matrix = "bt709" if wide >= 1280 or high > 576 else "bt601"
    is_rgb = frame.format.is_rgb or frame.format.has_palette
    full = frame.color_range == _FULL or is_rgb or frame.format.name.startswith("yuvj")
    same = (wide, high) == target and abs(sample - 1) < 0.005 and not frame.interlaced_frame
    if same and not turn and not full and matrix == "bt709" and frame.format.name == "yuv420p":
        return None
    steps = []
    if frame.interlaced_frame:
        steps.append(("field", "type=top"))
        high //= 2
        sample /= 2
    wanted = target[0] / target[1]
    shape = wide * sample / high
    if shape > wanted:
        steps.append(("crop", f"{_even(high * wanted / sample, wide)}:{high}"))
    else:
        steps.append(("crop", f"{wide}:{_even(wide * sample / wanted, high)}"))
    colours = f"in_range={'full' if full else 'limited'}"
    if not is_rgb:
        colours += f":in_color_matrix={matrix}"
    if alpha:
        colours += ":out_range=full"
    else:
        colours += ":out_color_matrix=bt709:out_range=limited"
    flags = "bicubic+accurate_rnd+full_chroma_int"
    steps.append(("scale", f"{target[0]}:{target[1]}:flags={flags}:{colours}"))
    steps.append(("format", "rgba" if alpha else "yuv420p"))
    # Positive turns are counter-clockwise, as a display matrix counts them.
    if turn == 1:
        steps.append(("transpose", "cclock"))
    elif turn == 3:
        steps.append(("transpose", "clock"))
    elif turn == 2:
        steps += [("hflip", ""), ("vflip", "")]
    return steps


def _graph(frame: VideoFrame, steps: list[tuple[str, str]]) -> av.filter.Graph:
    graph = av.filter.Graph()
    colour = f"colorspace={int(frame.colorspace)}:range={int(frame.color_range)}"
    nodes = [
        graph.add(
            "buffer",
            f"video_size={frame.width}x{frame.height}:pix_fmt={frame.format.name}"
            f":time_base=1/1000:pixel_aspect=1/1:{colour}",
        )
    ]
    nodes += [graph.add(name, arguments or None) for name, arguments in steps]
    nodes.append(graph.add("buffersink"))
    graph.link_nodes(*nodes)
    graph.configure()
    return graph


def _through(graph: av.filter.Graph, frame: VideoFrame) -> VideoFrame:
    graph.vpush(frame)
    made = graph.vpull()
    assert isinstance(made, VideoFrame)  # noqa: S101 - a picture went in; tells mypy
    return made


def _pictures(container: Any) -> Any:
    """The first video stream that is no cover picture of a song."""
    for stream in container.streams.video:
        if not stream.disposition & av.stream.Disposition.attached_pic:
            return stream
    return None


def _even(size: float, most: int) -> int:
    # A whole number of chroma samples, whatever their spacing.
    return min(most, max(2, round(size / 2) * 2))
