"""Film grain: noise on the luma, fine, different in every frame, weaker in blacks and highlights.

Strength 1 is a standard deviation of STRONGEST levels in the mid-tones. The
noise of a frame follows from its number alone.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from skill.studio.render.planes import Bytes

STRONGEST = 8.0
"""Standard deviation at strength 1, of 219 levels of luma, where the picture is mid-gray."""

SIZE = 0.7 / 1080
"""Radius (sigma) of a grain as a share of the shorter side: 0.7 px at 1080p."""

_SCALE = 64  # of the noise, which is kept in whole numbers
_SLIDE = 128  # px that the noise is shifted by at most, each way


class Grain:
    """Grain for canvases of one size in px."""

    def __init__(self, width: int, height: int) -> None:
        self._noise = _noise(width + _SLIDE, height + _SLIDE, min(width, height) * SIZE)

    def onto(self, luma: Bytes, strength: float, tick: int) -> None:
        """Add grain of ``strength`` 0..1 to a luma plane of one's own, for frame ``tick``."""
        height, width = luma.shape
        mixed = _mixed(tick)
        x, y = mixed % _SLIDE, mixed // _SLIDE % _SLIDE
        noise = self._noise[y : y + height, x : x + width]
        weight = cv2.LUT(luma, _weights(round(strength, 4)))
        speckle = cv2.multiply(weight, noise, scale=1 / (_SCALE * _SCALE))
        cv2.add(luma, speckle, dst=luma, dtype=cv2.CV_8U)


@lru_cache(maxsize=2)
def _noise(width: int, height: int, sigma: float) -> NDArray[np.int16]:
    noise = np.random.default_rng(1895).standard_normal((height, width), np.float32)
    if sigma > 0.3:
        cv2.GaussianBlur(noise, (0, 0), sigma, dst=noise)
    noise *= _SCALE / noise.std()
    made: NDArray[np.int16] = np.clip(noise, -4 * _SCALE, 4 * _SCALE).astype(np.int16)
    return made


@lru_cache(maxsize=64)
def _weights(strength: float) -> NDArray[np.int16]:
    """Standard deviation for each level of luma, times _SCALE."""
    light = np.clip((np.arange(256) - 16) / 219, 0, 1)
    # Densest a little under mid-gray, a quarter of it left at white, none in black bars.
    shape = np.clip(light / 0.12, 0, 1) * (1 - 0.75 * np.clip((light - 0.45) / 0.55, 0, 1) ** 1.5)
    made: NDArray[np.int16] = np.rint(shape * strength * STRONGEST * _SCALE).astype(np.int16)
    return made


def _mixed(tick: int) -> int:
    """A number of 32 bits with nothing of the order left (splitmix's finaliser)."""
    number = (tick + 1) * 0x9E3779B9 & 0xFFFFFFFF
    number = (number ^ number >> 16) * 0x85EBCA6B & 0xFFFFFFFF
    return (number ^ number >> 13) * 0xC2B2AE35 >> 7 & 0xFFFFFF
