"""Under water: the bright surface overhead, shafts of light, a reef, weed that sways, fish."""

from __future__ import annotations

import math

import cv2
import numpy as np

from . import noise, trees
from .camera import View
from .compositing import mix, shine
from .noise import Array, smooth
from .palette import light
from .particles import Motes
from .plants import Bed, Swaying, blade
from .plates import Plate, margin
from .rays import Rays
from .stage import Layer, Stage

CORALS = ("#c8586a", "#d98a4a", "#b0609a", "#c9a24a", "#7f6ab0", "#5a9a8a")


def underwater(stage: Stage) -> list[Layer]:
    """From the far blue to the weed before the lens."""
    top, deep = _waters(stage)
    beam = top * 1.1 + 0.05
    x = stage.width * (0.5 + (0.12 if stage.rng("sea").random() < 0.5 else -0.12))
    layers: list[Layer] = [Blue(stage, top, deep, x)]
    layers.append(Rays(stage, x, -0.35 * stage.height, beam, 0.50, 0.8, 0.0, 1.0, 1.3))
    depths = ((0.68, 0.30), (0.42, 0.46), (0.16, 0.66), (0.0, 0.95))
    for number, (haze, depth) in enumerate(depths):
        plate = _reef(stage, number, haze, depth, top, deep)
        layers.append(plate)
        layers.append(Caustics(stage, plate, top, 1 - haze))
        if number < 3:
            layers.append(_weed(stage, number, haze, depth, top, deep))
        if number == 0:
            layers.append(Fish(stage, 0, deep, top, 46, 0.010))
        if number == 1:
            layers.append(Fish(stage, 1, deep, top, 20, 0.022))
    if stage.has("jellyfish"):
        layers.append(Jellyfish(stage, top))
    layers.append(Rays(stage, x + 7, -0.35 * stage.height, beam, 0.16, 0.6, 0.0, 1.0, 1.2))
    layers.append(Motes(stage, top * 1.2 + 0.1, 240, 0.45))
    layers.append(Bubbles(stage, top))
    return layers


def _waters(stage: Stage) -> tuple[Array, Array]:
    """The colour of the water near the surface, and of the deep."""
    top, deep = {
        "dawn": ("#8fc6d0", "#1c4560"), "golden": ("#b9d8b8", "#1a5560"),
        "sunset": ("#d9a48c", "#2a3a60"), "dusk": ("#4f78b0", "#0d1d44"),
        "night": ("#28508a", "#040c22"),
    }.get(stage.time, ("#7fdbe6", "#06425f"))  # fmt: skip
    return light(top), light(deep)


