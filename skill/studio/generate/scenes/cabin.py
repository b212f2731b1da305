"""A cabin with its lamp lit: timber, panes, smoke from the chimney."""

from __future__ import annotations

import cv2
import numpy as np

from . import noise
from .camera import View
from .noise import Array, smooth
from .palette import beam, light
from .plates import Plate
from .stage import Stage


class Cabin:
    """A cabin, its foot at row ``foot`` and to one ``side`` of the middle (canvas heights)."""

    def __init__(self, stage: Stage, foot: float, side: float) -> None:
        self.stage = stage
        h = stage.height
        size = int(0.085 * h)
        place = side * min(0.26, stage.aspect * 0.22)
        rows, width = size * 2, int(size * 2.6)
        colour = np.zeros((rows, width, 3), np.float32)
        cover = np.zeros((rows, width), np.float32)
        lit = stage.light
        shine = light(lit.ambient) * 0.8 + beam(lit) * 0.15
        wood, snow = light("#5a4030") * shine, light("#e9eef5") * (shine * 0.9)
        if not stage.has("snow", "snowy"):
            snow = light("#4a3b34") * shine  # a roof of shingles
        x0, x1, floor = int(width * 0.2), int(width * 0.8), rows - 2
        wall = floor - int(size * 0.62)
        planks = 1 - 0.25 * (np.arange(wall, floor) % max(2, size // 11) == 0)
        colour[wall:floor, x0:x1] = wood * planks[:, None, None]
        cover[wall:floor, x0:x1] = 1
        eaves, over = wall + size * 0.06, size * 0.16
        roof = np.array(
            [(x0 - over, eaves), ((x0 + x1) / 2, wall - size * 0.52), (x1 + over, eaves)]
        )
        mask = np.zeros((rows, width), np.uint8)
        cv2.fillPoly(mask, [np.int32(roof * 16)], 255, cv2.LINE_AA, 4)
        stack = (int(x1 - size * 0.42), wall - int(size * 0.55), int(size * 0.13), int(size * 0.4))
        mask[stack[1] : stack[1] + stack[3], stack[0] : stack[0] + stack[2]] = 255
        share = mask.astype(np.float32)[..., None] / 255
        colour += (snow - colour) * share
        np.maximum(cover, share[..., 0], out=cover)
        colour[stack[1] + 3 : stack[1] + stack[3], stack[0] : stack[0] + stack[2]] = wood * 0.6
        lamp = light("#ffb85c") * (0.6 + 1.5 * lit.dark)
        for k in (0.30, 0.62):
            px, py, w = int(x0 + (x1 - x0) * k), int(wall + size * 0.18), int(size * 0.17)
            colour[py : py + int(w * 1.2), px : px + w] = lamp
            colour[py : py + int(w * 1.2), px + w // 2] *= 0.35
            colour[py + int(w * 0.6), px : px + w] *= 0.35
        left = stage.width / 2 + place * h - width / 2
        self.plate = Plate(stage, colour, cover, left, foot * h - rows, 0.62)
        self.stack = (left + stack[0] + stack[2] / 2, foot * h - rows + stack[1])
        self.window = (left + width / 2, foot * h - size * 0.35)
        self.lamp = light("#ffb060") * lit.dark
        self.tile = noise.spectral(stage.rng("smoke"), 256, 256, 1.6, 4.0)
        self.size = size

    def draw(self, frame: Array, t: float, view: View) -> None:
        self.plate.draw(frame, t, view)
        matrix = self.plate.place(view)
        zoom = matrix[0, 0]
        wx = matrix[0, 2] + (self.window[0] - self.plate.left) * zoom
        wy = matrix[1, 2] + (self.window[1] - self.plate.top) * zoom
        self._pool(frame, wx, wy + self.size * 0.45 * zoom, zoom)
        sx = matrix[0, 2] + (self.stack[0] - self.plate.left) * zoom
        sy = matrix[1, 2] + (self.stack[1] - self.plate.top) * zoom
        self._smoke(frame, sx, sy, t, zoom)

    def _pool(self, frame: Array, x: float, y: float, zoom: float) -> None:
        """Lamplight on the snow before the house."""
        r = int(self.size * 2.2 * zoom)
        x0, x1 = max(0, int(x) - r), min(frame.shape[1], int(x) + r)
        y0, y1 = max(0, int(y) - r), min(frame.shape[0], int(y) + r)
        if x1 - x0 < 2 or y1 - y0 < 2:
            return
        gy, gx = np.ogrid[y0:y1, x0:x1]
        d2 = ((gx - x) / (r * 0.42)) ** 2 + ((gy - y) / (r * 0.22)) ** 2
        glow = np.exp(-d2).astype(np.float32)[..., None] * 0.16
        frame[y0:y1, x0:x1] += glow * self.lamp

    def _smoke(self, frame: Array, x: float, y: float, t: float, zoom: float) -> None:
        tall, wide = int(self.size * 2.4 * zoom), int(self.size * 1.6 * zoom)
        x0, y0 = int(x - wide * 0.35), int(y - tall)
        if x0 < 0 or y0 < 0 or x0 + wide >= frame.shape[1] or y0 + tall >= frame.shape[0]:
            return
        gy, gx = np.mgrid[0:tall, 0:wide].astype(np.float32)
        up = 1 - gy / tall
        scale = np.float32(60.0 / wide)
        n = noise.sample(self.tile, gx * scale * 1.5, gy * scale + t * 20)
        middle = wide * 0.35 + up**1.4 * wide * 0.30 + n * up * wide * 0.07
        spread = wide * (0.035 + 0.12 * up)
        share = np.exp(-(((gx - middle) / spread) ** 2)) * smooth(0.0, 0.04, up) * (1 - up) ** 1.2
        share = share * np.clip(0.55 + 0.3 * n, 0, 1) * 0.55
        part = frame[y0 : y0 + tall, x0 : x0 + wide]
        smoke = light(self.stage.light.haze) * 1.15
        part += (smoke - part) * share[..., None].astype(np.float32)
