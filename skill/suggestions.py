"""Two or three next steps that fit a timeline, as things to say."""

from __future__ import annotations

from collections.abc import Iterator

from skill.draft import AUDIO, TEXT, VIDEO, Draft
from skill.phrases import say, words
from skill.timeline.names import volume_of

MOST = 3
_LOUD = 0.6  # a bed of music above it covers most speech
_LONG = 15_000  # ms; short videos need no trimming first


def next_steps(draft: Draft, language: str = "en") -> str:
    """ "Next, say: “add lo-fi background music”, … or “export”."; ideas where nothing is there."""
    if not draft.exportable:
        return greeting_ideas(language)
    keys = [*list(_fitting(draft))[: MOST - 1], "export"]
    return say(
        "next", language, ideas=_or([say(f"next.{key}", language) for key in keys], language)
    )


def greeting_ideas(language: str = "en") -> str:
    """Three things to try, where there is nothing yet."""
    return "\n".join(
        [say("try", language), *(f"- {idea}" for idea in words("_ideas", language)[:3])]
    )


def _or(ideas: list[str], language: str) -> str:
    quoted = [say("quoted", language, text=idea) for idea in ideas]
    *most, last = quoted
    return say("_or", language).join([say("_comma", language).join(most), last]) if most else last


def _fitting(draft: Draft) -> Iterator[str]:
    """Keys of ideas, the most fitting first."""
    clips = list(draft.segments_of(VIDEO))
    beds = [(segment, track) for track in draft.tracks_of(AUDIO) for segment in track.segments]
    titles = list(draft.segments_of(TEXT))
    if not clips:
        yield "clip"
    if not beds:
        yield "music"
    if not titles:
        yield "title"
    if any((volume_of(segment, track) or 0) > _LOUD for segment, track in beds):
        yield "quieter"
    if draft.duration > _LONG:
        yield "shorter"
    if len(clips) > 1:
        yield "reorder"
    if any(title.meta.get("position", "center") == "center" for title in titles):
        yield "retitle"
    if draft.width > draft.height:
        yield "vertical"
    if beds:
        yield "mood"
    yield "more"
