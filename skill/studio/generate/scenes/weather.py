"""Weather before the lens: rain in sheets, snow in depth, lightning."""

from __future__ import annotations

import math

import cv2
import numpy as np

from .camera import View
from .compositing import BAND, in_bands, mix
from .night import put_points
from .noise import Array, hash01
from .palette import light
from .stage import Layer, Stage


class Rain:
    """Streaks of rain in three depths, each a tile that falls without end, and their splashes."""

    LAYERS = (  # speed and length in canvas heights, how many, how bright, how thick
        (1.35, 0.028, 1500, 0.17, 0.9),
        (2.0, 0.050, 620, 0.20, 1.2),
        (3.0, 0.100, 150, 0.17, 2.4),
    )

    def __init__(self, stage: Stage, power: float = 1.0, floor: float | None = None) -> None:
        """``floor``: the row (canvas heights) under which drops splash; None: nowhere."""
        self.stage, self.floor = stage, floor
        rng = stage.rng("rain")
        self.slant = (0.14 + 0.10 * rng.random()) * (-1 if rng.random() < 0.5 else 1)
        self.slant *= 2.2 if stage.has("storm", "wind") else 1.0
        lit = stage.light
        self.colour = light(lit.haze) * 0.55 + light("#aab8cc") * 0.10
        self.colour *= power * (1.0 + 0.8 * lit.dark)
        h, w = stage.height, stage.width
        self.tiles = []
        for speed, length, count, shine, thick in self.LAYERS:
            tall = int(h * 1.25)
            tile = np.zeros((tall, w + 64), np.uint8)
            reach = length * h
            for _ in range(int(count * max(0.6, stage.aspect) * 0.9)):
                x, y = rng.random() * tile.shape[1], rng.random() * tall
                size = reach * rng.uniform(0.55, 1.3)
                value = int(255 * shine * rng.uniform(0.3, 1.0))
                width = max(1, round(thick * stage.unit))
                for lift in (0, -tall):  # a drop that leaves below comes in above
                    a = (int(x * 16), int((y + lift) * 16))
                    b = (int((x + size * self.slant) * 16), int((y + lift + size) * 16))
                    cv2.line(tile, a, b, value, width, cv2.LINE_AA, 4)
            soft = cv2.GaussianBlur(tile, (0, 0), 0.4 * thick * stage.unit + 0.25)
            soft = cv2.blur(soft, (1, max(1, int(reach * 0.35))))
            self.tiles.append((speed, soft))

    def draw(self, frame: Array, t: float, view: View) -> None:
        h, w = self.stage.height, self.stage.width
        total = np.zeros((h, w), np.uint8)
        for number, (speed, tile) in enumerate(self.tiles):
            tall, wide = tile.shape
            down = speed * t * h
            across = int(down * self.slant + view.x * h * (0.3 + 0.3 * number)) % wide
            fallen = int(down) % tall
            rows = (np.arange(h) - fallen) % tall
            first = tall - rows[0] if rows[0] else tall
            part = np.empty((h, wide), np.uint8)
            part[: min(first, h)] = tile[rows[0] : rows[0] + min(first, h)]
            if first < h:
                part[first:] = tile[: h - first]
            left = wide - across
            cv2.add(total[:, : min(across, w)], part[:, left : left + min(across, w)],
                    dst=total[:, : min(across, w)])  # fmt: skip
            if across < w:
                cv2.add(total[:, across:], part[:, : w - across], dst=total[:, across:])
        colour = [float(c) / 255 for c in self.colour]

        def work(a: int, b: int) -> None:
            streaks = cv2.merge([np.multiply(total[a:b], c, dtype=np.float32) for c in colour])
            part = frame[a:b]
            cv2.add(part, streaks, dst=part)

        in_bands(self.stage.pool, 0, h, work)
        if self.floor is not None:
            self._splash(frame, t)

    def _splash(self, frame: Array, t: float) -> None:
        """Drops where they strike the ground: a dot that jumps up and is gone."""
        stage = self.stage
        assert self.floor is not None  # noqa: S101 - told to the type checker
        count, life = int(260 * max(0.6, stage.aspect)), 0.22
        x, y, power = [], [], []
        for i in range(count):
            phase = t / life + hash01(stage.seed, i, 1)
            number, p = math.floor(phase), phase % 1.0
            r, q = hash01(stage.seed, i, number, 2), hash01(stage.seed, i, number, 3)
            down = self.floor + (1.02 - self.floor) * q**1.4
            size = 0.002 + 0.010 * (down - self.floor)
            for side in (-1, 1):
                x.append(r * stage.width + side * size * p * stage.height * 1.2)
                y.append((down - size * 4 * p * (1 - p)) * stage.height)
                power.append(0.9 * (1 - p) * (0.3 + q))
        px, py = np.array(x, np.float32), np.array(y, np.float32)
        inside = (px > 2) & (px < stage.width - 4) & (py > 2) & (py < stage.height - 4)
        colour = np.broadcast_to(self.colour * 1.4, (len(px), 3))
        shine = np.minimum(np.array(power, np.float32), 1.2)[inside]
        put_points(frame, px[inside], py[inside], shine, colour[inside], stage.unit)


