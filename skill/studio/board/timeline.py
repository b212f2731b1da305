"""Tracks as bars under an axis of times, with the moments of the frames marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from skill.studio.board.canvas import Canvas
from skill.studio.board.style import BARS, FACTS, FAINT, LANE, MARK, RULE, SMALL, TEXT

GUTTER = 130  # px for the names of the tracks
AXIS = 30
BAR = 34
BETWEEN = 6  # px between two lanes
TRACK = 4  # more, between two tracks
MOST_LANES = 8  # of one track; what finds no free one lies over others in the last
NARROW = 30  # px: a bar's name needs so many
TICKS = (100, 200, 500, 1000, 2000, 5000, 10000, 15000, 30000, 60000, 120000, 300000, 600000)
APART = 116  # px between two ticks, at least


@dataclass(frozen=True)
class _Row:
    """A lane of a track: bars of which none covers another, but for a transition."""

    label: str
    kind: str
    bars: Sequence[Mapping[str, Any]]
    first: bool


class Timeline:
    def __init__(self, timeline: Mapping[str, Any], width: float) -> None:
        self._label = str(timeline.get("label") or "")
        self._end = max(1, int(timeline.get("end") or 0))
        # Two timelines of one board have one scale, so that they can be compared.
        self._scale = max(self._end, int(timeline.get("scale") or 0))
        self._marks = [int(mark) for mark in timeline.get("marks") or []]
        self._rows = [row for track in timeline.get("tracks") or [] for row in _rows(track)]
        self._room = width - GUTTER
        label = SMALL + 12 if self._label else 0
        gaps = sum(TRACK for row in self._rows if row.first)
        self.height = label + AXIS + gaps + len(self._rows) * (BAR + BETWEEN)

    def onto(self, canvas: Canvas, x: float, y: float, width: float) -> None:
        if self._label:
            canvas.text((x, y + SMALL), self._label, FACTS, TEXT, width)
            y += SMALL + 12
        left = x + GUTTER
        self._axis(canvas, left, y)
        top = y + AXIS
        for row in self._rows:
            top += TRACK if row.first else 0
            if row.first:
                canvas.text((x, top + BAR * 0.66), row.label, SMALL, FAINT, GUTTER - 14)
            canvas.box((left, top, self._at(self._end), BAR), LANE, 5)
            for bar in row.bars:
                self._bar(canvas, left, top, row.kind, bar)
            top += BAR + BETWEEN
        for mark in self._marks:
            at = left + self._at(mark)
            canvas.box((at - 3, y + AXIS - 10, 6, 6), MARK, 3)

    def _at(self, ms: float) -> float:
        return self._room * min(ms, self._scale) / self._scale

    def _axis(self, canvas: Canvas, left: float, y: float) -> None:
        step = next((t for t in TICKS if self._at(t) >= APART), max(TICKS[-1], self._end // 8))
        base = y + AXIS - 7
        canvas.box((left, base, self._at(self._end), 1), RULE)
        end = canvas.measure(clock(self._end), SMALL - 2)
        for ms in range(0, self._end + 1, step):
            at = left + self._at(ms)
            canvas.box((at, base - 5, 1, 10), RULE)
            words = clock(ms, step)
            wide = canvas.measure(words, SMALL - 2)
            if at + wide < left + self._at(self._end) - end - 16:
                canvas.text((at, base - 10), words, SMALL - 2, FAINT)
        ends = left + self._at(self._end)
        canvas.box((ends - 1, base - 5, 1, 10), RULE)
        canvas.text((ends, base - 10), clock(self._end), SMALL - 2, TEXT, align=1)

    def _bar(
        self, canvas: Canvas, left: float, top: float, kind: str, bar: Mapping[str, Any]
    ) -> None:
        fill, ink = BARS.get(kind, BARS["track"])
        start, end = int(bar["start"]), int(bar["end"])
        fade = min(max(0, int(bar.get("fade") or 0)), end - start)
        x0, x1 = left + self._at(start), left + self._at(end)
        if x1 - x0 < 1:
            return
        room = self._room
        inset = 1 if x1 - x0 > 4 else 0
        wide = max(1.0, x1 - x0 - inset)
        if fade:
            over = self._at(fade) if self._scale else 0
            canvas.wedge((x0, top, over, BAR), fill, 1.0)
            canvas.wedge((x0, top, over, BAR), MARK, 0.22)
            canvas.box((x0 + over, top, wide - over, BAR), fill, 5 if over < 2 else 0)
        else:
            over = 0.0
            canvas.box((x0, top, wide, BAR), fill, 5)
        words = wide - over - 18
        if words >= NARROW:
            canvas.text(
                (x0 + over + 9, top + BAR * 0.66), str(bar.get("name") or ""), SMALL, ink,
                min(words, room),
            )  # fmt: skip


def _rows(track: Mapping[str, Any]) -> list[_Row]:
    """A track as lanes: what runs at the same time stands below each other."""
    lanes: list[list[Mapping[str, Any]]] = []
    for bar in sorted(track.get("bars") or [], key=lambda bar: int(bar["start"])):
        start = int(bar["start"]) + int(bar.get("fade") or 0)
        for lane in lanes:
            if int(lane[-1]["end"]) <= start:
                lane.append(bar)
                break
        else:
            if len(lanes) < MOST_LANES:
                lanes.append([])
            lanes[-1].append(bar)
    label, kind = str(track.get("label") or ""), str(track.get("kind") or "track")
    return [_Row(label, kind, lane, index == 0) for index, lane in enumerate(lanes or [[]])]


def clock(ms: int, step: int = 0) -> str:
    """ "0:03.5"; with a ``step`` of whole seconds "0:03"."""
    tenths = 0 if step and step % 1000 == 0 else 1
    value = round(ms / (100 if tenths else 1000))
    seconds, part = divmod(value, 10) if tenths else (value, 0)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return f"{text}.{part}" if tenths else text
