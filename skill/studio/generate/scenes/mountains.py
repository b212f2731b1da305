"""Mountains: ridges behind ridges in the air between, snow where it holds, perhaps a lake."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from . import noise
from .noise import Array, smooth
from .palette import beam, light
from .plates import Mist, Plate, margin
from .sky import Sky
from .stage import Layer, Stage
from .terrain import Relief, seen, shadows, snow_on
from .water import Mirror, Shine
from .woods import tree_line


@dataclass(frozen=True)
class Range:
    """A range of mountains. Lengths in canvas heights.

    ``foot`` under the horizon, ``tall`` its leading peak over the foot, ``peak`` where that peak
    stands from the middle, ``lead`` how far it stands out 0..1; ``far`` 0 near .. 1 in the haze;
    ``depth`` for the camera; ``woods`` how far up forest grows, 0..1 of the height.
    """

    foot: float
    tall: float
    peak: float
    lead: float
    far: float
    depth: float
    woods: float = 0.35
    cone: bool = False  # a volcano stands in its middle


def mountains(stage: Stage, sky: Sky) -> list[Layer]:
    """Ridges from far to near with mist between them; woods in front, or a lake."""
    rng = stage.rng("mountains")
    relief = Relief.make(rng)
    side = -1.0 if sky.sun_x > 0 else 1.0
    reach = min(0.55, stage.aspect / 2)
    lake = stage.has("lake")
    low = 0.62 if stage.has("aurora", "milkyway", "stars") else 1.0  # room for the sky
    ranges = [
        Range(0.02, 0.22 * low, -side * 0.75 * reach, 0.35, 0.80, 0.22, 0.0),
        Range(0.05, 0.46 * low, side * 0.38 * reach, 0.9, 0.34, 0.32, 0.25, stage.has("volcano")),
        Range(0.08, 0.19, -side * 1.0 * reach, 0.5, 0.20, 0.42, 0.8),
    ]
    layers: list[Layer] = []
    for number, one in enumerate(ranges):
        layers.append(ridge(stage, sky, relief, rng, one))
        power = 0.9 if stage.has("mist") else 0.5
        at = stage.horizon / stage.height + one.foot + 0.005
        layers.append(Mist(stage, f"mist {number}", at, 0.04 + 0.01 * number, power, one.depth))
    line = stage.horizon / stage.height + 0.085
    if lake:
        layers.append(
            tree_line(stage, "far shore", line - 0.004, 0.045, 0.44, 0.30, 1.6, 0.004, under=0.03)
        )
        mirror = Mirror(stage, line, ripple=0.22, depth=0.44)
        layers += [mirror, Shine(stage, mirror, 0.35)]
        layers.append(tree_line(stage, "near shore", 1.02, 0.30, 0.95, 0.02, 0.8, 0.03, 2, gap=1.0))
    else:
        layers.append(
            tree_line(stage, "far wood", line + 0.03, 0.07, 0.50, 0.32, 1.5, 0.02, under=0.14)
        )
        layers.append(Mist(stage, "mist wood", line + 0.06, 0.05, 0.55, 0.55))
        layers.append(
            tree_line(stage, "wood", line + 0.12, 0.12, 0.68, 0.14, 1.3, 0.03, under=0.20)
        )
        layers.append(Mist(stage, "mist near", line + 0.17, 0.05, 0.35, 0.75))
        layers.append(tree_line(stage, "near wood", 0.985, 0.24, 0.95, 0.02, 1.0, 0.03, 3, gap=0.6))
    return layers


def ranges_behind(stage: Stage, sky: Sky, size: float = 1.0) -> list[Layer]:
    """Two far ranges for the back of another scene."""
    rng = stage.rng("mountains behind")
    relief = Relief.make(rng)
    side = -1.0 if sky.sun_x > 0 else 1.0
    reach = min(0.55, stage.aspect / 2)
    far = Range(0.01, 0.15 * size, -side * 0.7 * reach, 0.4, 0.75, 0.2, 0.1)
    near = Range(0.03, 0.28 * size, side * 0.45 * reach, 0.9, 0.45, 0.26, 0.3)
    return [ridge(stage, sky, relief, rng, one) for one in (far, near)]


def ridge(stage: Stage, sky: Sky, relief: Relief, rng: np.random.Generator, one: Range) -> Plate:
    """One range as a plate: a height field lit by the sun, seen from the side."""
    side = margin(stage, one.depth)
    width = stage.width + 2 * side
    rows = max(4, int(one.tall * 1.10 * stage.height))
    columns, cuts = max(8, width // 2), 320
    spread = width / stage.height
    deep = 2.4 * one.tall  # how far back the range goes
    wave = 2.3 * one.tall  # from peak to peak
    x = ((np.arange(columns, dtype=np.float32) + 0.5) / columns - 0.5)[None, :] * spread
    z = np.linspace(0, deep, cuts, dtype=np.float32)[:, None]
    shift = (rng.random(2) * 40).astype(np.float32)
    gx, gz = np.broadcast_arrays(x / wave + shift[0], z / wave + shift[1])
    field = np.clip(relief.heights(gx, gz, 10, 0.6), 0.0, None)
    # A range rises from its foot to a crest; one peak leads, and a valley opens beside it.
    back = z / deep
    crest = smooth(-0.05, 0.60, back) * smooth(1.6, 0.7, back)
    away = np.abs(x - one.peak) / one.tall
    leads = 1.0 / (1.0 + (away / 0.62) ** 2)
    away = away + 0.30 * (field - 0.5)
    cone = np.clip(1.0 - np.hypot(away, (back - 0.6) * deep / one.tall) * 0.80, 0, 1)
    body = 0.46 + 0.30 * leads * one.lead - 0.12 * one.lead
    height = field * crest * body * (0.7 + 0.5 * leads * one.lead) + 0.42 * one.lead * cone
    height += 0.32 * one.lead * cone * (field - 0.5)
    if one.cone:
        # A volcano: steepening to its lip, gullied, and hollow at the top.
        far = np.hypot(np.abs(x - one.peak), (back - 0.55) * deep) / one.tall
        slope = np.exp(far * -1.35) * (1.0 + 0.10 * (field - 0.5) * far)
        lip = 0.80 + 0.03 * (field - 0.5)
        slope = np.where(slope > lip, 2 * lip - slope, slope)
        height = np.maximum(slope, 0.22 * field * crest) * smooth(-0.03, 0.30, back)
    # No needles: a peak may stand only so far over its shoulders.
    height = np.minimum(height, cv2.GaussianBlur(height, (0, 0), 9.0) + 0.13)
    height = (height / height.max()).astype(np.float32)

    colour = _lit(stage, sky, rng, one, height, x, z, spread / columns, deep / cuts)
    where, cover = seen(height, max(4, rows // 2), one.tall * stage.height / 2, rows * 0.07)
    across = np.broadcast_to(np.arange(columns, dtype=np.float32)[None, :], where.shape)
    picture = cv2.remap(colour, np.ascontiguousarray(across), where, cv2.INTER_LINEAR)
    return _finish(stage, picture, cover, rng, one, (width, rows), side)


def _lit(
    stage: Stage, sky: Sky, rng: np.random.Generator, one: Range, height: Array, x: Array, z: Array,
    cell_x: float, cell_z: float,
) -> Array:  # fmt: skip
    """The light that the ground sends back, for each cell of the height field."""
    lit = stage.light
    slope_x = np.gradient(height, axis=1) * np.float32(one.tall / cell_x)
    slope_z = np.gradient(height, axis=0) * np.float32(one.tall / cell_z)
    low = lit.sun_height < 0.4 and lit.dark < 0.9
    # A low sun stands behind the range and to the side; a high one also lights what faces us.
    sun = np.array([(sky.sun_x - one.peak) * 1.1, 0.34 if low else 0.75, -0.22 if low else -0.35])
    if low and abs(sun[0]) < 0.6:
        sun[0] = np.copysign(0.6, sun[0])
    sun = sun / np.linalg.norm(sun)
    upright = 1.0 / np.sqrt(1 + slope_x**2 + slope_z**2)
    facing = np.clip((-slope_x * sun[0] + sun[1] - slope_z * sun[2]) * upright, 0, 1)
    step = float(np.hypot(sun[0] / cell_x, sun[2] / cell_z))
    clear = shadows(
        height, sun[0] / cell_x / step, sun[2] / cell_z / step, sun[1] / one.tall / step
    )
    direct = facing * clear
    # Open sky: ridges see more of it than the gullies between them.
    hollow = height - cv2.GaussianBlur(height, (0, 0), 9.0)
    open_sky = np.clip(0.45 + 0.45 * upright + 5.0 * hollow, 0.15, 1.15)

    rough = noise.spectral(rng, 512, 512, 1.35, 8.0)
    rx, rz = np.broadcast_arrays(x * np.float32(700), z * np.float32(700))
    roughness = noise.sample(rough, rx, rz + height * (560 * one.tall))
    steep = np.hypot(slope_x, slope_z)
    white = stage.has("snowy", "snow")
    line = (0.03 if white else 0.27) / one.tall  # the same height over the land for all ranges
    snow = snow_on(height, steep * (0.66 if white else 0.54), line, roughness)
    woods = smooth(one.woods + 0.08, one.woods - 0.10, height + 0.05 * roughness)
    woods *= smooth(2.2, 1.2, steep) * (0.35 if white else 1.0)
    rock, forest, pale = light("#77706c"), light("#34452f"), light("#eaf0f8") * 0.75
    if stage.has("autumn"):
        forest = light("#8a5a2a")
    ambient = light(lit.ambient) * 1.05
    sunlight = beam(lit) * (1.9 if lit.dark < 0.9 else 1.0)
    if stage.has("rain", "storm"):
        sunlight = sunlight * 0.15
    planes = []
    for i in range(3):
        ground = rock[i] * (0.85 + 0.25 * roughness)
        ground += (forest[i] * (0.75 + 0.3 * roughness) - ground) * woods
        ground += (pale[i] - ground) * snow
        planes.append(
            np.asarray(ground * (ambient[i] * open_sky + sunlight[i] * direct), np.float32)
        )
    return cv2.merge(planes)


def _finish(
    stage: Stage, picture: Array, cover: Array, rng: np.random.Generator, one: Range,
    size: tuple[int, int], side: int,
) -> Plate:  # fmt: skip
    """Enlarge to the canvas' size, add the grain of the ground, lay the air between over it."""
    lit = stage.light
    width, rows = size
    big: Array = cv2.resize(np.sqrt(np.maximum(picture, 0)), size, interpolation=cv2.INTER_CUBIC)
    edge = smooth(0.2, 0.8, cv2.resize(cover, size, interpolation=cv2.INTER_CUBIC))
    fine = noise.spectral(rng, 512, 512, 0.5, 40.0)
    y, x = np.mgrid[0:rows, 0:width].astype(np.float32)
    big *= (1 + 0.05 * noise.sample(fine, x, y))[..., None]
    np.maximum(big, 0, out=big)
    big *= big
    air = light(lit.haze)
    base = (rows - y) / rows
    thick = 1 - np.exp(-(0.05 + 1.25 * one.far) * (1.15 - 0.62 * base))
    if stage.has("mist", "rain", "storm"):
        thick = 1 - (1 - thick) ** 2.0
    big += (air - big) * thick[..., None]
    top = stage.horizon + one.foot * stage.height - rows
    # The foot goes on down behind whatever stands before it.
    under = int(min(max(8.0, stage.height * 1.12 - top - rows), 0.17 * stage.height))
    big = cv2.copyMakeBorder(big, 0, under, 0, 0, cv2.BORDER_REPLICATE)
    edge = cv2.copyMakeBorder(edge, 0, under, 0, 0, cv2.BORDER_REPLICATE)
    return Plate(stage, big, edge, -side, top, one.depth)
