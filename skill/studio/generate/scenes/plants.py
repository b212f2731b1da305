"""Low plants as cut-outs: grass, ferns, reeds, flowers; and plates that sway in the wind."""

from __future__ import annotations

import math

import cv2
import numpy as np

from . import noise
from .camera import View
from .compositing import in_bands, mix
from .noise import Array
from .plates import Plate
from .stage import Stage

SHIFT = 4
STEPS = np.array([0.0, 0.3, 0.6, 0.85, 1.0])


class Bed:
    """A plate in the making: 8-bit square roots of light and cover, painted plant by plant from
    back to front."""

    def __init__(self, height: int, width: int) -> None:
        self.image = np.zeros((height, width, 4), np.uint8)

    def poly(self, points: Array, colour: Array) -> None:
        """A filled outline; ``colour`` scene light up to 4."""
        r, g, b = (min(255.0, max(0.0, float(c)) ** 0.5 * 127.5) for c in colour)
        fixed = (points * (1 << SHIFT) + 0.5).astype(np.int32)
        cv2.fillPoly(self.image, [fixed], (r, g, b, 255), cv2.LINE_AA, SHIFT)

    def light(self) -> tuple[Array, Array]:
        """The colour as scene light, and the cover 0..1."""
        colour = self.image[..., :3].astype(np.float32) / 127.5
        cover = self.image[..., 3].astype(np.float32) / 255
        # Edges were mixed with black: undo that where the cover is partial.
        solid = np.maximum(cover, 0.2)[..., None]
        return (colour / solid) ** 2 * (cover > 0)[..., None], cover


def blade(
    bed: Bed, rng: np.random.Generator, x: float, y: float, tall: float, wide: float, lean: float,
    colour: Array,
) -> tuple[float, float]:  # fmt: skip
    """A blade of grass from (x, y) up; gives its tip."""
    steps = STEPS
    bend = lean * tall * (steps**1.8) * rng.uniform(0.6, 1.4)
    mx = x + bend
    my = y - tall * steps * (1 - 0.18 * abs(lean) * steps)
    half = wide / 2 * (1 - steps**1.5) + 0.12
    points = np.concatenate([np.stack([mx - half, my], -1), np.stack([mx + half, my], -1)[::-1]])
    bed.poly(points, colour * rng.uniform(0.7, 1.25))
    return float(mx[-1]), float(my[-1])


def grass(
    bed: Bed, rng: np.random.Generator, ground: Array, count: int, tall: float, wide: float,
    colours: list[Array], lean: float = 0.35, rows: float = 0.0,
) -> None:  # fmt: skip
    """Grass over the line ``ground`` (a row for each column), spread ``rows`` pixels below it."""
    width = ground.size
    x = rng.uniform(-10, width + 10, count)
    down = np.sort(rng.random(count)) * rows
    for at, below in zip(x, down, strict=True):
        foot = ground[int(np.clip(at, 0, width - 1))] + below + 2
        high = tall * rng.uniform(0.35, 1.0) ** 1.2 * (0.7 + 0.3 * (below / rows if rows else 1))
        side = rng.normal(0.0, lean)
        blade(bed, rng, at, foot, high, wide * rng.uniform(0.6, 1.3), side,
              colours[int(rng.integers(len(colours)))])  # fmt: skip


def fern(
    bed: Bed, rng: np.random.Generator, x: float, y: float, size: float, colour: Array
) -> None:
    """A fern: fronds from one root, each with leaflets along an arching rib."""
    for _ in range(int(rng.integers(6, 10))):
        side = rng.uniform(-1.0, 1.0)
        length = size * rng.uniform(0.7, 1.1)
        shade = colour * rng.uniform(0.6, 1.3)
        px, py = x, y
        heading = side * 0.5
        for i in range(14):
            p = i / 14
            heading += side * 0.11 + 0.03 * math.copysign(1, side)
            nx = px + math.sin(heading) * length / 14
            ny = py - math.cos(heading) * length / 14
            leaf = length * 0.20 * (1 - p) ** 0.7 * min(1.0, 0.3 + 3 * p)
            for turn in (-1.15, 1.15):
                lx = px + math.sin(heading + turn) * leaf
                ly = py - math.cos(heading + turn) * leaf + leaf * 0.15
                bed.poly(np.array([(px, py), ((px + lx) / 2 + 0.5, (py + ly) / 2 - leaf * 0.12),
                                   (lx, ly), (nx, ny)]), shade)  # fmt: skip
            px, py = nx, ny


