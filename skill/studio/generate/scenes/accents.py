"""Accents, set where they belong: birds, a sailing boat, a lighthouse, palms, balloons."""

from __future__ import annotations

import math

import cv2
import numpy as np

from . import noise, trees
from .camera import View
from .compositing import shine
from .noise import Array, hash01, smooth
from .palette import beam, light
from .plates import Picture, Plate, margin
from .sky import Sky
from .stage import Layer, Stage

SILKS = ("#d8402f", "#e8a22a", "#3f6fc0", "#7a4fa8", "#2f9a86", "#e05f8a")


def accents(stage: Stage, sky: Sky, over_water: bool = False) -> list[Layer]:
    """The layers for the accents that the scene's words ask for, from far to near."""
    layers: list[Layer] = []
    if stage.has("balloon"):
        layers.append(Balloons(stage, sky))
    if over_water and stage.has("lighthouse"):
        layers.append(Lighthouse(stage, sky))
    if over_water and stage.has("boat"):
        layers.append(Boat(stage, sky))
    if stage.has("birds"):
        layers.append(Birds(stage, sky))
    if stage.has("palm"):
        layers += palms(stage, sky)
    return layers


def _dark(stage: Stage, haze: float) -> Array:
    """What stands against the light: nearly black, with the air before it."""
    lit = stage.light
    own = light("#15161a") * (0.5 + light(lit.ambient))
    return own * (1 - haze) + light(lit.haze) * haze


class Birds:
    """A loose flock that crosses the sky, each wing beating at its own time, with glides."""

    def __init__(self, stage: Stage, sky: Sky) -> None:
        self.stage = stage
        rng = stage.rng("birds")
        self.r = rng.random((int(11 * max(0.7, stage.aspect / 1.5)), 6))
        self.way = -1.0 if sky.sun_x > 0 else 1.0
        self.colour = _dark(stage, 0.18)

    def draw(self, frame: Array, t: float, view: View) -> None:
        stage = self.stage
        zoom, dx, dy = view.at(0.35)
        top = stage.horizon / stage.height
        for a, b, c, d, e, f in self.r:
            size = (0.008 + 0.012 * c) * stage.height * zoom
            along = -0.30 + 0.055 * t + 0.42 * (a - 0.5) + 0.01 * math.sin(t * 0.7 + 6 * d)
            x = stage.width / 2 + (self.way * along + dx) * stage.height * zoom
            y = top * (0.34 + 0.22 * (b - 0.5) + 0.10 * abs(a - 0.5)) + 0.012 * math.sin(
                t * 0.8 + 6 * e
            )
            y = (y + dy) * stage.height
            glide = smooth(0.2, 0.7, np.float32(math.sin(t * 0.9 + 6.3 * f)))
            beat = math.sin(t * (6.5 + 2 * d) + 6.3 * e) * (1 - 0.85 * float(glide)) + 0.25 * float(
                glide
            )
            self._one(frame, x, y, size, beat)

    def _one(self, frame: Array, x: float, y: float, size: float, beat: float) -> None:
        reach = int(size * 1.4) + 3
        x0, y0 = int(x) - reach, int(y) - reach
        if x0 < 0 or y0 < 0 or x0 + 2 * reach > frame.shape[1] or y0 + 2 * reach > frame.shape[0]:
            return
        mask = np.zeros((2 * reach, 2 * reach), np.uint8)
        cx, cy = x - x0, y - y0
        lift, tip = -0.42 * beat, -0.42 * beat + 0.30 * (abs(beat) - 0.2)
        for side in (-1, 1):
            wing = np.array([
                (0, -0.05), (side * 0.42, lift * 0.75 - 0.06), (side * 1.0, tip),
                (side * 0.48, lift * 0.75 + 0.09), (0, 0.12),
            ])  # fmt: skip
            fixed = np.round((wing * size + (cx, cy)) * 16).astype(np.int32)
            cv2.fillPoly(mask, [fixed], 255, cv2.LINE_AA, 4)
        body = (round(cx * 16), round((cy + 0.03 * size) * 16))
        axes = (max(8, round(0.10 * size * 16)), max(8, round(0.07 * size * 16)))
        cv2.ellipse(mask, body, axes, 0, 0, 360, 255, -1, cv2.LINE_AA, 4)
        share = mask.astype(np.float32)[..., None] * (0.92 / 255)
        part = frame[y0 : y0 + 2 * reach, x0 : x0 + 2 * reach]
        part += (self.colour - part) * share


