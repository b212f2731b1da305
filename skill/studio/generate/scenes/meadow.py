"""A meadow: hills, a field that runs to them, grass and flowers that sway before the lens."""

from __future__ import annotations

import cv2
import numpy as np

from . import noise, trees
from .camera import View
from .mountains import ranges_behind
from .noise import Array, smooth
from .palette import beam, light
from .particles import Fireflies, Motes
from .plants import Bed, Swaying, blade, flower
from .plates import Mist, Plate, margin
from .sky import Sky
from .stage import Layer, Stage

FLOWERS = ("#f4f1e8", "#f6d04a", "#e2524a", "#b58be0", "#f08bb0", "#7fa8f0")


class Crop:
    """What grows: colours of the field, of its blades, of its flowers."""

    def __init__(self, stage: Stage) -> None:
        self.kind = next(
            (word for word in ("lavender", "wheat", "sunflowers") if stage.has(word)), "grass"
        )
        green, pale, dark = "#6f8f3a", "#a3b455", "#3d5a26"
        blossom: tuple[str, ...] = FLOWERS if stage.has("flowers") else FLOWERS[:3]
        self.share = 0.9 if stage.has("flowers") else 0.30
        if self.kind == "lavender":
            green, pale, dark, blossom, self.share = (
                "#7a62b8",
                "#a58be0",
                "#4c4a70",
                ("#9a7be0",),
                0.0,
            )
        elif self.kind == "wheat":
            green, pale, dark, blossom, self.share = (
                "#c4a86c",
                "#e8d6a6",
                "#86693c",
                ("#d8503c",),
                0.05,
            )
        elif self.kind == "sunflowers":
            blossom, self.share = ("#f7bf1e",), 1.0
        elif stage.has("autumn"):
            green, pale, dark = "#a08540", "#cdb066", "#6a5426"
        lit = stage.light
        shine = light(lit.ambient) * 0.7 + beam(lit) * 0.34
        # "A meadow before snowy mountains": the snow lies up there.
        far = stage.scene.get("backdrop") == "mountains" and not stage.has("snow")
        if stage.has("snow", "snowy") and not far:
            green, pale, dark, self.share = "#d5dde6", "#eef2f6", "#8f98a2", 0.0
        self.green, self.pale, self.dark = (light(c) * shine for c in (green, pale, dark))
        self.blossom = [light(c) * shine * 1.1 for c in blossom]
        self.shine = shine


def meadow(stage: Stage, sky: Sky) -> list[Layer]:
    """The meadow's layers from far to near."""
    crop = Crop(stage)
    layers: list[Layer] = []
    line = stage.horizon / stage.height
    if stage.scene.get("backdrop") == "mountains":
        layers += ranges_behind(stage, sky)
    else:
        for number, (rise, haze, depth) in enumerate(((0.060, 0.72, 0.22), (0.034, 0.45, 0.30))):
            layers.append(hill(stage, crop, number, line + 0.010 * number, rise, haze, depth))
    misty = stage.has("mist") or stage.time == "dawn"
    layers.append(Mist(stage, "valley", line + 0.015, 0.03, 0.75 if misty else 0.35, 0.3))
    layers.append(_field(stage, crop, sky, line + 0.012))
    layers.append(Wind(stage, line + 0.03, crop))
    if stage.has("tree"):
        layers.append(lone_tree(stage, sky, crop, line + 0.055))
    bands = ((0.05, 0.13, 0.48), (0.12, 0.24, 0.62), (0.22, 0.40, 0.80), (0.37, 0.62, 1.0))
    for number, (first, last, depth) in enumerate(bands):
        layers.append(_band(stage, crop, number, line, first, last, depth))
        if misty and number == 1:
            layers.append(Mist(stage, "low", line + 0.16, 0.06, 0.35, 0.6))
    if stage.has("fireflies") or (stage.time == "dusk" and not stage.has("rain", "snow")):
        layers.append(Fireflies(stage, line))
    elif stage.light.dark < 0.5 and not stage.has("rain", "snow", "storm"):
        layers.append(Motes(stage, light(stage.light.sun) * 0.8, 70, 0.6))
    return layers


