"""Where pictures come from: footage, photos, animations and painted scenes, all asked by time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import av
import cv2
import numpy as np
from av import VideoFrame

from skill.draft import AUDIO, VIDEO, Draft
from skill.studio.render import fitting, planes
from skill.studio.render.errors import RenderError
from skill.studio.render.image import Animation, Still, animated
from skill.studio.render.plan import Picture, Shot
from skill.studio.render.video import Footage

Media = Callable[[str], Path]


class Source(Protocol):
    """Gives canvases (yuv420p, BT.709) of one shot; they are shared, so never written to."""

    def at(self, picture: Picture) -> VideoFrame: ...

    def close(self) -> None: ...


class Scene:
    """A painted scene, at the size of the canvas."""

    def __init__(self, shot: Shot, width: int, height: int) -> None:
        from skill.studio.generate.scenes import paint  # a reader of photos needs no painter

        self._size = width, height
        self._painter: Any = paint(shot.source.get("scene") or {}, width, height, shot.seconds)

    def at(self, picture: Picture) -> VideoFrame:
        rgb = np.ascontiguousarray(self._painter.frame(picture.time / 1_000_000), np.uint8)
        made = planes.from_rgb(rgb)
        if picture.view.zoom != 1.0:
            made = fitting.warp(made, picture.view, *self._size)
        return planes.frame_of(made)

    def close(self) -> None:
        self._painter = None


def open_source(shot: Shot, media: Media, width: int, height: int, fps: int) -> Source:
    """Open what a shot shows. Raises RenderError where it is gone or unreadable."""
    if shot.kind == "scene":
        return Scene(shot, width, height)
    path = media(str(shot.source.get("hash", "")))
    if shot.kind == "image":
        return Still(path, shot, width, height)
    if animated(path):
        return Animation(path, shot, width, height)
    return Footage(path, shot, width, height, fps)


class Sources:
    """The open sources of a plan: opened when first seen, closed by ``release`` when done with."""

    def __init__(self, media: Media, width: int, height: int, fps: int) -> None:
        self._media, self._canvas = media, (width, height, fps)
        self._open: dict[int, tuple[Shot, Source]] = {}

    def at(self, picture: Picture) -> VideoFrame:
        """The canvas of a picture; at most one thread may ask."""
        shot = picture.shot
        if id(shot) not in self._open:  # names in a draft need not be unique; shots are
            self._open[id(shot)] = shot, open_source(shot, self._media, *self._canvas)
        try:
            return self._open[id(shot)][1].at(picture)
        except (av.error.FFmpegError, cv2.error) as error:
            raise RenderError(
                f"The clip '{shot.name}' could not be read any further; it may be damaged. "
                "Send it again, or remove it, then export."
            ) from error

    def release(self, before: int | None = None) -> None:
        """Close the sources of shots that end at or before a frame; None: all of them."""
        for key, (shot, source) in list(self._open.items()):
            if before is None or shot.last <= before:
                source.close()
                del self._open[key]


def gathered(draft: Draft, media: Media) -> Media:
    """The files that a draft needs, looked up now and in this thread, for any thread to ask.

    Raises RenderError for one that is gone.
    """
    files: dict[str, Path] = {}
    for segment in (*draft.segments_of(VIDEO), *draft.segments_of(AUDIO)):
        source = segment.meta.get("source")
        key = source.get("hash") if isinstance(source, Mapping) else None
        if key is None or str(key) in files:
            continue
        name = str(segment.meta.get("name") or segment.id)
        if not str(key).isalnum():  # a draft comes from outside, and a hash becomes a path
            raise _gone(name)
        try:
            path = media(str(key))
        except (LookupError, OSError) as error:
            raise _gone(name) from error
        if not path.is_file():
            raise _gone(name)
        files[str(key)] = path
    return files.__getitem__


def _gone(name: str) -> RenderError:
    return RenderError(f"The file of '{name}' is no longer here. Send it again, then export.")
