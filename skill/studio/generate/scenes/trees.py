"""Trees as cut-outs: firs, broad crowns, palms, bare trunks, drawn from their habit of growth."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np

from .noise import Array

FINE = 2  # drawn this many times larger, then shrunk: soft, exact edges
SHIFT = 4  # fractional bits of OpenCV's drawing coordinates


def _poly(mask: Array, points: Sequence[tuple[float, float]], value: int = 255) -> None:
    fixed = np.round(np.array(points) * (1 << SHIFT)).astype(np.int32)
    cv2.fillPoly(mask, [fixed], value, cv2.LINE_AA, SHIFT)


def _limb(mask: Array, x0: float, y0: float, x1: float, y1: float, w0: float, w1: float) -> None:
    """A tapering limb."""
    length = math.hypot(x1 - x0, y1 - y0) + 1e-6
    nx, ny = -(y1 - y0) / length / 2, (x1 - x0) / length / 2
    _poly(mask, [(x0 + nx * w0, y0 + ny * w0), (x1 + nx * w1, y1 + ny * w1),
                 (x1 - nx * w1, y1 - ny * w1), (x0 - nx * w0, y0 - ny * w0)])  # fmt: skip


def _shrink(mask: Array) -> Array:
    size = (mask.shape[1] // FINE, mask.shape[0] // FINE)
    return cv2.resize(mask, size, interpolation=cv2.INTER_AREA)


def fir(rng: np.random.Generator, height: int, slim: float = 0.36) -> Array:
    """A fir as (h, w, 2) uint8, cover and tone: whorls of drooping, ragged branches, the upper
    over the lower; tone is bright on top of a branch and dark beneath it."""
    h, w = height * FINE, int(height * slim * 1.25) * FINE
    mask, tone = np.zeros((h, w), np.uint8), np.zeros((h, w), np.uint8)
    x0 = w / 2
    lean = rng.normal(0, 0.012) * h
    _limb(mask, x0, h, x0 + lean, h * 0.01, h * 0.024, h * 0.004)
    levels, y, gap = [], h * (0.02 + 0.02 * rng.random()), h * 0.012
    bare = h * rng.uniform(0.88, 0.96)
    while y < bare:
        levels.append((y, gap))
        y += gap * rng.uniform(0.8, 1.2)
        gap = h * (0.011 + 0.030 * y / h)
    for y, gap in reversed(levels):
        p = y / h
        mid = x0 + lean * (1 - p)
        reach = w * 0.46 * (0.03 + 0.97 * p**0.85) * rng.uniform(0.66, 1.08)
        for turn in rng.permutation([-1.0, -0.45, 0.45, 1.0]):
            length = reach * abs(turn) * rng.uniform(0.70, 1.15)
            side = math.copysign(1, turn)
            droop = (length * rng.uniform(0.25, 0.55) + gap * 0.6) * (
                1.0 if abs(turn) > 0.5 else 1.5
            )
            thick = gap * rng.uniform(0.9, 1.5) + length * 0.06
            grey = int(rng.uniform(50, 110))
            ragged = [(mid, y - gap * 0.5)]
            for q in (0.25, 0.5, 0.75, 1.0):  # along the top to the tip
                ragged.append((mid + side * length * q, y + droop * q**1.25))
            top = list(ragged)
            for q in (0.92, 0.8, 0.68, 0.55, 0.42, 0.3, 0.15):  # back, twigs hanging
                hang = thick * (
                    rng.uniform(0.9, 1.7) if int(q * 100) % 2 else rng.uniform(0.3, 0.8)
                )
                ragged.append((mid + side * length * q, y + droop * q**1.25 + hang))
            ragged.append((mid, y + thick * 0.8))
            _poly(mask, ragged)
            _poly(tone, ragged, grey)
            bright = [*top, *[(x, v + thick * 0.42) for x, v in reversed(top)]]
            _poly(tone, bright, min(255, grey + int(rng.uniform(70, 140))))
    return np.dstack([_shrink(mask), _shrink(tone)])


def crown(rng: np.random.Generator, height: int, wide: float = 0.9, bare: bool = False) -> Array:
    """A broad-leaved tree as (h, w, 2) uint8, cover and tone: forking limbs, clouds of leaves."""
    h, w = height * FINE, int(height * 1.5 * max(wide, 0.6)) * FINE
    mask = np.zeros((h, w), np.uint8)
    tips: list[tuple[float, float]] = []

    def grow(x: float, y: float, angle: float, length: float, width: float, order: int) -> None:
        x1, y1 = x + math.sin(angle) * length, y - math.cos(angle) * length
        _limb(mask, x, y, x1, y1, width, width * 0.72)
        if order <= 3:
            tips.append((x1, y1))
        if order == 0:
            return
        forks = 3 if order in (5, 6) else 2
        for number in range(forks):
            turn = (number - (forks - 1) / 2) * 0.72 * wide + rng.normal(0, 0.22)
            grow(
                x1,
                y1,
                angle * 0.9 + turn,
                length * rng.uniform(0.66, 0.82),
                width * 0.62,
                order - 1,
            )

    grow(w / 2, h, rng.normal(0, 0.04), h * 0.24, h * 0.045, 6)
    if not bare:
        for x, y in tips:
            for _ in range(9):
                r = h * rng.uniform(0.005, 0.014)
                px, py = x + rng.normal(0, h * 0.024), y + rng.normal(0, h * 0.018)
                _leaf(mask, px, py, r, rng)
    return _toned(_shrink(mask), rng)


def _toned(mask: Array, rng: np.random.Generator) -> Array:
    """Cover with a tone of its own: clumps, brighter above."""
    h, w = mask.shape
    clumps = cv2.resize(rng.random((max(2, h // 14), max(2, w // 14)), dtype=np.float32), (w, h),
                        interpolation=cv2.INTER_CUBIC)  # fmt: skip
    fine = cv2.resize(rng.random((max(2, h // 4), max(2, w // 4)), dtype=np.float32), (w, h),
                      interpolation=cv2.INTER_LINEAR)  # fmt: skip
    down = np.linspace(1.0, 0.45, h, dtype=np.float32)[:, None]
    tone = np.clip((0.55 * clumps + 0.45 * fine) * down * 255, 0, 255)
    return np.dstack([mask, tone.astype(np.uint8)])


def _leaf(mask: Array, x: float, y: float, r: float, rng: np.random.Generator) -> None:
    angle = np.sort(rng.uniform(0, 2 * math.pi, 7))
    radius = r * rng.uniform(0.5, 1.25, 7)
    _poly(
        mask,
        [(x + math.cos(a) * q, y + math.sin(a) * q) for a, q in zip(angle, radius, strict=True)],
    )


def palm(rng: np.random.Generator, height: int, lean: float = 0.2) -> Array:
    """A coconut palm as cover (h, w) uint8: a curved stem, feathered fronds."""
    h, w = height * FINE, int(height * 1.05) * FINE
    mask = np.zeros((h, w), np.uint8)
    top_y = h * 0.30
    base_x = w * (0.5 - lean * 0.55)
    points = [
        (base_x + lean * w * 0.75 * p**1.7, h - (h - top_y) * p) for p in np.linspace(0, 1, 26)
    ]
    for i in range(25):
        taper = h * (0.030 - 0.016 * i / 25)
        _limb(mask, *points[i], *points[i + 1], taper * (1.12 if i % 2 else 1.0), taper * 0.98)
    x0, y0 = points[-1]
    for number in range(17):
        angle = -2.7 + 5.4 * (number + rng.uniform(-0.4, 0.4)) / 16
        length = h * rng.uniform(0.26, 0.36)
        _frond(mask, x0, y0, angle, length, rng)
    for _ in range(5):
        cx, cy = x0 + rng.normal(0, h * 0.012), y0 + h * rng.uniform(0.008, 0.03)
        _leaf(mask, cx, cy, h * 0.017, rng)
    return _toned(_shrink(mask), rng)


def _frond(
    mask: Array, x0: float, y0: float, angle: float, length: float, rng: np.random.Generator
) -> None:
    steps = 22
    x, y = x0, y0
    heading = angle
    for i in range(steps):
        p = i / steps
        # Fronds rise, then bend under their weight.
        heading += (0.045 + 0.055 * p) * (1 if angle > 0 else -1) * min(1.0, 0.4 + abs(angle) / 2)
        x1 = x + math.sin(heading) * length / steps
        y1 = y - math.cos(heading) * length / steps
        _limb(mask, x, y, x1, y1, length * 0.022 * (1 - p), length * 0.020 * (1 - p))
        leaf = length * 0.26 * math.sin(math.pi * min(1.0, 0.12 + p)) ** 0.7
        for side in (-1, 1):
            lean = heading + side * rng.uniform(0.8, 1.15)
            lx = x + math.sin(lean) * leaf * 0.8
            ly = y - math.cos(lean) * leaf * 0.8 + leaf * 0.35
            _limb(mask, x, y, lx, ly, length * 0.016, length * 0.002)
        x, y = x1, y1


def plant(
    colour: Array, cover: Array, sprite: Array, x: float, foot: float, tall: float,
    dark: Array, bright: Array, mirror: bool = False, snow: Array | None = None,
) -> None:  # fmt: skip
    """Set a tree into a plate: its foot at (x, foot) pixels, ``tall`` pixels high; its colour runs
    from ``dark`` to ``bright`` with the sprite's tone, under ``snow`` where that lies. Edits
    ``colour`` (h, w, 3) and ``cover`` (h, w) in place."""
    tall = max(3.0, tall)
    size = (max(2, round(sprite.shape[1] * tall / sprite.shape[0])), round(tall))
    small = cv2.resize(sprite, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    if mirror:
        small = small[:, ::-1]
    h, w = small.shape[:2]
    x0, y0 = round(x - w / 2), round(foot - h)
    ax, ay = max(0, -x0), max(0, -y0)
    bx, by = min(w, cover.shape[1] - x0), min(h, cover.shape[0] - y0)
    if bx <= ax or by <= ay:
        return
    mask, tone = small[ay:by, ax:bx, 0], small[ay:by, ax:bx, 1, None]
    paint = dark + (bright - dark) * tone
    if snow is not None:
        paint = paint + (snow - paint) * np.clip(tone * 2.6 - 0.95, 0, 0.95)
    part = colour[y0 + ay : y0 + by, x0 + ax : x0 + bx]
    part += (paint - part) * mask[..., None]
    under = cover[y0 + ay : y0 + by, x0 + ax : x0 + bx]
    under += (1 - under) * mask
