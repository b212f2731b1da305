"""A desert: dunes with sharp crests, one side in the sun, sand on the wind, heat over the plain."""

from __future__ import annotations

import cv2
import numpy as np

from . import noise
from .camera import View
from .noise import Array, smooth
from .palette import beam, light
from .plates import Mist, Plate, margin
from .sky import Sky
from .stage import Layer, Stage
from .terrain import shadows, visible

FOCUS = 1.25
TILE = 1024
EYE = 13.0  # metres over the sand's mean
BREAKS = (9.0, 46.0, 120.0, 320.0, 2600.0)  # metres: where one plate ends and the next begins
DEPTHS = (0.95, 0.62, 0.42, 0.28)


def desert(stage: Stage, sky: Sky) -> list[Layer]:
    """Dunes from far to near, with sand blowing between them."""
    rng = stage.rng("dunes")
    field = Dunes(stage, rng)
    layers: list[Layer] = []
    warm = light(stage.light.haze)
    for number in reversed(range(4)):
        layers.append(_band(stage, sky, field, number))
        if number == 3:
            at = stage.horizon / stage.height + 0.01
            layers.append(Mist(stage, "dust far", at, 0.035, 0.35, 0.25, warm, 1.5))
        if number in (1, 2):
            layers.append(Drift(stage, number, warm))
    if stage.time in ("day", "golden") and not stage.has("rain", "storm"):
        layers.append(Shimmer(stage))
    return layers


class Dunes:
    """Heights of dunes in metres: long crests, steep to one side, crossed by lesser ones."""

    def __init__(self, stage: Stage, rng: np.random.Generator) -> None:
        self.big = noise.spectral(rng, TILE, TILE, 3.4, 10.0)
        self.small = noise.spectral(rng, TILE, TILE, 3.2, 16.0)
        self.side = 1.0 if rng.random() < 0.5 else -1.0
        self.shift = rng.random(4).astype(np.float32) * TILE
        self.amp = 1.25 if stage.has("storm") else 1.0

    def height(self, x: Array, z: Array) -> Array:
        """Metres at points in metres."""
        scale = np.float32(TILE / 10 / 150)  # crests about 150 m apart
        px, pz = x * scale * 0.8 + self.shift[0], z * scale + self.shift[1]
        warp = _soft(self.small, px * 0.6, pz * 0.6)
        n = _soft(self.big, px + 18 * warp * self.side, pz + 12 * warp)
        crest = 1.0 - np.sqrt(n * n + 0.0012) * 0.85
        m = _soft(self.small, px * 1.7 + self.shift[2], pz * 1.1 + self.shift[3])
        low = 1.0 - np.sqrt(m * m + 0.006) * 0.9
        swell = noise.sample(self.big, px * 0.27 + 99, pz * 0.27)
        lift = smooth(20.0, 200.0, z) * 0.75 + 0.25
        calm = 1.0 / (1.0 + (z / 1500.0) ** 2)
        tall = crest * 15.0 * lift + low * 2.2 * (0.4 + 0.6 * lift) + swell * 3.0
        return (tall * calm - 9.5) * self.amp


def _soft(tile: Array, x: Array, y: Array) -> Array:
    # Close by, one pixel of the noise is metres of sand: its slopes, too, must be continuous.
    total = np.zeros(np.broadcast(x, y).shape, np.float32)
    for dx in (-0.33, 0.33):
        for dy in (-0.33, 0.33):
            at = x + np.float32(dx), y + np.float32(dy)
            total += noise.sample(tile, *at, cv2.INTER_CUBIC) * np.float32(0.25)
    return total


