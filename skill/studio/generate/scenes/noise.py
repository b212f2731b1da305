"""Tileable noise, made once and sampled by remapping: continuous in space and in time."""

from __future__ import annotations

import itertools
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

# float32 throughout; the type says Any since NumPy's own signatures widen at every step.
Array: TypeAlias = NDArray[Any]


def spectral(
    rng: np.random.Generator,
    height: int,
    width: int,
    slope: float = 1.6,
    low: float = 2.0,
    stretch: float = 1.0,
) -> Array:
    """Gaussian noise that tiles, mean 0, deviation 1: amplitude falls as frequency^-slope.

    ``low`` is the lowest frequency in cycles a tile; ``stretch`` > 1 draws features out
    sideways, < 1 upwards.
    """
    white = rng.standard_normal((height, width), dtype=np.float32)
    fy = (np.fft.fftfreq(height)[:, None] * height).astype(np.float32)
    fx = (np.fft.rfftfreq(width)[None, :] * (width * stretch)).astype(np.float32)
    square = fy * fy + fx * fx
    square[0, 0] = 1.0
    passed = np.float32(low * low)
    gain = np.exp(np.log(square) * np.float32(-slope / 2))
    gain *= 1.0 - np.exp(-((square / passed) ** 2))
    gain[square < passed * 0.25] = 0.0
    gain[0, 0] = 0.0
    tile = np.fft.irfft2(np.fft.rfft2(white) * gain, s=(height, width)).astype(np.float32)
    tile -= tile.mean()
    tile *= np.float32(1.0 / (tile.std() + 1e-9))
    return tile


def even(tile: Array) -> Array:
    """The tile with its values spread evenly over 0..1 (rank by a normal distribution)."""
    # A logistic curve is within 1% of the normal distribution's.
    return (1.0 / (1.0 + np.exp(-1.702 * tile))).astype(np.float32)


def ridged(rng: np.random.Generator, height: int, width: int, slope: float = 1.7) -> Array:
    """Sharp crests, 0..1, that tile: octaves of folded noise."""
    total = np.zeros((height, width), np.float32)
    weight = np.ones((height, width), np.float32)
    gain, frequency, sum_of_gains = 1.0, 3.0, 0.0
    while frequency < width / 4:
        band = spectral(rng, height, width, 3.0, frequency)
        crest = (1.0 - np.minimum(np.abs(band) * 0.8, 1.0)) ** 2
        total += gain * crest * weight
        weight = np.clip(crest * 1.6, 0.0, 1.0)
        sum_of_gains += gain
        gain *= 2.0**-slope * 1.35
        frequency *= 2.0
    total /= np.float32(sum_of_gains)
    return total


