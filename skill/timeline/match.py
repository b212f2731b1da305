"""Which segment of the later draft is which of the earlier one.

By id where the backend keeps ids; else by what a segment is called and shows;
else by its place, so that a retitled title is a change and not a removal.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from skill.draft import AUDIO, Draft, Segment, Track
from skill.timeline.names import kind_of, name_of

# What skill.draft gives a segment that has no id on the wire.
_MADE_UP = re.compile(r"\d+\.\d+")


@dataclass(frozen=True)
class Placed:
    """A segment with its track and its place: ``track_index`` of all, ``index`` in the track."""

    segment: Segment
    track: Track
    track_index: int
    index: int

    @property
    def kind(self) -> str:
        return kind_of(self.track, self.segment)

    @property
    def before(self) -> Segment | None:
        return self.track.segments[self.index - 1] if self.index else None

    def name(self, language: str) -> str:
        return name_of(self.segment, self.track, self.index + 1, language)


@dataclass(frozen=True)
class Matching:
    """Pairs of (earlier, later), and what has no counterpart, each in timeline order."""

    pairs: tuple[tuple[Placed, Placed], ...]
    removed: tuple[Placed, ...]
    added: tuple[Placed, ...]


def match(before: Draft, after: Draft) -> Matching:
    old, new = _placed(before), _placed(after)
    pairs: list[tuple[Placed, Placed]] = []
    for key in (_by_id, _by_shape, _by_content, _by_name, _by_place, _by_role):
        found = _join(old, new, key)
        pairs += found
        taken = {id(a) for a, _ in found} | {id(b) for _, b in found}
        old = [item for item in old if id(item) not in taken]
        new = [item for item in new if id(item) not in taken]
    pairs.sort(key=lambda pair: (pair[1].track_index, pair[1].index))
    return Matching(tuple(pairs), tuple(old), tuple(new))


def _placed(draft: Draft) -> list[Placed]:
    return [
        Placed(segment, track, number, index)
        for number, track in enumerate(draft.tracks)
        for index, segment in enumerate(track.segments)
    ]


def _join(
    old: Sequence[Placed], new: Sequence[Placed], key: Callable[[Placed], Hashable | None]
) -> list[tuple[Placed, Placed]]:
    """Pair items whose keys are equal, in order; a key of None pairs with nothing."""
    waiting: dict[Hashable, list[Placed]] = {}
    for item in reversed(old):
        named = key(item)
        if named is not None:
            waiting.setdefault(named, []).append(item)
    return [(waiting[named].pop(), item) for named, item in _keyed(new, key) if waiting.get(named)]


def _keyed(
    items: Iterable[Placed], key: Callable[[Placed], Hashable | None]
) -> Iterable[tuple[Hashable, Placed]]:
    return ((named, item) for item in items if (named := key(item)) is not None)


def _by_id(item: Placed) -> Hashable | None:
    name = item.segment.id
    return None if _MADE_UP.fullmatch(name) else (item.track.type, name)


def _by_shape(item: Placed) -> Hashable:
    return (_by_content(item), item.segment.duration)


def _by_content(item: Placed) -> Hashable:
    return (item.track.type, json.dumps(item.segment.meta, sort_keys=True, default=str))


def _by_name(item: Placed) -> Hashable:
    return (item.track.type, item.name("en"))


def _by_place(item: Placed) -> Hashable:
    return (item.track_index, item.track.type, item.segment.start, item.segment.duration)


def _by_role(item: Placed) -> Hashable | None:
    """The one bed of music: another mood of another length is still "Music: Lo-fi -> Piano"."""
    alone = item.track.type == AUDIO and item.kind == "music" and len(item.track.segments) == 1
    return (item.track.type, item.track.id) if alone else None
