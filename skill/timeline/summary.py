"""``summarize``: a draft in one line, in the form that the protocol shows."""

from __future__ import annotations

from skill.draft import AUDIO, TEXT, Segment, Track
from skill.phrases import say
from skill.timeline.names import kind_of, name_of, percent, read, span, volume_of

MOST_SEGMENTS = 8  # named on one track; the rest is counted


def summarize(draft: object, language: str = "en") -> str:
    """Every track with the names, times and volumes of its segments.

    Timeline (3 tracks): 1. Video: city timelapse (0-10s) 2. BGM: Lo-fi (0-10s, 35%) 3. Title: …
    """
    tracks = read(draft).tracks
    if not any(track.segments for track in tracks):
        return say("timeline.empty", language)
    items = (
        say(
            "timeline.item",
            language,
            n=position,
            label=_label(track, language),
            segments=_segments(track, language),
        )
        for position, track in enumerate(tracks, 1)
    )
    return " ".join([say("timeline.head", language, n=len(tracks)), *items])


def _label(track: Track, language: str) -> str:
    kinds = {kind_of(track, segment) for segment in track.segments} or {kind_of(track)}
    return say(f"label.{kinds.pop() if len(kinds) == 1 else 'sound'}", language)


def _segments(track: Track, language: str) -> str:
    if not track.segments:
        return say("timeline.none", language)
    comma = say("_comma", language)
    shown = comma.join(
        _segment(segment, track, position, language)
        for position, segment in enumerate(track.segments[:MOST_SEGMENTS], 1)
    )
    hidden = len(track.segments) - MOST_SEGMENTS
    return shown + comma + say("timeline.more", language, n=hidden) if hidden > 0 else shown


def _segment(segment: Segment, track: Track, position: int, language: str) -> str:
    name = name_of(segment, track, position, language)
    if track.type == TEXT:
        name = say("timeline.text", language, text=name)
    volume = volume_of(segment, track)
    if volume is None or (track.type != AUDIO and volume == 1):
        return say("timeline.segment", language, name=name, span=span(segment, language))
    return say(
        "timeline.loud",
        language,
        name=name,
        span=span(segment, language),
        volume=percent(volume, language),
    )
