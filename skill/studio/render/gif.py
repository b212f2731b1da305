"""A video as an animated GIF: half its frames, and 256 colours chosen from all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av import VideoFrame

RATE = 10
"""Frames a second. GIF counts hundredths of a second; 10 is one that all viewers keep."""


def to_gif(video: Path, out: Path, check: Callable[[], None]) -> None:
    """Turn a yuv420p video file into a GIF that repeats; ``check`` is called often, may raise."""
    palette = _palette(video, check)
    with av.open(str(out), "w", format="gif") as container:
        stream: Any = container.add_stream("gif", rate=RATE)
        for number, frame in enumerate(_painted(video, palette, check)):
            if number == 0:
                stream.width, stream.height, stream.pix_fmt = frame.width, frame.height, "pal8"
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _palette(video: Path, check: Callable[[], None]) -> VideoFrame:
    """The colours that serve all frames best, as a picture of 16x16."""
    with av.open(str(video)) as container:
        graph = av.filter.Graph()
        # A few small frames have all the colours, and are counted ten times as fast.
        source, thinned = _thinned(graph, container.streams.video[0], 3)
        small = graph.add("scale", "ceil(iw/3):ceil(ih/3):flags=area")
        chooser, sink = graph.add("palettegen"), graph.add("buffersink")
        graph.link_nodes(thinned, small, chooser, sink).configure()
        for frame in container.decode(video=0):
            check()
            source.push(frame)
        source.push(None)
        chosen: Any = sink.pull()
    made: VideoFrame = chosen
    return made


def _painted(video: Path, palette: VideoFrame, check: Callable[[], None]) -> Iterator[VideoFrame]:
    """The frames in the palette's colours."""
    with av.open(str(video)) as container:
        graph = av.filter.Graph()
        source, thinned = _thinned(graph, container.streams.video[0], RATE)
        colours = graph.add("buffer", _form(palette.width, palette.height, palette.format.name))
        painter = graph.add("paletteuse", "dither=bayer:bayer_scale=4:diff_mode=rectangle")
        sink = graph.add("buffersink")
        thinned.link_to(painter, 0, 0)
        colours.link_to(painter, 0, 1)
        painter.link_to(sink)
        graph.configure()
        colours.push(palette)
        colours.push(None)
        for frame in container.decode(video=0):
            check()
            source.push(frame)
            yield from _ready(sink)
        source.push(None)
        yield from _ready(sink)


def _thinned(graph: av.filter.Graph, stream: Any, rate: int) -> tuple[Any, Any]:
    """Where frames go in, and where ``rate`` of them a second come out."""
    context = stream.codec_context
    colours = f":colorspace={context.colorspace}:range={context.color_range}"
    form = _form(stream.width, stream.height, context.pix_fmt, stream.time_base) + colours
    # A video that is shorter than a step of this rate would round to no frame at all.
    end = "pass" if (stream.duration or 0) * stream.time_base * rate < 1 else "round"
    source, thinned = graph.add("buffer", form), graph.add("fps", f"{rate}:eof_action={end}")
    source.link_to(thinned)
    return source, thinned


def _form(width: int, height: int, pixels: str, time_base: Fraction = Fraction(1, 1000)) -> str:
    return f"video_size={width}x{height}:pix_fmt={pixels}:time_base={time_base}:pixel_aspect=1/1"


def _ready(sink: Any) -> Iterator[VideoFrame]:
    while True:
        try:
            yield sink.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
