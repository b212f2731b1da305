"""A draft as what the board draws: tracks of bars with names, and what is seen at a time."""

from __future__ import annotations

from math import gcd
from typing import Any

from skill.draft import AUDIO, TEXT, VIDEO, Draft, Segment, Track
from skill.phrases import say
from skill.preview.look import clock
from skill.preview.moments import transition
from skill.timeline.names import kind_of, name_of, percent, volume_of

MOST_TRACKS = 12  # drawn; more would leave no room for the pictures


def timeline(
    draft: Draft, language: str, marks: list[int], label: str = "", scale: int = 0
) -> dict[str, Any]:
    """One timeline of a board. ``scale``: ms that its full width stands for, at least."""
    return {
        "label": label,
        "end": length(draft),
        "scale": scale,
        "marks": marks,
        "tracks": [row for track in draft.tracks[:MOST_TRACKS] for row in _rows(track, language)],
    }


def length(draft: Draft) -> int:
    """How long (ms) the bars are: music may run on behind the picture."""
    return max([draft.duration, *(track.end for track in draft.tracks)])


def facts(draft: Draft) -> str:
    """ "0:12.0 · 16:9 · 1920×1080"."""
    divisor = gcd(draft.width, draft.height) or 1
    ratio = f"{draft.width // divisor}:{draft.height // divisor}"
    known = [clock(draft.duration)]
    if any(True for kind in (VIDEO, TEXT) for _ in draft.segments_of(kind)):
        known += [ratio, f"{draft.width}×{draft.height}"]
    return " · ".join(known)


def heading(draft: Draft, language: str) -> str:
    """What the sheet is called: the first title's words, else the first clip's name."""
    for kind in (TEXT, VIDEO, AUDIO):
        for track in draft.tracks_of(kind):
            for segment in track.segments[:1]:
                return name_of(segment, track, 1, language)
    return ""


def names_at(draft: Draft, ms: int, language: str) -> list[str]:
    """What is seen at a time: the titles, then the clip that lies on top."""
    clip: list[str] = []
    titles: list[str] = []
    for track in draft.tracks:
        for position, segment in enumerate(track.segments, 1):
            if not segment.start <= ms < max(segment.end, segment.start + 1):
                continue
            name = name_of(segment, track, position, language)
            if track.type == VIDEO:
                clip = [name]
            elif track.type == TEXT:
                titles.append(say("quoted", language, text=name))
    return titles + clip


def top_at(draft: Draft, ms: int) -> Segment | None:
    """The clip that lies on top at a time."""
    found = None
    for segment in draft.segments_of(VIDEO):
        if segment.start <= ms < segment.end:
            found = segment
    return found


def _rows(track: Track, language: str) -> list[dict[str, Any]]:
    """A track as rows of one kind each: music and sounds may share a track."""
    rows: dict[str, list[dict[str, Any]]] = {}
    before = 0
    for position, segment in enumerate(track.segments, 1):
        name = name_of(segment, track, position, language)
        volume = volume_of(segment, track)
        if volume is not None and (track.type == AUDIO or volume != 1):
            name = f"{name} · {percent(volume, language)}"
        fade = 0
        if track.type == VIDEO:
            fade = max(0, min(transition(segment), before - segment.start))
            before = max(before, segment.end)
        bar = {"start": segment.start, "end": segment.end, "name": name, "fade": fade}
        rows.setdefault(kind_of(track, segment), []).append(bar)
    return [
        {"label": say(f"change.label.{kind}", language), "kind": kind, "bars": bars}
        for kind, bars in rows.items()
    ]
