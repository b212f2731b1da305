"""Small things in the air: motes in the light, fireflies, embers, leaves, blown sand."""

from __future__ import annotations

import math

import cv2
import numpy as np

from .camera import View
from .night import put_points
from .noise import Array, smooth
from .palette import beam, light
from .stage import Stage


class Motes:
    """Dust in the light, or pollen: points that wander and glint."""

    def __init__(self, stage: Stage, colour: Array, count: int = 160, power: float = 0.5) -> None:
        self.stage, self.colour, self.power = stage, colour, power
        rng = stage.rng("motes")
        self.r = rng.random((int(count * max(0.7, stage.aspect)), 6)).astype(np.float32)

    def draw(self, frame: Array, t: float, view: View) -> None:
        stage, r = self.stage, self.r
        near = r[:, 2] ** 2
        x = np.mod(
            r[:, 0] + 0.010 * t * (r[:, 3] - 0.3) + 0.02 * np.sin(t * 0.5 + 6.3 * r[:, 4]), 1
        )
        y = np.mod(
            r[:, 1] - 0.008 * t * (0.3 + r[:, 5]) + 0.015 * np.sin(t * 0.4 + 6.3 * r[:, 3]), 1
        )
        zoom = 1 + (view.zoom - 1) * (0.6 + near)
        px = ((x - 0.5) * zoom + 0.5 + view.x * near / stage.aspect) * stage.width
        py = ((y - 0.5) * zoom + 0.5) * stage.height
        glint = 0.35 + 0.65 * smooth(0.2, 1.0, np.sin(t * (0.6 + r[:, 4]) + 6.3 * r[:, 5]))
        inside = (px > 10) & (px < stage.width - 11) & (py > 10) & (py < stage.height - 11)
        power = (0.25 + 1.4 * near) * glint * self.power
        colour = np.broadcast_to(self.colour, (len(px), 3))
        put_points(frame, px[inside], py[inside], power[inside], colour[inside], stage.unit)


class Fireflies:
    """Fireflies: each glows up and fades at its own beat while it wanders."""

    def __init__(self, stage: Stage, top: float, count: int = 70) -> None:
        self.stage, self.top = stage, top
        rng = stage.rng("fireflies")
        self.r = rng.random((int(count * max(0.7, stage.aspect)), 7)).astype(np.float32)
        self.colour = light("#d8ff6a")

    def draw(self, frame: Array, t: float, view: View) -> None:
        stage, r = self.stage, self.r
        near = r[:, 2]
        turn = t * (0.25 + 0.4 * r[:, 3])
        x = (
            r[:, 0]
            + 0.05 * np.sin(turn + 6.3 * r[:, 4])
            + 0.02 * np.sin(turn * 2.3 + 6.3 * r[:, 5])
        )
        y = self.top + (0.98 - self.top) * r[:, 1] + 0.03 * np.sin(turn * 1.4 + 6.3 * r[:, 6])
        zoom = 1 + (view.zoom - 1) * (0.5 + near)
        px = ((x - 0.5) * zoom + 0.5 + view.x * near / stage.aspect) * stage.width
        py = ((y - 0.5) * zoom + 0.5) * stage.height
        glow = smooth(0.3, 0.95, np.sin(t * (1.0 + 1.2 * r[:, 5]) + 6.3 * r[:, 6]))
        power = (0.6 + 5.0 * near**2) * glow
        inside = (px > 12) & (px < stage.width - 13) & (py > 12) & (py < stage.height - 13)
        colour = np.broadcast_to(self.colour, (len(px), 3))
        put_points(frame, px[inside], py[inside], power[inside], colour[inside], stage.unit * 1.3)


