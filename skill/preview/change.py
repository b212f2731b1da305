"""At which moments an edit is seen: pairs of times, before and after."""

from __future__ import annotations

from collections.abc import Iterator

from skill.draft import TEXT, VIDEO, Draft, Segment
from skill.preview.moments import NEAR, moments, seen, told
from skill.timeline.match import Matching, match

MOST = 4  # pairs
APART = 1000  # ms beyond the end of what was cut
_TIMED = ("in", "source", "text", "color", "position", "size", "fit", "look", "motion", "font",
          "transition", "filter", "speed", "opacity", "fade")  # fmt: skip

Pair = tuple[int | None, int | None]


def shown_at(before: Draft, after: Draft) -> list[Pair]:
    """Moments in ms where the edit shows, in the order of the timeline; none where it is heard.

    None as the first (second) of a pair: before (after) it there is nothing to see at all.
    """
    if not before.duration:
        return [(None, at) for at in moments(after, 2)[:MOST]]
    if not after.duration:
        return [(at, None) for at in moments(before, 2)[:MOST]]
    if (before.width, before.height) != (after.width, after.height):
        return [(_within(at, before), at) for at in moments(after, 2)[:MOST]]
    found = set(_pairs(match(before, after), before, after))
    apart: list[Pair] = []
    for pair in sorted(found, key=lambda pair: [-1 if at is None else at for at in pair]):
        if not apart or _far(pair, apart[-1]):
            apart.append(pair)
    return _few(apart)


def _far(one: Pair, other: Pair) -> bool:
    """Whether two pairs show moments that are different."""
    return any(a is None or b is None or abs(a - b) > NEAR for a, b in zip(one, other, strict=True))


def _few(found: list[Pair]) -> list[Pair]:
    if len(found) <= MOST:
        return found
    return [found[index * (len(found) - 1) // (MOST - 1)] for index in range(MOST)]


def _pairs(matching: Matching, before: Draft, after: Draft) -> Iterator[Pair]:
    earlier = {id(segment): told(*span) for segment, span in seen(before)}
    later = {id(segment): told(*span) for segment, span in seen(after)}
    for item in matching.added:
        if id(item.segment) in later:
            at = later[id(item.segment)]
            yield at if at < before.duration else None, at
    for item in matching.removed:
        if id(item.segment) in earlier:
            at = earlier[id(item.segment)]
            yield at, at if at < after.duration else None
    moved = _moved(matching)
    for old, new in matching.pairs:
        a, b = old.segment, new.segment
        if new.track.type not in (VIDEO, TEXT) or id(b) not in later or id(a) not in earlier:
            continue
        if any(_shown(a, key) != _shown(b, key) for key in _TIMED):
            yield earlier[id(a)], later[id(b)]
        elif id(b) in moved:
            # The same moment of the video, which shows something else now.
            yield _within(later[id(b)], before), later[id(b)]
        elif a.duration != b.duration:
            # Between the two ends it is seen on one side alone.
            first, last = sorted((a.end, b.end))
            at = told(first, last) if last - first < 2 * APART else first + APART
            yield at if at < before.duration else None, at if at < after.duration else None
        elif new.track.type == TEXT and a.start != b.start:
            yield earlier[id(a)], _within(earlier[id(a)], after)
            yield _within(later[id(b)], before), later[id(b)]


def _shown(segment: Segment, key: str) -> object:
    """A value of a segment as far as it changes its pictures."""
    value = segment.meta.get(key)
    if key == "source" and isinstance(value, dict):  # how long a scene was painted for
        return {name: part for name, part in value.items() if name != "seconds"}
    return value


def _moved(matching: Matching) -> set[int]:
    """The clips that changed places among themselves."""
    tracks: dict[int, list[tuple[int, Segment]]] = {}
    for old, new in matching.pairs:
        if new.track.type == VIDEO and old.track_index == new.track_index:
            tracks.setdefault(new.track_index, []).append((old.index, new.segment))
    moved = set()
    for items in tracks.values():
        places = sorted(index for index, _ in items)
        moved |= {
            id(segment)
            for (index, segment), place in zip(items, places, strict=True)
            if index != place
        }
    return moved


def _within(at: int, draft: Draft) -> int:
    return max(0, min(at, draft.duration - 1))
