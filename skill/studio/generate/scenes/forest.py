"""Inside a forest: trunks behind trunks in the mist, leaves overhead, shafts of light."""

from __future__ import annotations

import cv2
import numpy as np

from . import noise
from .camera import View
from .noise import Array, smooth
from .palette import beam, light
from .particles import Fireflies, Leaves, Motes
from .plants import Bed, fern, grass
from .plates import Mist, Plate, margin
from .rays import Rays
from .stage import Layer, Stage

AUTUMN = ("#d9822b", "#c4541d", "#e0a93a", "#a8381c")


def forest(stage: Stage) -> list[Layer]:
    """The forest's layers from far to near."""
    lit = stage.light
    rng = stage.rng("forest")
    side = 1 if rng.random() < 0.5 else -1
    sun_x = stage.width * (0.5 + side * 0.17)
    sun_y = stage.height * 0.20
    misty = stage.has("mist", "rain") or stage.time in ("dawn",)
    glow = _glow(stage)
    layers: list[Layer] = [Backlight(stage, sun_x, sun_y, glow)]
    depths = ((0.84, 0.22), (0.62, 0.32), (0.38, 0.46), (0.15, 0.64), (0.0, 0.95))
    for number, (haze, depth) in enumerate(depths):
        haze = min(0.95, haze * (1.12 if misty else 0.9))
        layers.append(_grove(stage, number, haze, depth, glow, sun_x))
        if number < 4:
            power = (0.62 if misty else 0.34) * (1 - 0.12 * number)
            colour = glow * (0.95 - 0.12 * number)
            at = 0.64 + 0.055 * number
            layers.append(Mist(stage, f"wood {number}", at, 0.13, power, depth, colour, 0.8))
        beams = not stage.has("rain", "storm") and lit.dark < 0.95
        if number in (1, 3) and beams:
            power = (0.85 if stage.has("rays") else 0.55) * (1.0 if number == 1 else 0.42)
            power *= 1.0 if lit.dark < 0.5 else 0.4
            layers.append(
                Rays(stage, sun_x, sun_y - 0.42 * stage.height, glow, power, 1.0, 0.0, 0.95, 1.25)
            )
    if stage.has("leaves", "autumn"):
        layers.append(Leaves(stage, AUTUMN))
    if stage.has("fireflies"):
        layers.append(Fireflies(stage, 0.45))
    elif lit.dark < 0.5 and not stage.has("rain", "snow", "storm"):
        layers.append(Motes(stage, glow * 1.2, 130, 0.5))
    return layers


def _glow(stage: Stage) -> Array:
    """The colour of lit mist between the trees."""
    time = {
        "dawn": "#f2d3a8", "day": "#edf0c6", "golden": "#ffd694", "sunset": "#f5a878",
        "dusk": "#8b93b8", "night": "#33507c",
    }.get(stage.time, "#d8e8c8")  # fmt: skip
    if stage.has("rain", "storm"):
        time = {"night": "#25354c", "dusk": "#4c5870"}.get(stage.time, "#9fb0ae")
    if stage.has("snow", "snowy"):
        time = {"night": "#3a5078", "dusk": "#8a94b8"}.get(stage.time, "#dfe6ee")
    return light(time)


def _shade(stage: Stage) -> Array:
    """The colour of mist away from the sun."""
    time = {
        "dawn": "#8ba39a", "day": "#7da58c", "golden": "#9c9a72", "sunset": "#8c6c7c",
        "dusk": "#46557f", "night": "#172a4a",
    }.get(stage.time, "#86a884")  # fmt: skip
    if stage.has("rain", "storm", "snow", "snowy"):
        time = {"night": "#1a2a44", "dusk": "#4c5a82", "dawn": "#9aa4b8"}.get(stage.time, "#87989a")
    return light(time)