class Boat:
    """A sailing boat under way near the horizon, rocking, with its light on the water at night."""

    def __init__(self, stage: Stage, sky: Sky) -> None:
        self.stage = stage
        self.place = -0.26 * math.copysign(1, sky.sun_x) * min(1.0, stage.aspect)
        self.way = math.copysign(1, sky.sun_x)
        self.colour = _dark(stage, 0.10)
        self.sail = _dark(stage, 0.22) + light(stage.light.sky[1]) * 0.06
        if stage.light.sun_height > 0.4 and stage.light.dark < 0.5:
            self.sail = light("#f2efe6") * 0.8
        self.lamp = light("#ffc070") * stage.light.dark

    def draw(self, frame: Array, t: float, view: View) -> None:
        stage = self.stage
        zoom, dx, dy = view.at(0.24)
        size = 0.085 * stage.height * zoom
        x = stage.width / 2 + (self.place + 0.006 * self.way * t + dx) * stage.height * zoom
        y = (
            stage.horizon
            + dy * stage.height
            + 0.022 * stage.height
            + 0.0015 * stage.height * math.sin(t * 1.1)
        )
        lean = 0.05 + 0.035 * math.sin(t * 0.9)
        reach = int(size * 1.5)
        x0, y0 = int(x) - reach, int(y) - int(size * 1.6)
        x1, y1 = x0 + 2 * reach, int(y) + int(size * 0.8)
        if x0 < 0 or y0 < 0 or x1 > frame.shape[1] or y1 > frame.shape[0]:
            return
        hull = [(-0.50, -0.09), (0.55, -0.12), (0.42, 0.05), (-0.40, 0.05)]
        mast = [(-0.018, -1.30), (0.018, -1.30), (0.018, -0.05), (-0.018, -0.05)]
        main = [(-0.04, -1.25), (-0.10, -0.75), (-0.46, -0.17), (-0.04, -0.17)]
        jib = [(0.04, -1.15), (0.22, -0.65), (0.52, -0.15), (0.05, -0.20)]
        cos, sin = math.cos(lean), math.sin(lean)
        for shape, paint in (
            (main, self.sail),
            (jib, self.sail),
            (hull, self.colour),
            (mast, self.colour),
        ):
            points = np.array(shape) * (self.way, 1.0)
            turned = np.stack(
                [points[:, 0] * cos - points[:, 1] * sin, points[:, 0] * sin + points[:, 1] * cos],
                -1,
            )
            mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
            fixed = np.round((turned * size + (x - x0, y - y0)) * 16).astype(np.int32)
            cv2.fillPoly(mask, [fixed], 255, cv2.LINE_AA, 4)
            share = mask.astype(np.float32)[..., None] / 255
            part = frame[y0:y1, x0:x1]
            part += (paint - part) * share
        # Its image in the water: a dark shape broken by the waves.
        rows = np.arange(int(y - y0 + 0.05 * size), y1 - y0)
        for row in rows:
            down = (row - (y - y0)) / size
            if down <= 0.05:
                continue
            wave = math.sin(row * 0.9 / max(stage.unit, 0.4) + t * 5) * 0.06 * size * down * 3
            half = max(0.0, 0.46 * (1 - down / 0.75)) * size
            a, b = int(x - x0 - half + wave), int(x - x0 + half + wave)
            if b > a and hash01(int(row), int(t * 6), stage.seed) > 0.22:
                frame[y0 + row, max(0, x0 + a) : x0 + b] *= np.float32(0.55 + 0.45 * down / 0.75)
        if self.lamp.max() > 0.01:
            frame[int(y - size * 1.3) : int(y - size * 1.3) + 2, int(x) : int(x) + 2] += (
                self.lamp * 6
            )