def cells(rng: np.random.Generator, size: int, count: int) -> tuple[Array, Array]:
    """Worley noise that tiles: distance to the nearest of ``count`` points, and to the border
    between two, both as a fraction of the mean spacing."""
    points = rng.integers(0, size, (count, 2))
    pad = size // 4
    mask: Array = np.full((size, size), 255, np.uint8)
    mask[points[:, 0], points[:, 1]] = 0
    mask = cv2.copyMakeBorder(mask, pad, pad, pad, pad, cv2.BORDER_WRAP)
    near, labels = cv2.distanceTransformWithLabels(
        mask, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    borders = np.full(mask.shape, 255, np.uint8)
    labels = labels.astype(np.int32)
    change = np.zeros(mask.shape, bool)
    change[:, 1:] |= labels[:, 1:] != labels[:, :-1]
    change[1:, :] |= labels[1:, :] != labels[:-1, :]
    borders[change] = 0
    edge = cv2.distanceTransform(borders, cv2.DIST_L2, 5)
    spacing = np.float32(size / np.sqrt(count))
    inner = (slice(pad, pad + size), slice(pad, pad + size))
    # Labels of a point and of its copy over the border differ: the seam is hidden by the pad.
    return near[inner] / spacing, edge[inner] / spacing


def line(rng: np.random.Generator, length: int, slope: float = 1.0, low: float = 1.0) -> Array:
    """One-dimensional noise that tiles, mean 0, deviation 1."""
    white = np.fft.rfft(rng.standard_normal(length))
    frequency = np.arange(white.size, dtype=np.float64)
    gain = np.zeros_like(frequency)
    gain[1:] = frequency[1:] ** -slope * (1 - np.exp(-((frequency[1:] / low) ** 4)))
    out = np.fft.irfft(white * gain, n=length)
    return np.asarray((out - out.mean()) / (out.std() + 1e-9), np.float32)


def sample(tile: Array, x: Array, y: Array, way: int = cv2.INTER_LINEAR) -> Array:
    """The tile at pixel coordinates (float32, same shape), repeated without end."""
    height, width = tile.shape[:2]
    if np.shape(x) != np.shape(y):
        x, y = np.broadcast_arrays(x, y)
    return cv2.remap(tile, _home(x, width), _home(y, height), way, borderMode=cv2.BORDER_WRAP)


def _home(x: Array, size: int) -> Array:
    # OpenCV's coordinates are 16 bit inside. Three passes are a third of the price of np.mod.
    turns: Array = np.multiply(x, np.float32(1.0 / size), dtype=np.float32)
    np.floor(turns, out=turns)
    turns *= np.float32(-size)
    turns += x
    return turns


def smooth(low: float, high: float, value: Array) -> Array:
    """Smoothstep: 0 below ``low``, 1 above ``high`` (which may be the smaller)."""
    x: Array = np.clip((value - np.float32(low)) * np.float32(1.0 / (high - low)), 0.0, 1.0)
    out: Array = x * x * (3.0 - 2.0 * x)
    return out


def hash01(*numbers: int) -> float:
    """A number in 0..1 from whole numbers, the same on every machine."""
    value = 0x9E3779B9
    for number in numbers:
        value = (value ^ (int(number) & 0xFFFFFFFF)) * 0x85EBCA6B & 0xFFFFFFFF
        value ^= value >> 13
        value = value * 0xC2B2AE35 & 0xFFFFFFFF
        value ^= value >> 16
    return value / 0x100000000


def blur(tile: Array, sigma: float) -> Array:
    """A Gaussian blur that keeps the tile tiling; sigma in pixels."""
    pad = int(sigma * 3) + 1
    wide = cv2.copyMakeBorder(tile, pad, pad, pad, pad, cv2.BORDER_WRAP)
    return np.ascontiguousarray(cv2.GaussianBlur(wide, (0, 0), sigma)[pad:-pad, pad:-pad])


class Plane:
    """A tile laid on the ground and seen at a slant: rows of the picture further away see more of
    the tile's height in one pixel, and take it from a copy blurred as far along y."""

    STEP = 2.2  # each copy is blurred this many times further than the one before

    def __init__(self, tile: Array, levels: int = 6) -> None:
        self.levels = [tile]
        for level in range(1, levels):
            tall = round(self.STEP**level)
            wide = max(1, round(tall**0.4))
            pad = cv2.copyMakeBorder(tile, tall, tall, wide, wide, cv2.BORDER_WRAP)
            blurred = cv2.blur(pad, (wide, tall))
            self.levels.append(blurred[tall:-tall, wide:-wide].copy())

    def sample(self, x: Array, y: Array, footprint: Array) -> Array:
        """The tile at (x, y) pixels; ``footprint`` is how many of its rows a pixel of each row of
        the picture covers, falling or rising steadily down the picture."""
        level = np.log(np.maximum(footprint, 1.0)) / np.log(self.STEP)
        level = np.clip(np.round(level), 0, len(self.levels) - 1).astype(int)
        starts = [0, *(np.flatnonzero(np.diff(level)) + 1), level.size]
        parts = [
            sample(self.levels[level[a]], x[a:b], y[a:b]) for a, b in itertools.pairwise(starts)
        ]
        return np.concatenate(parts) if len(parts) > 1 else parts[0]