def hill(
    stage: Stage, crop: Crop, number: int, line: float, rise: float, haze: float, depth: float
) -> Plate:
    """Rolling land with woods along its crest; ``line`` and ``rise`` in canvas heights."""
    rng = stage.rng(f"hill {number}")
    side = margin(stage, depth)
    width = stage.width + 2 * side
    h = stage.height
    ridge = noise.line(rng, width, 2.2, 1.0) * rise * 0.40 * h + rise * h * 0.75
    wood = np.maximum(noise.line(rng, width, 1.3, 6.0), 0) * 0.010 * h
    wood += np.abs(noise.line(rng, width, 0.5, 60.0)) * (wood > 1) * 0.004 * h
    top = int((line - rise * 2.4) * h)
    rows = int((line + 0.14) * h) - top
    crest = line * h - top - ridge
    y, x = np.mgrid[0:rows, 0:width].astype(np.float32)
    cover = np.clip(y - (crest - wood)[None, :] + 0.5, 0, 1)
    patch = noise.sample(noise.spectral(rng, 256, 256, 1.6, 3.0), x * 0.25, y * 1.3)
    trees_here = smooth(0.5, -3.0, y - crest[None, :]) * (wood > 0.6)[None, :]
    body = crop.green * 0.6 + crop.dark * 0.3
    paint = body * (1 + 0.25 * smooth(-1, 1, patch))[..., None]
    paint = (
        paint
        + (crop.dark * 0.35 - paint) * np.maximum(trees_here, smooth(0.9, 1.6, patch))[..., None]
    )
    air = light(stage.light.haze)
    paint = paint + (air - paint) * np.float32(haze)
    return Plate(stage, paint, cover, -side, top, depth)


def _field(stage: Stage, crop: Crop, sky: Sky, line: float) -> Plate:
    """The field itself, in perspective: patches, rows or speckles of flowers, light on it."""
    rng = stage.rng("field")
    depth = 0.42
    side = margin(stage, depth)
    width, h = stage.width + 2 * side, stage.height
    top = int(line * h)
    rows = int(h * 1.12) - top
    y, x = np.mgrid[0:rows, 0:width].astype(np.float32)
    down = (y + 1.0) / h
    z = 0.12 / (down + 0.006)
    u = (x / width - 0.5) * (width / h) * z
    patch = noise.sample(noise.spectral(rng, 512, 512, 1.5, 4.0), u * 60, z * 60)
    fine = noise.sample(noise.spectral(rng, 512, 512, 0.6, 20.0), u * 600, z * 380)
    near = smooth(0.0, 0.25, down)
    tone = 0.72 + 0.20 * smooth(-1.2, 1.2, patch) + 0.16 * fine * (0.3 + 0.7 * near)
    paint = (
        crop.green * tone[..., None]
        + (crop.pale - crop.green) * (0.35 * smooth(0.2, 1.8, patch))[..., None]
    )
    if crop.kind in ("lavender", "wheat", "sunflowers"):
        slope = 0.35 * (1 if rng.random() < 0.5 else -1)
        furrow = np.cos((u + slope * z) * (2 * np.pi / (0.16 if crop.kind != "wheat" else 0.5)))
        clear = smooth(0.012, 0.10, down)  # rows too fine to see are lost in the distance
        paint = paint + (crop.dark * 0.55 - paint) * (
            smooth(-0.1, 0.9, furrow) * 0.75 * clear + 0.25 * (1 - clear)
        )[..., None] * (0.9 if crop.kind != "wheat" else 0.3)
    if crop.share:
        speck = noise.sample(noise.spectral(rng, 512, 512, 0.3, 60.0), u * 900, z * 560)
        drift = smooth(
            0.0, 1.2, noise.sample(noise.spectral(rng, 256, 256, 1.8, 3.0), u * 40, z * 40)
        )
        for number, colour in enumerate(crop.blossom):
            shifted = np.roll(speck, 37 * number, axis=1)
            share = smooth(1.55, 2.1, shifted) * (0.25 + drift) * min(1.0, crop.share * 1.2)
            paint = paint + (colour * 0.9 - paint) * np.clip(share, 0, 1)[..., None]
    glow = np.exp(-np.abs((x - side) / h - stage.aspect / 2 - sky.sun_x) * 1.6) * smooth(
        0.35, 0.0, down
    )
    warm = light(stage.light.sun) * stage.light.sun_power * (0.16 if sky.sun_y < 0.4 else 0.0)
    paint = paint + (glow[..., None] * warm) * 0.5
    paint = paint * (1 - 0.5 * smooth(0.03, 0.25, down))[..., None]
    air = light(stage.light.haze)
    haze = np.exp(-down / 0.05)[..., None] * 0.6
    paint = paint + (air - paint) * haze
    cover = np.clip(y * 0.5, 0, 1)
    return Plate(stage, paint, cover, -side, top, depth)


