"""The timeline, on the wire and in memory: the one module that both sides import.

On the wire a draft is JSON with short keys (the published field mapping):
``t`` tracks, ``tt`` track type (0 video, 1 audio, 7 text), ``sg`` segments,
``d`` duration in ms, ``m`` metadata. ``s``, the start of a segment in ms, is
our own; where it is missing a segment starts where the one before it ended.
Every key that is not named here belongs to the backend and is passed back
untouched (``rest``).

    {"d": 5000, "m": {"w": 1920, "h": 1080, "fps": 30},
     "t": [{"id": "v", "tt": 0, "sg": [{"id": "a1", "s": 0, "d": 5000, "m": {...}}]}]}

Reading is lenient, because drafts come from a server: a value of the wrong
type counts as absent, and only something that is no object at all is refused.
``references/draft.md`` lists the metadata that the studio writes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

VIDEO, AUDIO, TEXT = 0, 1, 7

_NONE: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Segment:
    """A stretch of a track. ``start`` and ``duration`` are in ms on the timeline."""

    id: str
    start: int
    duration: int
    meta: Mapping[str, Any] = field(default_factory=dict)
    rest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def end(self) -> int:
        return self.start + self.duration

    def with_meta(self, **changes: Any) -> Segment:
        """The segment with metadata changed; a value of None removes the key."""
        meta = {**self.meta, **changes}
        return replace(self, meta={key: value for key, value in meta.items() if value is not None})


@dataclass(frozen=True)
class Track:
    """Segments of one type: VIDEO, AUDIO or TEXT (another number is kept as it is)."""

    id: str
    type: int
    segments: tuple[Segment, ...] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)
    rest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def end(self) -> int:
        return max((segment.end for segment in self.segments), default=0)


@dataclass(frozen=True)
class Draft:
    """A timeline: a canvas in pixels and frames a second, and tracks from back to front."""

    width: int = 1920
    height: int = 1080
    fps: int = 30
    tracks: tuple[Track, ...] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)
    rest: Mapping[str, Any] = field(default_factory=dict)

    @cached_property  # asked for beside every segment
    def duration(self) -> int:
        """Length in ms: the end of the picture, or of everything where there is no picture."""
        picture = max((track.end for track in self.tracks_of(VIDEO)), default=0)
        return picture or max((track.end for track in self.tracks), default=0)

    @property
    def exportable(self) -> bool:
        """Whether at least one track has a segment."""
        return any(track.segments for track in self.tracks)

    def tracks_of(self, kind: int) -> tuple[Track, ...]:
        return tuple(track for track in self.tracks if track.type == kind)

    def segments_of(self, kind: int) -> Iterator[Segment]:
        for track in self.tracks_of(kind):
            yield from track.segments

    def find(self, segment_id: str) -> Segment | None:
        return next((s for t in self.tracks for s in t.segments if s.id == segment_id), None)


def parse(wire: object) -> Draft:
    """Read a draft from the wire. Raises ValueError where it is no object."""
    if not isinstance(wire, Mapping):
        raise ValueError(f"a draft is an object, not {type(wire).__name__}")
    meta = _object(wire.get("m"))
    return Draft(
        width=_number(meta.get("w")) or Draft.width,
        height=_number(meta.get("h")) or Draft.height,
        fps=_number(meta.get("fps")) or Draft.fps,
        tracks=tuple(
            _track(track, index)
            for index, track in enumerate(_list(wire.get("t")))
            if isinstance(track, Mapping)
        ),
        meta=_without(meta, "w", "h", "fps"),
        rest=_without(wire, "t", "m", "d"),
    )


def to_wire(draft: Draft) -> dict[str, Any]:
    """Write a draft for the wire: plain dicts and lists, ready for JSON."""
    return {
        **draft.rest,
        "d": draft.duration,
        "m": {**draft.meta, "w": draft.width, "h": draft.height, "fps": draft.fps},
        "t": [
            {
                **track.rest,
                "id": track.id,
                "tt": track.type,
                "m": dict(track.meta),
                "sg": [
                    {
                        **segment.rest,
                        "id": segment.id,
                        "s": segment.start,
                        "d": segment.duration,
                        "m": dict(segment.meta),
                    }
                    for segment in track.segments
                ],
            }
            for track in draft.tracks
        ],
    }


def _track(wire: Mapping[str, Any], index: int) -> Track:
    segments: list[Segment] = []
    at = 0
    for number, item in enumerate(_list(wire.get("sg"))):
        if not isinstance(item, Mapping):
            continue
        start = item.get("s")
        segment = Segment(
            id=str(item.get("id") or f"{index}.{number}"),
            start=_number(start) if _is_number(start) else at,
            duration=_number(item.get("d")),
            meta=_object(item.get("m")),
            rest=_without(item, "id", "s", "d", "m"),
        )
        segments.append(segment)
        at = segment.end
    kind: Any = wire.get("tt")
    return Track(
        id=str(wire.get("id") or index),
        type=int(kind) if _is_number(kind) else -1,
        segments=tuple(segments),
        meta=_object(wire.get("m")),
        rest=_without(wire, "id", "tt", "sg", "m"),
    )


def _object(value: object) -> Mapping[str, Any]:
    return dict(value) if isinstance(value, Mapping) else _NONE


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_number(value: object) -> bool:
    # NaN and infinities come in through Python's JSON reader; they are no times.
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e12


def _number(value: Any) -> int:
    return max(0, round(value)) if _is_number(value) else 0


def _without(wire: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in wire.items() if key not in keys}