class Snow:
    """Flakes from far specks to near, soft discs; each falls and sways on its own."""

    def __init__(self, stage: Stage, power: float = 1.0) -> None:
        self.stage = stage
        rng = stage.rng("snowfall")
        heavy = 1.8 if stage.has("storm") else 1.0
        count = int(1500 * heavy * max(0.7, stage.aspect) * power)
        self.near = rng.random(count).astype(np.float32) ** 2.6  # 0 far .. 1 at the lens
        self.x = rng.random(count).astype(np.float32)
        self.y = rng.random(count).astype(np.float32)
        self.sway = rng.random((count, 3)).astype(np.float32)
        self.wind = (0.05 + 0.30 * (heavy > 1)) * (1 if rng.random() < 0.5 else -1)
        lit = stage.light
        self.colour = light("#f2f5fb") * 0.30 * (1 - 0.6 * lit.dark) + light(lit.ambient) * 0.45
        self.colour += light(lit.haze) * 0.2
        self.flat: Array = np.empty((BAND, stage.width, 3), np.float32)
        self.flat[:] = self.colour * 1.9
        self.speed = 1 + 0.6 * (heavy > 1)

    def draw(self, frame: Array, t: float, view: View) -> None:
        stage = self.stage
        near = self.near
        fall = (0.045 + 0.17 * near) * (0.75 + 0.5 * self.sway[:, 0]) * self.speed
        swing = (
            0.012 * (0.3 + near) * np.sin(t * (0.7 + 1.4 * self.sway[:, 1]) + self.sway[:, 2] * 6.3)
        )
        zoom = 1 + (view.zoom - 1) * (0.5 + 2.0 * near)
        y = np.mod(self.y * 1.2 + fall * t, 1.2) - 0.1
        blown = (self.wind * (0.4 + near) * t + view.x * near + swing) / stage.aspect
        x = np.mod(self.x * 1.2 + blown, 1.2) - 0.1
        px = ((x - 0.5) * zoom + 0.5) * stage.width
        py = ((y - 0.5) * zoom + 0.5) * stage.height
        size = (0.7 + 7.0 * near**1.7) * stage.unit
        inside = (px > -20) & (px < stage.width + 20) & (py > -20) & (py < stage.height + 20)
        # Three sheets: sharp specks, flakes, and those out of focus before the lens.
        total = np.zeros(frame.shape[:2], np.uint8)
        for low, high, shrink, soft, share in (
            (0.0, 1.5, 1, 0.0, 190), (1.5, 3.6, 1, 0.9, 205), (3.6, 99.0, 2, 1.6, 130),
        ):  # fmt: skip
            pick = np.flatnonzero(inside & (size >= low * stage.unit) & (size < high * stage.unit))
            self._sheet(total, px[pick], py[pick], size[pick], shrink, soft, share)

        def work(a: int, b: int) -> None:
            cover = np.multiply(total[a:b], np.float32(1 / 255), dtype=np.float32)
            mix(frame[a:b], self.flat[: b - a], cover)

        in_bands(stage.pool, 0, frame.shape[0], work)

    def _sheet(
        self, total: Array, x: Array, y: Array, size: Array, shrink: int, soft: float, share: int
    ) -> None:
        h, w = total.shape[0] // shrink, total.shape[1] // shrink
        mask = np.zeros((h, w), np.uint8)
        at = np.round(np.stack([x, y, size], -1) * (16 / shrink)).astype(int)
        for cx, cy, r in at.tolist():
            cv2.circle(mask, (cx, cy), max(8, r), share, -1, cv2.LINE_AA, 4)
        if soft:
            mask = cv2.GaussianBlur(mask, (0, 0), max(0.5, soft * self.stage.unit))
        if shrink > 1:
            mask = cv2.resize(mask, (total.shape[1], total.shape[0]))
        cv2.max(total, mask, dst=total)