class Wind:
    """Gusts that run over the field as lighter waves."""

    def __init__(self, stage: Stage, line: float, crop: Crop) -> None:
        self.stage, self.line, self.colour = stage, line, crop.pale
        self.tile = noise.spectral(stage.rng("wind"), 256, 256, 1.9, 4.0, stretch=1.6)

    def draw(self, frame: Array, t: float, view: View) -> None:
        stage = self.stage
        zoom, dx, dy = view.at(0.42)
        y0 = int(
            stage.horizon + (self.line * stage.height - stage.horizon) * zoom + dy * stage.height
        )
        y1 = stage.height
        h, w = max(2, (y1 - y0) // 5), max(2, stage.width // 5)
        down = ((np.arange(h, dtype=np.float32) + 0.5) * (y1 - y0) / h / stage.height)[:, None]
        z = 0.12 / (down + 0.02)
        x = ((np.arange(w, dtype=np.float32) / w - 0.5) * stage.aspect / zoom - dx)[None, :] * z
        x, z = np.broadcast_arrays(x, z)
        n = noise.sample(self.tile, x * 46 - t * 17, z * 60 + t * 9)
        share: Array = smooth(0.2, 2.2, n) * 0.30 * smooth(0.0, 0.05, down) * smooth(0.5, 0.2, down)
        share = cv2.resize(share, (stage.width, y1 - y0), interpolation=cv2.INTER_LINEAR)
        part = frame[y0:y1]
        part += (self.colour - part) * share[..., None]


def _band(
    stage: Stage, crop: Crop, number: int, line: float, first: float, last: float, depth: float
) -> Swaying:
    """Plants rooted between ``first`` and ``last`` canvas heights under ``line``: each as tall as
    its distance makes it, so that bands join without a seam."""
    rng = stage.rng(f"band {number}")
    side = margin(stage, depth) + int(0.06 * stage.height)
    width, h = stage.width + 2 * side, stage.height
    last = min(last, 1.06 - line + 0.10)
    grown = {"wheat": 0.40, "lavender": 0.42, "sunflowers": 0.44}.get(crop.kind, 0.36)
    tallest = grown * last * h
    top = (line + first - grown * first * 1.5) * h
    rows = int((line + last) * h - top) + 4
    bed = Bed(rows, width)
    # As many plants a row as fill it: their number falls with the square of their size.
    thin = {"wheat": 0.055, "lavender": 0.060, "sunflowers": 0.060}.get(crop.kind, 0.045)
    crowd = float(np.clip(h / 360, 0.25, 1.0))  # on a thumbnail fewer plants fill the row
    foot = first
    while foot < last:
        high = grown * foot * h
        for x in rng.uniform(-10, width + 10, int(width / max(high, 2) * 2.4 * crowd)):
            y = (line + foot) * h - top + rng.normal(0, 0.10) * high
            _plant(bed, rng, crop, float(x), y, high * rng.uniform(0.5, 1.05))
        foot *= 1 + thin * 1.3
    colour, cover = bed.light()
    # The roots stand in each other's shade.
    row = np.arange(rows, dtype=np.float32)
    colour *= (1.15 - 0.40 * smooth(0, rows, row))[:, None, None]
    air = np.float32((0.38, 0.14, 0.04, 0.0)[number] * (1.6 if stage.has("mist") else 1.0))
    colour += (light(stage.light.haze) - colour) * air
    return Swaying(stage, colour, cover, -side, top, depth, rows, tallest * 2.2, 0.55)


def _plant(bed: Bed, rng: np.random.Generator, crop: Crop, x: float, y: float, high: float) -> None:
    if crop.kind == "wheat":
        _ear(bed, rng, x, y, high, crop)
        return
    if crop.kind == "lavender":
        _spike(bed, rng, x, y, high, crop)
        return
    tints = (crop.dark * 0.5, crop.dark * 0.9, crop.green * 0.85, crop.green * 1.1, crop.pale * 0.9)
    wide = max(0.9, high * 0.022)
    for _ in range(3):
        tint = tints[int(rng.integers(5))]
        blade(bed, rng, x + rng.normal(0, 0.15) * high, y, high * rng.uniform(0.4, 0.9), wide,
              rng.normal(0.08, 0.34), tint)  # fmt: skip
    if rng.random() > 0.20 * crop.share:
        return
    colour = crop.blossom[int(rng.integers(len(crop.blossom)))]
    stem = crop.green * 0.7
    tip = blade(bed, rng, x, y, high * rng.uniform(0.75, 1.2), max(0.8, high * 0.014),
                rng.normal(0, 0.15), stem)  # fmt: skip
    size = high * rng.uniform(0.055, 0.085)
    if crop.kind == "sunflowers":
        flower(bed, rng, *tip, size * 2.5, colour, light("#4a2c14") * crop.shine, 18, 0.92)
    else:
        heart = light("#e8b62a") * crop.shine
        flower(bed, rng, *tip, size, colour, heart, int(rng.integers(5, 9)), rng.uniform(0.4, 0.9))


def _ear(bed: Bed, rng: np.random.Generator, x: float, y: float, high: float, crop: Crop) -> None:
    shade, lean = rng.uniform(0.65, 1.2), rng.normal(0.18, 0.16)
    x1, y1 = blade(bed, rng, x, y, high * 0.85, max(0.8, high * 0.012), lean, crop.green * shade)
    size = high * 0.016
    for i in range(9):
        cx, cy = x1 + lean * i * size * 0.5, y1 - i * size * 1.15
        for side in (-1, 1):
            points = np.array([(cx, cy + size * 0.6), (cx + side * size * 0.85, cy - size * 0.5),
                               (cx + side * size * 0.3, cy - size * 1.4)])  # fmt: skip
            bed.poly(points, crop.pale * shade * rng.uniform(0.75, 1.15))
        if i % 2:  # the beard
            bx = cx + (i - 4) * size * 0.5
            points = np.array([(cx - 0.3, cy), (cx + 0.3, cy), (bx, cy - size * 5.5)])
            bed.poly(points, crop.pale * shade * 0.9)


def _spike(bed: Bed, rng: np.random.Generator, x: float, y: float, high: float, crop: Crop) -> None:
    stem = light("#6f8050") * crop.shine * 0.7
    x1, y1 = blade(bed, rng, x, y, high * rng.uniform(0.7, 1.0), max(0.8, high * 0.012),
                   rng.normal(0, 0.22), stem)  # fmt: skip
    size = high * 0.019
    for i in range(11):
        wide = size * (0.5 + 0.8 * np.sin(np.pi * (i + 1) / 12))
        cy = y1 + (i - 1) * size * 1.1
        for side in (-1, 1):
            cx = x1 + side * wide * 0.5 * rng.uniform(0.4, 1.2)
            points = np.array([(cx - wide * 0.5, cy), (cx, cy - size * 0.9),
                               (cx + wide * 0.5, cy), (cx, cy + size * 0.6)])  # fmt: skip
            paint = crop.green if rng.random() < 0.6 else crop.pale
            bed.poly(points, paint * rng.uniform(0.7, 1.3))


def lone_tree(stage: Stage, sky: Sky, crop: Crop, line: float) -> Plate:
    """One broad tree on the field, a third of the way in, on the side away from the sun."""
    rng = stage.rng("lone tree")
    depth, h = 0.5, stage.height
    tall = int(0.34 * h)
    sprite = trees.crown(rng, min(tall, 620), 0.95)
    width = int(sprite.shape[1] * tall / sprite.shape[0]) + 8
    colour = np.zeros((tall + 8, width, 3), np.float32)
    cover = np.zeros((tall + 8, width), np.float32)
    leaf = light("#39502a" if not stage.has("autumn") else "#a5581c") * crop.shine
    trees.plant(colour, cover, sprite, width / 2, tall + 4, tall, leaf * 0.25, leaf * 1.3)
    place = -np.sign(sky.sun_x) * min(0.30, stage.aspect * 0.18)
    left = stage.width / 2 + place * h - width / 2
    return Plate(stage, colour, cover, left, line * h - tall, depth)
