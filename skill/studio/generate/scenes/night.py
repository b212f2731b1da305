"""The night sky: stars that twinkle, the Milky Way, a moon with its phase, shooting stars."""

from __future__ import annotations

import math

import cv2
import numpy as np

from . import noise
from .camera import View
from .compositing import in_bands
from .noise import Array, hash01, smooth
from .palette import light
from .sky import Sky
from .stage import Stage

STAR_COLOURS = ("#9db8ff", "#c3d3ff", "#ffffff", "#fff1df", "#ffdcb4", "#ffc48a")


class Stars:
    """Stars over the horizon, turning slowly about a pole; brighter where the sky is dark."""

    def __init__(self, stage: Stage, sky: Sky, veil: float = 1.0) -> None:
        self.stage, self.sky, self.veil = stage, sky, veil
        rng = stage.rng("stars")
        clear = stage.has("stars", "milkyway", "meteor", "aurora") or stage.light.dark >= 1
        span = stage.aspect + 0.6
        count = int((2600 if clear else 900) * max(span, 1.2))
        self.x = ((rng.random(count) - 0.5) * span).astype(np.float32)
        self.y = (rng.random(count) ** 0.8 * 1.15).astype(np.float32)
        # Counts of stars grow by about 2.5 a magnitude; few are bright.
        magnitude = 6.3 - rng.exponential(0.95, count).clip(0, 6.5)
        self.flux = (10 ** (-0.4 * (magnitude - 2.2))).astype(np.float32)
        tint = np.clip(rng.normal(2.0, 1.2, count), 0, len(STAR_COLOURS) - 1).astype(int)
        palette = np.stack([light(colour) / light(colour).max() for colour in STAR_COLOURS])
        self.colour = palette[tint].astype(np.float32)
        self.beat = rng.uniform(2.0, 7.0, count).astype(np.float32)
        self.start = rng.uniform(0, 2 * math.pi, count).astype(np.float32)
        self.pole = (0.35 * stage.aspect * (-1 if sky.sun_x > 0 else 1), 0.75)
        self.turn = 0.0032 * (8.0 if stage.camera.pace == "timelapse" else 1.0)

    def draw(self, frame: Array, t: float, view: View) -> None:
        stage = self.stage
        zoom, dx, dy = view.at(self.sky.depth * 0.6)
        angle = self.turn * t
        cos, sin = math.cos(angle), math.sin(angle)
        px, py = self.x - self.pole[0], self.y - self.pole[1]
        u = px * cos - py * sin + self.pole[0]
        e = px * sin + py * cos + self.pole[1]
        x = stage.width / 2 + (u + dx) * zoom * stage.height
        y = stage.horizon + (dy - e) * zoom * stage.height
        twinkle = 1 + 0.32 * np.sin(self.beat * t + self.start) * smooth(0.9, 0.1, e)
        strength = self.flux * twinkle * smooth(0.0, 0.22, e) * stage.light.stars * self.veil
        inside = (x > 1) & (x < stage.width - 3) & (y > 1) & (y < stage.horizon - 2)
        if self.sky.clear is not None:
            h, w = self.sky.clear.shape
            row = np.clip((y / self.sky.rows * h).astype(int), 0, h - 1)
            column = np.clip((x / stage.width * w).astype(int), 0, w - 1)
            strength *= self.sky.clear[row, column] ** 2
        inside &= strength > 0.01
        put_points(frame, x[inside], y[inside], strength[inside], self.colour[inside], stage.unit)


def put_points(
    frame: Array, x: Array, y: Array, strength: Array, colour: Array, unit: float = 1.0
) -> None:
    """Add points of light to the frame, each spread over a few pixels so that none jumps.

    ``x`` and ``y`` in pixels, at least two inside the border; ``colour`` (n, 3) scene light.
    """
    height, width = frame.shape[:2]
    x0, y0 = np.floor(x - 0.5).astype(np.int64), np.floor(y - 0.5).astype(np.int64)
    fx, fy = (x - 0.5 - x0).astype(np.float32), (y - 0.5 - y0).astype(np.float32)
    flat = frame.reshape(-1, 3)
    size = max(1.0, unit)
    energy = (strength * size)[:, None] * colour
    for oy, ox in ((0, 0), (0, 1), (1, 0), (1, 1)):
        weight = (fx if ox else 1 - fx) * (fy if oy else 1 - fy)
        np.add.at(flat, (y0 + oy) * width + x0 + ox, energy * weight[:, None])
    bright = np.flatnonzero(strength > 1.3)
    for i in bright:
        reach = int(min(9, 2 + strength[i] ** 0.5) * max(1.0, unit))
        a, b = int(x[i]) - reach, int(y[i]) - reach
        if a < 0 or b < 0 or a + 2 * reach >= width or b + 2 * reach >= height:
            continue
        gy, gx = np.ogrid[b : b + 2 * reach + 1, a : a + 2 * reach + 1]
        d2 = ((gx + 0.5 - x[i]) ** 2 + (gy + 0.5 - y[i]) ** 2) / max(1.0, unit) ** 2
        halo = (np.exp(-d2 / 1.1) * 0.6 + np.exp(-np.sqrt(d2) / 1.2) * 0.10).astype(np.float32)
        frame[b : b + 2 * reach + 1, a : a + 2 * reach + 1] += halo[..., None] * (
            colour[i] * min(strength[i], 14.0) * 0.8
        )