class Lighthouse:
    """A lighthouse on its rock; after dusk its beams turn through the haze."""

    def __init__(self, stage: Stage, sky: Sky) -> None:
        self.stage = stage
        rng = stage.rng("lighthouse")
        side = -math.copysign(1, sky.sun_x)
        self.side = side
        h = stage.height
        tall = int(0.30 * h)
        wide, rows = int(0.62 * h), int(tall * 1.5)
        colour = np.zeros((rows, wide, 3), np.float32)
        cover = np.zeros((rows, wide), np.float32)
        self._rock(rng, colour, cover, stage)
        lit = stage.light
        shine = light(lit.ambient) * 0.85 + beam(lit) * 0.20
        white, red = light("#e9e4da") * shine, light("#b8453a") * shine
        cx, foot = wide * 0.5, int(rows * 0.80)
        top = foot - int(tall * 0.86)
        y = np.arange(top, foot)
        half = (0.050 + 0.030 * (y - top) / (foot - top)) * tall
        x = np.arange(wide)
        for row, r in zip(y, half, strict=True):
            u = (x - cx) / r
            share = np.clip((1 - np.abs(u)) * r + 0.5, 0, 1)[:, None]
            band = int((row - top) / (foot - top) * 5) % 2
            shade = np.clip(0.72 + 0.35 * u * math.copysign(1, sky.sun_x), 0.3, 1.15)[:, None]
            paint = (red if band else white) * shade
            colour[row] += (paint - colour[row]) * share
            cover[row] = np.maximum(cover[row], share[:, 0])
        iron = _dark(stage, 0.05)
        for a, b, k in ((0.0, 0.025, 0.085), (-0.10, 0.0, 0.042), (-0.13, -0.10, 0.058)):
            y0, y1 = int(top + a * tall), int(top + b * tall)
            x0, x1 = int(cx - k * tall), int(cx + k * tall)
            colour[y0:y1, x0:x1] = iron
            cover[y0:y1, x0:x1] = 1
        for i in range(int(0.06 * tall)):
            r = 0.05 * tall * math.cos(i / (0.06 * tall) * math.pi / 2)
            colour[int(top - 0.13 * tall) - i, int(cx - r) : int(cx + r)] = red * 0.6
            cover[int(top - 0.13 * tall) - i, int(cx - r) : int(cx + r)] = 1
        self.glass = (light("#ffeccb") * 0.5 + 0.5) * (0.3 + 1.3 * lit.dark)
        colour[int(top - 0.085 * tall) : top - 2, int(cx - 0.03 * tall) : int(cx + 0.03 * tall)] = (
            light(lit.sky[1]) * 0.8 + self.glass * lit.dark
        )
        place = side * min(0.34, stage.aspect * 0.30)
        left = stage.width / 2 + place * h - cx
        self.lamp = (left + cx, stage.horizon + 0.045 * h - rows + top - 0.05 * tall)
        self.plate = Plate(stage, colour, cover, left, stage.horizon + 0.045 * h - rows, 0.30)

    @staticmethod
    def _rock(rng: np.random.Generator, colour: Array, cover: Array, stage: Stage) -> None:
        rows, wide = cover.shape
        y, x = np.mgrid[0:rows, 0:wide].astype(np.float32)
        u = (x / wide - 0.5) * 2
        n = noise.spectral(rng, 256, 256, 1.3, 4.0)
        rough = noise.sample(n, x * 0.7 * 1080 / stage.height, y * 0.9 * 1080 / stage.height)
        crest = rows * (1.0 - 0.235 * np.exp(-((u / 0.52) ** 2)) + 0.02 * rough)
        share = np.clip(y - crest + 0.5, 0, 1)
        lit = stage.light
        shine = light(lit.ambient) * 0.6 + beam(lit) * 0.08
        paint = light("#4b4640") * shine * (0.8 + 0.3 * rough)[..., None]
        colour += (paint - colour) * share[..., None]
        np.maximum(cover, share, out=cover)

    def draw(self, frame: Array, t: float, view: View) -> None:
        stage = self.stage
        self.plate.draw(frame, t, view)
        dark = stage.light.dark
        if dark < 0.4 and not stage.has("mist", "storm"):
            return
        matrix = self.plate.place(view)
        x = matrix[0, 2] + (self.lamp[0] - self.plate.left) * matrix[0, 0]
        y = matrix[1, 2] + (self.lamp[1] - self.plate.top) * matrix[1, 1]
        rows = int(stage.horizon)
        h, w = rows // 4, stage.width // 4
        gx = (np.arange(w, dtype=np.float32)[None, :] * 4 - np.float32(x)) / stage.height
        gy = (np.arange(h, dtype=np.float32)[:, None] * 4 - np.float32(y)) / stage.height
        total = np.exp(-np.sqrt(gx * gx + gy * gy) / 0.030) * 1.1
        for turn in (0.0, math.pi):
            # The lamp turns about a mast: a beam sweeps, long from the side, a flash from ahead.
            angle = t * 0.9 + turn
            along = gx * math.copysign(1, math.cos(angle))
            reach = abs(math.cos(angle)) * 1.3 + 0.02
            spread = 0.010 + 0.085 * np.maximum(along, 0) / reach
            ray = np.exp(-((gy / spread) ** 2)) * smooth(0.0, 0.02, along)
            total = total + ray * np.exp(-np.maximum(along, 0) / (0.42 * reach)) * 0.34
            total = (
                total
                + max(0.0, math.sin(angle)) ** 24 * np.exp(-np.sqrt(gx**2 + gy**2) / 0.06) * 0.9
            )
        power = 0.30 * max(dark, 0.35)
        shine(stage.pool, frame, 0, np.asarray(total, np.float32), rows, self.glass * power)