class Leaves:
    """Falling leaves: they tumble, swing and turn; near ones are large."""

    def __init__(self, stage: Stage, colours: tuple[str, ...], count: int = 46) -> None:
        self.stage = stage
        rng = stage.rng("leaves")
        self.r = rng.random((int(count * max(0.7, stage.aspect)), 7)).astype(np.float32)
        shine = light(stage.light.ambient) * 1.3 + beam(stage.light) * 0.3
        pick = rng.integers(0, len(colours), len(self.r))
        self.colour = np.stack([light(colours[i]) * shine for i in pick])

    def draw(self, frame: Array, t: float, view: View) -> None:
        stage = self.stage
        for row, colour in zip(self.r, self.colour, strict=True):
            x, y, near, a, b, c, d = (float(v) for v in row)
            fall = 0.05 + 0.12 * near + 0.03 * a
            y = (y * 1.3 + fall * t) % 1.3 - 0.15
            x = (x * 1.3 + 0.025 * t * (1 + near) + 0.035 * math.sin(t * (1 + a) + 6.3 * b)
                 + view.x * near / stage.aspect) % 1.3 - 0.15  # fmt: skip
            size = (3.0 + 13.0 * near**2) * stage.unit
            turn, flip = t * (1.5 + 3 * c) + 6.3 * d, math.cos(t * (2 + 3 * b) + 6.3 * a)
            px, py = x * stage.width, y * stage.height
            reach = int(size * 1.6) + 2
            x0, y0 = int(px) - reach, int(py) - reach
            if x0 < 0 or y0 < 0 or x0 + 2 * reach >= stage.width or y0 + 2 * reach >= stage.height:
                continue
            gy, gx = np.mgrid[0 : 2 * reach, 0 : 2 * reach].astype(np.float32)
            gx, gy = gx + x0 - px, gy + y0 - py
            u = (gx * math.cos(turn) + gy * math.sin(turn)) / size
            v = (-gx * math.sin(turn) + gy * math.cos(turn)) / (size * (0.25 + 0.6 * abs(flip)))
            edge = np.abs(v) - 0.75 * np.clip(1 - u * u, 0, 1) ** 0.8
            soft = 1.2 / size + 0.12 * near
            share = smooth(soft, -soft, edge) * (np.abs(u) < 1)
            part = frame[y0 : y0 + 2 * reach, x0 : x0 + 2 * reach]
            part += (colour * (0.7 + 0.5 * abs(flip)) - part) * (share * 0.95)[..., None]


class Bokeh:
    """Soft discs of light out of focus, drifting."""

    def __init__(
        self, stage: Stage, colours: Array, count: int = 40, size: float = 0.05,
        top: float = 0.0, bottom: float = 1.0, power: float = 0.35, drift: float = 1.0,
    ) -> None:  # fmt: skip
        self.stage, self.size, self.power, self.drift = stage, size, power, drift
        self.top, self.bottom = top, bottom
        rng = stage.rng("bokeh")
        self.r = rng.random((int(count * max(0.7, stage.aspect)), 6)).astype(np.float32)
        self.colour = colours[rng.integers(0, len(colours), len(self.r))]

    def draw(self, frame: Array, t: float, view: View) -> None:
        stage = self.stage
        h, w = max(2, stage.height // 2), max(2, stage.width // 2)
        sheet = np.zeros((h, w, 3), np.float32)
        for row, colour in zip(self.r, self.colour, strict=True):
            x, y, s, a, b, c = (float(v) for v in row)
            x += self.drift * (0.010 * t * (a - 0.5) + 0.015 * math.sin(t * 0.35 + 6.3 * b))
            y += self.drift * (-0.006 * t * (0.4 + c) + 0.012 * math.sin(t * 0.3 + 6.3 * a))
            x = (x + view.x * s / stage.aspect) % 1.0
            y = self.top + (self.bottom - self.top) * (y % 1.0)
            radius = self.size * stage.height * (0.35 + 0.9 * s) / 2
            beat = 0.55 + 0.45 * math.sin(t * (0.4 + 0.6 * c) + 6.3 * a)
            # Lights fade where they would leave the canvas, so that none pops.
            fade = min(1.0, 8 * min(row[0] * 0 + x, 1 - x)) if self.drift else 1.0
            self._disc(sheet, x * w, y * h, radius, colour * (self.power * beat * max(fade, 0.0)))
        big = cv2.resize(sheet, (stage.width, stage.height), interpolation=cv2.INTER_LINEAR)
        cv2.add(frame, big, dst=frame)

    @staticmethod
    def _disc(sheet: Array, x: float, y: float, r: float, colour: Array) -> None:
        x0, y0 = max(0, int(x - r) - 2), max(0, int(y - r) - 2)
        x1, y1 = min(sheet.shape[1], int(x + r) + 3), min(sheet.shape[0], int(y + r) + 3)
        if x1 <= x0 or y1 <= y0:
            return
        gx = np.arange(x0, x1, dtype=np.float32) + 0.5 - x
        gy = np.arange(y0, y1, dtype=np.float32) + 0.5 - y
        d = np.sqrt(gx[None, :] ** 2 + gy[:, None] ** 2) / max(r, 1.0)
        # A lens draws discs with a slightly brighter rim.
        disc = smooth(1.04, 0.94, d) * (0.62 + 0.38 * smooth(0.55, 0.98, d))
        sheet[y0:y1, x0:x1] += disc[..., None] * colour