class Blue:
    """The water itself: bright overhead where the surface shimmers, dark below and beyond."""

    SHRINK = 4

    def __init__(self, stage: Stage, top: Array, deep: Array, x: float) -> None:
        self.stage, self.top, self.deep, self.x = stage, top, deep, x
        rng = stage.rng("surface")
        self.tile = noise.spectral(rng, 512, 512, 1.5, 5.0, stretch=1.3)

    def draw(self, frame: Array, t: float, view: View) -> None:
        stage = self.stage
        zoom, dx, dy = view.at(0.2)
        h, w = max(2, stage.height // self.SHRINK), max(2, stage.width // self.SHRINK)
        y = ((np.arange(h, dtype=np.float32) + 0.5) / h - dy)[:, None]
        x = ((np.arange(w, dtype=np.float32) + 0.5) / w * stage.aspect)[None, :]
        sx = np.float32(self.x / stage.height + dx)
        far = np.sqrt((x - sx) ** 2 + (y * 1.15 + 0.12) ** 2)
        share = np.exp(-(far**1.15) / 0.46)
        shine = np.exp(-((far / 0.20) ** 2)) * 1.1
        # The surface from below: cells of light that stretch towards the horizon.
        up = np.maximum(0.34 - y, 0.004)
        z = 0.30 / (up + 0.02)
        z = np.broadcast_to(z, far.shape)
        px, pz = (x - sx) * z * (26 / zoom), z * 34
        n = noise.sample(self.tile, px + t * 7, pz - t * 9)
        n = n + noise.sample(self.tile, px * 1.3 - t * 6 + 99, pz * 1.3 + t * 5)
        cells = (
            smooth(0.55, 0.0, np.abs(n)) * smooth(0.30, 0.06, y) * np.exp(-np.abs(x - sx) / 0.75)
        )
        small = np.empty((h, w, 3), np.float32)
        for i in range(3):
            small[..., i] = self.deep[i] + (self.top[i] - self.deep[i]) * share
            small[..., i] += (self.top[i] + 0.15) * (shine + 0.42 * cells)
        size = (stage.width, stage.height)
        cv2.resize(small, size, dst=frame, interpolation=cv2.INTER_CUBIC)
        np.maximum(frame, 0, out=frame)


def _reef(full: Stage, number: int, haze: float, depth: float, top: Array, deep: Array) -> Plate:
    """Rock and coral along the bottom, with sand before them in the nearest layer."""
    shrink = 2 if number < 2 else 1  # the water hides what is fine in the distance
    stage = full.shrunk(shrink)
    rng = stage.rng(f"reef {number}")
    side = margin(stage, depth)
    width, h = stage.width + 2 * side, stage.height
    line = (0.70, 0.77, 0.86, 1.0)[number]
    tall = (0.16, 0.17, 0.18, 0.10)[number]
    first = int((line - tall * 1.7) * h)
    rows = int(1.12 * h) - first
    y, x = np.mgrid[0:rows, 0:width].astype(np.float32)
    ridge = noise.line(rng, width, 1.9, 2.0) * tall * 0.34 * h
    sides = np.abs(np.arange(width) / width - 0.5) * 2
    ridge = ridge + (sides**2 - 0.35) * tall * 0.9 * h  # open in the middle
    crest = (line * h - first) - ridge
    knobs = np.abs(noise.line(rng, width, 1.3, 20.0)) * tall * 0.05 * h
    cover = np.clip(y - (crest - knobs)[None, :] + 0.5, 0, 1)
    scale = np.float32(0.55 / (0.6 + number * 0.30) * 1080 / h)
    n = noise.sample(noise.spectral(rng, 512, 512, 1.7, 6.0), x * scale, y * scale)
    bumps = noise.sample(noise.spectral(rng, 512, 512, 2.0, 10.0), x * scale, y * scale)
    fine = noise.sample(noise.spectral(rng, 512, 512, 1.0, 20.0), x, y)
    slope = np.gradient(bumps, axis=0) / scale
    lit = np.clip(0.62 - slope * 4.5, 0.25, 1.5)
    rock = light("#56666a")
    paint = rock * (0.75 + 0.20 * n + 0.10 * fine)[..., None]
    # Coral grows in patches, each of its own colour.
    for colour in CORALS:
        patch = noise.sample(
            noise.spectral(rng, 256, 256, 2.2, 4.0), x * scale * 0.4, y * scale * 0.4
        )
        share = smooth(0.95, 1.5, patch) * smooth(0.30 * h, 0.0, y - crest[None, :])
        tint = light(colour) * (0.75 + 0.2 * fine)[..., None]
        paint = paint + (tint - paint) * (share * 0.8)[..., None]
    paint = np.asarray(paint, np.float32)
    sprites = [trees.crown(rng, 150, rng.uniform(0.8, 1.25), bare) for bare in (True, True, False)]
    for _ in range(int(width / h * (13, 12, 10, 7)[number])):
        at = rng.uniform(0, width - 1)
        tint = light(CORALS[int(rng.integers(len(CORALS)))]) * rng.uniform(0.7, 1.3)
        size = tall * h * rng.uniform(0.25, 0.62)
        sprite = sprites[int(rng.integers(3))]
        trees.plant(
            paint, cover, sprite, at, crest[int(at)] + size * 0.18, size, tint * 0.45, tint * 1.35
        )
    fall = np.exp(-np.maximum(y - crest[None, :], 0) / (0.16 * h))
    ambient = (top * 0.42 + deep * 0.5)[None, None, :]
    paint = np.maximum(paint, 0) * ambient * (lit * (0.25 + 0.85 * fall))[..., None] * 1.5
    paint = paint + (deep + (top - deep) * 0.14 - paint) * np.float32(haze)
    return Plate(full, paint, cover, -side * shrink, first * shrink, depth, shrink)


class Caustics:
    """The net of light that waves throw on what lies below, over one plate."""

    def __init__(self, stage: Stage, plate: Plate, top: Array, power: float) -> None:
        self.stage, self.plate, self.power, self.colour = stage, plate, power, top
        rng = stage.rng("caustics")
        self.tile = noise.spectral(rng, 256, 256, 2.4, 7.0)
        # Light falls on what faces up: strongest along the crest, then fading down the face.
        cover = plate.picture.image[..., 3].astype(np.float32) / 255
        first = np.argmax(cover > 0.5, axis=0)
        y = np.arange(cover.shape[0], dtype=np.float32)[:, None]
        fall = np.exp(-np.maximum(y - first[None, :], 0) / (0.07 * stage.height / plate.scale))
        self.mask = np.ascontiguousarray(cover * fall, np.float32)

    def draw(self, frame: Array, t: float, view: View) -> None:
        stage = self.stage
        matrix = self.plate.place(view)
        y0 = max(0, int(matrix[1, 2]))
        y1 = min(stage.height, int(matrix[1, 2] + self.mask.shape[0] * matrix[1, 1]))
        if y1 - y0 < 2 or self.power < 0.05:
            return
        h, w = max(2, (y1 - y0) // 3), max(2, stage.width // 3)
        x = ((np.arange(w, dtype=np.float32) / w) * stage.aspect)[None, :]
        y = ((np.arange(h, dtype=np.float32) / h) * (y1 - y0) / stage.height)[:, None]
        x, y = np.broadcast_arrays(x * (90 / (0.5 + self.power)), y * (190 / (0.5 + self.power)))
        a = noise.sample(self.tile, x + t * 9, y + t * 5)
        b = noise.sample(self.tile, x * 1.13 - t * 7 + 120, y * 1.13 - t * 6)
        net = np.exp(-np.abs(a + b) * 4.5)
        matrix = matrix.copy()
        matrix[1, 2] -= y0
        matrix *= np.array([[w / stage.width], [h / (y1 - y0)]])
        mask = cv2.warpAffine(self.mask, matrix, (w, h), flags=cv2.INTER_AREA)
        colour = self.colour * np.float32(0.34 * self.power)
        shine(stage.pool, frame, y0, np.asarray(net * mask, np.float32), y1 - y0, colour)


def _weed(stage: Stage, number: int, haze: float, depth: float, top: Array, deep: Array) -> Swaying:
    """Stands of kelp, swaying slowly."""
    rng = stage.rng(f"weed {number}")
    side = margin(stage, depth) + int(0.06 * stage.height)
    width, h = stage.width + 2 * side, stage.height
    tall = (0.24, 0.34, 0.46)[number] * h
    foot = (0.76, 0.86, 1.0)[number] * h
    rows = int(tall * 1.35)
    bed = Bed(rows, width)
    shine = top * 0.30 + deep * 0.35
    for _ in range((9, 7, 5)[number]):
        middle = rng.choice([rng.uniform(0, 0.34), rng.uniform(0.66, 1.0)]) * width
        green = light(str(rng.choice(["#5f7a3a", "#7a7a34", "#3f6a4a", "#8a5a4a"]))) * shine * 2.2
        for _ in range(int(rng.integers(5, 12))):
            x = middle + rng.normal(0, 0.03) * h
            blade(bed, rng, x, rows - 1, tall * rng.uniform(0.35, 1.0), tall * 0.022,
                  rng.normal(0, 0.12), green * rng.uniform(0.5, 1.2))  # fmt: skip
    colour, cover = bed.light()
    up = np.clip(1 - np.arange(rows, dtype=np.float32) / rows, 0, 1)[:, None, None]
    colour *= 0.4 + 1.1 * up
    colour += (deep + (top - deep) * 0.14 - colour) * np.float32(haze * 0.9)
    return Swaying(stage, colour, cover, -side, foot - rows, depth, rows, tall * 0.9, 0.9)


class Fish:
    """A shoal that wheels as one: each fish a body and a tail that beats."""

    LENGTH = np.linspace(-1, 1, 11)
    HALF = 0.30 * (1 - LENGTH**2) ** 0.75 * (1 - 0.25 * LENGTH)
    BODY = np.concatenate([np.stack([LENGTH, HALF], -1), np.stack([LENGTH, -HALF], -1)[::-1]])
    BACK = np.array([(0.35, -0.24), (-0.1, -0.52), (-0.45, -0.2)])

    def __init__(
        self, stage: Stage, number: int, deep: Array, top: Array, count: int, size: float
    ) -> None:
        self.stage, self.size = stage, size
        rng = stage.rng(f"fish {number}")
        self.r = rng.random((int(count * max(0.6, stage.aspect / 1.3)), 5))
        self.middle = (rng.uniform(0.36, 0.56), rng.uniform(0.06, 0.12))
        self.way = 1 if rng.random() < 0.5 else -1
        self.speed = rng.uniform(0.045, 0.07)
        self.start = rng.random() * stage.aspect
        tint = light("#e0b060") if number else light("#a8c4cc")
        self.colour = (
            (deep * 0.45 + tint * (top * 0.30 + 0.02)) if number else deep * 0.55 + top * 0.10
        )

    def draw(self, frame: Array, t: float, view: View) -> None:
        stage = self.stage
        span = stage.aspect + 1.2
        outlines: list[Array] = []
        for a, b, c, d, e in self.r:
            along = (self.start + self.speed * t + 0.34 * (a - 0.5)) % span - 0.6
            x = along if self.way > 0 else stage.aspect - along
            x += 0.012 * math.sin(t * (0.5 + d) + 6.3 * e) + view.x * 0.4
            y = self.middle[0] + self.middle[1] * math.sin(along * 1.9 + a * 0.8)
            y += 0.17 * (b - 0.5) * (0.6 + 0.4 * math.sin(t * 0.3 + a))
            y += 0.006 * math.sin(t * 2 + 6 * c)
            lean = self.middle[1] * 1.14 * math.cos(along * 1.9 + a * 0.8)
            size = self.size * (0.7 + 0.6 * c)
            outlines += self._fish((x, y), size, lean, t * (7 + 3 * d) + 6 * e)
        points = np.concatenate(outlines) * stage.height
        x0, y0 = np.maximum(points.min(axis=0).astype(int) - 2, 0)
        x1, y1 = np.minimum(points.max(axis=0).astype(int) + 3, (stage.width, stage.height))
        if x1 - x0 < 2 or y1 - y0 < 2:
            return
        mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
        for outline in outlines:
            fixed = np.round((outline * stage.height - (x0, y0)) * 16).astype(np.int32)
            cv2.fillPoly(mask, [fixed], 235, cv2.LINE_AA, 4)
        share = mask.astype(np.float32) / 255
        mix(frame[y0:y1, x0:x1], np.full((*mask.shape, 3), self.colour, np.float32), share)

    def _fish(self, at: tuple[float, float], size: float, lean: float, beat: float) -> list[Array]:
        """Body, tail and fin as outlines in canvas heights."""
        tail = 0.22 * math.sin(beat)
        fin = np.array([(-0.82, 0.0), (-1.45, 0.34 + tail), (-1.28, tail), (-1.45, -0.34 + tail)])
        turn = np.array([[math.cos(lean), math.sin(lean)], [-math.sin(lean), math.cos(lean)]])
        return [
            (shape @ turn) * (size * self.way, size) + at for shape in (self.BODY, fin, self.BACK)
        ]


class Jellyfish:
    """Jellyfish that pulse and drift upwards, glowing at the rim."""

    def __init__(self, stage: Stage, top: Array) -> None:
        self.stage = stage
        rng = stage.rng("jellyfish")
        self.r = rng.random((max(4, int(7 * stage.aspect / 1.6)), 5))
        self.tints = [light(c) for c in ("#ff9ecf", "#b49bff", "#8fe3ff")]
        self.top = top

    def draw(self, frame: Array, t: float, view: View) -> None:
        stage = self.stage
        for number, (a, b, c, d, e) in enumerate(self.r):
            size = (0.045 + 0.075 * c) * stage.height
            beat = math.sin(t * (1.3 + 0.5 * d) + 6.3 * e)
            x = (a + 0.02 * math.sin(t * 0.3 + 6.3 * b) + view.x * c / stage.aspect) * stage.width
            y = ((b * 1.4 - t * (0.012 + 0.010 * c) - 0.008 * beat) % 1.4 - 0.2) * stage.height
            self._one(frame, x, y, size, beat, t + 10 * e, self.tints[number % 3])

    def _one(
        self, frame: Array, x: float, y: float, size: float, beat: float, t: float, tint: Array
    ) -> None:
        wide, tall = int(size * 1.5), int(size * 3.4)
        x0, x1 = max(0, int(x) - wide), min(frame.shape[1], int(x) + wide)
        y0, y1 = max(0, int(y - size * 1.2)), min(frame.shape[0], int(y) + tall)
        if x1 - x0 < 2 or y1 - y0 < 2:
            return
        gy, gx = np.mgrid[y0:y1, x0:x1].astype(np.float32)
        u = (gx - np.float32(x)) / np.float32(size * (1 + 0.10 * beat))
        v = (gy - np.float32(y)) / np.float32(size * (0.85 - 0.10 * beat))
        r = np.sqrt(u * u + v * v)
        hem = 0.16 + 0.07 * np.cos(u * 15) * np.abs(u)
        bell = smooth(1.0, 0.93, r) * smooth(hem + 0.05, hem - 0.05, v)
        rim = np.exp(-(((r - 0.95) / 0.06) ** 2)) * smooth(hem + 0.08, hem - 0.08, v)
        rim = rim + np.exp(-(((v - hem) / 0.05) ** 2)) * smooth(1.0, 0.9, r) * 0.5
        veins = 0.5 + 0.5 * np.cos(np.arctan2(u, 0.4 - v) * 16)
        glow = bell * (0.10 + 0.16 * r + 0.08 * veins * r) + rim * 0.45
        below = np.clip(v / 2.8, 0, 1)
        for i in range(7):
            k = (i - 3) / 3.2
            strand = k * (0.78 - 0.25 * below) + 0.16 * np.sin(v * 2.4 - t * 2 + i) * below
            thick = 0.018 + 0.05 * (i in (2, 3, 4)) * (1 - below)
            on = (v > 0.05) * (1 - below) ** 0.8
            glow = glow + np.exp(-(((u - strand) / thick) ** 2)) * on * 0.22
        frame[y0:y1, x0:x1] += np.asarray(glow, np.float32)[..., None] * (tint * 0.55)


class Bubbles:
    """Strings of bubbles that swing up to the surface."""

    def __init__(self, stage: Stage, top: Array) -> None:
        self.stage, self.colour = stage, top * 0.9 + 0.15
        self.r = stage.rng("bubbles").random((int(34 * max(0.6, stage.aspect / 1.6)), 5))

    def draw(self, frame: Array, t: float, view: View) -> None:
        stage = self.stage
        for a, b, c, d, e in self.r:
            string = math.floor(a * 5) / 5 + 0.08
            y = 1.05 - ((b + t * (0.10 + 0.06 * c)) % 1.0) * 1.15
            x = string * stage.aspect + 0.02 * (d - 0.5) + 0.010 * math.sin(t * 3 + 6.3 * e + y * 9)
            x += view.x * 0.6
            size = (0.002 + 0.006 * c**2) * stage.height * (1.3 - 0.5 * y)
            px, py = x * stage.height, y * stage.height
            reach = int(size) + 3
            x0, y0 = int(px) - reach, int(py) - reach
            if (
                x0 < 0
                or y0 < 0
                or x0 + 2 * reach > frame.shape[1]
                or y0 + 2 * reach > frame.shape[0]
            ):
                continue
            gy, gx = np.mgrid[y0 : y0 + 2 * reach, x0 : x0 + 2 * reach].astype(np.float32)
            dx, dy = gx + 0.5 - np.float32(px), gy + 0.5 - np.float32(py)
            d_ = np.sqrt(dx * dx + dy * dy) / np.float32(size)
            ring = np.exp(-(((d_ - 0.85) / 0.22) ** 2)) * 0.40
            glint = np.exp(-((dx / size + 0.35) ** 2 + (dy / size + 0.4) ** 2) * 9) * 0.9
            shine = np.asarray(ring + glint, np.float32)[..., None]
            frame[y0 : y0 + 2 * reach, x0 : x0 + 2 * reach] += shine * (self.colour * 0.6)