class Backlight:
    """The brightness behind the last trees, strongest where the sun stands."""

    def __init__(self, stage: Stage, x: float, y: float, glow: Array) -> None:
        self.stage, self.x, self.y, self.glow = stage, x, y, glow
        self.shade = _shade(stage)

    def draw(self, frame: Array, t: float, view: View) -> None:
        del t
        stage = self.stage
        zoom, dx, dy = view.at(0.2)
        h, w = stage.height // 6 + 1, stage.width // 6 + 1
        y = np.arange(h, dtype=np.float32)[:, None] * 6 - self.y - dy * stage.height
        x = np.arange(w, dtype=np.float32)[None, :] * 6 - self.x - dx * stage.height
        far = np.sqrt(x * x + (y * 0.9) ** 2) / stage.height / zoom
        warm = np.exp(-far / 0.34)
        core = 1.8 * np.exp(-((far / 0.09) ** 2))
        small = self.shade * 0.85 + (self.glow - self.shade * 0.85) * warm[..., None]
        small = small + self.glow * (0.45 * warm + core)[..., None]
        cv2.resize(np.asarray(small, np.float32), (stage.width, stage.height), dst=frame)


def _grove(full: Stage, number: int, haze: float, depth: float, glow: Array, sun_x: float) -> Plate:
    """One depth of the forest: trunks, the leaves over them, the ground they stand on."""
    shrink = 2 if number < 3 else 1  # mist hides what is fine in the distance
    stage, sun_x = full.shrunk(shrink), sun_x / shrink
    rng = stage.rng(f"grove {number}")
    side = margin(stage, depth)
    h, width = int(stage.height * 1.12), stage.width + 2 * side
    top = -int(stage.height * 0.05)
    near = number / 4
    lit = stage.light
    snowy = stage.has("snow", "snowy")
    shine = light(lit.ambient) * 0.8 + beam(lit) * 0.15 + glow * 0.12
    bark = light("#4d3f35") * shine * 1.0
    leaf = light("#3c5a2c" if not stage.has("autumn") else "#b5651d") * shine * 1.2
    moss = light("#46552f" if not stage.has("autumn") else "#8a5a28") * shine * 1.1
    if snowy:
        leaf = light("#dde5ee") * shine * 0.9
        moss = light("#e6ecf3") * shine * 1.1
    colour = np.zeros((h, width, 3), np.float32)
    cover = np.zeros((h, width), np.float32)
    y, x = np.mgrid[0:h, 0:width].astype(np.float32)
    rough = noise.spectral(rng, 512, 512, 1.0, 8.0)
    level = (0.665 + 0.055 * number) * stage.height - top
    ground = level + noise.line(rng, width, 1.5, 1.0) * stage.height * (0.006 + 0.008 * near)

    size = stage.height * (0.010 + 0.030 * near**1.2)
    count = int((26, 20, 14, 9, 5)[number] * max(0.6, stage.aspect) / 1.3)
    for i in range(count):
        place = (i + rng.uniform(0.1, 0.9)) / count * width
        if number == 4 and abs(place / width - 0.5) < 0.24:
            continue  # the near trunks frame the view
        thick = size * rng.uniform(0.55, 1.35)
        _trunk(colour, cover, rng, rough, place, thick, ground, bark, glow, sun_x + side, near)

    # Leaves: a threshold over grain, dense above, thinning towards the trunks.
    scale = 1.0 / (0.55 + 1.5 * near) * 1080 / stage.height
    clump = noise.sample(
        noise.spectral(rng, 512, 512, 1.6, 3.0), x * scale * 0.45, y * scale * 0.45
    )
    grain = noise.sample(noise.spectral(rng, 512, 512, 0.55, 26.0), x * scale, y * scale)
    hang = (0.34, 0.31, 0.26, 0.20, 0.12)[number] * stage.height - top
    open_way = np.exp(-(((x - sun_x - side) / (0.30 * stage.height)) ** 2)) * 0.55
    dense = (hang - y) / (0.22 * stage.height) + 0.85 * clump - open_way - 0.15
    leaves = smooth(0.0, 0.55, dense + 0.62 * grain - 0.2)
    tone = (0.55 + 0.35 * smooth(-1, 1.5, grain + clump))[..., None]
    toward = np.exp(-np.abs(x - sun_x - side) / (0.35 * stage.height)) * 0.25
    paint = leaf * tone + glow * (toward * leaves)[..., None] * 0.35
    colour += (paint - colour) * leaves[..., None]
    np.maximum(cover, leaves, out=cover)

    # The ground, with ferns and grass standing up from it.
    blades = noise.line(rng, width, 0.8, 12.0) * stage.height * (0.004 + 0.006 * near)
    line = ground - np.maximum(blades, 0)
    share = np.clip(y - line[None, :] + 0.5, 0, 1)
    litter = 0.7 + 0.35 * noise.sample(rough, x * 0.9, y * 2.2)
    below = np.clip((y - ground[None, :]) / (0.10 * stage.height), 0, 1)
    pool = np.exp(-(((x - sun_x - side) / (0.38 * stage.height)) ** 2)) * (1 - 0.6 * near)
    paint = moss * (litter * (0.55 + 0.4 * below))[..., None]
    paint = paint + glow * (pool * litter * 0.14)[..., None]
    colour += (paint - colour) * share[..., None]
    np.maximum(cover, share, out=cover)
    toward = np.exp(-np.hypot(x - sun_x - side, (y + top - 0.25 * stage.height) * 0.8)
                    / (0.42 * stage.height))[..., None]  # fmt: skip
    shade = _shade(stage)
    air = shade + (glow - shade) * toward
    colour += (air - colour) * np.float32(haze)
    if number >= 3:
        _undergrowth(stage, rng, colour, cover, ground, leaf, moss, glow, near)
    return Plate(full, colour, cover, -side * shrink, top * shrink, depth, shrink)


