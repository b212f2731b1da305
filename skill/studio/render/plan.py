"""A draft as the renderer sees it: for every frame, the recipe that its pixels follow from.

Pure: no file is opened here. A recipe names everything that a frame's pixels
depend on (which moment of which source, how framed, how strong, which titles),
and the composer looks at nothing else. So the key of a segment, a hash over
its recipes and the encoder's settings, changes exactly when its bytes would.

Times of the draft are ms; here a frame is an integer, and a moment in a source
is in microseconds.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from skill.draft import TEXT, VIDEO, Draft, Segment, Track
from skill.studio.render.errors import RenderError

SEGMENT_FRAMES = 60
"""Frames of one cached piece of the video: 2 s at 30 fps, one closed GOP."""

DEFAULT_FADE = 400
"""Fade of a title in ms, where it does not say."""

MAX_FPS = 60


@dataclass(frozen=True)
class View:
    """What is seen of a picture: ``zoom`` (1: all of it), and where, -1..1 of the room left."""

    zoom: float = 1.0
    x: float = 0.0
    y: float = 0.0


WHOLE = View()


@dataclass(frozen=True)
class Shot:
    """A VIDEO segment: frames ``first`` to ``last`` (exclusive), of a source from ``start`` µs."""

    id: str
    name: str
    source: Mapping[str, Any]
    first: int
    last: int
    start: int
    fade: int
    seconds: float
    fit: str
    motion: str
    zoom: tuple[float, float]
    bars: float
    grain: float
    key: str

    @property
    def kind(self) -> str:
        return str(self.source.get("kind", ""))

    @property
    def reach(self) -> float:
        """The largest zoom that its motion comes to."""
        return max(self.zoom) if self.motion != "none" else 1.0

    def view(self, frame: int) -> View:
        """What is seen of the shot in a frame of the timeline, eased over the shot's length."""
        if self.motion == "none":
            return WHOLE
        steps = max(1, self.last - self.first - 1)
        done = (1 - math.cos(math.pi * min(1.0, (frame - self.first) / steps))) / 2
        begin, end = self.zoom
        if self.motion.startswith("zoom"):
            # Equal ratios in equal times look like a steady pace.
            return View(round(begin * (end / begin) ** done, 7))
        way = round(2 * done - 1, 7)
        x = {"pan_left": -way, "pan_right": way}.get(self.motion, 0.0)
        y = {"pan_up": -way, "pan_down": way}.get(self.motion, 0.0)
        return View(max(self.zoom), x, y)


@dataclass(frozen=True)
class Picture:
    """A moment of a shot in a frame: at ``time`` µs of its source, blended with ``weight``."""

    shot: Shot
    time: int
    view: View
    weight: float
    tick: int

    @property
    def key(self) -> str:
        grain = self.tick if self.shot.grain else 0
        view = self.view
        return (
            f"{self.shot.key} {self.time} {view.zoom} {view.x} {view.y} {self.weight} "
            f"{self.shot.bars} {self.shot.grain} {grain}"
        )


@dataclass(frozen=True)
class Title:
    """A TEXT segment: frames ``first`` to ``last`` (exclusive), fading ``fade`` frames each way."""

    meta: Mapping[str, Any]
    first: int
    last: int
    fade: int
    key: str

    def opacity(self, frame: int) -> float:
        """0..1 in a frame of the timeline; smooth at both ends."""
        if self.fade <= 0:
            return 1.0
        edge = min(frame - self.first + 0.5, self.last - frame - 0.5) / self.fade
        edge = min(1.0, max(0.0, edge))
        return round(edge * edge * (3 - 2 * edge), 4)


@dataclass(frozen=True)
class Recipe:
    """All that one frame is made of: pictures from back to front over black, then titles."""

    pictures: tuple[Picture, ...]
    titles: tuple[tuple[Title, float], ...]

    @property
    def key(self) -> str:
        words = [picture.key for picture in self.pictures]
        words += [f"{title.key} {opacity}" for title, opacity in self.titles]
        return "|".join(words)


@dataclass(frozen=True)
class Piece:
    """A stretch of frames that is encoded on its own: ``first`` to ``last`` (exclusive)."""

    index: int
    first: int
    last: int


@dataclass(frozen=True)
class Plan:
    """A draft laid out in frames, on a canvas in pixels (even numbers)."""

    width: int
    height: int
    fps: int
    frames: int
    tracks: tuple[tuple[Shot, ...], ...]
    titles: tuple[Title, ...]

    @property
    def shots(self) -> Iterator[Shot]:
        for track in self.tracks:
            yield from track

    def recipe(self, frame: int) -> Recipe:
        """What the frame is made of; pictures that others hide are left out.

        A later track lies over those before it, full frame: its clips hide the main ones.
        """
        pictures: list[Picture] = []
        for track in self.tracks:
            for shot in track:
                if not shot.first <= frame < shot.last:
                    continue
                tick = frame - shot.first
                weight = 1.0 if tick >= shot.fade else round((tick + 0.5) / shot.fade, 5)
                if weight >= 1.0:
                    pictures.clear()
                pictures.append(
                    Picture(shot, self._moment(shot, tick), shot.view(frame), weight, tick)
                )
        titles = tuple(
            (title, opacity)
            for title in self.titles
            if title.first <= frame < title.last and (opacity := title.opacity(frame)) > 0
        )
        return Recipe(tuple(pictures), titles)

    def _moment(self, shot: Shot, tick: int) -> int:
        if shot.kind == "image":
            return 0
        return shot.start + round(tick * 1_000_000 / self.fps)

    def pieces(self) -> tuple[Piece, ...]:
        """The video cut into pieces of SEGMENT_FRAMES; every frame is in exactly one."""
        starts = range(0, self.frames, SEGMENT_FRAMES)
        return tuple(
            Piece(index, first, min(first + SEGMENT_FRAMES, self.frames))
            for index, first in enumerate(starts)
        )

    def key(self, piece: Piece, settings: str) -> str:
        """Hash of everything that the piece's bytes depend on; ``settings`` is the encoder's."""
        digest = hashlib.sha256(f"{settings} {self.width}x{self.height}@{self.fps}".encode())
        for frame in range(piece.first, piece.last):
            digest.update(b"\n")
            digest.update(self.recipe(frame).key.encode())
        return digest.hexdigest()[:40]


