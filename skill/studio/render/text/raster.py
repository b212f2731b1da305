"""Glyphs -> pixels: fill, outline and shadow, composed into straight alpha."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np

from .fonts import Font

Array = np.ndarray[Any, np.dtype[Any]]
Color = tuple[int, int, int]

_FREETYPE = Lock()  # a FreeType face, and its library, serve one thread at a time


@dataclass(frozen=True)
class Placed:
    """A glyph with its origin in px from the canvas's top left, y downwards."""

    font: Font
    id: int
    x: float
    y: float


@dataclass(frozen=True)
class Ink:
    """How a title is inked. Widths in px; opacities 0 to 1."""

    fill: Color
    edge: Color
    outline: float
    outline_opacity: float
    near: float  # standard deviation of the tight shadow, which keeps edges apart from the picture
    near_opacity: float
    far: float  # of the wide, soft shadow, which falls downwards
    far_opacity: float
    drop: float

    @property
    def reach(self) -> int:
        """How far from the glyphs anything is drawn, px."""
        return int(self.outline + max(3 * self.near, 3 * self.far + self.drop)) + 3


def masks(
    glyphs: Sequence[Placed], em: float, outline: float, box: tuple[int, int, int, int]
) -> tuple[Array, Array]:
    """Coverage of the fill, and of the fill with its outline, in ``box`` (x, y, width, height).

    float32 (height, width), 0 to 1.
    """
    import freetype
    from freetype import raw

    x0, y0, width, height = box
    fill = np.zeros((height, width), np.uint8)
    edge = np.zeros((height, width), np.uint8)
    with _FREETYPE:
        stroker = freetype.Stroker()
        stroker.set(
            max(1, round(outline * 64)),
            raw.FT_STROKER_LINECAP_ROUND,
            raw.FT_STROKER_LINEJOIN_ROUND,
            0,
        )
        flags = freetype.FT_LOAD_NO_BITMAP | freetype.FT_LOAD_NO_HINTING
        for glyph in glyphs:
            face = glyph.font.outlines
            face.set_char_size(max(1, round(em * glyph.font.scale * 64)), 0, 72, 72)
            face.load_glyph(glyph.id, flags)
            if not face.glyph.outline.n_points:
                continue
            origin = freetype.Vector(round((glyph.x - x0) * 64), -round((glyph.y - y0) * 64))
            shape = face.glyph.get_glyph()
            _stamp(fill, shape.to_bitmap(freetype.FT_RENDER_MODE_NORMAL, origin))
            if outline > 0:
                shape = face.glyph.get_glyph()
                shape.stroke(stroker, True)
                _stamp(edge, shape.to_bitmap(freetype.FT_RENDER_MODE_NORMAL, origin))
    solid = fill.astype(np.float32) / 255
    return solid, np.maximum(solid, edge.astype(np.float32) / 255)


def _stamp(target: Array, glyph: Any) -> None:
    bitmap = glyph.bitmap
    if not bitmap.width or not bitmap.rows:
        return
    pixels = np.array(bitmap.buffer, np.uint8).reshape(bitmap.rows, bitmap.pitch)
    pixels = pixels[:, : bitmap.width]
    left, top = glyph.left, -glyph.top
    x0, y0 = max(0, left), max(0, top)
    x1 = min(target.shape[1], left + bitmap.width)
    y1 = min(target.shape[0], top + bitmap.rows)
    if x0 < x1 and y0 < y1:
        area = target[y0:y1, x0:x1]
        np.maximum(area, pixels[y0 - top : y1 - top, x0 - left : x1 - left], out=area)


def compose(fill: Array, edge: Array, ink: Ink) -> Array:
    """Lay shadow, outline and fill over each other: uint8 (height, width, 4), straight alpha."""
    import cv2

    near = cv2.GaussianBlur(edge, (0, 0), max(0.3, ink.near))
    far = cv2.GaussianBlur(edge, (0, 0), max(0.3, ink.far))
    drop = round(ink.drop)
    if drop:
        far = np.roll(far, drop, axis=0)
        far[:drop] = 0
    under = 1 - (1 - np.minimum(near * ink.near_opacity, 1)) * (1 - far * ink.far_opacity)
    under = 1 - (1 - under) * (1 - edge * ink.outline_opacity)
    alpha = under + fill - under * fill
    share = np.divide(fill, alpha, out=np.zeros_like(fill), where=alpha > 0)[..., None]
    color = (
        np.asarray(ink.edge, np.float32) * (1 - share) + np.asarray(ink.fill, np.float32) * share
    )
    result = np.empty((*fill.shape, 4), np.uint8)
    result[..., :3] = color + 0.5
    result[..., 3] = alpha * 255 + 0.5
    return result
