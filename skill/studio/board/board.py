"""The whole board: a head, frames or pairs of frames, and timelines below them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from skill.studio.board.canvas import Canvas
from skill.studio.board.frames import Frames, Pairs
from skill.studio.board.style import (
    BACK,
    FACTS,
    FAINT,
    HEAD,
    LINE,
    MARGIN,
    SECTION,
    SMALL,
    TEXT,
)
from skill.studio.board.timeline import Timeline

WIDEST = 1600  # px
MOST_LINES = 12


def draw(board: Mapping[str, Any], out: Path) -> None:
    """Draw a board and put it at ``out`` as a PNG, whole or not at all. Raises OSError."""
    width = min(WIDEST, int(board.get("width") or WIDEST))
    inner = width - 2 * MARGIN
    parts: list[Head | Frames | Pairs | Timeline] = [Head(board)]
    if board.get("frames"):
        parts.append(Frames(board["frames"], board["grid"]))
    if board.get("pairs"):
        parts.append(Pairs(board["pairs"], board["grid"], board.get("names") or ["", ""]))
    lines = [Timeline(timeline, inner) for timeline in board.get("timelines") or []]
    parts += lines
    height = 2 * MARGIN + sum(part.height for part in parts) + SECTION * (len(parts) - 1)
    canvas = Canvas(width, round(height), BACK)
    canvas.language = str(board.get("language") or "en")
    y = float(MARGIN)
    for part in parts:
        part.onto(canvas, MARGIN, y, inner)
        y += part.height + SECTION
    handle, name = tempfile.mkstemp(dir=out.parent, suffix=".part")
    os.close(handle)
    try:
        canvas.save(Path(name))
        Path(name).replace(out)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


class Head:
    """The name at the left, the facts at the right, and sentences below."""

    def __init__(self, board: Mapping[str, Any]) -> None:
        self._title = str(board.get("title") or "")
        self._facts = str(board.get("facts") or "")
        self._lines = [str(line) for line in board.get("lines") or []][:MOST_LINES]
        self.height = HEAD + (SMALL * 0.9 + LINE * len(self._lines) if self._lines else 0)

    def onto(self, canvas: Canvas, x: float, y: float, width: float) -> None:
        base = y + HEAD * 0.8
        facts = canvas.text((x + width, base), self._facts, FACTS, FAINT, width * 0.6, align=1)
        canvas.text((x, base), self._title, HEAD, TEXT, width - facts - 40)
        base = y + HEAD + SMALL * 0.9
        for line in self._lines:
            base += LINE
            canvas.text((x, base - LINE * 0.3), line, FACTS, TEXT, width)