def _band(stage: Stage, sky: Sky, field: Dunes, number: int) -> Plate:
    """The dunes between two distances as a plate, lit and hazed."""
    lit = stage.light
    depth = DEPTHS[number]
    side = margin(stage, depth)
    width = stage.width + 2 * side
    columns, cuts = max(8, width // 2), (420, 360, 260, 220)[number]
    near, far = BREAKS[number] * 0.9, BREAKS[number + 1]
    z = np.geomspace(near, far, cuts).astype(np.float32)[:, None]
    u = ((np.arange(columns, dtype=np.float32) + 0.5) / columns - 0.5)[None, :]
    x = u * np.float32(width / stage.height / FOCUS) * z
    height = field.height(x, np.broadcast_to(z, x.shape))
    # Slopes in metres, by differences in the field itself: the grid is far coarser in the distance.
    step = np.maximum(z * 0.004, 0.5)
    gz = np.broadcast_to(z, x.shape)
    slope_x = (field.height(x + step, gz) - height) / step
    slope_z = (field.height(x, gz + step) - height) / step
    rng = stage.rng(f"sand {number}")
    if number < 2:
        bend = noise.sample(noise.spectral(rng, 256, 256, 1.8, 3.0), x * 9, gz * 9)
        phase = (x * 0.45 * field.side + gz) * np.float32(2 * np.pi / 0.42) + bend * 2.6
        fade = np.exp(-gz / (22.0 if number else 30.0)) * smooth(0.75, 0.2, np.abs(slope_z))
        slope_z = slope_z + np.cos(phase) * 0.30 * fade
        slope_x = slope_x + np.cos(phase) * 0.13 * fade
    low = lit.sun_height < 0.4 and lit.dark < 0.9
    aside = np.sign(sky.sun_x) or 1.0
    sun = np.array([aside * (1.0 if low else 0.75), 0.26 if low else 0.55, 0.22 if low else 0.1])
    sun = sun / np.linalg.norm(sun)
    upright = 1.0 / np.sqrt(1 + slope_x**2 + slope_z**2)
    facing = np.clip((-slope_x * sun[0] + sun[1] - slope_z * sun[2]) * upright, 0, 1)
    # Shadows thrown across: along the columns of this band, at the band's middle distance.
    middle = float(np.sqrt(near * far))
    metre = columns / (width / stage.height / FOCUS * middle)
    clear = shadows(height / 30, sun[0] * metre, 0.0, sun[1] / 30, 18)
    clear = cv2.GaussianBlur(clear, (0, 0), 2.2)
    direct = facing * (0.12 + 0.88 * clear)
    sand = light("#c2623a") if stage.has("mars") else light("#cfae85")
    sand = sand + (light("#8f9099") - sand) * (0.75 * lit.dark)  # the eye sees no colour by night
    grain = noise.sample(noise.spectral(rng, 512, 512, 0.6, 20.0), x * 60, gz * 60)
    grain = 1 + 0.05 * grain * np.exp(-gz / 40)
    ambient = light(lit.ambient)
    sunlight = beam(lit)
    power = 0.75 if lit.dark < 0.9 else 1.5
    power *= 0.75 if not low else 1.0
    shade = (0.22 + 0.18 * upright) * (1.0 if low else 0.8)
    planes = [
        np.asarray(
            sand[i] * (ambient[i] * shade + sunlight[i] * direct * power) * grain, np.float32
        )
        for i in range(3)
    ]
    horizon = stage.horizon / stage.height
    drop = (FOCUS * (EYE - height) / z + horizon) * stage.height / 2
    top = int(drop.min()) - 2
    rows = int(stage.height * 1.12 / 2) - top
    where, cover = visible((drop - top).astype(np.float32), max(4, rows))
    across = np.broadcast_to(np.arange(columns, dtype=np.float32)[None, :], where.shape)
    air = light(lit.haze)
    thick = 1 - np.exp(-(z + 0 * x) / (750.0 if not stage.has("mist", "storm", "wind") else 350.0))
    colour = cv2.merge([*planes, thick.astype(np.float32)])
    seen = cv2.remap(colour, np.ascontiguousarray(across), where, cv2.INTER_LINEAR)
    picture, haze = seen[..., :3], seen[..., 3:]
    picture = np.sqrt(np.maximum(picture + (air * 0.95 - picture) * haze, 0))
    # Crests inside the plate: soften the steps of the grid.
    jump = np.zeros_like(where)
    jump[1:] = np.abs(np.diff(where, axis=0))
    jump = cv2.dilate(smooth(2.0, 8.0, jump), np.ones((3, 3), np.uint8))
    soft = cv2.GaussianBlur(picture, (0, 0), 0.9)
    picture = cv2.blendLinear(soft, picture, jump, 1 - jump)
    size = (width, picture.shape[0] * 2)
    big: Array = cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC)
    fine = noise.spectral(rng, 512, 512, 0.4, 60.0)
    gy, gx = np.mgrid[0 : size[1], 0:width].astype(np.float32)
    big *= (1 + 0.018 * noise.sample(fine, gx, gy))[..., None]
    np.maximum(big, 0, out=big)
    big *= big
    cover = cv2.GaussianBlur(cover, (0, 0), 1.2)
    edge = smooth(0.25, 0.75, cv2.resize(cover, size, interpolation=cv2.INTER_CUBIC))
    return Plate(stage, big, edge, -side, top * 2, depth)


