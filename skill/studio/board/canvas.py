"""A canvas of pixels that rounded boxes, pictures and lines of text are put on."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from skill.studio.render.text import clusters
from skill.studio.render.text.layout import Paragraph, read
from skill.studio.render.text.raster import Placed, masks
from skill.studio.render.text.shaping import Line, shape

Array = np.ndarray[Any, np.dtype[Any]]
Color = tuple[int, int, int]
Box = tuple[float, float, float, float]  # left, top, width, height, px

_ELLIPSIS = "…"


class Canvas:
    """RGB pixels of ``width`` x ``height``, all of one ``color`` at first."""

    def __init__(self, width: int, height: int, color: Color) -> None:
        self.pixels: Array = np.empty((height, width, 3), np.uint8)
        self.pixels[:] = color
        self.language = "en"

    def box(self, box: Box, color: Color, radius: float = 0.0, opacity: float = 1.0) -> None:
        """A filled box with round corners and soft edges."""
        place = self._place(box)
        if place is not None:
            area, x, y = place
            self._blend(area, color, _rounded(x, y, box, radius) * opacity)

    def picture(self, box: Box, pixels: Array, radius: float = 0.0) -> None:
        """A picture scaled into a box, with round corners."""
        place = self._place(box)
        if place is None:
            return
        area, x, y = place
        width, height = round(box[2]), round(box[3])
        if pixels.shape[:2] != (height, width):
            shrinks = pixels.shape[1] > width
            pixels = cv2.resize(
                pixels, (width, height),
                interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC,
            )  # fmt: skip
        left, top = int(x[0]) - round(box[0]), int(y[0]) - round(box[1])
        rows, columns = area.shape[:2]
        part = pixels[max(0, top) : top + rows, max(0, left) : left + columns]
        if part.shape != area.shape:  # half a pixel beyond its edge
            part = cv2.resize(part, (columns, rows))
        cover = _rounded(x, y, box, radius)[..., None]
        area[:] = np.rint(area * (1 - cover) + part * cover)

    def wedge(self, box: Box, color: Color, opacity: float) -> None:
        """The lower right half of a box, cut along its diagonal: something comes in."""
        place = self._place(box)
        if place is not None:
            area, x, y = place
            along = (x[None, :] + 0.5 - box[0]) / max(1.0, box[2])
            down = (y[:, None] + 0.5 - box[1]) / max(1.0, box[3])
            soft = max(1.0, min(box[2], box[3]))
            cover = np.clip((along + down - 1) * soft + 0.5, 0, 1)
            self._blend(area, color, cover * opacity)

    def text(
        self,
        at: tuple[float, float],
        words: str,
        em: float,
        color: Color,
        room: float = 1e9,
        align: float = 0.0,
        opacity: float = 1.0,
    ) -> float:
        """A line of text on its baseline; the width that it takes, px.

        ``at`` is its left end (``align`` 0), its middle (0.5) or its right end (1). What is
        wider than ``room`` px ends in an ellipsis.
        """
        line = fitting(words, self.language, round(room / em, 2))
        if line is None:
            return 0.0
        left = at[0] - align * line.width * em
        glyphs = [
            Placed(glyph.font, glyph.id, left + glyph.x * em, at[1] - glyph.y * em)
            for glyph in line.glyphs
        ]
        x0 = int(left + line.ink[0] * em) - 1
        y0 = int(at[1] - line.ink[3] * em) - 1
        x1 = int(left + line.ink[2] * em) + 3
        y1 = int(at[1] - line.ink[1] * em) + 3
        height, width = self.pixels.shape[:2]
        x0, y0, x1, y1 = max(0, x0), max(0, y0), min(width, x1), min(height, y1)
        if x0 < x1 and y0 < y1:
            fill, _ = masks(glyphs, em, 0.0, (x0, y0, x1 - x0, y1 - y0))
            self._blend(self.pixels[y0:y1, x0:x1], color, fill * opacity)
        return line.width * em

    def measure(self, words: str, em: float) -> float:
        """How wide a line is, px."""
        line = fitting(words, self.language, 1e9)
        return line.width * em if line else 0.0

    def save(self, path: Path) -> None:
        """As a PNG. Raises OSError."""
        done, data = cv2.imencode(".png", cv2.cvtColor(self.pixels, cv2.COLOR_RGB2BGR))
        if not done:
            raise OSError("the picture could not be written as a PNG")
        path.write_bytes(data.tobytes())

    def _place(self, box: Box) -> tuple[Array, Array, Array] | None:
        """The pixels that a box touches, and their left and top coordinates."""
        height, width = self.pixels.shape[:2]
        x0, y0 = max(0, int(box[0])), max(0, int(box[1]))
        x1 = min(width, int(np.ceil(box[0] + box[2])))
        y1 = min(height, int(np.ceil(box[1] + box[3])))
        if x1 <= x0 or y1 <= y0:
            return None
        return self.pixels[y0:y1, x0:x1], np.arange(x0, x1), np.arange(y0, y1)

    def _blend(self, area: Array, color: Color, cover: Array) -> None:
        share = cover[..., None].astype(np.float32)
        area[:] = np.rint(area * (1 - share) + np.array(color, np.float32) * share)


def load(path: Path) -> Array | None:
    """A picture file as RGB; None for one that cannot be read."""
    try:
        data = np.frombuffer(path.read_bytes(), np.uint8)
        found = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
    except (OSError, cv2.error):
        return None
    return None if found is None else np.asarray(cv2.cvtColor(found, cv2.COLOR_BGR2RGB))


@lru_cache(maxsize=1024)
def fitting(words: str, language: str, room: float) -> Line | None:
    """A shaped line, at most ``room`` em wide; None where nothing of it is to be seen."""
    paragraph = _read(words, language)
    if room <= 0 or not paragraph.clusters:
        return None
    tag = clusters.language(words, language)
    kept, widths = paragraph.clusters, paragraph.widths
    if sum(widths) <= room:
        line = shape(kept, tag, paragraph.base)
        return line if line.inked else None
    dots = _read(_ELLIPSIS, language)
    count, taken = 0, sum(dots.widths)
    while count < len(kept) and taken + widths[count] <= room:
        taken += widths[count]
        count += 1
    while count:
        if kept[count - 1].text != " ":
            # The dots stand where reading ends, whichever way that runs.
            end = (replace(part, level=kept[count - 1].level) for part in dots.clusters)
            line = shape((*kept[:count], *end), tag, paragraph.base)
            if line.width <= room:  # letters at the end of a word may be wider
                return line if line.inked else None
        count -= 1
    return None


@lru_cache(maxsize=1024)
def _read(words: str, language: str) -> Paragraph:
    text = " ".join(words.split())
    return read(text, clusters.language(text, language))


def _rounded(x: Array, y: Array, box: Box, radius: float) -> Array:
    """How much of each pixel lies in a box with round corners: 0 to 1."""
    left, top, width, height = box
    radius = min(radius, width / 2, height / 2)
    across = np.abs(x + 0.5 - left - width / 2) - width / 2 + radius
    down = np.abs(y + 0.5 - top - height / 2) - height / 2 + radius
    across, down = across[None, :], down[:, None]
    outside = np.hypot(np.maximum(across, 0), np.maximum(down, 0))
    distance = outside + np.minimum(np.maximum(across, down), 0) - radius
    return np.clip(0.5 - distance, 0, 1).astype(np.float32)
