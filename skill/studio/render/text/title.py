"""A title segment's metadata -> a picture to lay over the frame."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import clusters
from .fonts import FONTS, invisible
from .layout import SMALLEST, Block, ascent, descent, fit
from .raster import Array, Color, Ink, Placed, compose, masks

SAFE = 0.05  # of each side kept free: the 90% title-safe area
SIZE = 0.11  # em / shorter side of the canvas (of its height, in a landscape)
_TALLEST = 0.6  # of the picture's height
WHITE: Color = (255, 255, 255)


@dataclass(frozen=True)
class Overlay:
    """A picture and where it lies: ``x``, ``y`` in px from the canvas's top left.

    ``rgba`` is uint8 (height, width, 4), straight alpha, wholly inside the canvas.
    """

    x: int
    y: int
    rgba: Array


@dataclass(frozen=True)
class Place:
    """Where a block of lines stands: -1, 0 or 1 across and down, and the part of the canvas."""

    across: int
    down: int
    size: float = SIZE
    wide: float = 0.9  # of the canvas's width, at most
    few: int = 3  # lines aimed at
    low: float = 0.0  # of the height, kept free below


PLACES: Mapping[str, Place] = {
    "center": Place(0, 0),
    "top": Place(0, -1, 0.085, few=2),
    "bottom": Place(0, 1, 0.075, few=2),
    "left": Place(-1, 0, 0.085, 0.6),
    "right": Place(1, 0, 0.085, 0.6),
    "top-left": Place(-1, -1, 0.06, 0.6),
    "top-right": Place(1, -1, 0.06, 0.6),
    "bottom-left": Place(-1, 1, 0.06, 0.6),
    "bottom-right": Place(1, 1, 0.06, 0.6),
    "lower-third": Place(-1, 1, 0.065, 0.7, 2, 0.09),
}


def covers(text: str) -> list[str]:
    """The characters of a text that no font of the package can draw, each once, in order."""
    lines = clusters.paragraphs(text)
    missing = (
        c
        for line in lines
        for c in line
        if not invisible(c) and not any(font.has(c) for font in FONTS)
    )
    return list(dict.fromkeys(missing))


def draw(meta: Mapping[str, Any], width: int, height: int) -> Overlay:
    """Draw a title for a canvas of ``width`` x ``height`` px.

    Reads ``text``, ``position``, ``color``, ``size`` (em as a fraction of the height; of the
    shorter side in a portrait, where the height would be too large), and, where they are there,
    ``language`` (a tag) and ``bars`` (the ratio of letterbox bars to stay clear of). Same
    input, same bytes. A text of which nothing can be drawn gives a transparent picture.
    """
    language = clusters.language(str(meta.get("text") or ""), str(meta.get("language") or ""))
    lines = clusters.paragraphs(str(meta.get("text") or ""))
    place = PLACES.get(_name(meta.get("position")), PLACES["center"])
    short = min(width, height)
    em = _size(meta.get("size"), place.size) * short
    area = _safe(width, height, meta.get("bars"))
    ink = _ink(_color(meta.get("color")), em)
    margin = ink.outline + 1
    room = (
        min(place.wide * width, area[2] - area[0]) - 2 * margin,
        _TALLEST * (area[3] - area[1]) / (1 - 2 * SAFE) - 2 * margin,
    )
    block = fit(lines, language, em, room, few=place.few, smallest=SMALLEST * short)
    if block is None:
        return Overlay(0, 0, _nothing())
    ink = _ink(ink.fill, block.em)
    glyphs = _place(block, place, area, ink.outline + 1, height)
    return _paint(glyphs, block.em, ink, width, height)


def _place(
    block: Block,
    place: Place,
    area: tuple[float, float, float, float],
    margin: float,
    height: int,
) -> list[Placed]:
    """Glyph origins on the canvas, all ink inside ``area`` less ``margin``."""
    left, top, right, bottom = (
        area[0] + margin,
        area[1] + margin,
        area[2] - margin,
        area[3] - margin,
    )
    across = place.across
    leftward = not block.lines[0].rightward
    if place.low and leftward:
        across = -across  # a lower third begins where the line begins
    spare = right - left - block.width
    x0 = left + spare * (across + 1) / 2
    optical = block.bottom - block.top
    if place.down < 0:
        baseline = top - block.top
    elif place.down > 0:
        baseline = bottom - place.low * height - block.bottom
    else:
        baseline = (top + bottom - optical) / 2 - block.top
    high = baseline - ascent(block.lines[0]) * block.em
    deep = baseline + block.baselines[-1] + descent(block.lines[-1]) * block.em
    baseline += max(0.0, top - high) - max(0.0, deep - bottom)
    glyphs: list[Placed] = []
    for line, below in zip(block.lines, block.baselines, strict=True):
        free = block.width - line.width * block.em
        x = x0 + free * (0.5 if across == 0 else 0.0 if line.rightward else 1.0)
        glyphs.extend(
            Placed(g.font, g.id, x + g.x * block.em, baseline + below - g.y * block.em)
            for g in line.glyphs
        )
    return glyphs


def _paint(glyphs: list[Placed], em: float, ink: Ink, width: int, height: int) -> Overlay:
    boxes = [box for glyph in glyphs if (box := _bounds(glyph, em))]
    if not boxes:
        return Overlay(0, 0, _nothing())
    reach = ink.reach
    # even edges: a renderer blends chroma planes of half the size
    x0 = max(0, int(min(b[0] for b in boxes)) - reach) & ~1
    y0 = max(0, int(min(b[1] for b in boxes)) - reach) & ~1
    x1 = min(width, (int(max(b[2] for b in boxes)) + reach + 1) & ~1)
    y1 = min(height, (int(max(b[3] for b in boxes)) + reach + 1) & ~1)
    if x0 >= x1 or y0 >= y1:
        return Overlay(0, 0, _nothing())
    fill, edge = masks(glyphs, em, ink.outline, (x0, y0, x1 - x0, y1 - y0))
    return Overlay(x0, y0, compose(fill, edge, ink))


def _bounds(glyph: Placed, em: float) -> tuple[float, float, float, float] | None:
    extents = glyph.font.shaper.get_glyph_extents(glyph.id)
    if extents is None or not extents.width:
        return None
    scale = em * glyph.font.scale / glyph.font.units
    x0 = glyph.x + extents.x_bearing * scale
    y0 = glyph.y - extents.y_bearing * scale
    return x0, y0, x0 + extents.width * scale, y0 - extents.height * scale


def _nothing() -> Array:
    import numpy as np

    return np.zeros((2, 2, 4), np.uint8)


def _name(value: object) -> str:
    name = re.sub(r"[\s_]+", "-", str(value or "center").strip().lower())
    name = name.replace("middle", "center").replace("centre", "center")
    return name.replace("center-", "").replace("-center", "")


def _size(value: object, default: float) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < 10:
        return max(SMALLEST, min(float(value), 1.0))
    return default


def _color(value: object) -> Color:
    match = re.fullmatch(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})", str(value or "").strip())
    if not match:
        return WHITE
    digits = match[1] if len(match[1]) == 6 else "".join(c * 2 for c in match[1])
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def _safe(width: int, height: int, bars: object) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of the safe area, px, clear of letterbox bars."""
    across, down = width, height
    if isinstance(bars, (int, float)) and not isinstance(bars, bool) and 0.2 < bars < 10:
        down = min(height, round(width / bars))
        across = min(width, round(height * bars))
    x, y = (width - across) / 2, (height - down) / 2
    return x + SAFE * across, y + SAFE * down, width - x - SAFE * across, height - y - SAFE * down


def _ink(fill: Color, em: float) -> Ink:
    """A thin outline and two shadows, dark under a light title and light under a dark one."""
    luminance = (0.2126 * fill[0] + 0.7152 * fill[1] + 0.0722 * fill[2]) / 255
    dark = luminance < 0.35
    return Ink(
        fill=fill,
        edge=(255, 255, 255) if dark else (0, 0, 0),
        outline=0.016 * em,
        outline_opacity=0.75 if dark else 0.55,
        near=0.022 * em,
        near_opacity=0.55,
        far=0.10 * em,
        far_opacity=0.45,
        drop=0.0 if dark else 0.03 * em,
    )
