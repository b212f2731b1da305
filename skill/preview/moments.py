"""Which moments of a timeline tell what is on it: every clip, every title, and the way between."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from skill.draft import TEXT, VIDEO, Draft, Segment

MOST = 16
MOST_CLIPS = 2000  # that are looked at, and as many titles; what is beyond is not looked for
NEAR = 200  # ms: moments closer than that show the same
ROUND = 100  # ms: a moment is told in tenths of a second, and asked for again in those
_FADE = 400  # ms that a title takes to come where it does not say (references/draft.md)

Span = tuple[int, int]


def moments(draft: Draft, wanted: int) -> list[int]:
    """Times in ms: one of each clip and title while it is seen, then spread over the rest.

    ``wanted`` of them where nothing forces more; never more than MOST. Where there are more
    clips and titles than that, those that are shown are spread evenly.
    """
    length = draft.duration
    if not length or not any(True for _ in seen(draft)):
        return []
    passing = list(_passing(draft))
    shared = stabs(span for _, span in seen(draft))
    if len(shared) > MOST:
        shared = [shared[index * (len(shared) - 1) // (MOST - 1)] for index in range(MOST)]
    chosen = {_beside(told(low, high), low, high, passing) for low, high in shared}
    return _filled(sorted(chosen), length, min(wanted, MOST), passing)


def seen(draft: Draft) -> Iterator[tuple[Segment, Span]]:
    """Each clip and title with the longest span (ms) in which it is wholly there to see."""
    length = draft.duration
    tracks = list(_tracks(draft))
    covered: list[Span] = []  # by the tracks in front, in order and apart
    found: list[list[tuple[Segment, Span]]] = []
    for track in reversed(tracks):
        found.append([])
        for index, segment in enumerate(track):
            begin = min(segment.start + transition(segment), segment.end)
            over = [*_until(segment.end, track[index + 1 :]), *_within(covered, begin, segment.end)]
            longest = _longest(begin, min(segment.end, length), over)
            if longest[1] > longest[0]:
                found[-1].append((segment, longest))
        covered = _union([*covered, *((segment.start, segment.end) for segment in track)])
    for seen_there in reversed(found):
        yield from seen_there
    yield from _titles(draft)


def _tracks(draft: Draft) -> Iterator[list[Segment]]:
    """The clips of each track in order, MOST_CLIPS of them in all."""
    room = MOST_CLIPS
    for track in draft.tracks_of(VIDEO):
        taken = sorted(track.segments, key=lambda segment: segment.start)[:room]
        room -= len(taken)
        yield taken


def _until(end: int, ordered: Iterable[Segment]) -> Iterator[Span]:
    for segment in ordered:
        if segment.start >= end:
            return
        yield segment.start, segment.end


def _within(covered: Sequence[Span], low: int, high: int) -> Sequence[Span]:
    """Those of ``covered`` that reach into the span from ``low`` to ``high``."""
    first = max(0, bisect_left(covered, (low, 0)) - 1)
    return covered[first : bisect_left(covered, (high, 0))]


def _longest(low: int, high: int, over: Iterable[Span]) -> Span:
    """The longest part of a span that nothing lies over; an empty span where there is none."""
    best = (low, low)
    for start, end in sorted(over):
        if min(start, high) - low > best[1] - best[0]:
            best = (low, min(start, high))
        low = max(low, end)
    return (low, high) if high - low > best[1] - best[0] else best


def _union(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _titles(draft: Draft) -> Iterator[tuple[Segment, Span]]:
    """Each title with the span (ms) between its fades."""
    for segment in islice(draft.segments_of(TEXT), MOST_CLIPS):
        end = min(segment.end, draft.duration)
        fade = segment.meta.get("fade", _FADE)
        rise = int(fade) if isinstance(fade, (int, float)) and 0 <= fade < 1e6 else _FADE
        rise = min(rise, (end - segment.start) // 3)
        if end > segment.start:
            yield segment, (segment.start + rise, end - rise)


def transition(segment: Segment) -> int:
    """How long (ms) a clip takes to come in over the one before; 0 for a cut."""
    given = segment.meta.get("transition")
    if not isinstance(given, dict) or given.get("kind", "crossfade") == "none":
        return 0
    length = given.get("d")
    return int(length) if isinstance(length, (int, float)) and 0 <= length < 1e7 else 0


def hidden(draft: Draft, at: Sequence[int]) -> int:
    """How many clips and titles are seen at none of these moments (ms)."""
    return sum(not any(a <= moment <= b for moment in at) for _, (a, b) in seen(draft))


def stabs(spans: Iterable[Span]) -> list[Span]:
    """As few spans as can be, in order, one of which lies in every span without its edges."""
    shared: list[Span] = []
    for start, end in sorted(map(_inner, spans), key=lambda span: span[1]):
        if shared and start <= shared[-1][1]:
            shared[-1] = max(shared[-1][0], start), shared[-1][1]
        else:
            shared.append((start, end))
    return shared


def _passing(draft: Draft) -> Iterator[Span]:
    """When something comes or goes: the fades of titles and clips, ms."""
    for segment in islice(draft.segments_of(VIDEO), MOST_CLIPS):
        if transition(segment):
            yield segment.start, min(segment.start + transition(segment), segment.end)
    for segment, (start, end) in _titles(draft):
        yield segment.start, start
        yield end, segment.end


def _filled(chosen: Sequence[int], length: int, wanted: int, passing: Sequence[Span]) -> list[int]:
    """More moments, evenly in the widest gaps, until there are as many as wanted.

    Not while something is ``passing``, where there is room beside it.
    """
    fixed = sorted(chosen)
    ends = [0, *fixed, length]
    more = [0] * (len(ends) - 1)

    def step(index: int) -> float:
        # To an edge of the video a moment may be half as far as to another moment.
        edges = (index == 0) + (index == len(more) - 1)
        return (ends[index + 1] - ends[index]) / (more[index] + 1 - edges / 2)

    while len(fixed) + sum(more) < wanted:
        widest = max(range(len(more)), key=step)
        more[widest] += 1
        if step(widest) < NEAR:
            more[widest] -= 1
            break
    found = set(fixed)
    for index, count in enumerate(more):
        first = ends[index] + step(index) * (0.5 if index == 0 else 1)
        for number in range(count):
            at = round(first + step(index) * number)
            near = round(step(index) / 2)
            at = min(max(0, round(at / ROUND) * ROUND), max(0, length - 1))
            found.add(_beside(at, at - near, at + near, passing))
    return sorted(found)


def _beside(at: int, low: int, high: int, passing: Sequence[Span]) -> int:
    """The moment, or the next one before or after what is passing, within ``low`` and ``high``."""
    for start, end in passing:
        if start <= at <= end:
            near = [start // ROUND * ROUND - ROUND, -(-end // ROUND) * ROUND + ROUND]
            free = [other for other in near if low <= other <= high]
            return min(free, key=lambda other: abs(other - at), default=at)
    return at


def told(low: int, high: int) -> int:
    """The middle of a span, in tenths of a second where one lies in it."""
    middle = (low + high) // 2
    rounded = round(middle / ROUND) * ROUND
    return rounded if low <= rounded <= high else middle


def _inner(span: Span) -> Span:
    """A span without its edges, where motion begins and ends."""
    edge = (span[1] - span[0]) // 5
    return span[0] + edge, span[1] - edge
