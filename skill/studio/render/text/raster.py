"""Glyphs -> pixels: fill, outline and shadow, composed into straight alpha."""

from __future__ import annotations

from collections.abc import Sequence
from ctypes import string_at
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
    # the public `buffer` makes a list of every byte, which takes longer than drawing the glyph
    size = bitmap.rows * bitmap.pitch
    pixels = np.frombuffer(string_at(bitmap._FT_Bitmap.buffer, size), np.uint8)
    pixels = pixels.reshape(bitmap.rows, bitmap.pitch)[:, : bitmap.width]
    left, top = glyph.left, -glyph.top
    x0, y0 = max(0, left), max(0, top)
    x1 = min(target.shape[1], left + bitmap.width)
    y1 = min(target.shape[0], top + bitmap.rows)
    if x0 < x1 and y0 < y1:
        area = target[y0:y1, x0:x1]
        np.maximum(area, pixels[y0 - top : y1 - top, x0 - left : x1 - left], out=area)


def compose(fill: Array, edge: Array, ink: Ink) -> Array:
    """Lay shadow, outline and fill over each other: uint8 (height, width, 4), straight alpha."""
    clear = 1 - _blur(edge, ink.near, 0) * ink.near_opacity
    clear *= 1 - _blur(edge, ink.far, round(ink.drop)) * ink.far_opacity
    clear *= 1 - edge * ink.outline_opacity
    clear *= 1 - fill
    alpha = 1 - clear
    share = fill / np.maximum(alpha, 1e-6)
    result = np.empty((*fill.shape, 4), np.uint8)
    for channel, (over, under) in enumerate(zip(ink.fill, ink.edge, strict=True)):
        np.add(share * (over - under), under + 0.5, out=result[..., channel], casting="unsafe")
    np.add(alpha * 255, 0.5, out=result[..., 3], casting="unsafe")
    return result


def _blur(mask: Array, sigma: float, drop: int) -> Array:
    """A Gaussian blur, ``drop`` px further down. A wide one is made on a smaller picture."""
    import cv2

    height, width = mask.shape
    shrink = max(1, int(sigma / 3))  # beyond 3 px of sigma the detail is gone
    small = cv2.resize(
        mask, (-(-width // shrink), -(-height // shrink)), interpolation=cv2.INTER_AREA
    )
    small = cv2.GaussianBlur(
        small, (0, 0), max(0.3, sigma / shrink), borderType=cv2.BORDER_CONSTANT
    )
    blurred = small
    if shrink > 1:
        blurred = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    if drop:
        blurred[drop:] = blurred[:-drop].copy()
        blurred[:drop] = 0
    return np.asarray(np.clip(blurred, 0, 1))
