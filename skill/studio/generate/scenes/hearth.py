"""Fire indoors: a fireplace, candles in the dark."""

from __future__ import annotations

import math

import numpy as np

from . import noise
from .camera import View
from .fire import Embers, Flames, Glow, Halo, log
from .noise import Array, smooth
from .palette import light
from .particles import Bokeh
from .plates import Plate
from .stage import Layer, Stage

WARM = np.array([1.0, 0.42, 0.10], np.float32)  # firelight


def fireplace(stage: Stage) -> list[Layer]:
    """A hearth of brick: the fire in its opening, its light on the room."""
    tight = min(1.0, stage.aspect / 1.2)
    fire = Flames(stage, 0.0, 0.835, 0.34 * tight, 0.20 * tight, 0.6, 7, "hearth", 0.9)
    wall, lit, logs, burning = _masonry(stage, fire)
    return [
        Dark(stage),
        wall,
        Glow(stage, wall, lit, fire),
        Halo(stage, fire, 0.8),
        logs,
        Glow(stage, logs, burning, fire),
        fire,
        Embers(stage, fire, 40),
    ]


def _masonry(stage: Stage, fire: Flames) -> tuple[Plate, Array, Plate, Array]:
    """Bricks about an arched opening, and logs in it; each also as the fire alone lights it."""
    rng = stage.rng("masonry")
    h, w = int(stage.height * 1.1), int(stage.width * 1.12)
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    u = (x - w / 2) / stage.height
    v = (y - 0.05 * stage.height) / stage.height
    half, top, spring, floor = fire.wide * 1.75, 0.34, 0.50, fire.foot + 0.015
    arch = np.where(v < spring, (u / half) ** 2 + ((v - spring) / (spring - top)) ** 2,
                    (u / half) ** 2)  # fmt: skip
    inside = (arch < 1.0) & (v < floor)
    hearth = v >= floor
    tall, wide = 0.040, 0.105
    row = np.floor(v / tall)
    column = np.floor(u / wide + 0.5 * np.mod(row, 2))
    fu = np.abs(u / wide + 0.5 * np.mod(row, 2) - column - 0.5) * wide
    fv = np.abs(v / tall - row - 0.5) * tall
    joint = smooth(wide / 2 - 0.0045, wide / 2 - 0.0015, fu)
    joint = np.maximum(joint, smooth(tall / 2 - 0.0045, tall / 2 - 0.0015, fv))
    shades = rng.uniform(0.65, 1.2, (64, 64)).astype(np.float32)
    tone = shades[np.mod(row, 64).astype(int), np.mod(column, 64).astype(int)]
    rough = noise.sample(noise.spectral(rng, 512, 512, 0.9, 10.0), x * 1.1, y * 1.1)
    brick = light("#8f5440") * (tone * (0.85 + 0.20 * rough))[..., None]
    brick += (light("#6d645c") * (0.8 + 0.2 * rough)[..., None] - brick) * joint[..., None]
    # Bricks on end around the arch, a beam over it, a slab before it.
    ring = (arch >= 1.0) & (arch < 1.42) & (v < floor)
    angle = np.arctan2(u / half, np.where(v < spring, (spring - v) / (spring - top), 0.02))
    spoke = np.abs(np.mod(np.where(v < spring, angle * 5.2, v / 0.052), 1.0) - 0.5)
    stone = light("#7d6a5c") * ((0.75 + 0.25 * rough) * smooth(0.49, 0.43, spoke))[..., None]
    brick = np.where(ring[..., None], stone, brick)
    grain = noise.sample(noise.spectral(rng, 256, 256, 1.2, 6.0, stretch=8.0), x * 0.4, y * 1.4)
    beam = (v > top - 0.155) & (v < top - 0.085)
    brick = np.where(beam[..., None], light("#5c4029") * (0.8 + 0.25 * grain)[..., None], brick)
    slab = light("#6b625a") * (0.8 + 0.22 * rough)[..., None]
    brick = np.where(hearth[..., None], slab, brick)
    soot = light("#2c2420") * (0.8 + 0.3 * rough)[..., None] * (1 - 0.6 * joint)[..., None]
    brick = np.where(inside[..., None], soot * 0.55, brick).astype(np.float32)
    far = np.hypot(u - fire.x, v - (fire.foot - 0.11))
    # The opening throws its light forward: on its rim, the slab, and softly on the wall.
    fall = np.where(inside, 1.5 / (1 + (far / 0.11) ** 2), 0.20 / (1 + (far / 0.42) ** 2))
    fall = np.where(
        ring, 0.50 / (1 + (far / 0.30) ** 2) * smooth(1.42, 1.0, arch) + fall * 0.6, fall
    )
    fall = np.where(hearth, 1.2 / (1 + (far / 0.22) ** 2) * (0.7 + 0.3 * rough), fall)
    fall *= 1 + 0.35 * beam * smooth(top - 0.12, top - 0.085, v)
    lit = brick * WARM * np.asarray(fall, np.float32)[..., None] * 3.2
    cover = np.ones((h, w), np.float32)
    left, above = -(w - stage.width) / 2, -0.05 * stage.height
    wall = Plate(stage, brick * 0.028, cover, left, above, 0.6)
    rows, columns = int(fire.wide * 1.3 * stage.height), int(fire.wide * 3.4 * stage.height)
    own = np.zeros((rows, columns, 3), np.float32)
    glow = np.zeros((rows, columns, 3), np.float32)
    shape = np.zeros((rows, columns), np.float32)
    tile = noise.spectral(rng, 256, 256, 1.0, 6.0)
    for turn, lift in ((0.03, 0.0), (-0.10, 0.14), (0.30, 0.26)):
        middle = (columns / 2, rows * (0.72 - lift))
        log(own, shape, glow, tile, rng, middle, fire.wide * stage.height * 1.15, turn,
            light("#201814"))  # fmt: skip
    base = (stage.width - columns) / 2, fire.foot * stage.height - rows * 0.80
    return wall, lit.astype(np.float32), Plate(stage, own, shape, *base, 0.6), glow