def _undergrowth(
    stage: Stage, rng: np.random.Generator, colour: Array, cover: Array, ground: Array,
    leaf: Array, moss: Array, glow: Array, near: float,
) -> None:  # fmt: skip
    """Ferns and grass along the ground of the near layers, lighter towards the sun."""
    if stage.has("snow", "snowy"):
        return
    bed = Bed(*cover.shape)
    width, size = cover.shape[1], stage.height * (0.030 + 0.055 * near)
    greens = [leaf * 0.5, leaf * 0.9 + glow * 0.02, moss * 0.8, leaf * 0.35]
    grass(bed, rng, ground, int(width * (0.5 + 0.5 * near)), size * 0.75, size * 0.045, greens, 0.4,
          0.03 * stage.height)  # fmt: skip
    for _ in range(int(width / size * 1.5)):
        at = rng.uniform(0, width - 1)
        foot = ground[int(at)] + rng.uniform(0.0, 0.04) * stage.height
        tint = greens[int(rng.integers(3))] * rng.uniform(0.6, 1.1)
        fern(bed, rng, at, foot, size * rng.uniform(0.6, 1.25), tint)
    paint, share = bed.light()
    colour += (paint - colour) * share[..., None]
    np.maximum(cover, share, out=cover)


def _trunk(
    colour: Array, cover: Array, rng: np.random.Generator, rough: Array, place: float, thick: float,
    ground: Array, bark: Array, glow: Array, sun: float, near: float,
) -> None:  # fmt: skip
    h, width = cover.shape
    at = int(np.clip(place, 0, width - 1))
    foot = int(min(h, ground[at] + thick * 0.4))
    rows = np.arange(foot, dtype=np.float32)
    up = (foot - rows) / h
    lean = rng.normal(0, 0.02) * h
    bend = rng.normal(0, 0.010) * h * np.sin(up * rng.uniform(2, 5) + rng.random() * 6)
    middle = place + lean * up + bend
    flare = 0.9 * np.exp(-up / 0.025)
    half = thick * 0.5 * (1.05 - 0.42 * up + flare)
    x0, x1 = int(max(0, middle.min() - thick * 1.4)), int(min(width, middle.max() + thick * 1.4))
    if x1 - x0 < 2:
        return
    x = np.arange(x0, x1, dtype=np.float32)[None, :]
    u = (x - middle[:, None]) / half[:, None]
    gx, gy = np.broadcast_arrays(u * 30 + at, rows[:, None] * np.float32(0.35))
    texture = noise.sample(rough, gx, gy)
    edge = np.clip((1 - np.abs(u)) * half[:, None] + 0.5 + 0.25 * texture, 0, 1)
    toward = np.sign(sun - place)
    # Round, dark in the middle, with light along the side that the sun stands on.
    rim = smooth(0.45, 1.0, u * toward) * 0.55 + smooth(0.7, 1.0, np.abs(u)) * 0.25
    shade = (0.75 + 0.25 * texture) * (0.85 + 0.25 * u * toward)
    paint = bark * np.maximum(shade, 0.12)[..., None]
    paint = paint + glow * (rim * (0.10 + 0.14 * near))[..., None]
    part, under = colour[:foot, x0:x1], cover[:foot, x0:x1]
    part += (paint - part) * edge[..., None]
    np.maximum(under, edge, out=under)