def flower(
    bed: Bed, rng: np.random.Generator, x: float, y: float, size: float, colour: Array,
    heart: Array, petals: int = 6, tilt: float = 0.6,
) -> None:  # fmt: skip
    """A flower head seen at a slant (``tilt`` 0 edge on .. 1 full face)."""
    turn = rng.random() * 6.28
    for i in range(petals):
        angle = turn + i * 2 * math.pi / petals
        wide = 2.2 / petals
        reach = size * rng.uniform(0.85, 1.1)
        arc = np.array([-1.0, -0.55, 0.0, 0.55, 1.0])
        radius = np.array([0.45, 0.92, 1.0, 0.92, 0.45]) * reach
        px = x + np.cos(angle + arc * wide) * radius
        py = y + np.sin(angle + arc * wide) * radius * tilt
        points = np.concatenate([[(x, y)], np.stack([px, py], -1)])
        light_side = 1.0 - 0.25 * math.sin(angle)
        bed.poly(points, colour * rng.uniform(0.85, 1.1) * light_side)
    ring = np.linspace(0, 2 * math.pi, 9)[:-1]
    points = np.stack([x + np.cos(ring) * size * 0.28, y + np.sin(ring) * size * 0.28 * tilt], -1)
    bed.poly(points, heart)


class Swaying(Plate):
    """A plate of plants rooted at row ``foot`` of it (pixels) that bends in the wind."""

    def __init__(
        self, stage: Stage, colour: Array, cover: Array, left: float, top: float, depth: float,
        foot: float, tall: float, power: float = 1.0,
    ) -> None:  # fmt: skip
        super().__init__(stage, colour, cover, left, top, depth)
        self.foot, self.tall = foot, max(tall, 1.0)
        self.power = power * (2.0 if stage.has("wind", "storm") else 1.0)
        self.gusts = noise.spectral(stage.rng("gusts"), 256, 256, 1.9, 3.0)

    def draw(self, frame: Array, t: float, view: View) -> None:
        stage, matrix = self.stage, self.place(view)
        zoom, left, top = matrix[0, 0], matrix[0, 2], matrix[1, 2]
        y0 = max(0, int(top))
        y1 = min(stage.height, int(top + self.size[0] * zoom))
        if y1 - y0 < 2:
            return
        small_h, small_w = max(2, (y1 - y0) // 8), max(2, stage.width // 16)
        x = ((np.arange(small_w, dtype=np.float32) + 0.5) * stage.width / small_w)[None, :]
        y = ((np.arange(small_h, dtype=np.float32) + 0.5) * (y1 - y0) / small_h + y0)[:, None]
        u, v = (x - np.float32(left)) / np.float32(zoom), (y - np.float32(top)) / np.float32(zoom)
        rise = np.clip((self.foot - v) / self.tall, 0.0, 1.4) ** 1.6
        gust = noise.sample(
            self.gusts, u * (90 / stage.height) - t * 26, np.zeros_like(u) + t * 3.0
        )
        quick = np.sin(t * 2.6 + u * np.float32(16 / stage.height))
        bend = (
            rise * (gust * 0.75 + 0.35 + quick * 0.18) * np.float32(0.10 * self.tall * self.power)
        )
        bend = np.clip(bend, -0.05 * stage.height, 0.05 * stage.height)
        u, v = np.broadcast_arrays(u, v)
        size = (stage.width, y1 - y0)
        across = cv2.resize(np.ascontiguousarray(u - bend), size, interpolation=cv2.INTER_LINEAR)
        down = cv2.resize(np.ascontiguousarray(v), size, interpolation=cv2.INTER_LINEAR)

        def work(a: int, b: int) -> None:
            image = cv2.remap(self.picture.image, across[a:b], down[a:b], cv2.INTER_LINEAR)
            mix(frame[y0 + a : y0 + b], *self.picture.light(image))

        in_bands(stage.pool, 0, y1 - y0, work)