def candles(stage: Stage) -> list[Layer]:
    """A few candles in the dark, with the lights of others far out of focus."""
    layers: list[Layer] = [Dark(stage)]
    colours = np.stack([light(c) for c in ("#ffb35c", "#ff8f3c", "#ffd394")])
    layers.append(Bokeh(stage, colours, 44, 0.10, 0.08, 0.62, 0.055, 0.5))
    spots = ((-0.22, 0.80, 0.9), (0.20, 0.84, 1.1), (-0.01, 0.90, 1.35))
    squeeze = min(1.0, stage.aspect * 0.9)
    for number, (x, foot, size) in enumerate(spots):
        flame = Flames(stage, x * squeeze, foot - 0.26 * size, 0.115 * size, 0.034 * size, 0.9, 1,
                       f"candle {number}", 0.55, 0.28)  # fmt: skip
        wax = _wax(stage, x * squeeze, foot, size)
        layers += [wax[0], Glow(stage, wax[0], wax[1], flame), Halo(stage, flame, 1.3), flame]
    return layers


class Dark:
    """A warm dark room."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        y, x = np.mgrid[0 : stage.height, 0 : stage.width].astype(np.float32) / stage.height
        x -= stage.aspect / 2
        glow = np.exp(-np.sqrt(x * x + (y - 0.62) ** 2) / 0.38)
        self.picture: Array = (
            light("#1a100c") * 0.6 + glow[..., None] * light("#6a3414") * 0.6
        ).astype(np.float32)

    def draw(self, frame: Array, t: float, view: View) -> None:
        del t, view
        frame[:] = self.picture


def _wax(stage: Stage, x: float, foot: float, size: float) -> tuple[Plate, Array]:
    h = stage.height
    wide, tall = 0.052 * size * h, 0.26 * size * h
    rows, width = int(tall + 0.30 * h), int(wide * 3)
    y, gx = np.mgrid[0:rows, 0:width].astype(np.float32)
    u = (gx - width / 2) / wide
    top = 0.012 * h + 0.006 * h * np.cos(np.clip(u, -1, 1) * math.pi / 2)
    edge = smooth(1.0 + 1.5 / wide, 1 - 1.5 / wide, np.abs(u)) * smooth(top - 1, top + 1, y)
    wick = (np.abs(gx - width / 2) < 0.0022 * size * h) & (y < top + 2)
    edge = np.maximum(edge, wick)
    body = light("#e8d8bd")
    round_ = np.sqrt(np.maximum(1 - np.minimum(np.abs(u), 1) ** 2, 0))
    deep = np.exp(-(y - top) / (0.055 * size * h))
    paint = body * 0.05 * round_[..., None] * (1 - wick)[..., None]
    lit = (deep * (0.55 + 0.45 * round_) * 1.25)[..., None] * np.array(
        [1.0, 0.50, 0.17], np.float32
    )
    lit = lit * (edge * (1 - wick))[..., None]
    left = stage.width / 2 + x * h - width / 2
    return Plate(stage, paint, edge, left, (foot - 0.26 * size) * h - 0.012 * h, 0.9), lit
