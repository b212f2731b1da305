"""A title segment's metadata -> a picture to lay over the frame."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import clusters
from .fonts import FONTS, invisible
from .layout import Block, fit
from .raster import Array, Color, Ink, Placed, compose, masks

SAFE = 0.05  # of each side kept free: the 90% title-safe area
SMALLEST = 0.022  # em / shorter side; a text that would be set smaller is cut short
SIZE = 0.11  # em / shorter side of the canvas (of its height, in a landscape)
_TALLEST = 0.6  # of the picture's height
WHITE: Color = (255, 255, 255)

Box = tuple[float, float, float, float]  # left, top, right, bottom, px


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
    """Where a block of lines stands: -1, 0 or 1 across and down, and the room it has."""

    across: int
    down: int
    size: float = SIZE
    wide: float = 0.9  # of the canvas's width, at most
    few: int = 3  # lines aimed at
    inset: float = 0.0  # of the height, kept free between the block and the safe area's edge
    leading: bool = False  # stands where lines begin: to the right for Arabic and Hebrew


PLACES: Mapping[str, Place] = {
    "center": Place(0, 0),
    "top": Place(0, -1, 0.085, few=2, inset=0.03),
    "bottom": Place(0, 1, 0.075, few=2, inset=0.03),
    "left": Place(-1, 0, 0.085, 0.6),
    "right": Place(1, 0, 0.085, 0.6),
    "top-left": Place(-1, -1, 0.06, 0.6),
    "top-right": Place(1, -1, 0.06, 0.6),
    "bottom-left": Place(-1, 1, 0.06, 0.6),
    "bottom-right": Place(1, 1, 0.06, 0.6),
    "lower-third": Place(-1, 1, 0.065, 0.7, few=2, inset=0.09, leading=True),
}
_APPS = 0.09  # of a portrait's height: below it, phones lay their captions and buttons


def covers(text: str) -> list[str]:
    """The characters of a text that no font of the package can draw, each once, in order."""
    missing = (
        c
        for line in clusters.paragraphs(text)
        for c in line
        if not invisible(c) and not any(font.has(c) for font in FONTS)
    )
    return list(dict.fromkeys(missing))


def draw(meta: Mapping[str, Any], width: int, height: int) -> Overlay:
    """Draw a title for a canvas of ``width`` x ``height`` px.

    Reads ``text``, ``position``, ``color``, ``size`` (em as a fraction of the height; of the
    shorter side in a portrait, where the height would be too large), and, where they are there,
    ``language`` (a tag) and ``bars`` (the ratio of letterbox bars to stay clear of). Where no
    ``size`` is given it follows from the position. The text is made smaller where it would be
    taller than 60% of the picture, and drawn whole or cut short inside the safe area. What no
    font has is left out (see ``covers``); where nothing else is left, "…" stands for it. An
    empty text gives a transparent picture. Same input, same bytes.
    """
    text = str(meta.get("text") or "")
    language = clusters.language(text, str(meta.get("language") or ""))
    place = PLACES.get(_name(meta.get("position")), PLACES["center"])
    short = min(width, height)
    em = _size(meta.get("size"), place.size) * short
    color = _color(meta.get("color"))
    area = _safe(width, height, meta.get("bars"))
    margin = _ink(color, em, short).outline + 1
    area = (area[0] + margin, area[1] + margin, area[2] - margin, area[3] - margin)
    room = (
        min(place.wide * width, area[2] - area[0]),
        min(_TALLEST * height, (area[3] - area[1]) * _TALLEST / (1 - 2 * SAFE)),
    )
    lines = clusters.paragraphs(text)
    seen = any(not (c.isspace() or invisible(c)) for line in lines for c in line)
    for tried in (lines, ["…"]) if seen else ():
        block = fit(tried, language, em, room, few=place.few, smallest=SMALLEST * short)
        if block is not None:
            return _paint(block, place, area, _ink(color, block.em, short), (width, height))
    return Overlay(0, 0, np.zeros((2, 2, 4), np.uint8))


def _paint(block: Block, place: Place, area: Box, ink: Ink, canvas: tuple[int, int]) -> Overlay:
    width, height = canvas
    origins = _origins(block, place, area, canvas)
    em = block.em
    glyphs = [
        Placed(glyph.font, glyph.id, x + glyph.x * em, y - glyph.y * em)
        for line, (x, y) in zip(block.lines, origins, strict=True)
        for glyph in line.glyphs
    ]
    inked = [pair for pair in zip(block.lines, origins, strict=True) if pair[0].inked]
    # even edges: a renderer blends chroma planes of half the size
    x0 = max(0, int(min(x + line.ink[0] * em for line, (x, _) in inked)) - ink.reach) & ~1
    y0 = max(0, int(min(y - line.ink[3] * em for line, (_, y) in inked)) - ink.reach) & ~1
    right = max(x + line.ink[2] * em for line, (x, _) in inked) + ink.reach
    bottom = max(y - line.ink[1] * em for line, (_, y) in inked) + ink.reach
    x1, y1 = min(width, (int(right) + 2) & ~1), min(height, (int(bottom) + 2) & ~1)
    fill, edge = masks(glyphs, em, ink.outline, (x0, y0, x1 - x0, y1 - y0))
    return Overlay(x0, y0, compose(fill, edge, ink))


def _origins(
    block: Block, place: Place, area: Box, canvas: tuple[int, int]
) -> list[tuple[float, float]]:
    """Where each line begins on its baseline, px; all ink lies inside ``area``."""
    left, top, right, bottom = area
    width, height = canvas
    inset = place.inset * height
    if place.down > 0 and height > 1.5 * width:
        inset += _APPS * height
    across = place.across
    if place.leading and not block.lines[0].rightward:
        across = -across
    x = left + (right - left - block.width) * (across + 1) / 2
    if place.down < 0:
        y = top + inset - block.top
    elif place.down > 0:
        y = bottom - inset - block.bottom
    else:
        y = (top + bottom - block.top - block.bottom) / 2
    y += max(0.0, top - y - block.ink[1])
    y -= max(0.0, y + block.ink[3] - bottom)
    begins = []
    for line in block.lines:
        spare = block.width - line.width * block.em
        begin = x + spare * (0.5 if across == 0 else 0.0 if line.rightward else 1.0)
        begin += max(0.0, left - begin - line.ink[0] * block.em)
        begin -= max(0.0, begin + line.ink[2] * block.em - right)
        begins.append(begin)
    return [(begin, y + baseline) for begin, baseline in zip(begins, block.baselines, strict=True)]


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


def _safe(width: int, height: int, bars: object) -> Box:
    """The safe area, clear of letterbox bars."""
    across, down = width, height
    if isinstance(bars, (int, float)) and not isinstance(bars, bool) and 0.2 < bars < 10:
        down = min(height, round(width / bars))
        across = min(width, round(height * bars))
    x, y = (width - across) / 2, (height - down) / 2
    return x + SAFE * across, y + SAFE * down, width - x - SAFE * across, height - y - SAFE * down


def _ink(fill: Color, em: float, short: float) -> Ink:
    """A thin outline and two shadows, dark under a light title and light under a dark one."""
    luminance = (0.2126 * fill[0] + 0.7152 * fill[1] + 0.0722 * fill[2]) / 255
    dark = luminance < 0.35
    return Ink(
        fill=fill,
        edge=(255, 255, 255) if dark else (0, 0, 0),
        outline=max(0.013 * em, short / 1080),
        outline_opacity=0.6 if dark else 0.38,
        near=max(0.034 * em, short / 720),
        near_opacity=0.72,
        far=0.13 * em,
        far_opacity=0.45,
        drop=0.0 if dark else 0.03 * em,
    )
