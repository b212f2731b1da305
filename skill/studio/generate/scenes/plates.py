"""Plates: parts of a scene painted once, larger than the canvas, and moved by the camera."""

from __future__ import annotations

import cv2
import numpy as np

from . import noise
from .camera import View
from .noise import Array, smooth
from .palette import light
from .stage import Stage


class Plate:
    """A painted cut-out: ``colour`` (h, w, 3) scene light and ``cover`` (h, w) 0..1, its top left
    corner at (``left``, ``top``) pixels of the canvas at rest. ``depth`` 0 far .. 1 near."""

    def __init__(
        self, stage: Stage, colour: Array, cover: Array, left: float, top: float, depth: float
    ) -> None:
        self.stage, self.depth, self.left, self.top = stage, depth, left, top
        self.colour = np.ascontiguousarray(colour, np.float32)
        self.cover = np.ascontiguousarray(cover, np.float32)

    def place(self, view: View) -> Array:
        """The matrix from the plate's pixels to the canvas: zoom about the vanishing point."""
        stage = self.stage
        zoom, dx, dy = view.at(self.depth)
        x, y = stage.width / 2, stage.horizon
        return np.array(
            [
                [zoom, 0, x + (self.left - x) * zoom + dx * stage.height],
                [0, zoom, y + (self.top - y) * zoom + dy * stage.height],
            ]
        )

    def draw(self, frame: Array, t: float, view: View) -> None:
        del t
        blend(frame, self.colour, self.cover, self.place(view))


def blend(frame: Array, colour: Array, cover: Array, matrix: Array) -> None:
    """Lay a cut-out over the frame through an affine matrix (no rotation)."""
    h, w = cover.shape
    corners = matrix @ np.array([[0, w], [0, h], [1, 1]], np.float64)
    x0, x1 = max(0, int(corners[0, 0])), min(frame.shape[1], int(np.ceil(corners[0, 1])))
    y0, y1 = max(0, int(corners[1, 0])), min(frame.shape[0], int(np.ceil(corners[1, 1])))
    if x1 - x0 < 1 or y1 - y0 < 1:
        return
    moved = matrix.copy()
    moved[:, 2] -= (x0, y0)
    size = (x1 - x0, y1 - y0)
    part = frame[y0:y1, x0:x1]
    over = cv2.warpAffine(colour, moved, size, borderMode=cv2.BORDER_REPLICATE)
    share = cv2.warpAffine(cover, moved, size)
    part[:] = cv2.blendLinear(over, np.ascontiguousarray(part), share, 1.0 - share)


def margin(stage: Stage, depth: float) -> int:
    """Pixels that a plate must reach beyond the canvas' sides for the camera's movement."""
    zoom, shift = stage.camera.reach
    smallest = 1.0  # plates are never shown smaller than painted
    del zoom
    return int(np.ceil(shift * depth * stage.height * smallest)) + 4


class Mist:
    """A bank of mist that drifts between plates, thickest at row ``at`` (canvas heights)."""

    SHRINK = 6

    def __init__(
        self, stage: Stage, name: str, at: float, tall: float, power: float, depth: float,
        colour: Array | None = None, speed: float = 1.0,
    ) -> None:  # fmt: skip
        self.stage, self.depth, self.power = stage, depth, power
        self.at, self.tall, self.speed = at, tall, speed
        self.colour = light(stage.light.haze) if colour is None else colour
        rng = stage.rng(name)
        self.tile = noise.spectral(rng, 256, 256, 1.8, 2.0, stretch=1.8)
        self.other = noise.spectral(rng, 256, 256, 1.6, 3.0, stretch=1.8)
        self.flat = np.empty((0, 0, 3), np.float32)

    def draw(self, frame: Array, t: float, view: View) -> None:
        stage = self.stage
        zoom, dx, dy = view.at(self.depth)
        middle = stage.horizon + ((self.at * stage.height - stage.horizon) / stage.height + dy) * (
            zoom * stage.height
        )
        reach = self.tall * stage.height * zoom
        y0, y1 = int(max(0, middle - 1.9 * reach)), int(min(stage.height, middle + 1.9 * reach))
        if y1 - y0 < 4:
            return
        h, w = max(2, (y1 - y0) // self.SHRINK), max(2, stage.width // self.SHRINK)
        y = (np.arange(h, dtype=np.float32) + 0.5) * (y1 - y0) / h + y0
        rise = ((y - middle) / reach).astype(np.float32)[:, None]
        x = ((np.arange(w, dtype=np.float32) / w - 0.5) * stage.aspect / zoom - dx)[None, :]
        wind = t * self.speed * (0.4 + 0.6 * self.depth)
        px = np.broadcast_to(x * 120, (h, w)) + 0.0
        py = np.broadcast_to(rise * (95 * self.tall), (h, w))
        n = noise.sample(self.tile, px + wind * 3.0, py + wind * 0.5)
        n += 0.7 * noise.sample(self.other, px * 1.9 - wind * 2.0, py * 2.2 - wind * 0.8)
        bank = np.exp(-(rise * rise) * 1.5) * (rise < 1.9)
        cover = np.clip(bank * (0.62 + 0.34 * n), 0.0, 1.0) * self.power
        cover = cv2.resize(cover, (stage.width, y1 - y0), interpolation=cv2.INTER_LINEAR)
        part = frame[y0:y1]
        if self.flat.shape[0] < y1 - y0:
            self.flat = np.empty((y1 - y0, stage.width, 3), np.float32)
            self.flat[:] = self.colour
        part[:] = cv2.blendLinear(self.flat[: y1 - y0], part, cover, 1.0 - cover)


def jagged(stage: Stage, length: int, rng: np.random.Generator, slope: float = 1.1) -> Array:
    """A ridge line of ``length`` samples in 0..1."""
    del stage
    line = noise.line(rng, length, slope, 1.5)
    return np.asarray(smooth(-2.6, 2.6, line), np.float32)