def make_plan(draft: Draft, width: int, height: int) -> Plan:
    """Lay the draft out in frames on a canvas of ``width`` x ``height`` px.

    Raises RenderError where there is nothing to show or a clip has no source.
    """
    fps = min(max(1, draft.fps), MAX_FPS)
    frames = to_frames(draft.duration, fps)
    if frames <= 0:
        raise RenderError("There is nothing on the timeline yet. Add a clip first, then export.")
    tracks = tuple(_shots(track, fps) for track in draft.tracks_of(VIDEO))
    titles = tuple(
        title for segment in draft.segments_of(TEXT) if (title := _title(segment, fps)) is not None
    )
    return Plan(width, height, fps, frames, tracks, titles)


def to_frames(ms: int, fps: int) -> int:
    """The frame nearest to a time in ms (half rounds up)."""
    return (ms * fps + 500) // 1000


def canonical(value: object) -> str:
    """JSON that is the same text for equal values."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def _shots(track: Track, fps: int) -> tuple[Shot, ...]:
    shots: list[Shot] = []
    before = 0
    for segment in sorted(track.segments, key=lambda item: item.start):
        first, last = to_frames(segment.start, fps), to_frames(segment.end, fps)
        if last <= first:
            continue
        fade = 0
        transition = _mapping(segment.meta.get("transition"))
        if transition and transition.get("kind", "crossfade") != "none":
            # Only as long as the clip before is still there to fade from.
            fade = max(0, min(to_frames(int(_number(transition.get("d"))), fps), before - first))
        shots.append(_shot(segment, first, last, fade))
        before = max(before, last)
    return tuple(shots)


def _shot(segment: Segment, first: int, last: int, fade: int) -> Shot:
    meta = segment.meta
    name = str(meta.get("name") or segment.id)
    source = _mapping(meta.get("source"))
    if source.get("kind") not in ("scene", "video", "image"):
        raise RenderError(
            f"The clip '{name}' has no picture that the studio knows. "
            "Remove it or replace it, then export again."
        )
    start = max(0.0, _number(meta.get("in")))
    # A scene cut in two keeps its camera: the source says how long it was painted for.
    seconds = _number(source.get("seconds")) or (start + segment.duration) / 1000
    look = _mapping(meta.get("look"))
    motion = _mapping(meta.get("motion"))
    kind = str(motion.get("kind") or "none")
    low = min(4.0, max(1.0, _number(motion.get("from"), 1.0)))
    high = min(4.0, max(1.0, _number(motion.get("to"), 1.12)))
    if kind not in MOTIONS:
        kind = "none"
    elif kind == "zoom_in":
        low, high = min(low, high), max(low, high)
    elif kind == "zoom_out":
        low, high = max(low, high), min(low, high)
    fit = "contain" if meta.get("fit") == "contain" else "cover"
    reach = max(low, high) if kind != "none" else 1.0
    key = canonical([source, fit, reach, round(seconds, 3) if source["kind"] == "scene" else 0])
    return Shot(
        id=segment.id,
        name=name,
        source=source,
        first=first,
        last=last,
        start=round(start * 1000),
        fade=fade,
        seconds=seconds,
        fit=fit,
        motion=kind,
        zoom=(low, high),
        bars=round(max(0.0, _number(look.get("bars"))), 4),
        grain=round(min(1.0, max(0.0, _number(look.get("grain")))), 4),
        key=hashlib.sha256(key.encode()).hexdigest()[:16],
    )


MOTIONS = ("zoom_in", "zoom_out", "pan_left", "pan_right", "pan_up", "pan_down")


def _title(segment: Segment, fps: int) -> Title | None:
    first, last = to_frames(segment.start, fps), to_frames(segment.end, fps)
    text = str(segment.meta.get("text") or "").strip()
    if last <= first or not text:
        return None
    # Where and how long it stands is in the recipe; its name is for people.
    drawn = {key: value for key, value in segment.meta.items() if key not in ("fade", "name")}
    fade = to_frames(int(max(0.0, _number(segment.meta.get("fade"), DEFAULT_FADE))), fps)
    key = hashlib.sha256(canonical(drawn).encode()).hexdigest()[:16]
    return Title(drawn, first, last, min(fade, (last - first) // 2), key)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _number(value: object, default: float = 0.0) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return default
    # (Beyond that it is no time and no share; NaN is below nothing.)
    return float(value) if abs(value) < 1e12 else default
