"""Rows of trees as plates: the edge of a forest, a wooded hill, a shore."""

from __future__ import annotations

import numpy as np

from . import noise, trees
from .noise import Array
from .palette import beam, light
from .plates import Plate, margin
from .stage import Stage


def tree_line(
    stage: Stage, name: str, foot: float, tall: float, depth: float, haze: float,
    crowd: float = 1.0, roll: float = 0.02, rows: int = 3, kind: str = "fir", gap: float = 0.0,
    under: float = 1.0,
) -> Plate:  # fmt: skip
    """Trees along a rolling ground. Lengths in canvas heights: the ground stands at ``foot`` from
    the top of the canvas, trees are up to ``tall``. ``haze`` 0 near .. 1 lost in the air; ``gap``
    opens the middle 0..1 for what stands behind; ``under``: how far the ground goes on below."""
    rng = stage.rng(name)
    lit = stage.light
    if stage.has("autumn"):
        kind = "autumn"
    side = margin(stage, depth)
    width = stage.width + 2 * side
    top = int((foot - tall * 1.25 - roll * 2) * stage.height)
    height = int(min(stage.height * 1.10, (foot + roll + under) * stage.height)) - top
    colour = np.empty((height, width, 3), np.float32)
    cover = np.zeros((height, width), np.float32)
    ground = foot * stage.height - top - roll * stage.height * noise.line(rng, width, 1.6, 1.0)
    if gap:
        bowl = np.exp(-(((np.arange(width) / width - 0.5) / 0.26) ** 2))
        ground = ground + bowl * gap * tall * stage.height * 0.5
    air = light(lit.haze)
    green = light("#2c4029") if kind != "autumn" else light("#8a5420")
    shine = light(lit.ambient) * 1.1 + beam(lit) * 0.16
    base = green * shine * 0.30
    crest = green * shine * 1.35
    colour[:] = base * (1 - haze) + air * haze  # what soft edges fade into
    snow = None
    if stage.has("snowy", "snow"):
        snow = light("#dfe7f2") * (light(lit.ambient) * 0.8 + beam(lit) * 0.08)
    sprites = [_sprite(rng, kind, int(max(24, tall * stage.height * 1.1))) for _ in range(7)]
    for row in range(rows):
        back = 1 - (row + 1) / rows  # the first row stands furthest back
        mist = min(1.0, haze + 0.25 * back * (0.4 + haze))
        body = base * (1 - mist) + air * mist
        tips = crest * (1 - mist) + air * mist
        white = None if snow is None else snow * (1 - mist) + air * mist
        step = tall * stage.height * 0.16 / crowd
        x = -step
        while x < width + step:
            x += step * rng.uniform(0.45, 1.5)
            at = int(np.clip(x, 0, width - 1))
            if gap and rng.random() < np.exp(-(((at / width - 0.5) / 0.24) ** 2)) * gap:
                continue
            size = tall * stage.height * rng.uniform(0.42, 1.0) * (0.85 + 0.15 * row)
            if gap:
                size *= 0.55 + 0.75 * min(1.0, abs(at / width - 0.5) * 2)
            foot_y = ground[at] + (0.012 * row + 0.004) * stage.height
            shade = rng.uniform(0.85, 1.15)
            trees.plant(colour, cover, sprites[int(rng.integers(len(sprites)))], x, foot_y, size,
                        body * shade, tips * shade, bool(rng.integers(2)), white)  # fmt: skip
    _fill_ground(stage, colour, cover, ground, base * (1 - haze) + air * haze, rng)
    return Plate(stage, colour, cover, -side, top, depth)


def _sprite(rng: np.random.Generator, kind: str, height: int) -> Array:
    height = min(height, 560)
    if kind in ("broad", "autumn"):
        return trees.crown(rng, height, rng.uniform(0.7, 1.0))
    return trees.fir(rng, height, rng.uniform(0.30, 0.44))


def _fill_ground(
    stage: Stage, colour: Array, cover: Array, ground: Array, body: Array, rng: np.random.Generator
) -> None:
    height, width = cover.shape
    y = np.arange(height, dtype=np.float32)[:, None]
    share = np.clip(y - ground[None, :].astype(np.float32) + 0.5, 0, 1)
    rough = noise.spectral(rng, 256, 256, 0.9, 4.0)
    gx, gy = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    texture = 1 + 0.22 * noise.sample(rough, gx * 0.5, gy * 1.6)
    paint = body * 0.85 * texture[..., None]
    if stage.has("snowy", "snow"):
        lit = stage.light
        # Folds of the snow catch the light from one side; its edge is brighter than its foot.
        tile = noise.spectral(rng, 256, 256, 2.6, 3.0, stretch=1.6)
        scale = np.float32(190 / stage.height)
        slope = np.gradient(noise.sample(tile, gx * scale, gy * scale * 2.2), axis=1) / scale
        down = np.clip((y - ground[None, :].astype(np.float32)) / (0.16 * stage.height), 0, 1)
        shade = np.clip(0.86 - 3.2 * slope - 0.30 * down, 0.35, 1.25) * (0.93 + 0.05 * texture)
        paint = (light("#dfe7f2") * beam(lit) * 0.20) * np.asarray(shade**1.6)[..., None]
        paint = paint + light("#dfe7f2") * light(lit.ambient) * (0.55 + 0.45 * shade)[..., None]
    colour += (paint - colour) * share[..., None]
    np.maximum(cover, share, out=cover)