class MilkyWay:
    """A band of unresolved stars across the sky, with lanes of dust and a warm core."""

    def __init__(self, stage: Stage, sky: Sky) -> None:
        self.stage, self.sky = stage, sky
        rng = stage.rng("milky way")
        h, w = max(2, stage.height // 2), max(2, int(stage.height * (stage.aspect + 0.3)) // 2)
        y, x = np.mgrid[0:h, 0:w].astype(np.float32) / h
        x -= w / h / 2
        lean = 0.55 if rng.random() < 0.5 else -0.55
        size = 1024
        bend = noise.spectral(rng, size, size, 1.9, 3.0)
        dust = noise.spectral(rng, size, size, 1.45, 4.0)
        clouds = noise.even(noise.spectral(rng, size, size, 1.1, 6.0))
        gx, gy = x * 420 + 200, y * 420
        across = (x - lean * (0.75 - y)) * 0.88 + 0.035 * noise.sample(bend, gx * 0.6, gy * 0.6)
        core = np.exp(-(((y - 0.58) / 0.30) ** 2))
        band = np.exp(-((across / (0.13 + 0.05 * core)) ** 2))
        heart = np.exp(-((across / (0.06 + 0.035 * core)) ** 2)) * (0.35 + 0.65 * core)
        lanes = noise.sample(dust, gx * 1.5, gy * 1.5) - 1.2 * np.abs(across) / 0.1 + 0.35
        lanes = smooth(-0.3, 1.4, lanes) * np.exp(-((across / 0.09) ** 2))
        grain = 0.35 + 1.2 * noise.sample(clouds, gx * 2.3, gy * 2.3)
        glow = (0.16 * band * (0.4 + grain) + 0.52 * heart * grain) * (1 - 0.86 * lanes)
        pink = np.clip(noise.sample(bend, gx * 1.7 + 99, gy * 1.7) - 1.5, 0, 1) * heart
        cool, warm, rose = light("#6f82bd"), light("#d2b094"), light("#c8507c")
        mix = np.clip(heart * core * 1.25, 0, 1)[..., None]
        self.picture: Array = (
            (
                glow[..., None] * (cool * (1 - mix) + warm * mix) * 0.85
                + pink[..., None] * rose * 0.4
            )
            * smooth(1.02, 0.60, y)[..., None]
        ).astype(np.float32)
        # Far more faint stars in the band than about it.
        spots = np.maximum(rng.standard_exponential((h, w), dtype=np.float32) - 3.4, 0)
        faint = smooth(1.0, 0.7, y) * spots * band * (1 - 0.8 * lanes)
        self.picture *= 0.85
        self.picture += faint[..., None].astype(np.float32) * light("#dfe6ff") * 0.16

    def draw(self, frame: Array, t: float, view: View) -> None:
        stage = self.stage
        zoom, dx, dy = view.at(self.sky.depth * 0.6)
        h, w = self.picture.shape[:2]
        scale = stage.height * 1.08 * zoom / h
        turn = 0.0032 * (8.0 if stage.camera.pace == "timelapse" else 1.0) * t * 0.6
        matrix = cv2.getRotationMatrix2D((w / 2, h * 0.4), math.degrees(turn), scale)
        matrix[0, 2] += stage.width / 2 + dx * stage.height - w / 2
        matrix[1, 2] += stage.horizon - 0.6 * stage.height + dy * stage.height
        rows = int(stage.horizon) + 1

        def work(a: int, b: int) -> None:
            moved = matrix.copy()
            moved[1, 2] -= a
            part = frame[a:b]
            cv2.add(part, cv2.warpAffine(self.picture, moved, (stage.width, b - a)), dst=part)

        in_bands(stage.pool, 0, rows, work)


class Moon:
    """The moon with maria, limb and phase; ``share`` 0 new .. 1 full."""

    def __init__(self, stage: Stage, sky: Sky, share: float = 1.0) -> None:
        self.stage, self.sky = stage, sky
        rng = stage.rng("moon")
        radius = 0.038 if stage.has("moon") else 0.026
        self.radius = radius * min(stage.height, stage.width * 1.2)
        size = max(12, int(self.radius * 2.2))
        y, x = (np.mgrid[0:size, 0:size].astype(np.float32) + 0.5 - size / 2) / (self.radius)
        r2 = x * x + y * y
        z = np.sqrt(np.maximum(1 - r2, 0))
        tile = noise.spectral(rng, 256, 256, 1.9, 2.0)
        craters = noise.spectral(rng, 256, 256, 0.9, 10.0)
        maria = noise.sample(tile, x * 48 + 90, y * 48 + 60)
        face = 0.86 - 0.30 * smooth(0.1, 1.3, maria) + 0.05 * noise.sample(craters, x * 60, y * 60)
        # The sun's direction: full from behind us, a crescent from the side.
        angle = math.acos(np.clip(2 * share - 1, -1, 1))
        lit = x * math.sin(angle) * (-1 if rng.random() < 0.5 else 1) + z * math.cos(angle)
        shade = smooth(-0.04, 0.22, lit) * (0.55 + 0.45 * np.clip(lit, 0, 1)) + 0.006
        edge = smooth(1.0 + 1.6 / self.radius, 1.0 - 1.6 / self.radius, np.sqrt(r2))
        colour = light("#f3ead9") if stage.light.dark >= 0.9 else light("#e9e6e6")
        self.picture: Array = (face * shade * edge)[..., None] * colour * 2.1
        self.cover: Array = edge
        self.share = share

    def draw(self, frame: Array, t: float, view: View) -> None:
        del t
        x, y = self.sky.sun_at(view)
        size = self.cover.shape[0]
        matrix = np.array([[1, 0, x - size / 2], [0, 1, y - size / 2]], np.float64)
        x0, y0 = max(0, int(x - size / 2) - 1), max(0, int(y - size / 2) - 1)
        x1, y1 = min(frame.shape[1], x0 + size + 3), min(frame.shape[0], y0 + size + 3)
        if x1 - x0 < 2 or y1 - y0 < 2:
            return
        matrix[:, 2] -= (x0, y0)
        part = frame[y0:y1, x0:x1]
        picture = cv2.warpAffine(self.picture, matrix, (x1 - x0, y1 - y0))
        cover = cv2.warpAffine(self.cover, matrix, (x1 - x0, y1 - y0))
        part *= (1 - cover * 0.9)[..., None]
        part += picture


class Meteors:
    """Shooting stars: a bright head, a tail that thins out; now and then, or a shower."""

    def __init__(self, stage: Stage, sky: Sky, often: float = 3.2) -> None:
        self.stage, self.sky, self.often = stage, sky, often

    def draw(self, frame: Array, t: float, view: View) -> None:
        del view
        stage = self.stage
        first = math.floor((t - 1.2) / self.often)
        for number in range(first, first + 3):
            r = [hash01(stage.seed, number, i) for i in range(6)]
            begin = number * self.often + r[0] * self.often * 0.7 + 0.25
            life = 0.55 + 0.45 * r[1]
            p = (t - begin) / life
            if not 0.0 < p < 1.25:
                continue
            slope = 0.42 + 0.35 * r[2]
            length = (0.28 + 0.22 * r[3]) * stage.height
            side = -1 if r[4] < 0.5 else 1
            x0 = stage.width * (0.5 - side * (0.10 + 0.32 * r[5]))
            y0 = stage.horizon * (0.08 + 0.30 * r[3])
            head, tail = min(p, 1.0), max(0.0, p - 0.55)
            power = math.sin(math.pi * min(1.0, p / 1.25)) ** 0.7
            self._streak(frame, x0, y0, side * length, slope * length, tail, head, power)

    def _streak(
        self, frame: Array, x: float, y: float, dx: float, dy: float,
        tail: float, head: float, power: float,
    ) -> None:  # fmt: skip
        steps = max(8, int(math.hypot(dx, dy) * (head - tail) * 1.6))
        at = np.linspace(tail, head, steps, dtype=np.float32)
        fade = ((at - tail) / max(head - tail, 1e-3)) ** 2.2
        px, py = x + dx * at, y + dy * at
        inside = (px > 3) & (px < frame.shape[1] - 4) & (py > 3) & (py < self.stage.horizon - 4)
        colour = np.broadcast_to(light("#e8f0ff"), (steps, 3))
        for shift, share in ((0.0, 1.0), (0.7, 0.5), (-0.7, 0.5)):
            put_points(
                frame, px[inside], py[inside] + shift * self.stage.unit,
                np.minimum(fade[inside] * power * 1.25 * share, 1.25), colour[inside],
            )  # fmt: skip
