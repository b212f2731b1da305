"""Frames with their times below them: in a grid, or as pairs of before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from skill.studio.board.canvas import Box, Canvas, load
from skill.studio.board.style import FAINT, MARK, PANEL, RADIUS, SMALL, TEXT

GAP = 16  # px between two cells
CAPTION = 34  # px below a picture
ARROW = 30  # px between before and after
SAME = 0.03  # two ratios that differ by less are one: sizes are whole and even
SIDE = 26  # px above pairs: which side is which


class Frames:
    """A grid: ``grid`` has columns, width and height of a cell in px."""

    def __init__(self, frames: Sequence[Mapping[str, Any]], grid: Mapping[str, Any]) -> None:
        self._frames = frames
        self._columns = max(1, int(grid["columns"]))
        self._cell = int(grid["width"]), int(grid["height"])
        rows = -(-len(frames) // self._columns)
        self.height = rows * (self._cell[1] + CAPTION + GAP) - GAP

    def onto(self, canvas: Canvas, x: float, y: float, width: float) -> None:
        wide, high = self._cell
        columns = min(self._columns, len(self._frames))
        step: float = wide + GAP
        left = x
        if len(self._frames) > self._columns or columns == self._columns:
            # The grid ends where the head and the timeline do.
            step = wide + (width - columns * wide) / max(1, columns - 1) if columns > 1 else step
        for index, frame in enumerate(self._frames):
            row, column = divmod(index, self._columns)
            at = (round(left + column * step), y + row * (high + CAPTION + GAP))
            _frame(canvas, (*at, wide, high), frame)


class Pairs:
    """Before at the left, after at the right; ``grid`` as of Frames, a cell being one picture.

    ``after`` in it: the width of the pictures at the right, where it is another.
    """

    def __init__(
        self,
        pairs: Sequence[Sequence[Mapping[str, Any]]],
        grid: Mapping[str, Any],
        names: Sequence[str],
    ) -> None:
        self._pairs, self._names = pairs, names
        self._columns = max(1, int(grid["columns"]))
        self._cell = int(grid["width"]), int(grid["height"])
        self._after = int(grid.get("after") or grid["width"])
        rows = -(-len(pairs) // self._columns)
        self.height = SIDE + rows * (self._cell[1] + CAPTION + GAP) - GAP

    def onto(self, canvas: Canvas, x: float, y: float, width: float) -> None:
        wide, high = self._cell
        widths = wide, self._after
        pair = sum(widths) + ARROW
        step: float = pair
        if self._columns > 1:
            step = pair + max(GAP, (width - self._columns * pair) / (self._columns - 1))
        for column in range(min(self._columns, len(self._pairs))):
            for side, name in enumerate(self._names):
                at = x + column * step + side * (wide + ARROW)
                canvas.text((at, y + SMALL), name, SMALL, TEXT, widths[side])
        for index, sides in enumerate(self._pairs):
            row, column = divmod(index, self._columns)
            left, top = round(x + column * step), y + SIDE + row * (high + CAPTION + GAP)
            for side, frame in enumerate(sides):
                _frame(canvas, (left + side * (wide + ARROW), top, widths[side], high), frame)
            _arrow(canvas, left + wide + ARROW / 2, top + high / 2)


def _frame(canvas: Canvas, box: Box, frame: Mapping[str, Any]) -> None:
    left, top, width, height = box
    image = frame.get("image")
    pixels = load(Path(image)) if image else None
    if pixels is None:
        canvas.box(box, PANEL, RADIUS)
        canvas.text(
            (left + width / 2, top + height / 2 + SMALL / 3),
            str(frame.get("missing") or ""), SMALL, FAINT, width - 24, align=0.5,
        )  # fmt: skip
    else:
        tall, wide = pixels.shape[:2]
        scale = min(width / wide, height / tall)
        shown = round(wide * scale), round(tall * scale)
        if abs(wide * height / (tall * width) - 1) > SAME:  # of another ratio
            canvas.box(box, PANEL, RADIUS)
            inside = (left + (width - shown[0]) // 2, top + (height - shown[1]) // 2, *shown)
            canvas.picture(inside, pixels, 0)
        else:
            canvas.picture(box, pixels, RADIUS)
    base = top + height + CAPTION * 0.68
    time = canvas.text((left + 1, base), str(frame.get("time") or ""), SMALL, TEXT, width)
    name = str(frame.get("name") or "")
    canvas.text((left + time + 14, base), name, SMALL, FAINT, width - time - 16)


def _arrow(canvas: Canvas, x: float, y: float) -> None:
    """A small triangle that points to what came of it."""
    for step in range(10):
        canvas.box((x - 5 + step, y - 10 + step, 1.4, 20 - 2 * step), MARK, 0, 0.75)