class Drift:
    """Sand that streams low over the ground, in streaks that come and go."""

    def __init__(self, stage: Stage, number: int, colour: Array) -> None:
        self.stage, self.number, self.colour = stage, number, colour
        rng = stage.rng(f"drift {number}")
        self.streaks = noise.spectral(rng, 256, 256, 1.2, 6.0, stretch=7.0)
        self.gusts = noise.spectral(rng, 256, 256, 2.0, 2.0, stretch=2.0)
        self.power = (0.55 if stage.has("wind", "storm") else 0.17) * (1.0 if number == 1 else 0.8)
        self.way = 1.0 if stage.rng("dunes way").random() < 0.5 else -1.0

    def draw(self, frame: Array, t: float, view: View) -> None:
        stage = self.stage
        zoom, dx, dy = view.at(DEPTHS[self.number])
        top = (
            stage.horizon + (0.01 if self.number == 2 else 0.06) * stage.height + dy * stage.height
        )
        bottom = stage.horizon + (0.17 if self.number == 2 else 0.34) * stage.height
        y0, y1 = int(max(0, top)), int(min(stage.height, bottom))
        h, w = max(2, (y1 - y0) // 4), max(2, stage.width // 4)
        y = ((np.arange(h, dtype=np.float32) + 0.5) / h)[:, None]
        x = ((np.arange(w, dtype=np.float32) / w - 0.5) * stage.aspect / zoom - dx)[None, :]
        speed = 120.0 * self.way
        px, py = np.broadcast_arrays(x * 130 - t * speed, y * 90 + 6 * np.sin(x * 3))
        n = noise.sample(self.streaks, px, py) + 0.6 * noise.sample(
            self.streaks, px * 1.7 - t * speed * 0.5, py * 1.9
        )
        gust = smooth(-0.2, 1.6, noise.sample(self.gusts, px * 0.35, py * 0.3 + t * 2))
        share = smooth(0.1, 2.4, n) * gust * np.sin(np.pi * y) ** 0.7 * np.float32(self.power)
        share = cv2.resize(share, (stage.width, y1 - y0), interpolation=cv2.INTER_LINEAR)
        part = frame[y0:y1]
        part += (self.colour - part) * share[..., None]


class Shimmer:
    """Heat over the ground: the air bends what stands at the horizon."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.tile = noise.spectral(stage.rng("heat"), 256, 256, 1.2, 8.0, stretch=0.6)

    def draw(self, frame: Array, t: float, view: View) -> None:
        stage = self.stage
        _, _, dy = view.at(0.25)
        middle = stage.horizon + dy * stage.height
        y0, y1 = int(middle - 0.05 * stage.height), int(middle + 0.07 * stage.height)
        if y0 < 1 or y1 > stage.height - 1:
            return
        h, w = max(2, (y1 - y0) // 4), max(2, stage.width // 8)
        x, y = np.meshgrid(np.arange(w, dtype=np.float32), np.arange(h, dtype=np.float32))
        n = noise.sample(self.tile, x * 2.2, y * 2.0 + t * 26)
        fade = np.sin(np.pi * (y + 0.5) / h)
        shift = cv2.resize(n * fade * np.float32(0.0016 * stage.height), (stage.width, y1 - y0))
        gx = np.arange(stage.width, dtype=np.float32)[None, :] + 0.6 * shift
        gy = np.arange(y1 - y0, dtype=np.float32)[:, None] + shift
        part = frame[y0:y1]
        part[:] = cv2.remap(part, gx, gy, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
