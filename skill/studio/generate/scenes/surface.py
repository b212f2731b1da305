"""The shape of the sea as a camera near the water sees it: which waves hide which.

The surface is a height field cut at many distances. Its silhouettes are found column by column
from near to far, as in voxel landscapes, so that a breaker hides what lies behind it.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from . import noise
from .camera import View
from .noise import Array, smooth
from .stage import Stage
from .terrain import visible
from .waves import Surf, WindSea

SHRINK = 2  # the water is computed at half the canvas
FOCUS = 1.35  # focal length in canvas heights
NEAR, FAR = 2.5, 4000.0  # metres
COLUMNS = 384


@dataclass(frozen=True)
class Seen:
    """The water pixel by pixel, (rows, cols) float32, lengths in metres."""

    x: Array  # across
    z: Array  # from the camera
    along: Array  # over the ground, away from the camera's start
    shore: Array  # off the shoreline
    height: Array
    slope_x: Array
    slope_z: Array
    swell: Array
    roller: Array  # white water 0..1
    trail: Array  # the foam it leaves 0..1
    wind: noise.Plane  # this moment's wind sea: a tile of height and slopes
    ripples: noise.Plane
    u: Array  # (1, cols) line of sight across, per metre ahead
    drop: Array  # (rows, 1) line of sight down
    flat: Array  # (rows,) distance of still water
    span: Array  # (rows,) metres of depth that a pixel covers

    def part(self, rows: slice) -> Seen:
        """Some of its rows."""
        tall = self.z.shape[0]
        fields = {
            name: value[rows] if value.shape[0] == tall else value
            for name, value in self.__dict__.items()
            if name not in ("wind", "ripples")
        }
        return Seen(**fields, wind=self.wind, ripples=self.ripples)


class Surface:
    """The sea's surface: swell that breaks on a beach, wind sea and ripples over it."""

    def __init__(
        self, stage: Stage, depth: float, shore: bool, force: float, rng: np.random.Generator
    ) -> None:
        """``depth``: the sky's, which the horizon follows; ``force``: 1 a fresh breeze."""
        self.stage, self.depth, self.shore = stage, depth, shore
        self.eye = 2.5 if shore else 3.4
        self.shoreline = 8.0 if shore else -24.0
        self.sea = WindSea(rng, 256, 42.0, 0.11 * force * (1.0 if shore else 1.5), 5.5)
        self.small = WindSea(rng, 256, 6.5, 0.010 * (0.6 + 0.4 * force), 3.0)
        self.surf = Surf.make(rng, 1.25 * force**0.7, 6.2, 15.0 if shore else 34.0)
        self.froth = noise.even(noise.spectral(rng, 512, 512, 0.9, 14.0))
        self.rows = max(4, int((stage.height * 1.02 - stage.horizon) / SHRINK) + 2)
        self.cols = max(4, int(stage.width * 0.4))
        drops = np.arange(0.6, self.rows * 1.2, 1.15) * SHRINK / stage.height
        z = FOCUS * self.eye / drops
        if shore:  # breakers stand steep: cut them finely
            z = np.concatenate([z, np.arange(self.shoreline + 1, self.shoreline + 27, 0.2)])
        else:
            z = np.concatenate([z, np.arange(NEAR + 1, 40, 0.3)])
        z = np.sort(z[(z >= NEAR) & (z <= FAR)])
        self.z = np.append(z, FAR).astype(np.float32)[:, None]

    def focus(self, view: View) -> float:
        """The focal length in canvas heights: the horizon zooms with the sky."""
        return FOCUS * view.at(self.depth)[0]

    def horizon(self, view: View) -> float:
        """The row of the horizon in pixels."""
        zoom, _, dy = view.at(self.depth)
        return self.stage.horizon + dy * zoom * self.stage.height

    def coast(self, x: Array) -> Array:
        """The shoreline's distance in metres at places across."""
        return self.shoreline + 0.9 * self.surf.along(x, 1.7, 700.0)

    def at(self, t: float, view: View) -> Seen:
        """The water as it is seen at ``t``."""
        stage = self.stage
        zoom, dx, _ = view.at(self.depth)
        ahead, aside = np.float32(view.travel * 2.5), np.float32(-view.x * 6.0)
        u: Array = ((np.arange(COLUMNS, dtype=np.float32) + 0.5) / COLUMNS - 0.5) * stage.aspect
        u = ((u / zoom - dx) / FOCUS).astype(np.float32)[None, :]
        wind, ripples = self.sea.at(t), self.small.at(t)
        focus = self.focus(view)
        rest = self.horizon(view) - int(self.horizon(view))

        def cut(columns: slice) -> tuple[Array, ...]:
            grid, extra = self._cuts(u[:, columns], t, ahead, aside, wind)
            return grid, extra, *self._visible(grid[..., 0], focus, rest)

        other = stage.pool.submit(cut, slice(COLUMNS // 2, None))
        halves = zip(cut(slice(0, COLUMNS // 2)), other.result(), strict=True)
        grid, extra, where, z = (np.concatenate(pair, axis=1) for pair in halves)
        size = (self.cols, self.rows)
        where, z = (cv2.resize(one, size, interpolation=cv2.INTER_LINEAR) for one in (where, z))
        across = (np.arange(self.cols, dtype=np.float32) + 0.5) * (COLUMNS / self.cols) - 0.5
        across = np.repeat(across[None, :], self.rows, axis=0)
        grid = cv2.remap(grid, across, where, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        extra = cv2.remap(extra, across, where, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        height, slope_x, slope_z, roller = cv2.split(grid)
        trail, swell = cv2.split(extra)
        u = ((np.arange(self.cols, dtype=np.float32) + 0.5) / self.cols - 0.5) * stage.aspect
        u = ((u / zoom - dx) / FOCUS).astype(np.float32)[None, :]
        drop = ((np.arange(self.rows, dtype=np.float32) + 0.5) * SHRINK - rest) / stage.height
        drop = (np.maximum(drop, 0.0005) / focus).astype(np.float32)
        flat = self.eye / drop
        x, along = u * z + aside, z + ahead
        return Seen(
            x, z, along, along - self.coast(x), height, slope_x, slope_z, swell, roller, trail,
            noise.Plane(wind, 6), noise.Plane(ripples, 4), u, drop[:, None], flat,
            flat * flat * np.float32(SHRINK / (focus * stage.height * self.eye)),
        )  # fmt: skip

    def _cuts(
        self, u: Array, t: float, ahead: np.float32, aside: np.float32, wind: Array
    ) -> tuple[Array, Array]:
        """Height, slopes and white water; trail and swell: at each cut and column."""
        surf, z = self.surf, self.z
        x, along = u * z + aside, np.repeat(z + ahead, u.shape[1], axis=1)
        s = along - self.coast(x)
        texel = np.float32(self.sea.size / self.sea.metres)
        height = noise.sample(np.ascontiguousarray(wind[..., 0]), x * texel, along * texel)
        height *= smooth(-1.0, 14.0, s) / (1.0 + (z / 260.0) ** 2)
        since, number = surf.phase(s, x, t)
        last, coming = surf.strength(number, x), surf.strength(number + 1, x)
        swell = surf.crest(s, since, last, coming)
        broken, breaks = surf.breaking(s, last), surf.breaking(s, coming)
        roller = broken * np.exp(since * np.float32(-1 / 0.55))
        front = (since - np.float32(surf.period)) * np.float32(1 / 0.28)
        roller = np.maximum(roller, breaks * np.exp(-front * front) * 1.05) * smooth(-1.0, 1.5, s)
        ragged = noise.sample(self.froth, x * 40 + t * 30, along * 40 - t * 60)
        height += swell + roller * (ragged - 0.4) * 0.24
        trail = np.maximum(broken, 0.35 * breaks) * np.exp(since * np.float32(-1 / 2.9))
        trail *= smooth(-0.4, 1.0, s)
        slope_z = np.gradient(height, axis=0) / np.gradient(z, axis=0)
        slope_x = np.gradient(swell, axis=1) / np.gradient(x, axis=1)
        return cv2.merge([height, slope_x, slope_z, roller]), cv2.merge([trail, swell])

    def _visible(self, height: Array, focus: float, rest: float) -> tuple[Array, Array]:
        """For each pixel the cut that is seen (fractional), and its distance."""
        tall = self.stage.height / SHRINK
        drop = (focus * tall * (self.eye - height) / self.z + rest / SHRINK).astype(np.float32)
        where, _ = visible(drop, self.rows)
        index = where.astype(np.int32)
        part = where - index
        near = 1.0 / self.z[:, 0]  # between cuts the drop runs as 1/z
        far = near[np.minimum(index + 1, near.size - 1)]
        return where, (1.0 / (near[index] * (1 - part) + far * part)).astype(np.float32)
