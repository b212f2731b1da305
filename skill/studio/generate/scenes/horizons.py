"""Grounds for skies: low hills and treetops under clouds, stars, northern lights; snow country."""

from __future__ import annotations

import numpy as np

from . import noise
from .cabin import Cabin
from .meadow import Crop, hill
from .mountains import Range, ridge
from .palette import beam, light
from .plates import Mist, Plate, margin
from .sky import Sky
from .stage import Layer, Stage
from .terrain import Relief
from .water import Mirror, Shine
from .woods import tree_line


def under_clouds(stage: Stage, sky: Sky) -> list[Layer]:
    """A thin strip of far country, so that a sky has a scale."""
    del sky
    crop = Crop(stage)
    line = stage.horizon / stage.height
    return [
        hill(stage, crop, 0, line + 0.005, 0.045, 0.80, 0.22),
        Mist(stage, "low", line + 0.012, 0.02, 0.5, 0.25),
        hill(stage, crop, 1, line + 0.035, 0.035, 0.55, 0.30),
        hill(stage, crop, 2, line + 0.075, 0.045, 0.22, 0.42),
        tree_line(stage, "low wood", line + 0.128, 0.055, 0.5, 0.10, 1.5, 0.006),
    ]


def under_stars(stage: Stage, sky: Sky) -> list[Layer]:
    """Hills and firs against the night."""
    rng = stage.rng("night country")
    relief = Relief.make(rng)
    line = stage.horizon / stage.height
    side = 1.0 if rng.random() < 0.5 else -1.0
    return [
        ridge(stage, sky, relief, rng, Range(0.02, 0.11, side * 0.5, 0.6, 0.62, 0.22, 0.5)),
        ridge(stage, sky, relief, rng, Range(0.05, 0.07, -side * 0.8, 0.4, 0.30, 0.32, 1.2)),
        Mist(stage, "vale", line + 0.05, 0.03, 0.5, 0.4, light(stage.light.haze) * 1.5),
        tree_line(stage, "wood", line + 0.10, 0.09, 0.6, 0.12, 1.2, 0.03, under=0.2),
        tree_line(stage, "frame", 1.0, 0.34, 0.95, 0.0, 0.7, 0.03, 2, gap=1.0),
    ]


def under_aurora(stage: Stage, sky: Sky) -> list[Layer]:
    """Snowy peaks over a lake that mirrors the lights."""
    rng = stage.rng("north country")
    relief = Relief.make(rng)
    line = stage.horizon / stage.height + 0.03
    side = 1.0 if rng.random() < 0.5 else -1.0
    reach = min(0.55, stage.aspect / 2)
    mirror = Mirror(stage, line, ripple=0.20, depth=0.4, keep=0.92)
    return [
        ridge(stage, sky, relief, rng, Range(0.012, 0.10, side * 0.7 * reach, 0.4, 0.5, 0.22, 0.0)),
        ridge(
            stage, sky, relief, rng, Range(0.02, 0.20, -side * 0.6 * reach, 0.9, 0.25, 0.28, 0.2)
        ),
        Mist(stage, "shore", line - 0.01, 0.022, 0.5, 0.35, light(stage.light.haze) * 1.3),
        tree_line(stage, "far shore", line - 0.004, 0.035, 0.4, 0.25, 1.6, 0.003, under=0.03),
        mirror,
        Shine(stage, mirror, 0.25),
        tree_line(stage, "near shore", 1.01, 0.26, 0.95, 0.0, 0.8, 0.03, 2, gap=1.0),
    ]


def snow_country(stage: Stage, sky: Sky) -> list[Layer]:
    """Hills under snow, firs in rows, drifts before the lens; perhaps a cabin with its lamp lit."""
    rng = stage.rng("snow country")
    relief = Relief.make(rng)
    line = stage.horizon / stage.height
    side = -1.0 if sky.sun_x > 0 else 1.0
    reach = min(0.55, stage.aspect / 2)
    layers: list[Layer] = [
        ridge(stage, sky, relief, rng, Range(0.02, 0.16, side * 0.5 * reach, 0.5, 0.72, 0.22, 0.3)),
        Mist(stage, "far", line + 0.01, 0.04, 0.6, 0.25),
        ridge(stage, sky, relief, rng, Range(0.05, 0.09, -side * 0.8 * reach, 0.4, 0.45, 0.3, 0.4)),
        tree_line(stage, "far firs", line + 0.055, 0.07, 0.42, 0.50, 1.5, 0.02, under=0.12),
        Mist(stage, "between", line + 0.06, 0.045, 0.55, 0.5),
        tree_line(stage, "firs", line + 0.11, 0.15, 0.55, 0.26, 0.9, 0.025, 3, gap=0.5, under=0.12),
        Drifts(stage, sky, line + 0.13, 0.62, 0.20, "drift far"),
    ]
    if stage.has("cabin") or stage.light.dark > 0.5:
        layers.append(Cabin(stage, line + 0.185, side))
    layers += [
        tree_line(
            stage, "near firs", line + 0.29, 0.36, 0.80, 0.06, 0.5, 0.02, 2, gap=1.0, under=0.18
        ),
        Drifts(stage, sky, line + 0.30, 0.95, 0.0, "drift near"),
    ]
    return layers


class Drifts(Plate):
    """Rolling snow lit along its folds, with a glitter of grains."""

    def __init__(
        self, stage: Stage, sky: Sky, line: float, depth: float, haze: float, name: str
    ) -> None:
        rng = stage.rng(name)
        side = margin(stage, depth)
        width, h = stage.width + 2 * side, stage.height
        top = int((line - 0.05) * h)
        rows = int(1.14 * h) - top
        y, x = np.mgrid[0:rows, 0:width].astype(np.float32)
        crest = 0.05 * h + noise.line(rng, width, 2.0, 1.0) * 0.014 * h
        down = np.maximum(y - crest[None, :], 0) / h
        z = 0.16 / (down + 0.05)
        u = (x / width - 0.5) * (width / h) * z
        tile = noise.spectral(rng, 512, 512, 2.6, 4.0)
        folds = noise.sample(tile, u * 55, z * 80)
        slope_x = np.gradient(folds, axis=1) * 14
        slope_y = np.gradient(folds, axis=0) * 14
        aside = np.sign(sky.sun_x) or 1.0
        shade = np.clip(0.62 - aside * slope_x * 0.5 - slope_y * 0.35, 0.22, 1.25)
        fine = noise.sample(noise.spectral(rng, 512, 512, 0.8, 20.0), x * 0.8, y * 1.2)
        snow = light("#e9eef5") * 0.85
        lit = stage.light
        paint = snow * (
            light(lit.ambient) * (0.72 + 0.15 * shade[..., None])
            + beam(lit) * 0.34 * shade[..., None]
        )
        paint = paint * (1 + 0.025 * fine)[..., None]
        glint = np.maximum(rng.standard_exponential((rows, width), dtype=np.float32) - 7.2, 0)
        paint = paint * (1 + 0.35 * glint[..., None])
        paint = (
            paint
            + (light(lit.haze) - paint)
            * (haze + (1 - haze) * 0.25 * np.exp(-down / 0.03))[..., None]
        )
        cover = np.clip(y - crest[None, :] + 0.5, 0, 1)
        super().__init__(stage, paint, cover, -side, top, depth)