class Balloons:
    """Hot-air balloons that rise and drift at several distances."""

    def __init__(self, stage: Stage, sky: Sky) -> None:
        self.stage = stage
        rng = stage.rng("balloons")
        self.sky = sky
        self.one = []
        for number in range(max(3, round(5 * stage.aspect / 1.6))):
            near = (number + 1) / 6
            size = int((0.030 + 0.085 * near**1.6) * stage.height * 2)
            place = rng.uniform(-0.42, 0.42) * stage.aspect, rng.uniform(0.18, 0.62)
            picture = Picture.of(*_balloon(stage, rng, size, 0.55 * (1 - near), sky))
            self.one.append((*place, near, rng.random(), picture))

    def draw(self, frame: Array, t: float, view: View) -> None:
        stage = self.stage
        for x, y, near, phase, picture in self.one:
            zoom, dx, dy = view.at(0.25 + 0.4 * near)
            px = stage.width / 2 + (x + 0.004 * t * (0.5 + near) + dx) * stage.height * zoom
            py = (y * stage.horizon / stage.height - 0.003 * t * near + dy) * stage.height
            py += 0.004 * stage.height * math.sin(t * 0.5 + 6.3 * phase)
            h, w = picture.image.shape[:2]
            matrix = np.array([[zoom, 0, px - w / 2 * zoom], [0, zoom, py - h / 2 * zoom]])
            picture.lay(stage.pool, frame, matrix)


def _balloon(
    stage: Stage, rng: np.random.Generator, size: int, haze: float, sky: Sky
) -> tuple[Array, Array]:
    rows, wide = int(size * 1.35), size
    y, x = np.mgrid[0:rows, 0:wide].astype(np.float32)
    r = size * 0.46
    u, v = (x - wide / 2) / r, (y - size * 0.48) / r
    # Round above, drawn in to the basket below.
    half = np.where(
        v < 0,
        np.sqrt(np.maximum(1 - v * v, 0)),
        np.sqrt(np.maximum(1 - np.abs(v / 1.45) ** 1.7, 0)),
    )
    edge = np.clip((half - np.abs(u)) * r + 0.5, 0, 1) * (v > -1) * (v < 1.33)
    gore = np.arcsin(np.clip(u / np.maximum(half, 0.02), -1, 1))
    stripes = np.floor((gore + np.pi / 2) / np.pi * 12).astype(int) % 3
    tints = np.stack([light(SILKS[i]) for i in rng.permutation(len(SILKS))[:3]])
    lit = stage.light
    shine = light(lit.ambient) * 0.75 + beam(lit) * 0.40
    sun = math.copysign(1, sky.sun_x) * u * 0.55 - v * 0.25
    shade = np.clip(0.62 + 0.5 * sun, 0.22, 1.2)
    seam = 1 - 0.25 * (np.abs(np.mod((gore + np.pi / 2) / np.pi * 12, 1.0) - 0.5) > 0.44)
    paint = tints[stripes] * shine * (shade * seam)[..., None]
    paint = (
        paint
        + light("#ffb060") * (lit.dark * 0.8 * np.exp(-((v - 0.8) ** 2 + u * u) / 0.5))[..., None]
    )
    basket = (np.abs(x - wide / 2) < size * 0.055) & (y > size * 1.16) & (y < size * 1.28)
    ropes = (
        (np.abs(np.abs(x - wide / 2) - size * 0.05) < 0.7) & (y > size * 1.0) & (y < size * 1.17)
    )
    cover = np.maximum(edge, (basket | ropes).astype(np.float32))
    paint = np.where((basket | ropes)[..., None], light("#4a3626") * shine * 0.7, paint)
    paint = paint + (light(lit.haze) - paint) * np.float32(haze)
    return np.asarray(paint, np.float32), np.asarray(cover, np.float32)


def palms(stage: Stage, sky: Sky) -> list[Layer]:
    """Palms that lean in from one side, before everything."""
    rng = stage.rng("palms")
    side = -1.0 if sky.sun_x > 0 else 1.0
    depth, h = 0.92, stage.height
    edge = margin(stage, depth)
    width = stage.width + 2 * edge
    colour = np.zeros((int(h * 1.1), width, 3), np.float32)
    cover = np.zeros(colour.shape[:2], np.float32)
    dark = _dark(stage, 0.0) * 0.6
    day = stage.light.dark < 0.3 and stage.light.sun_height > 0.3
    bright = light("#4d6b33") * (light(stage.light.ambient) * 0.8 + beam(stage.light) * 0.3)
    bright = bright if day else dark * 2.2
    for place, tall, lean in ((0.455, 0.86, 0.32), (0.40, 0.66, 0.22)):
        sprite = trees.palm(rng, int(min(620, tall * h)), lean)
        x = width / 2 + side * place * stage.width
        trees.plant(colour, cover, sprite, x, h * 1.06, tall * h, dark, bright, side > 0)
    return [Plate(stage, colour, cover, -edge, -0.03 * h, depth)]
