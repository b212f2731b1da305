"""The timeline kept in order: clips packed with crossfades, sound and titles fitted to them.

Every edit ends in ``arrange``; what holds afterwards is checked by the tests:
clips follow each other from 0 on, overlapping by their crossfade alone; music
and titles lie inside the picture's length; titles of a track do not overlap.
All times in ms.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from skill.draft import AUDIO, TEXT, VIDEO, Draft, Segment, Track
from skill.studio.agent.project import PlacedMedia, Project

CROSSFADE = 500
SHORTEST = 100  # of a clip
SHORTEST_TITLE = 100
BED_ALONE = 10_000  # of composed music where there is no picture yet
FADE_OUT = 1500  # where a song is cut
BARS = 2.39  # width to height of the picture between cinema bars
GRAIN = 0.25
# Where less of a picture than this would be seen, it is shown whole.
LEAST_SEEN = 0.6


def clips(draft: Draft) -> tuple[Segment, ...]:
    """The segments of the main track, in order."""
    tracks = draft.tracks_of(VIDEO)
    return tracks[0].segments if tracks else ()


def audio(draft: Draft) -> tuple[Segment, ...]:
    return tuple(draft.segments_of(AUDIO))


def titles(draft: Draft) -> tuple[Segment, ...]:
    """In the order in which they were made."""
    return tuple(sorted(draft.segments_of(TEXT), key=lambda s: (len(s.id), s.id)))


def music(draft: Draft) -> Segment | None:
    """The bed, if there is one."""
    return next((s for s in audio(draft) if s.meta.get("role") == "music"), None)


def kind(segment: Segment) -> str:
    """scene, video, image, music, audio; "" where it has no source (a title)."""
    return str(source(segment).get("kind", ""))


def source(segment: Segment) -> dict[str, Any]:
    found = segment.meta.get("source")
    return dict(found) if isinstance(found, dict) else {}


def begin(segment: Segment) -> int:
    """Where in its source a segment begins."""
    return int(segment.meta.get("in", 0))


def name(segment: Segment) -> str:
    return str(segment.meta.get("name") or segment.id)


def own_length(segment: Segment, project: Project) -> int | None:
    """How long a segment can be at most, from where it begins; None: as long as you like."""
    item = project.medium(segment.meta.get("source"))
    if kind(segment) not in ("video", "audio") or item is None:
        return None
    return max(SHORTEST, item.duration_ms - begin(segment))


def has_own_sound(draft: Draft, project: Project) -> bool:
    """Whether footage with sound is on the timeline, which music gives way to."""
    found = (project.medium(s.meta.get("source")) for s in clips(draft) if kind(s) == "video")
    return any(item is not None and item.sound for item in found)


def arrange(
    draft: Draft,
    project: Project,
    *,
    main: Iterable[Segment] | None = None,
    sounds: Iterable[Segment] | None = None,
    texts: Iterable[Segment] | None = None,
) -> Draft:
    """The draft with clips, sounds or titles replaced, and everything put where it belongs."""
    shots = pack(clips(draft) if main is None else main)
    shots = tuple(_dressed(segment, draft, project) for segment in shots)
    length = shots[-1].end if shots else 0
    heard = [_fitted(s, length, project) for s in (audio(draft) if sounds is None else sounds)]
    words = [_inside(s, length) for s in (titles(draft) if texts is None else texts)]
    beds = tuple(s for s in heard if s.meta.get("role") == "music")
    placed = (s for s in heard if s.meta.get("role") != "music")
    tracks = [Track("v", VIDEO, shots), Track("music", AUDIO, beds)]
    tracks += [Track(f"sound{n}", AUDIO, (s,)) for n, s in enumerate(placed, 1)]
    tracks += _title_tracks(words)
    tracks += draft.tracks_of(VIDEO)[1:]
    tracks += [t for t in draft.tracks if t.type not in (VIDEO, AUDIO, TEXT)]
    return replace(draft, tracks=tuple(track for track in tracks if track.segments))


def pack(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """Clips one after the other from 0 on; each crossfades as its transition says, or its kind."""
    packed: list[Segment] = []
    for segment in segments:
        segment = replace(segment, duration=max(SHORTEST, segment.duration))
        if not packed:
            packed.append(replace(segment, start=0).with_meta(transition=None))
            continue
        before = packed[-1]
        overlap = min(_wish(segment), before.duration // 2, segment.duration // 2)
        transition: dict[str, Any] | None = None
        if overlap >= SHORTEST:
            transition = {"kind": "crossfade", "d": overlap}
            if overlap < _wish(segment):
                transition["wish"] = _wish(segment)
        elif (segment.meta.get("transition") or {}).get("kind") == "none":
            transition, overlap = {"kind": "none", "d": 0}, 0
        else:
            overlap = 0
        packed.append(replace(segment, start=before.end - overlap).with_meta(transition=transition))
    return tuple(packed)


def _wish(segment: Segment) -> int:
    """How long a clip should crossfade with the one before it: footage is cut hard."""
    transition = segment.meta.get("transition")
    if isinstance(transition, dict):
        return int(transition.get("wish") or transition.get("d") or 0)
    return CROSSFADE if kind(segment) in ("scene", "image") else 0


def fits_whole(item: PlacedMedia, draft: Draft) -> bool:
    """Whether a picture is so unlike the canvas that it is better shown whole."""
    if item.width <= 0 or item.height <= 0:
        return False
    picture, canvas = item.width / item.height, draft.width / draft.height
    return min(picture, canvas) / max(picture, canvas) < LEAST_SEEN


def _dressed(segment: Segment, draft: Draft, project: Project) -> Segment:
    """The segment with the look and fit that this canvas allows."""
    film = segment.meta.get("film")
    look = None
    if isinstance(film, dict):
        wide = draft.width > draft.height and draft.width / draft.height < BARS
        look = {"bars": BARS} if film.get("bars") and wide else {}
        if film.get("grain"):
            look["grain"] = GRAIN
    segment = segment.with_meta(look=look or None)
    item = project.medium(segment.meta.get("source"))
    if item is None or segment.meta.get("fit_asked"):
        return segment
    return segment.with_meta(fit="contain" if fits_whole(item, draft) else None)


def _fitted(segment: Segment, length: int, project: Project) -> Segment:
    """A sound as long as the picture, or as itself."""
    own = own_length(segment, project)
    asked = segment.meta.get("fade_asked")
    if segment.meta.get("role") == "music":
        segment = replace(segment, start=0)
    start = min(segment.start, max(0, length - SHORTEST)) if length else segment.start
    if own is None or (segment.meta.get("loop") and length):
        duration = length - start if length else BED_ALONE
    else:
        duration = min(own, length - start) if length else own
    cut = own is not None and duration != own
    fade_out = min(FADE_OUT, duration // 4) if cut else None
    if isinstance(asked, dict):
        if asked.get("out") is not None:
            fade_out = min(asked["out"], duration // 2) or None
        fade_in = min(asked.get("in") or 0, duration // 2) or None
        segment = segment.with_meta(fade_in=fade_in)
    return replace(segment, start=start, duration=max(SHORTEST, duration)).with_meta(
        fade_out=fade_out
    )


def _inside(segment: Segment, length: int) -> Segment:
    """A title that lies inside the picture, at the end or all along it where it was asked so."""
    if not length:
        return replace(segment, duration=max(SHORTEST_TITLE, segment.duration))
    anchor = segment.meta.get("anchor")
    if anchor == "whole":
        return replace(segment, start=0, duration=length)
    if anchor == "to_end":
        start = min(segment.start, max(0, length - SHORTEST_TITLE))
        return replace(segment, start=start, duration=length - start)
    duration = min(max(SHORTEST_TITLE, segment.duration), length)
    if anchor == "end":
        return replace(segment, start=length - duration, duration=duration)
    if segment.start >= length:
        return replace(segment, start=length - duration, duration=duration)
    duration = min(duration, length - segment.start)
    if duration < SHORTEST_TITLE:
        return replace(segment, start=max(0, length - SHORTEST_TITLE), duration=SHORTEST_TITLE)
    return replace(segment, duration=duration)


def _title_tracks(segments: Sequence[Segment]) -> list[Track]:
    rows: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda s: (s.start, len(s.id), s.id)):
        free = next((row for row in rows if row[-1].end <= segment.start), None)
        if free is None:
            rows.append([segment])
        else:
            free.append(segment)
    names = ["titles", *(f"titles{n}" for n in range(2, len(rows) + 1))]
    return [Track(name, TEXT, tuple(row)) for name, row in zip(names, rows, strict=False)]