class Lightning:
    """Now and then a flash in the clouds, sometimes with a bolt to the ground."""

    def __init__(self, stage: Stage, often: float = 3.4) -> None:
        self.stage, self.often = stage, often
        self.colour = light("#cfd8ff")

    def draw(self, frame: Array, t: float, view: View) -> None:
        del view
        stage = self.stage
        for number in (math.floor(t / self.often) - 1, math.floor(t / self.often)):
            begin = (number + 0.15 + 0.55 * hash01(stage.seed, number, 1)) * self.often
            age = t - begin
            if not 0.0 <= age < 0.75:
                continue
            flicker = math.exp(-age * 9) + 0.8 * math.exp(-(((age - 0.17) / 0.035) ** 2))
            flicker += 0.5 * math.exp(-(((age - 0.30) / 0.06) ** 2))
            x = stage.width * (0.15 + 0.7 * hash01(stage.seed, number, 2))
            rows = int(stage.horizon)
            y = np.arange(rows, dtype=np.float32)[:, None] / stage.height
            dx = (np.arange(stage.width, dtype=np.float32)[None, :] - np.float32(x)) / stage.height
            halo = np.exp(-np.abs(dx) * 1.6) * np.exp(-y * 1.2) * np.float32(0.55 * flicker)
            frame[:rows] *= (1 + halo * 1.6)[..., None]
            frame[:rows] += (halo * 0.20)[..., None] * self.colour
            if hash01(stage.seed, number, 3) < 0.8:
                self._bolt(frame, x, number, flicker)

    def _bolt(self, frame: Array, x: float, number: int, power: float) -> None:
        stage = self.stage
        rng = np.random.default_rng([stage.seed, number & 0xFFFF])
        mask = np.zeros((int(stage.horizon) + 1, stage.width), np.uint8)
        self._branch(mask, rng, x, 0.0, stage.horizon * 0.99, 2.2 * stage.unit, 255, 3)
        small = cv2.resize(mask, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
        glow = cv2.GaussianBlur(small.astype(np.float32), (0, 0), 3.0 * stage.unit)
        glow = cv2.resize(glow, (mask.shape[1], mask.shape[0]))
        total = mask.astype(np.float32) * (6.0 / 255) + glow * (3.5 / 255)
        frame[: mask.shape[0]] += (total * np.float32(power))[..., None] * self.colour

    def _branch(
        self, mask: Array, rng: np.random.Generator, x: float, y: float, end: float, wide: float,
        value: int, order: int,
    ) -> None:  # fmt: skip
        step = end / 34
        lean = rng.normal(0, 0.3)
        while y < end:
            x1 = x + step * (lean + rng.normal(0, 0.75))
            y1 = y + step * rng.uniform(0.5, 1.2)
            cv2.line(mask, (int(x * 8), int(y * 8)), (int(x1 * 8), int(y1 * 8)), value,
                     max(1, round(wide)), cv2.LINE_AA, 3)  # fmt: skip
            if order > 0 and rng.random() < 0.10:
                self._branch(mask, rng, x1, y1, min(end, y1 + end * rng.uniform(0.1, 0.35)),
                             wide * 0.5, value // 2, order - 1)  # fmt: skip
            x, y = x1, y1


def weather(stage: Stage, floor: float | None = None) -> list[Layer]:
    """What falls and flashes before any outdoor scene, as its words ask."""
    layers: list[Layer] = []
    if stage.has("storm"):
        layers.append(Lightning(stage))
    if stage.has("snow"):
        layers.append(Snow(stage))
    elif stage.has("rain", "storm"):
        layers.append(Rain(stage, 1.0, floor))
    return layers
