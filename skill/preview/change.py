"""At which moments an edit is seen: pairs of times, before and after."""

from __future__ import annotations

from collections.abc import Iterator

from skill.draft import TEXT, VIDEO, Draft, Segment
from skill.preview.moments import NEAR, moments, seen
from skill.timeline.match import Matching, match

MOST = 4  # pairs
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
        found = [(min(at, before.duration - 1), at) for at in moments(after, 2)]
        return _few(found)
    found = list(_pairs(match(before, after), before, after))
    apart: list[tuple[int, int]] = []
    for pair in sorted(set(found)):
        if not apart or max(abs(a - b) for a, b in zip(pair, apart[-1], strict=True)) > NEAR:
            apart.append(pair)
    return _few(apart)


def _few(found: list[tuple[int, int]]) -> list[Pair]:
    if len(found) <= MOST:
        return list(found)
    return [found[index * (len(found) - 1) // (MOST - 1)] for index in range(MOST)]


def _pairs(matching: Matching, before: Draft, after: Draft) -> Iterator[tuple[int, int]]:
    earlier = {id(segment): (a + b) // 2 for segment, (a, b) in seen(before)}
    later = {id(segment): (a + b) // 2 for segment, (a, b) in seen(after)}
    for item in matching.added:
        if id(item.segment) in later:
            at = later[id(item.segment)]
            yield min(at, before.duration - 1), at
    for item in matching.removed:
        if id(item.segment) in earlier:
            at = earlier[id(item.segment)]
            yield at, min(at, after.duration - 1)
    orders = _moved(matching)
    for old, new in matching.pairs:
        a, b = old.segment, new.segment
        if new.track.type not in (VIDEO, TEXT) or id(b) not in later or id(a) not in earlier:
            continue
        if any(a.meta.get(key) != b.meta.get(key) for key in _TIMED):
            yield earlier[id(a)], later[id(b)]
        elif a.duration != b.duration or id(b) in orders:
            # The same moment of the video, which shows something else now.
            at = later[id(b)] if b.duration >= a.duration or id(b) in orders else b.end - NEAR
            yield _within(at, before), _within(at, after)
            if b.duration < a.duration and id(b) not in orders:
                yield _within(a.end - NEAR, before), _within(a.end - NEAR, after)
        elif new.track.type == TEXT and a.start != b.start:
            yield _within(earlier[id(a)], before), _within(earlier[id(a)], after)
            yield _within(later[id(b)], before), _within(later[id(b)], after)


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
