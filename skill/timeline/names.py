"""What a segment of an unknown draft is called, and how loud it is.

The studio writes ``m.name``, ``m.text`` and ``m.volume``. The cloud's metadata is
not published: names have many keys there, in the segment, in its metadata, in an
object inside it, or on the track.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from skill.draft import AUDIO, TEXT, VIDEO, Draft, Segment, Track, parse
from skill.phrases import find, number, say
from skill.plain import one_line

LONGEST_NAME = 60  # characters

_NAMES = ("name", "title", "text", "prompt", "label", "caption", "description")
_TEXTS = ("text", "content", "caption", "title", "name", "label")
_FILES = ("file_name", "filename", "fileName", "file", "path", "url", "src")
_INSIDE = ("source", "material", "media", "video", "audio", "text", "content", "title", "scene")
_VOLUMES = ("volume", "vol", "gain", "audio_volume")


def read(wire: object) -> Draft:
    """A draft; an empty one where ``wire`` is no object."""
    return parse(wire) if isinstance(wire, Mapping) else Draft()


def kind_of(track: Track, segment: Segment | None = None) -> str:
    """What a track (or one segment of it) is: video, music, sound, title or track."""
    if track.type == AUDIO:
        return "sound" if segment is not None and segment.meta.get("role") == "sound" else "music"
    return {VIDEO: "video", TEXT: "title"}.get(track.type, "track")


def name_of(segment: Segment, track: Track, position: int, language: str) -> str:
    """A short name: the draft's own, else "clip 2"."""
    return (
        _mood(segment, language)
        or given_name(segment, track)
        or say(f"name.{kind_of(track, segment)}", language, n=position)
    )


def _mood(segment: Segment, language: str) -> str:
    """What composed music is called, unless somebody gave it another name; "" for the rest."""
    source = segment.meta.get("source")
    mood = source.get("mood") if isinstance(source, Mapping) else None
    if not isinstance(mood, str) or str(segment.meta.get("name", mood)).lower() != mood.lower():
        return ""
    return find(f"mood.{mood.lower()}", language) or ""


def given_name(segment: Segment, track: Track) -> str:
    """The name that the draft gives, "" where it gives none."""
    first = _TEXTS if track.type == TEXT else _NAMES
    for place in places(segment):
        for key in first:
            name = _clean(place.get(key))
            if name:
                return name
    for place in places(segment):
        for key in _FILES:
            value = place.get(key)
            if isinstance(value, str):
                name = _clean(value.partition("?")[0].rstrip("/\\").replace("\\", "/"), file=True)
                if name:
                    return name
    if len(track.segments) == 1:
        for place in (track.meta, track.rest):
            for key in first:
                name = _clean(place.get(key))
                if name:
                    return name
    return ""


def volume_of(segment: Segment, track: Track) -> float | None:
    """Loudness as a fraction (1 is unchanged); None where the draft says nothing of it.

    A value above 4 is read as per cent, a text may be "35%".
    """
    for place in (segment.meta, segment.rest, track.meta, track.rest):
        for key in _VOLUMES:
            value = place.get(key)
            if isinstance(value, str):
                percent = value.strip().endswith("%")
                try:
                    value = float(value.strip().rstrip("%")) / (100 if percent else 1)
                except ValueError:
                    continue
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                continue
            if 0 <= value <= 1000:
                return value / 100 if value > 4 else float(value)
    return None


def span(segment: Segment, language: str) -> str:
    """ "0-10s": from and to, in seconds on the timeline."""
    start, end = (number(ms / 1000, language) for ms in (segment.start, segment.end))
    return say("span", language, start=start, end=end)


def seconds(ms: float, language: str) -> str:
    """ "2.5s"."""
    return say("seconds", language, n=number(ms / 1000, language))


def percent(fraction: float, language: str) -> str:
    """ "35%"."""
    return say("percent", language, n=number(fraction * 100, language, digits=0))


def places(segment: Segment, inside: Sequence[str] = _INSIDE) -> Iterator[Mapping[str, Any]]:
    """The objects that may tell of a segment: its own, and those ``inside`` them by these keys."""
    for place in (segment.meta, segment.rest):
        yield place
        for key in inside:
            inner = place.get(key)
            if isinstance(inner, Mapping):
                yield inner


def _clean(value: object, file: bool = False) -> str:
    """One printable line of at most LONGEST_NAME characters; "" for what is no text."""
    if not isinstance(value, str):
        return ""
    if file:
        value = value.rpartition("/")[2]
    return one_line(value, LONGEST_NAME)
