"""Plates: parts of a scene painted once, larger than the canvas, and moved by the camera."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from . import noise
from .camera import View
from .compositing import in_bands, mix, veil
from .noise import Array
from .palette import light
from .stage import Stage


class Plate:
    """A painted cut-out: ``colour`` (h, w, 3) scene light and ``cover`` (h, w) 0..1, its top left
    corner at (``left``, ``top``) pixels of the canvas at rest. ``depth`` 0 far .. 1 near;
    ``scale``: pixels of the canvas a pixel of the plate."""

    def __init__(
        self, stage: Stage, colour: Array, cover: Array, left: float, top: float, depth: float,
        scale: float = 1.0,
    ) -> None:  # fmt: skip
        self.stage, self.depth, self.left, self.top = stage, depth, left, top
        self.scale = scale
        self.picture = Picture.of(colour, cover)

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.picture.image.shape[0], self.picture.image.shape[1]

    def place(self, view: View) -> Array:
        """The matrix from the plate's pixels to the canvas: zoom about the vanishing point."""
        stage = self.stage
        zoom, dx, dy = view.at(self.depth)
        x, y = stage.width / 2, stage.horizon
        return np.array(
            [
                [zoom * self.scale, 0, x + (self.left - x) * zoom + dx * stage.height],
                [0, zoom * self.scale, y + (self.top - y) * zoom + dy * stage.height],
            ]
        )

    def draw(self, frame: Array, t: float, view: View) -> None:
        del t
        self.picture.lay(self.stage.pool, frame, self.place(view))


@dataclass(frozen=True)
class Picture:
    """A cut-out in 8 bits: square roots of its light over ``peak``, and its cover."""

    image: NDArray[np.uint8]
    peak: float

    @staticmethod
    def of(colour: Array, cover: Array) -> Picture:
        """From scene light (h, w, 3) and cover (h, w) 0..1."""
        peak = max(float(colour.max()), 1e-3)
        h, w = cover.shape
        image = np.empty((h, w, 4), np.uint8)
        for top in range(0, h, 128):  # in bands: no second copy of a large plate
            rows = slice(top, top + 128)
            root = np.sqrt(np.maximum(colour[rows], 0) / np.float32(peak))
            # Rounded up or down by chance, so that dark slopes do not band.
            grain = np.random.default_rng(top).random(root.shape[:2], dtype=np.float32)
            image[rows, :, :3] = root * 255 + grain[..., None]
            image[rows, :, 3] = np.clip(cover[rows], 0, 1) * 255 + 0.5
        return Picture(image, peak)

    def light(self, image: Array) -> tuple[Array, Array]:
        """Scene light and cover of an image in this picture's code."""
        roots = cv2.cvtColor(image, cv2.COLOR_BGRA2BGR)  # drops the cover, keeps the order
        colour = cv2.multiply(roots, roots, scale=self.peak / 65025.0, dtype=cv2.CV_32F)
        cover = np.multiply(image[..., 3], np.float32(1 / 255), dtype=np.float32)
        return colour, cover

    def lay(self, pool: ThreadPoolExecutor, frame: Array, matrix: Array) -> None:
        """Lay the cut-out over the frame through an affine matrix (no rotation)."""
        h, w = self.image.shape[:2]
        corners = matrix @ np.array([[0, w], [0, h], [1, 1]], np.float64)
        x0, x1 = max(0, int(corners[0, 0])), min(frame.shape[1], int(np.ceil(corners[0, 1])))
        y0, y1 = max(0, int(corners[1, 0])), min(frame.shape[0], int(np.ceil(corners[1, 1])))
        if x1 - x0 < 1:
            return

        def work(a: int, b: int) -> None:
            moved = matrix.copy()
            moved[:, 2] -= (x0, a)
            over, share = self.light(cv2.warpAffine(self.image, moved, (x1 - x0, b - a)))
            mix(frame[a:b, x0:x1], over, share)

        in_bands(pool, y0, y1, work)


def margin(stage: Stage, depth: float) -> int:
    """Pixels that a plate must reach beyond the canvas' sides for the camera's movement."""
    _, shift = stage.camera.reach
    return int(np.ceil(shift * depth * stage.height)) + 4


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
        veil(stage.pool, frame, y0, cover, y1 - y0, self.colour)
