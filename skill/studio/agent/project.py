"""What the agent works on, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from skill.draft import AUDIO, VIDEO, Draft, Segment


@dataclass(frozen=True)
class PlacedMedia:
    """An uploaded file: ``kind`` is video, image or audio; size in px as seen (rotated)."""

    hash: str
    kind: str
    duration_ms: int = 0
    width: int = 0
    height: int = 0
    sound: bool = False
    name: str = ""


@dataclass(frozen=True)
class Project:
    """A session: the draft, all uploads in the order sent, and the drafts to undo and redo to."""

    draft: Draft = field(default_factory=Draft)
    media: tuple[PlacedMedia, ...] = ()
    previous: Draft | None = None
    next: Draft | None = None
    seed: int = 0

    def medium(self, source: object) -> PlacedMedia | None:
        """The upload that a segment's ``source`` points to."""
        if not isinstance(source, Mapping):
            return None
        return next((item for item in self.media if item.hash == source.get("hash")), None)

    def sent(self, segment: Segment) -> int:
        """The place of a segment's file among the uploads; -1 where it is none of them."""
        order = [item.hash for item in self.media]
        source = segment.meta.get("source")
        found = source.get("hash") if isinstance(source, Mapping) else None
        return order.index(found) if found in order else -1

    def on_timeline(self, item: PlacedMedia) -> bool:
        segments = (s for kind in (VIDEO, AUDIO) for s in self.draft.segments_of(kind))
        return any(self.medium(segment.meta.get("source")) == item for segment in segments)


@dataclass(frozen=True)
class Answer:
    """``draft`` None: unchanged. ``text`` "": a silent edit, told by the state's difference."""

    text: str
    draft: Draft | None = None
    move: str | None = None
    tool: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
