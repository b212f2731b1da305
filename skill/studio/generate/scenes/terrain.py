"""Mountain country as a height field, cut by valleys, lit by the sun, seen from the side."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from . import noise
from .noise import Array, smooth

TILE = 512


@dataclass(frozen=True)
class Relief:
    """Noise for heights that tiles: its value and its slopes, sampled at every scale."""

    value: Array

    @staticmethod
    def make(rng: np.random.Generator) -> Relief:
        # One smooth octave; fractal detail comes from sampling it at many scales.
        tile = noise.spectral(rng, TILE, TILE, 3.2, 20.0)
        dx = (np.roll(tile, -1, 1) - np.roll(tile, 1, 1)) * (TILE / 50.0)
        dy = (np.roll(tile, -1, 0) - np.roll(tile, 1, 0)) * (TILE / 50.0)
        return Relief(cv2.merge([tile, dx, dy]))

    def heights(self, x: Array, z: Array, octaves: int = 9, ridge: float = 0.6) -> Array:
        """Heights about 0..1 at points given in features of the largest scale.

        Ridges are folded noise; detail is held back on steep ground, as water wears it (after
        Quilez' derivative-damped noise).
        """
        scale = np.float32(TILE / 20.0)
        total = np.zeros(x.shape, np.float32)
        slope_x = np.zeros(x.shape, np.float32)
        slope_z = np.zeros(x.shape, np.float32)
        px, pz = x * scale, z * scale
        gain, norm = 1.0, 0.0
        for octave in range(octaves):
            n = noise.sample(self.value, px, pz)
            slope_x += n[..., 1] * np.float32(0.36)
            slope_z += n[..., 2] * np.float32(0.36)
            folded = 1.0 - np.abs(n[..., 0]) * 1.15
            part = folded * ridge + (0.5 + 0.42 * n[..., 0]) * (1 - ridge)
            if octave >= 3:
                part = part - 0.5
            total += gain * part / (1.0 + 0.55 * (slope_x**2 + slope_z**2))
            norm += gain if octave < 3 else 0.0
            gain *= 0.5
            px, pz = (px * 1.6 - pz * 1.2) + 17.3, (px * 1.2 + pz * 1.6) + 5.1
        total /= np.float32(norm)
        return total


def shadows(height: Array, dx: float, dz: float, rise: float, steps: int = 28) -> Array:
    """How far each cell lies in the light, 0..1, of a sun towards (dx, dz) cells, ``rise`` in
    height a cell: softer further from what throws the shadow."""
    lit = np.ones(height.shape, np.float32)
    h, w = height.shape
    reach = 1.0
    for _ in range(steps):
        matrix = np.array([[1, 0, -dx * reach], [0, 1, -dz * reach]], np.float32)
        there = cv2.warpAffine(height, matrix, (w, h), borderMode=cv2.BORDER_REPLICATE)
        clear = (height + np.float32(rise * reach) - there) / np.float32(0.012 + 0.004 * reach)
        lit = np.minimum(lit, np.clip(clear + 0.5, 0.0, 1.0))
        reach *= 1.17
        reach += 0.6
    return lit


def seen(height: Array, rows: int, tall: float, tilt: float) -> tuple[Array, Array]:
    """A height field (near to far, columns) seen from the side, onto ``rows`` x columns.

    A cell of height h at depth k (0..1) stands ``tall`` * h + ``tilt`` * k pixels over the lower
    edge. Gives the depth index that each pixel shows (fractional) and the cover of the silhouette.
    """
    cuts, _columns = height.shape
    depth = np.linspace(0, 1, cuts, dtype=np.float32)[:, None]
    drop = rows - (height * np.float32(tall) + depth * np.float32(tilt))
    return visible(drop.astype(np.float32), rows)


def snow_on(height: Array, steep: Array, line: float, rough: Array) -> Array:
    """Where snow lies, 0..1: over ``line`` (height 0..1), not on steep rock."""
    settled = smooth(line - 0.10, line + 0.12, height + 0.07 * rough)
    return settled * smooth(1.25, 0.62, steep + 0.28 * rough)


@dataclass(frozen=True)
class Perspective:
    """A ground seen from ``eye`` over its zero, in lengths of the ground; ``focus`` in canvas
    heights, ``horizon`` in canvas heights from the top."""

    eye: float
    focus: float
    horizon: float

    def project(
        self, height: Array, z: Array, rows: int, top: float, scale: float
    ) -> tuple[Array, Array]:
        """A height field (cuts from near to far at distances ``z``, columns) on a picture of
        ``rows`` starting at row ``top``; ``scale`` pixels a canvas height. Gives the cut that each
        pixel shows (fractional) and the cover of the silhouette."""
        drop = self.focus * (self.eye - height) / z[:, None] + self.horizon
        drop = (drop * scale - top).astype(np.float32)
        return visible(drop, rows)


def visible(drop: Array, rows: int) -> tuple[Array, Array]:
    """Hidden surfaces: ``drop`` is the row of each cut (near to far) in each column."""
    cuts, columns = drop.shape
    nearest = np.minimum.accumulate(drop, axis=0)
    bins = np.clip(np.ceil(nearest - 0.5), 0, rows).astype(np.int32)
    flat = bins + np.arange(columns, dtype=np.int32)[None, :] * (rows + 1)
    counts = np.bincount(flat.ravel(), minlength=columns * (rows + 1)).reshape(columns, rows + 1)
    lower = counts[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:].T
    index = np.clip(lower, 1, cuts - 1)
    column = np.arange(columns)[None, :]
    below, above = nearest[index - 1, column], nearest[index, column]
    centre = (np.arange(rows, dtype=np.float32) + 0.5)[:, None]
    part = np.clip((below - centre) / np.maximum(below - above, 1e-4), 0, 1)
    cover = np.clip(centre - nearest[-1][None, :] + 0.5, 0.0, 1.0)
    return (index - 1 + part).astype(np.float32), cover.astype(np.float32)
